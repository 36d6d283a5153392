import os
import shutil
import subprocess
import sys

dlc, folder = sys.argv[1:]
shutil.rmtree(folder, ignore_errors=True)
os.makedirs(folder)
with open(os.path.join(folder, "sum.dl"), "w", encoding="utf8") as file:
    file.write("export fn twice(x: f32[4]) -> f32[4] { exp(x) + x }\n")


def run(*words):
    done = subprocess.run([dlc, *words], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    print("$ dlc", *words, "->", done.returncode, done.stdout, done.stderr, sep="  ")
    return done


call = ("call", "sum.dl", "twice", "--arg", "x=[0, 1, 2, 3]")
native = run(*call)
assert native.returncode == 0
oldest = run(*call, "--cpu", "x86-64")  # every processor that this runs on has its features
assert oldest.returncode == 0 and oldest.stdout.split()[0] == native.stdout.split()[0]

# No processor has what both of these have: APX is Intel's, XOP was AMD's.
refused = 0
for name, feature in (("diamondrapids", "egpr"), ("bdver2", "xop")):
    for again in (1, 2):  # the second time the code would come from the cache
        done = run(*call, "--cpu", name)
        assert done.returncode in (0, 2), "a refusal or a result was expected, no signal"
        if done.returncode:
            refused += 1
            assert f"code for `{name}` cannot run here" in done.stderr and feature in done.stderr
    assert run("compile", "sum.dl", "--emit=asm", "--cpu", name).returncode == 0, "printing needs no such processor"
assert refused

for words in (call, ("compile", "sum.dl", "--emit=asm")):
    near = run(*words, "--cpu", "znver33")
    assert near.returncode == 2 and "did you mean `znver3`?" in near.stderr
    far = run(*words, "--cpu", "abacus-of-wood")
    assert far.returncode == 2 and "x86-64-v3" in far.stderr and "skylake" in far.stderr
