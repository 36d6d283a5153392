"""Edits printed stages at random and has them read: each is run or refused with an error at a line, and nothing crashes.

usage: mutated.py DLC DLC-OPT EXAMPLE.dl FOLDER COUNT [SEED]
COUNT texts of each stage; ten times as many with DLC_THOROUGH in the environment. One that ends otherwise stays in the folder.
"""
import os
import pathlib
import random
import re
import subprocess
import sys

GRAPHS = ["graph", "specialized", "train", "optimized"]
CODE = ["kernels", "llvm"]
PATTERNS = {"number": r"-?\d+", "type": r"f32|i64|f64|\bi1\b|ui8", "attributes": r"\{[^{}]*\}", "value": r"%[\w.$]+", "symbol": r"@[\w.$]+", "word": r"\b[a-z_.]+\b"}
NUMBERS = ["0", "-1", "1", "3", "7", "99999999999", "9223372036854775807"]
TYPES = ["f32", "i64", "f64", "i1", "ui8", "f16", "index", "none", "complex<f32>"]


def replacement(kind, text, rng):
    if kind in ("number", "type"):
        return rng.choice(NUMBERS if kind == "number" else TYPES)
    return "" if kind == "attributes" else rng.choice(re.findall(PATTERNS[kind], text))


def mutate(text, rng):
    lines = text.split("\n")
    for _ in range(rng.choice([1, 1, 2, 3])):
        i = rng.randrange(len(lines))
        kind = rng.choice(["drop", "double", "swap", "cut", "character", *PATTERNS])
        if kind == "drop":
            lines[i] = ""
        elif kind == "double":
            lines.insert(i, lines[i])
        elif kind == "swap":
            j = rng.randrange(len(lines))
            lines[i], lines[j] = lines[j], lines[i]
        elif kind == "cut":
            return "\n".join(lines)[: rng.randrange(len(text))]
        elif kind == "character":
            at = rng.randrange(len(lines[i]) + 1)
            lines[i] = lines[i][:at] + rng.choice('{}()[]<>%@#!?,:="\\x') + lines[i][at + rng.randrange(2) :]
        elif found := list(re.finditer(PATTERNS[kind], lines[i])):
            where = rng.choice(found)
            lines[i] = lines[i][: where.start()] + replacement(kind, text, rng) + lines[i][where.end() :]
    return "\n".join(lines)


def is_bad(command, folder):
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, errors="replace", timeout=60)
    except subprocess.TimeoutExpired:
        return "does not end"
    is_located = re.search(r"\.(mlir|dl):\d+:\d+", done.stderr)
    if done.returncode not in (0, 1, 3) or (done.returncode == 1 and not is_located) or (done.returncode == 3 and not done.stderr.strip()):
        return f"status {done.returncode}: {done.stderr[:300]}"
    return None


def main():
    dlc, opt, example, folder, count = sys.argv[1:6]
    rng = random.Random(int(sys.argv[6]) if len(sys.argv) > 6 else 1)
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    bad = []
    for stage in GRAPHS + CODE:
        text = subprocess.run([dlc, "compile", example, f"--emit={stage}", "--no-locations"], check=True, capture_output=True, text=True).stdout
        for number in range(int(count) * (10 if os.environ.get("DLC_THOROUGH") else 1)):
            file = folder / f"{stage}-{number}.mlir"
            file.write_text(mutate(text, rng))
            # Edited code may be anything: it is compiled, not run.
            last = ["run", str(file), "--steps", "2", "--quiet", "--no-cache", "--no-save"] if stage in GRAPHS else ["compile", str(file), "--emit=asm", "-o", "/dev/null"]
            found = [f"{file}: {what}" for command in ([dlc, *last], [opt, "--dl-check-stage", str(file), "-o", "/dev/null"]) if (what := is_bad(command, folder))]
            bad += found
            if not found:
                file.unlink()
    sys.exit("\n".join(bad) or 0)


main()
