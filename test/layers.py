"""Holds every `#include` of the sources against the layers: who may include whom (docs/architecture.md).

layers.py ROOT [--with FILE INCLUDE]    prints each include that is not allowed and fails if there is one. `--with` adds one that
                                        stands in no file, for the test of the test.
"""
import pathlib
import re
import sys

# A layer sees itself and these folders or files. Tests and tools see everything.
SEES = {
    "ir": [],
    "frontend": ["ir"],
    "passes": ["ir"],
    "codegen": ["ir", "runtime/abi.h"],
    "runtime": [],
}
# Parts of a layer that do not know each other.
APART = {"codegen/cpu": "codegen/cuda", "codegen/cuda": "codegen/cpu"}
SUFFIXES = {".h", ".cpp", ".c", ".def", ".inc"}
INCLUDE = re.compile(r'^\s*#\s*include\s*["<]([^">]+)[">]', re.M)


def problems(root, file, includes):
    """Messages for the includes of `file`, a path below the root."""
    layer = file.parts[0]
    allowed = SEES[layer]
    for include in includes:
        first = include.split("/")[0]
        if first in ("llvm", "mlir", "clang") and layer == "runtime":
            yield f'{file}: includes "{include}", but the runtime is built without LLVM'
        elif first in ("tools", "test") or first in SEES and first != layer:
            if first not in allowed and include not in allowed:
                yield f'{file}: includes "{include}", but {layer} sees only {", ".join(allowed) or "itself"}'
        elif APART.get("/".join(file.parts[:2]), "-") == "/".join(include.split("/")[:2]):
            yield f'{file}: includes "{include}", but the code generators of two targets do not know each other'
        elif "/" not in include and (root / file).parent.joinpath(include).exists():
            yield f'{file}: includes "{include}" without its folder'


def main():
    root = pathlib.Path(sys.argv[1])
    found, files = [], 0
    for layer in SEES:
        for path in sorted((root / layer).rglob("*")):
            if path.suffix in SUFFIXES:
                files += 1
                found += problems(root, path.relative_to(root), INCLUDE.findall(path.read_text()))
    if len(sys.argv) == 5 and sys.argv[2] == "--with":
        found += problems(root, pathlib.Path(sys.argv[3]), [sys.argv[4]])
    if files < 50:
        found.append(f"found only {files} sources below {root}")
    print("\n".join(found))
    sys.exit(1 if found else 0)


main()
