"""Counts what the dynamic linker and the C library do before main() of an ELF program: relocations, initialisers, libraries."""
import struct
import sys

# LLVM alone would bring 400 initialisers, and a position-independent program with it 65,000 relocations.
MOST_RELOCATIONS, MOST_INITIALISERS = 2000, 40
LIBRARIES = {"libc.so", "libm.so", "libz.so", "libzstd.so", "libpthread.so", "libdl.so", "ld-linux-x86-64.so"}

with open(sys.argv[1], "rb") as file:
    data = file.read()
assert data[:6] == b"\x7fELF\x02\x01", "not a 64-bit ELF file"
offset, = struct.unpack_from("<Q", data, 0x28)
size, count, names = struct.unpack_from("<HHH", data, 0x3A)
sections = [struct.unpack_from("<IIQQQQIIQQ", data, offset + i * size) for i in range(count)]


def text(table, at):
    begin = table + at
    return data[begin:data.index(b"\0", begin)].decode()


by_name = {text(sections[names][4], section[0]): section for section in sections}
relocations = sum(s[5] // 24 for s in sections if s[1] == 4 and s[2] & 2) + sum(s[5] // 8 for s in sections if s[1] == 19)
initialisers = by_name[".init_array"][5] // 8
late = by_name[".late_init_array"][5] // 8 if ".late_init_array" in by_name else 0
dynamic, strings = by_name[".dynamic"], by_name[".dynstr"][4]
entries = (struct.unpack_from("<qQ", data, dynamic[4] + at) for at in range(0, dynamic[5], 16))
needed = [text(strings, value) for tag, value in entries if tag == 1]
print(f"{relocations} relocations, {initialisers} initialisers ({late} later), libraries {' '.join(needed)}")
assert relocations <= MOST_RELOCATIONS, f"{relocations} relocations, at most {MOST_RELOCATIONS} were expected"
assert initialisers <= MOST_INITIALISERS, f"{initialisers} initialisers, at most {MOST_INITIALISERS} were expected"
assert late >= 100, "LLVM's initialisers are not in their own section"
surplus = {name.rsplit(".so", 1)[0] + ".so" for name in needed} - LIBRARIES
assert not surplus, f"unexpected libraries: {surplus}"
