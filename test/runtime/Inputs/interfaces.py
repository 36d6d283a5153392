"""Compiles interfaces.cpp, which compares the runtime's view of NVIDIA's interfaces with NVIDIA's headers:
interfaces.py ROOT COMPILER HEADERS [--with LINE]

The functions come from the sources that look them up by name. `--with` adds a line, for the test of the test.
"""
import pathlib
import re
import subprocess
import sys

root, compiler, headers, *rest = sys.argv[1:]
root = pathlib.Path(root)


def functions(file, table):
    """A line for each function that `file` finds by its name."""
    found = re.findall(r'(?:find\(\w+\.(\w+), |\w+\.(\w+) = .*dlsym\(library, )"(\w+)"\)', (root / file).read_text())
    assert len(found) > 10, f"{file}: no functions were found"
    return [f"SAME({table}, {one or other}, {name})" for one, other, name in found]


lines = ['#include "test/runtime/Inputs/interfaces.cpp"']
lines += functions("runtime/CudaDriver.cpp", "CudaDriver") + functions("runtime/CublasLt.cpp", "cublaslt::Table")
if rest:
    lines.append(rest[1])
command = [compiler, "-std=c++20", "-fsyntax-only", f"-I{root}", f"-isystem{headers}", "-xc++", "-"]
sys.exit(subprocess.run(command, input="\n".join(lines) + "\n", text=True).returncode)
