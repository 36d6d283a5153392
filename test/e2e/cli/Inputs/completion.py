"""What the tab key offers, by the script that the program prints for a shell: completion.py DLC FOLDER bash|zsh|fish."""
import os
import subprocess
import sys

from product import Product

*where, name = sys.argv[1:]
product = Product(*where)
os.mkdir(product.at("folder"))
for file in ("model.dl", "graph.mlir", "notes.txt", "mine.safetensors"):
    product.write(file, "")
product.write(name, product.run("completion", name))
read = subprocess.run([name, "-n", product.at(name)], capture_output=True, text=True)
assert read.returncode == 0, read.stderr

# The words so far and what must, and must not, be offered for the last one.
CASES = [
    (["ru"], {"run"}, {"test"}),
    ([""], {"run", "check", "data"}, {"model.dl"}),
    (["run", "m"], {"model.dl"}, {"mine.safetensors", "graph.mlir"}),
    (["run", "model.dl", "--sav"], {"--save", "--save-every", "--save-weights"}, {"--seed"}),
    (["check", "model.dl", "--sa"], set(), {"--save"}),
    (["run", "model.dl", "--target", ""], {"cpu", "cuda", "cuda-emulator", "reference"}, {"ptx"}),
    (["run", "model.dl", "--load", "mi"], {"mine.safetensors"}, {"model.dl"}),
    (["run", "model.dl", "--data", ""], {"folder"}, {"model.dl"}),
    (["compile", "model.dl", "--emit", "gr"], {"graph"}, {"llvm"}),
    (["check", "model.dl", "--print-ir-after", "f"], {"fuse"}, {"plan"}),
    (["data", "m"], {"mnist", "mobydick"}, {"model.dl"}),
    (["devices", ""], set(), {"model.dl", "folder"}),
    (["devices", "--j"], {"--json"}, {"--seed"}),
    (["completion", ""], {"bash", "zsh", "fish"}, {"model.dl"}),
]


def bash(words):
    quoted = " ".join(f"'{word}'" for word in ["dlc", *words])
    script = f"source ./bash; COMP_WORDS=({quoted}); COMP_CWORD={len(words)}; _dlc; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    return subprocess.run(["bash", "-c", script], capture_output=True, text=True, cwd=product.folder)


def zsh(words):
    # The bash functions of zsh, without its line editor, which leaves out what does not begin with the word.
    quoted = " ".join(f"'{word}'" for word in ["dlc", *words])
    script = ("autoload -U +X compinit && compinit -u -C -d ./functions; autoload -U +X bashcompinit && bashcompinit; source ./zsh; "
              f"f() {{ emulate -L ksh; local -a COMP_WORDS COMPREPLY; COMP_WORDS=({quoted}); COMP_CWORD={len(words)}; PREFIX='{words[-1]}'; _dlc; "
              "printf '%s\\n' \"${COMPREPLY[@]}\"; }; f")
    return subprocess.run(["zsh", "-f", "-c", script], capture_output=True, text=True, cwd=product.folder)


def fish(words):
    line = " ".join(["dlc", *words])
    return subprocess.run(["fish", "--no-config", "-c", f"source ./fish; complete -C '{line}'"], capture_output=True, text=True,
                          cwd=product.folder, env=dict(os.environ, HOME=product.folder, XDG_CONFIG_HOME=product.folder))


shell = {"bash": bash, "zsh": zsh, "fish": fish}[name]
for words, wanted, unwanted in CASES:
    done = shell(words)
    offered = {line.split("\t")[0].rstrip("/") for line in done.stdout.splitlines() if line}
    if shell is zsh:
        offered = {word for word in offered if word.startswith(words[-1])}
    if shell is fish and words[-1:] == ["m"] and words[0] == "run":
        unwanted = set()  # fish offers every file
    assert wanted <= offered and not unwanted & offered, (name, words, offered, done.stderr)
if shell is zsh:  # it leaves `--emit=gr` one word: what is offered begins with all of it
    assert "--emit=graph" in zsh(["compile", "model.dl", "--emit=gr"]).stdout.split("\n"), zsh(["compile", "model.dl", "--emit=gr"])
    assert "--load=mine.safetensors" in zsh(["run", "model.dl", "--load=mi"]).stdout.split("\n")
if shell is bash:  # it splits at the equals sign
    split = "source ./bash; COMP_WORDS=(dlc compile model.dl --emit = gr); COMP_CWORD=5; _dlc; echo ${COMPREPLY[@]}"
    assert subprocess.run(["bash", "-c", split], capture_output=True, text=True, cwd=product.folder).stdout == "graph\n"
