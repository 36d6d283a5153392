"""Misspells one use or declaration of a name at a time: all errors must speak of that name.

    python misspelled.py DLC-ELAB FOLDER EVERY PROGRAM...

Every EVERYth, or each with DLC_THOROUGH in the environment.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys

ELAB, FOLDER, EVERY = sys.argv[1], pathlib.Path(sys.argv[2]), 1 if os.environ.get("DLC_THOROUGH") else int(sys.argv[3])
WORDS = set("""import export const data model module optimizer fn param state let var for in if else break minimize update require and or not
true false none self train test load report each epoch at end on as over with by from stop emit stored rows""".split())
FOLDER.mkdir(parents=True, exist_ok=True)
programs = [pathlib.Path(name) for name in sys.argv[4:]]
for program in programs:
    shutil.copy(program, FOLDER)


def places(text):
    """Names that are looked up or declared: no members, labels, numbers, comments and strings."""
    for match in re.finditer(r'//[^\n]*|"(?:\\.|[^"\\])*"|[0-9][\w.]*|[A-Za-z_]\w*', text):
        name, before, after = match[0], text[:match.start()][-1:], text[match.end():][:1]
        # A size in upper case is declared where it is first used: any spelling is right.
        if re.match(r"[A-Za-z_]", name) and name not in WORDS and before != "." and after != ":" and not name[0].isupper():
            yield match.start(), name


found, wrong, seen = 0, [], 0
for program in programs:
    text = program.read_text()
    for at, name in places(text):
        seen += 1
        if seen % EVERY:
            continue
        misspelled = FOLDER / "misspelled.dl"
        misspelled.write_text(text[:at] + name + "qq" + text[at + len(name):])
        run = subprocess.run([ELAB, misspelled], capture_output=True, text=True)
        line = text[:at].count("\n") + 1
        errors = re.findall(r": error: (.*)", run.stderr)
        assert run.returncode in (0, 1), (program.name, line, name, run.stderr[-2000:])
        # What a declaration is called may not matter: a loss, a test, a parameter that goes by position.
        found += bool(errors)
        wrong += [f"{program.name}:{line}: {name}: {error}" for error in errors if f"`{name}" not in error]
print(f"{seen // EVERY} misspellings, {found} with errors")
assert found > seen // EVERY / 2
sys.exit("\n".join(wrong) or None)
