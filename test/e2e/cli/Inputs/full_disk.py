"""A program on a full disk: full_disk.py DLC FOLDER [mount]. The disk is a small tmpfs in the folder where this process may mount one; without
`mount` a limit on the size of files stands in for it."""
import os
import resource
import signal
import subprocess
import sys

from product import Product

DISK = 512 * 1024
MODEL = """param w: f32[200, 100] = normal([200, 100])
train(steps: 4) { minimize mean(square(w)) over w with sgd(lr: 0.1) }
export fn weights() -> f32[200, 100] { w }
"""
PRINTS = """param w: f32 = 1
train(steps: 3) {
  minimize w * w over w with sgd(lr: 0.1)
  at end { write_npy("disk/w.npy", weights()) }
}
fn weights() -> f32[60000] { w + zeros([60000]) }
"""

mounted = sys.argv[3:] == ["mount"]
product = Product(*sys.argv[1:3])
expect = product.expect
os.mkdir(product.at("disk"))
product.write("model.dl", MODEL)
product.write("prints.dl", PRINTS)
limits = {}
if mounted:
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "none", product.at("disk")], check=True)
    REASON = "no space left on device"
else:
    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))

    limits = {"preexec_fn": limit}
    REASON = "the file would be larger than the limit"


def fill():
    """Leaves the disk less room than a checkpoint of `model.dl` takes, 80 kB."""
    if mounted:
        with open(product.at("disk/filler"), "wb", buffering=0) as file:
            file.write(bytes(DISK - 140 * 1024))


def files():
    return sorted(os.listdir(product.at("disk")))


# A checkpoint that has no room: the old one stays whole, nothing half is left, and the run says so.
product.run("run", "model.dl", "--save", "disk/model.safetensors", "--steps", "2")
before = product.read("disk/model.safetensors")
fill()
there = files()
for more in ([], ["--save-every", "1"], ["--load", "disk/model.safetensors"]):
    expect(3, ["run", "model.dl", "--save", "disk/model.safetensors", "--no-cache", *more], "error: cannot write `disk/model.safetensors`: " + REASON, **limits)
    assert product.read("disk/model.safetensors") == before and files() == there, files()
if mounted:
    expect(3, ["run", "model.dl", "--save", "disk/model.safetensors"], "what was there before is unchanged")
# The same of weights alone, results, files that the program writes, and printed stages.
expect(3, ["run", "model.dl", "--no-save", "--no-cache", "--save-weights", "disk/weights"], "`disk/weights`: " + REASON, **limits)
expect(3, ["call", "model.dl", "weights", "--no-cache", "-o", "disk"], "`disk/weights.npy`: " + REASON, **limits)
expect(3, ["run", "prints.dl", "--no-save", "--no-cache"], "prints.dl:4:", "`disk/w.npy`: " + REASON, **limits)
assert files() == there, files()
# Compiled code that has no room is no error: it is compiled again.
if mounted:
    cache = dict(os.environ, DLC_CACHE=product.at("disk/cache"))
    expect(0, ["run", "model.dl", "--no-save"], "compiled", env=cache)

# A log, and standard output, that take nothing more.
expect(3, ["run", "model.dl", "--no-save", "--log", "/dev/full"], "error: cannot write `/dev/full`: ")
for words in (["--help"], ["--version"], ["run", "--help"], ["run", "model.dl", "--no-save"], ["compile", "model.dl", "--emit=graph"],
              ["compile", "model.dl", "--emit=asm"], ["call", "model.dl", "weights"], ["verify", "model.dl"], ["bench", "model.dl", "--steps", "2"],
              ["completion", "bash"], ["data"], ["test", "model.dl"]):
    with open("/dev/full", "w") as full:
        done = subprocess.run([product.dlc, *words], stdout=full, stderr=subprocess.PIPE, text=True, cwd=product.folder)
    assert done.returncode == 3 and "error: standard output could not be written" in done.stderr, (words, done)
# What failed for another reason keeps that reason's status.
product.write("wrong.dl", "param w: f32 = missing\nparam w: f32 = 1\n")
with open("/dev/full", "w") as full:
    assert subprocess.run([product.dlc, "run", "wrong.dl"], stdout=full, stderr=subprocess.PIPE, cwd=product.folder).returncode == 1
