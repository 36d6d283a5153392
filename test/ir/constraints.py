"""Compares the labels of constraints (`dot_c1`) in the descriptions of ir/*.td, in the verifiers and in the tests' expected errors."""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
LABEL = re.compile(r"\b([a-z]+(?:_[a-z]+)*_c\d+)\b")


def labels(paths, pattern=LABEL):
    return {label for path in paths for label in pattern.findall(path.read_text())}


stated = labels((root / "ir").glob("*.td"), re.compile(r"`([a-z]+(?:_[a-z]+)*_c\d+)`"))
tested = set()
for path in (root / "test" / "ir").glob("*.mlir"):
    for line in path.read_text().splitlines():
        if "expected-error" in line or "is the type constraint of the operand" in line:
            tested.update(LABEL.findall(line))

problems = [f"{label} has no test" for label in sorted(stated - tested)]
problems += [f"{label} is tested, but no description has it" for label in sorted(tested - stated)]
if len(stated) < 40:
    problems.append(f"found only {len(stated)} labels in the descriptions")
print("\n".join(problems))
sys.exit(1 if problems else 0)
