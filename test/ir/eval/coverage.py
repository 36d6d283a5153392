"""Every operation with a value, and every element-wise function, is evaluated in a test of this folder.

The lists come from the descriptions: ir/*.td and ir/Elementwise.def.
"""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
folder = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else root / "test/ir/eval"
descriptions = "\n".join(path.read_text() for path in sorted((root / "ir").glob("*.td")))
functions = (root / "ir/Elementwise.def").read_text()
tests = "\n".join(path.read_text() for path in sorted([*folder.glob("*.mlir"), *folder.glob("*.cpp")]))

operations = re.findall(r'DL_(?:Diff|Value)Op<"(\w+)"', descriptions)
operations += ["variable", "gradient", "kernel", "launch", "copy", "check", "host", "cond", "loop"]
wanted = [rf"dl\.{name}\b" for name in operations]
wanted += [rf"dl\.unary {name}\b" for name in re.findall(r"^DLC_UNARY(?:_THROUGH)?\((\w+)", functions, re.M)]
wanted += [rf"dl\.binary {name}\b" for name in re.findall(r"^DLC_BINARY\((\w+)", functions, re.M)]
if len(wanted) < 60:
    sys.exit(f"only {len(wanted)} operations and functions were found: the descriptions look different from what this test reads")
missing = [pattern for pattern in wanted if not re.search(pattern, tests)]
for pattern in missing:
    print("no evaluation is tested of", pattern.replace("\\b", "").replace("\\.", "."))
sys.exit(1 if missing else 0)
