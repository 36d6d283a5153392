"""Runs the example in the description of each pass and holds its CHECK lines against what comes out.

Usage: descriptions.py SOURCE DLC_OPT FILECHECK. Fails where a pass has no example, or an example has no CHECK line.
"""
import pathlib
import re
import subprocess
import sys
import tempfile


def main():
    source, dlc_opt, filecheck = sys.argv[1:4]
    text = (pathlib.Path(source) / "passes" / "Passes.td").read_text()
    parts = re.split(r'^def \w+Pass : DL_Pass<"([\w-]+)">', text, flags=re.M)[1:]
    failures = []
    for name, part in zip(parts[::2], parts[1::2]):
        example = re.search(r"```mlir\n(.*?)```", part, re.S)
        if not example or "// CHECK" not in example.group(1):
            failures.append(f"--{name}: no example with CHECK lines")
            continue
        with tempfile.NamedTemporaryFile("w", suffix=".mlir") as file:
            file.write(example.group(1))
            file.flush()
            run = subprocess.run([dlc_opt, f"--{name}", file.name], capture_output=True, text=True)
            if run.returncode != 0:
                failures.append(f"--{name}:\n{run.stderr}")
                continue
            check = subprocess.run([filecheck, file.name], input=run.stdout, capture_output=True, text=True)
            if check.returncode != 0:
                failures.append(f"--{name}:\n{check.stderr}\n{run.stdout}")
    if len(parts) < 20:
        failures.append(f"found only {len(parts) // 2} passes")
    print("\n".join(failures))
    sys.exit(1 if failures else 0)


main()
