"""Holds the list of cases and the tests that name them against each other."""
import pathlib
import re
import sys

here = pathlib.Path(sys.argv[1])
cases = dict(re.findall(r"^([\w-]+): (.*)$", (here / "frontend" / "Inputs" / "cases.txt").read_text(), re.M))
found = {}
for path in sorted(here.rglob("*")):
    if path.suffix in (".dl", ".cpp", ".test", ".mlir") and "Inputs" not in path.parts:
        for name in re.findall(r"CASE: ([\w-]+)", path.read_text(errors="replace")):
            found.setdefault(name, []).append(path)
wrong = 0
for name, text in cases.items():
    if name not in found and "-- left out: " not in text:
        print(f"no test has the case `{name}`: {text}")
        wrong += 1
for name, paths in found.items():
    if name not in cases:
        print(f"{paths[0]}: there is no case `{name}`")
        wrong += 1
print(len(found), "cases in tests,", sum("-- left out" in text for text in cases.values()), "left out,", wrong, "wrong")
sys.exit(wrong != 0)
