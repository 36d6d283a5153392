"""Verifies the examples in argv[2] that read handwritten digits with the program in argv[1], on pictures made up in the folder argv[3]."""
import os
import shutil
import struct
import subprocess
import sys

dlc, examples, folder = sys.argv[1:4]
shutil.rmtree(folder, ignore_errors=True)
os.makedirs(os.path.join(folder, "mnist"))


def write(name, kind, sizes, values):
    """An IDX file of bytes: 00 00 08, the number of axes, the sizes, the values."""
    with open(os.path.join(folder, "mnist", name), "wb") as file:
        file.write(struct.pack(f">BBBB{len(sizes)}I", 0, 0, kind, len(sizes), *sizes) + bytes(values))


for part, count in (("train", 20), ("t10k", 10)):
    # A slanted stroke, another for each digit.
    pictures = [255 if (x + y * (i % 10)) % 28 < 4 else (7 * x + 3 * y) % 16 for i in range(count) for y in range(28) for x in range(28)]
    write(f"{part}-images-idx3-ubyte", 8, (count, 28, 28), pictures)
    write(f"{part}-labels-idx1-ubyte", 8, (count,), [i % 10 for i in range(count)])

for example, notes in (("mnist_cnn", 0), ("gan_mnist", 0), ("wgan_gp", 1)):
    done = subprocess.run([dlc, "verify", os.path.join(examples, example + ".dl"), "--data", folder], capture_output=True, text=True,
                          env=dict(os.environ, DLC_DATA=folder), timeout=300)
    said = done.stdout + done.stderr
    assert done.returncode == 0 and said.endswith("all passes and targets agree\n"), said
    assert said.count("note:") == notes and said.count(" same ") == 14, said
    print(said)
# The generator of wgan_gp is trained in every fifth step.
assert "note: 5 steps of `train` are run, so that its branches are taken" in said, said
