"""Tensors by formula, and the files they travel in: npy, IDX and safetensors. Standard library only, so that a machine
without NumPy makes the same bytes as one with it."""
import array
import itertools
import json
import math
import os
import struct

CODES = {"<f4": "f", "<f8": "d", "<i8": "q", "|u1": "B", "|b1": "B"}


class Tensor:
    """Elements in row-major order, with NumPy's name of their type."""

    def __init__(self, kind, shape, values):
        self.kind, self.shape = kind, tuple(shape)
        self.values = array.array(CODES[kind], values)
        assert len(self.values) == math.prod(self.shape), (self.shape, len(self.values))


def draws(name, count):
    """`count` whole numbers from 0 to 2^24 - 1: the high bits of Knuth's 64-bit linear congruential generator (MMIX),
    begun at the FNV-1a hash of the name."""
    state = 0xCBF29CE484222325
    for byte in name.encode():
        state = ((state ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    steps = itertools.accumulate(itertools.repeat(None, count + 4),
                                 lambda s, _: (s * 6364136223846793005 + 1442695040888963407) & 0xFFFFFFFFFFFFFFFF,
                                 initial=state)
    # The first states of similar names are similar.
    return [s >> 40 for s in itertools.islice(steps, 5, None)]


def spread(name, shape, scale):
    """f32 evenly between -scale and scale: (draw - 2^23) / 2^23 * scale, rounded once."""
    factor = scale / 2.0 ** 23
    return Tensor("<f4", shape, [(k - 8388608) * factor for k in draws(name, math.prod(shape))])


def write_npy(path, tensor):
    shape = "(" + "".join(f"{n}, " for n in tensor.shape) + ")"
    header = f"{{'descr': '{tensor.kind}', 'fortran_order': False, 'shape': {shape}, }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    write(path, b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + tensor.values.tobytes())


def write_idx(path, tensor):
    assert tensor.kind == "|u1"
    head = bytes([0, 0, 8, len(tensor.shape)]) + struct.pack(f">{len(tensor.shape)}I", *tensor.shape)
    write(path, head + tensor.values.tobytes())


def write_safetensors(path, tensors):
    header, offset = {}, 0
    for name, tensor in tensors.items():
        size = len(tensor.values) * tensor.values.itemsize
        header[name] = {"dtype": {"<f4": "F32", "<f8": "F64"}[tensor.kind], "shape": list(tensor.shape),
                        "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    write(path, struct.pack("<Q", len(text)) + text + b"".join(t.values.tobytes() for t in tensors.values()))


def read_safetensors(path):
    with open(path, "rb") as file:
        data = file.read()
    size = struct.unpack("<Q", data[:8])[0]
    out = {}
    for name, entry in json.loads(data[8:8 + size]).items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            values = array.array({"F32": "f", "F64": "d"}[entry["dtype"]])
            values.frombytes(data[8 + size + begin:8 + size + end])
            out[name] = Tensor({"F32": "<f4", "F64": "<f8"}[entry["dtype"]], entry["shape"], values)
    return out


def write(path, data):
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)
