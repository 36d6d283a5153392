import os
import re
import shutil
import subprocess
import sys

STEPS = 3
dlc, examples, folder = sys.argv[1:]
shutil.rmtree(folder, ignore_errors=True)
os.makedirs(folder)


def run(*words):
    return subprocess.run([dlc, *words], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def source_of(path):
    """The text of a program and of those that it imports, without comments."""
    with open(path, encoding="utf8") as file:
        text = re.sub(r"//.*", "", file.read())
    names = {os.path.join(os.path.dirname(path), part + ".dl") for part in re.findall(r"^import (\w+)", text, re.M)}
    return text + "".join(source_of(name) for name in sorted(names) if os.path.exists(name))


listed = run("data")
assert listed.returncode == 0, listed.stdout
sets = [line.split()[0] for line in listed.stdout.split("\n") if line.strip()]
ran, failed = 0, []
for name in sorted(os.listdir(examples)):
    if not name.endswith(".dl"):
        continue
    path = os.path.join(examples, name)
    text = source_of(path)
    missing = [s for s in sets if re.search(rf'"[^"]*\b{s}\b[^"]*"', text) and run("data", s).returncode]
    if missing:
        checked = run("check", path)
        print(f"{name}: only checked, {missing[0]} cannot be had here")
        if checked.returncode:
            failed.append(name)
            print(checked.stdout)
        continue
    words = ["run", path, "--no-save"]
    done = run(*words, "--steps", str(STEPS))
    print(f"{name}: status {done.returncode}, {done.stdout.strip().split(chr(10))[-1]}")
    ran += 1
    if done.returncode:
        failed.append(name)
        print(done.stdout)
assert not failed, f"failed: {' '.join(failed)}"
assert ran >= 5, "most examples make their own data"
