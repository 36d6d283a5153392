"""Help of every command, suggestions, statuses and completion scripts of the program in argv[1]."""
import re
import subprocess
import sys

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
assert {"check", "run", "test", "call", "compile", "bench", "verify", "data", "devices", "completion"} <= set(commands), commands
for command in commands:
    said = expect(0, [command, "--help"], f"usage: dlc {command}", "examples:\n  ", "options:\n", "--help")
    assert said == expect(0, ["help", command]), command
    # An example is a command line that can be typed.
    for line in re.findall(r"^  (?:source <\()?dlc ([^)\n]*)", said.split("options:")[0].split("examples:")[1], re.M):
        assert line.split()[0] in commands, line
        options = [word.split("=")[0] for word in re.split(r"   |\|", line)[0].split() if word.startswith("-")]
        assert all(re.search(rf"^  {option} ", said, re.M) for option in options), line
    expect(0, [command, "--version"], "dlc 0.")
# What does not exist yet is neither listed nor offered, and refused by its name.
for word in ("inspect", "fmt", "doc", "lsp"):
    assert word not in commands and f"dlc {word}" not in run("--help").stdout
    expect(2, [word, "x.dl"], f"`dlc {word}` is not there yet")
for words in (["--memory-budget", "1G"],):
    assert words[0].split("=")[0] not in run("run", "--help").stdout
    expect(2, ["run", "x.dl", *words], f"`{words[0].split('=')[0]}` is not there yet")
expect(2, ["run", "x.dl", "--target", "cudo"], "`cudo` is not one of cpu, cuda, cuda-emulator, reference")
expect(2, ["compile", "x.dl", "-o", "x.so"], "native libraries are not there yet", "--emit")

expect(2, ["rnu", "x.dl"], "`run`")
expect(2, ["benhc"], "`bench`")
expect(2, ["model.dl"], "dlc run model.dl")
expect(2, ["run", "x.dl", "--thread", "2"], "`--threads`")
expect(2, ["run", "x.dl", "--epohcs=2"], "`--epochs`")
expect(2, ["check", "x.dl", "--save-every", "2"], "`--save-every`", "`dlc run` has it")
expect(2, ["test", "x.dl", "--json"], "`dlc bench` and `dlc devices` have it")
expect(2, ["--quiet", "run", "x.dl"], "`--quiet`", "must be a command")
expect(2, ["run", "x.dl", "--no-save", "--save", "y"], "`--save`", "`--no-save`")
expect(2, ["run", "x.dl", "--no-save", "--save-every", "5"], "`--save-every`", "`--no-save`")
expect(2, ["run", "x.dl", "--load", "y", "--load-weights", "z"], "`--load`", "`--load-weights`")
expect(2, ["run", "x.dl", "--device", "1"], "`--device`", "`--target cuda`", "the target is `cpu`")
expect(2, ["call", "x.dl", "f", "--device", "0", "--target", "cuda-emulator"], "`--device`", "the target is `cuda-emulator`")
expect(2, ["verify", "x.dl", "--device", "0"], "`--device`", "`--target cuda`")
expect(2, ["run", "x.dl", "--cpu", "native", "--target", "reference"], "`--cpu`", "`--target reference` compiles nothing")
expect(2, ["compile", "x.dl", "--emit=optimized", "--cpu", "native"], "`--cpu`", "the stage `optimized`")
expect(2, ["compile", "x.dl", "--emit=asm", "--arch", "sm_90"], "`--arch`", "`--target cuda`", "the target is `cpu`")
expect(2, ["compile", "x.dl", "--target", "cuda", "--emit=kernels", "--arch", "sm_90"], "`--arch`", "the stage `kernels`")
expect(2, ["devices", "x.dl"], "unexpected `x.dl`", "dlc devices")
expect(2, ["run", "x.dl", "--precision", "fp16"], "--precision", "`fp16` is not one of f32, tf32, bf16")
expect(2, ["check", "x.dl", "--precision", "bf16"], "`dlc check` has no option `--precision`", "`dlc run`")
for stage in ("ast", "graph"):
    expect(2, ["compile", "x.dl", f"--emit={stage}", "--precision", "bf16"], "`--precision`", f"the stage `{stage}`")
expect(2, ["compile", "x.dl", "--target", "cuda", "--emit=kernels", "--cpu", "native"], "`--cpu`", "the stage `kernels`")
expect(2, ["compile", "x.dl", "--emit=asm", "--locations"], "`--locations`", "`asm` has no locations")
expect(2, ["compile", "x.dl", "--target", "cuda", "--emit=llvm", "--locations"], "`--locations`", "from `graph` to `kernels`", "`llvm` has no locations")
expect(2, ["compile", "x.dl", "--emit=ast", "--locations"], "`--locations`", "`ast` has no locations")
expect(2, ["compile", "x.dl", "--emit=graph", "--target", "cuda-emulator"], "`cuda-emulator` runs the kernels that `--target cuda` prints")
for option in (["--print-ir-after", "all"], ["--remarks"], ["--round-trip"]):
    stage = "ast" if option[0] == "--remarks" else "graph"
    expect(2, ["compile", "x.dl", f"--emit={stage}", *option], f"`{option[0]}`", f"none runs before the stage `{stage}`")
expect(2, ["bench", "x.dl", "--arg", "B=32"], "`--arg`", "dlc bench FILE FUNCTION")
expect(2, ["verify", "x.dl", "--time-passes"], "`--time-passes`", "verify")
expect(2, ["compile", "x.dl", "--emit=graph", "--locations", "--no-locations"], "contradict")
expect(2, ["run", "x.dl", "--save="], "--save", "empty")
expect(2, ["run", "x.dl", "--threads", "0"], "--threads", "at least 1")
expect(2, ["run", "x.dl", "--threads", "100000"], "--threads", "at most")
expect(2, ["run", "x.dl", "--steps", "99999999999999999999"], "--steps")
expect(2, ["run", "x.dl", "--steps", "5x"], "--steps", "`5x`")
expect(2, ["run", "--", "-x.dl", "y.dl"], "y.dl")
expect(2, ["run", "x.dl", "--seed", "seven"], "--seed", "`seven`")
expect(2, ["run", "x.dl", "--steps", "0"], "--steps", "`0`")
expect(2, ["run", "x.dl", "--steps"], "needs a value")
expect(2, ["run", "x.dl", "--quiet=1"], "takes no value")
expect(2, ["run"], "FILE is missing; usage: dlc run")
expect(2, ["run", "a.dl", "b.dl"], "b.dl")
expect(2, ["run", "x.dl", "--target", "cpy"], "not one of cpu, ")
expect(2, ["run", "x.dl", "--epochs", "many"], "--epochs: expected an integer of at least 1, found `many`")
expect(2, ["run", "x.dl", "--set", "epochs"], "NAME=VALUE")
expect(2, ["compile", "x.dl", "--emit=grap"], "`graph`")
expect(2, ["compile", "x.dl"], "--emit")
expect(2, ["completion", "tcsh"], "tcsh")

for shell in ("bash", "zsh", "fish"):
    script = expect(0, ["completion", shell], "dlc")
    for command in commands:
        assert command in script, f"{shell}: no {command}"
