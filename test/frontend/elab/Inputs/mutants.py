"""Loses, doubles or swaps tokens of programs at random: each is right or refused with an error at a place, and nothing crashes or hangs.

    mutants.py DLC FOLDER COUNT SEED PROGRAM...

With DLC_THOROUGH in the environment, twenty times as many. A program that ends otherwise stays in the folder.
"""
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys

DLC, FOLDER, COUNT = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3]) * (20 if os.environ.get("DLC_THOROUGH") else 1)
rng = random.Random(int(sys.argv[4]))
shutil.rmtree(FOLDER, ignore_errors=True)
FOLDER.mkdir(parents=True)
programs = [pathlib.Path(name) for name in sys.argv[5:]]
for program in programs:
    shutil.copy(program, FOLDER)  # mutants import their neighbours


def mutant(text):
    tokens = re.findall(r"\s+|\w+|[^\w\s]", text)
    places = [place for place, token in enumerate(tokens) if token.strip()]
    for _ in range(rng.choice([1, 1, 1, 3])):
        at, other = rng.choice(places), rng.choice(places)
        kind = rng.choice(["lose", "double", "swap"])
        if kind == "lose":
            tokens[at] = ""
        elif kind == "double":
            tokens[at] += " " + tokens[at]
        else:
            tokens[at], tokens[other] = tokens[other], tokens[at]
    return "".join(tokens)


bad, refused = [], 0
for number in range(COUNT):
    program = rng.choice(programs)
    file = FOLDER / f"mutant-{number}.dl"
    file.write_text(mutant(program.read_text()))
    try:
        done = subprocess.run([DLC, "check", str(file)], capture_output=True, text=True, errors="replace", timeout=60)
    except subprocess.TimeoutExpired:
        bad.append(f"{file} ({program.name}) does not end")
        continue
    refused += done.returncode == 1
    if done.returncode not in (0, 1):
        bad.append(f"{file} ({program.name}): status {done.returncode}: {done.stderr[-500:]}")
    elif done.returncode == 1 and not re.search(r"\.dl:\d+:\d+: error: ", done.stderr):
        bad.append(f"{file} ({program.name}): an error without a place: {done.stderr[:500]}")
    else:
        file.unlink()
print(f"{COUNT} mutants, {refused} refused")
if refused < COUNT / 3:
    bad.append("too few are refused: these are no mutants")
sys.exit("\n".join(bad) or None)
