"""Reads the PNG files of the examples: eight bits of grey, as `write_png` writes them. Python's standard library only."""
import os
import struct
import zlib


def read_grey(path):
    """(width, height, rows of bytes) of an eight-bit grey PNG; ValueError where it is none or is damaged."""
    with open(path, "rb") as file:
        raw = file.read()
    if raw[:8] != b"\x89PNG\r\n\x1a\n":
        raise ValueError(f"{path} is no PNG")
    at, packed, head = 8, b"", None
    while at < len(raw):
        length, kind = struct.unpack_from(">I4s", raw, at)
        body = raw[at + 8:at + 8 + length]
        if struct.unpack_from(">I", raw, at + 8 + length)[0] != zlib.crc32(kind + body):
            raise ValueError(f"{path}: the checksum of {kind.decode()} is wrong")
        head = struct.unpack(">IIBBBBB", body) if kind == b"IHDR" else head
        packed += body if kind == b"IDAT" else b""
        at += 12 + length
    width, height, depth, colour = head[:4]
    if (depth, colour) != (8, 0):
        raise ValueError(f"{path}: depth {depth} and colour type {colour} where 8 and 0 were expected")
    data = zlib.decompress(packed)
    return width, height, unfiltered(data, width, height)


def unfiltered(data, width, height):
    """The rows of a picture with one byte a pixel: the filters of the PNG specification, section 9, undone."""
    rows, above = [], bytes(width)
    for y in range(height):
        kind, line = data[y * (width + 1)], bytearray(data[y * (width + 1) + 1:(y + 1) * (width + 1)])
        for x in range(width):
            left, up, corner = (line[x - 1] if x else 0), above[x], (above[x - 1] if x else 0)
            guess = left + up - corner
            paeth = min((abs(guess - left), 0, left), (abs(guess - up), 1, up), (abs(guess - corner), 2, corner))[2]
            line[x] = (line[x] + (0, left, up, (left + up) // 2, paeth)[kind]) % 256
        rows.append(bytes(line))
        above = rows[-1]
    return rows


def grids(folder, prefix, count):
    """How many of the pictures of epochs 1 to `count` are there, hold eight by eight digits, and are not of one tone."""
    good = 0
    for epoch in range(1, count + 1):
        try:
            width, height, rows = read_grey(os.path.join(folder, f"{prefix}{epoch:03}.png"))
        except (OSError, ValueError, TypeError, zlib.error) as failure:
            print(f"    {failure}")
            continue
        good += min(width, height) >= 8 * 28 and len(set(b"".join(rows))) > 64
    return good
