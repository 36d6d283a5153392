"""Names the declarations of the library that have no `///` above them."""
import pathlib
import re
import sys

missing = 0
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.dl")):
    above = ""
    for number, line in enumerate(path.read_text().splitlines(), 1):
        found = re.match(r"(?:fn|module|optimizer|const) (\w+)", line)
        if found and not above.startswith("///"):
            print(f"{path.name}:{number}: `{found[1]}` is not documented")
            missing += 1
        above = line
print(missing, "missing")
