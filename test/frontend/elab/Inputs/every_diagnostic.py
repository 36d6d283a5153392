"""Names the errors and warnings of the elaborator and of the library's functions that no test expects.

A diagnostic counts as tested where a CHECK line of a program in test/frontend (or in the snippets of docs/language) has its whole
constant text, with anything in place of the arguments. What has hardly any text of its own is named by a comment `// DIAGNOSTIC: id`
beside the line that expects it.
"""
import pathlib
import re
import sys

source = pathlib.Path(sys.argv[1])
# No program leads to these: they are what is said where the compiler itself is wrong.
unreachable = {"compiler_fault"}

expected, named = [], set()
for path in sorted((source / "test" / "frontend").rglob("*.dl")):
    for line in path.read_text(errors="replace").splitlines():
        found = re.search(r"// *[A-Z]+[A-Z-]*: *(.*)", line)
        if found and re.search(r"error: |warning: ", line):
            # FileCheck's patterns stand for something.
            expected.append(re.sub(r"\{\{.*?\}\}", "\x00", line))
        named.update(re.findall(r"DIAGNOSTIC: (\w+)", line))

missing = total = 0
for definitions in ("frontend/elab/Diagnostics.def", "frontend/builtin/Diagnostics.def"):
    for entry in re.finditer(r'^DLC_DIAGNOSTIC\((\w+), (\w+), "((?:[^"\\]|\\.)*)"\)', (source / definitions).read_text(), re.M):
        name, severity, text = entry[1], entry[2].lower(), entry[3].replace('\\"', '"').replace("{{", "\x01").replace("}}", "\x02")
        total += 1
        parts = [re.escape(part.replace("\x01", "{").replace("\x02", "}")) for part in re.split(r"\{\d*\}", text)]
        constant = "".join(re.split(r"\{\d*\}", text))
        if len(re.sub(r"\W", "", constant)) < 4:
            tested = name in named
        else:
            pattern = re.compile(severity + ": " + ".*?".join(parts))
            tested = any(pattern.search(line) for line in expected)
        if not tested and name not in unreachable:
            print(f"{definitions}: no test expects `{name}`: {text}")
            missing += 1
print(total, "diagnostics,", missing, "without a test")
sys.exit(missing != 0)
