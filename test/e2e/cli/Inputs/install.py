import os
import shutil
import subprocess
import sys

build, folder = sys.argv[1:]
shutil.rmtree(folder, ignore_errors=True)
prefix, elsewhere = os.path.join(folder, "prefix"), os.path.join(folder, "elsewhere")
os.makedirs(elsewhere)


def run(*words, **more):
    print("$", *words, flush=True)
    return subprocess.run(words, check=True, text=True, stdout=subprocess.PIPE, **more).stdout


run("cmake", "--install", build, "--prefix", prefix)
for name in ("bin/dlc", "bin/dlc-opt", "share/doc/dlc/LICENSE", "share/doc/dlc/README.md", "share/doc/dlc/language.md",
             "share/doc/dlc/examples/mnist_cnn.dl", "share/bash-completion/completions/dlc", "share/zsh/site-functions/_dlc",
             "share/fish/vendor_completions.d/dlc.fish"):
    assert os.path.getsize(os.path.join(prefix, name)) > 0, name
dlc = os.path.join(prefix, "bin", "dlc")
assert run(dlc, "--version").startswith("dlc ")
example = os.path.join(prefix, "share", "doc", "dlc", "examples", "linear_regression.dl")
# Where its build folder is must not matter: the empty environment and another folder hide it.
env = {"HOME": elsewhere, "PATH": "/usr/bin:/bin"}
said = run(dlc, "run", example, "--epochs", "2", cwd=elsewhere, env=env)
assert "train epoch 2/2" in said, said
assert os.path.exists(os.path.join(elsewhere, "linear_regression.safetensors"))
said = run(dlc, "call", example, "predict", "--arg", "x=[[0.5]]", "--load", "linear_regression.safetensors", cwd=elsewhere, env=env)
assert said.strip(), "a result was expected"
completion = run("bash", "-c", f"source {prefix}/share/bash-completion/completions/dlc && complete -p dlc")
assert "dlc" in completion
