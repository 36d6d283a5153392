"""Compiles every program of some pages.

    snippets.py DLC PAGE...

A block fenced by ```dl must pass `dlc check` without an error and without a function that is never called (of such a one only the
names are looked at). In a block fenced by ```dl error each comment `// error: text` or `// warning: text` stands in the line that the
compiler has to complain about in these words, and it may complain about no other. ```dl file=NAME.dl keeps the program for the
blocks after it in the page.
"""
import pathlib
import re
import subprocess
import sys
import tempfile


def blocks(text):
    lines = text.splitlines()
    start = None
    for number, line in enumerate(lines, 1):
        if start is None and line.startswith("```"):
            start, info = number, line[3:].strip()
        elif start is not None and line.strip() == "```":
            yield start, info, "\n".join(lines[start : number - 1]) + "\n"
            start = None


def complaints(code, output):
    """What is wrong with the compiler's answer to the block."""
    found = {}
    for line, kind, text in re.findall(r"^[^\s:]+\.dl:(\d+):\d+: (error|warning): (.*)$", output, re.M):
        found.setdefault(int(line), []).append(f"{kind}: {text}")
    for number, line in enumerate(code.splitlines(), 1):
        wanted = re.search(r"// (error|warning): (.*)$", line)
        if wanted and not any(message.startswith(wanted[1]) and wanted[2] in message for message in found.pop(number, [])):
            yield f"line {number}: no {wanted[1]} says `{wanted[2]}`"
    for number, messages in found.items():
        yield f"line {number}: not expected: {messages[0]}"


def check(page, dlc):
    """How many programs stand in the page, and how many problems they have."""
    failed = count = 0
    with tempfile.TemporaryDirectory() as folder:
        for line, info, code in blocks(pathlib.Path(page).read_text()):
            words = info.split()
            if not words or words[0] != "dl":
                continue
            count += 1
            name = next((word[5:] for word in words if word.startswith("file=")), "snippet.dl")
            path = pathlib.Path(folder, name)
            path.write_text(code)
            run = subprocess.run([dlc, "check", name], cwd=folder, capture_output=True, text=True, check=False)
            problems = list(complaints(code, run.stdout + run.stderr))
            if ("error" in words) != (run.returncode == 1) and not ("error" in words and "// error" not in code):
                problems.append(f"exit status {run.returncode}")
            for problem in problems:
                failed += 1
                print(f"{pathlib.Path(page).name}:{line}: {problem}")
            if problems:
                print(code + run.stdout + run.stderr)
    return count, failed


def main(dlc, *pages):
    dlc = str(pathlib.Path(dlc).resolve())
    results = [check(page, dlc) for page in pages]
    count, failed = map(sum, zip(*results))
    print(f"{count} programs, {failed} problems")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
