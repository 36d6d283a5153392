"""Help of every command, suggestions, statuses and completion scripts of the program in argv[1]."""
import re
import shutil
import subprocess
import sys
import tempfile

dlc = sys.argv[1]


def run(*words):
    return subprocess.run([dlc, *words], capture_output=True, text=True)


def expect(status, words, *texts):
    done = run(*words)
    said = done.stdout + done.stderr
    assert done.returncode == status, f"{words}: status {done.returncode} instead of {status}: {said}"
    for text in texts:
        assert text in said, f"{words}: no `{text}` in: {said}"
    return said


commands = re.findall(r"^  dlc (\w+) ", run("--help").stdout.split("COMMAND --help")[0], re.M)
assert {"check", "run", "test", "call", "compile", "bench", "verify", "data", "completion"} <= set(commands), commands
for command in commands:
    expect(0, [command, "--help"], f"usage: dlc {command}")

expect(2, ["rnu", "x.dl"], "`run`")
expect(2, ["benhc"], "`bench`")
expect(2, ["model.dl"], "dlc run model.dl")
expect(2, ["run", "x.dl", "--thread", "2"], "`--threads`")
expect(2, ["run", "x.dl", "--epohcs=2"], "`--epochs`")
expect(2, ["check", "x.dl", "--save-every", "2"], "`--save-every`")
expect(2, ["run", "x.dl", "--seed", "seven"], "--seed", "`seven`")
expect(2, ["run", "x.dl", "--steps", "0"], "--steps", "`0`")
expect(2, ["run", "x.dl", "--steps"], "needs a value")
expect(2, ["run", "x.dl", "--quiet=1"], "takes no value")
expect(2, ["run"], "usage: dlc run")
expect(2, ["run", "a.dl", "b.dl"], "b.dl")
expect(2, ["run", "x.dl", "--target", "cpy"], "`cpu`")
expect(2, ["run", "x.dl", "--set", "epochs"], "NAME=VALUE")
expect(2, ["compile", "x.dl", "--emit=grap"], "`graph`")
expect(2, ["compile", "x.dl"], "--emit")
expect(2, ["completion", "tcsh"], "tcsh")

for shell in ("bash", "zsh", "fish"):
    script = expect(0, ["completion", shell], "dlc")
    for command in commands:
        assert command in script, f"{shell}: no {command}"
    if shutil.which(shell):
        with tempfile.NamedTemporaryFile("w") as file:
            file.write(script)
            file.flush()
            read = subprocess.run([shell, "-n", file.name], capture_output=True, text=True)
            assert read.returncode == 0, read.stderr
