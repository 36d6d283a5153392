"""What `--target cuda` says where it cannot run: no_card.py DLC MODEL FOLDER, the folder of a model of the driver
(test/runtime/FakeCuda.cpp), or `none`. The model says so where something is not given back to it."""
import os
import subprocess
import sys

dlc, model, folder = sys.argv[1:]


def expect(status, text, fake=None, *options):
    environment = dict(os.environ)
    if fake is not None:
        environment.update(LD_LIBRARY_PATH=folder, FAKE_CUDA=fake)
    run = subprocess.run([dlc, "run", model, "--target", "cuda", "--no-save", *options], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert run.returncode == status and text in run.stdout and "not given back" not in run.stdout, f"{fake} {options}: status {run.returncode}: {run.stdout}"


if folder == "none":
    expect(3, "--target cuda needs NVIDIA's driver, and libcuda.so.1 is not here")
    sys.exit(0)
expect(3, "--target cuda needs an NVIDIA card, and the driver finds none", "devices=0")
expect(2, "there is no card 3; the driver finds 2: 0 to 1", "devices=2", "--device", "3")
expect(3, "Fake Card has compute capability 7.5, and the kernels need 8.0 or later", "capability=7.5")
expect(3, "Fake Card has no room for", "memory=100")
# It has none of our kernels, and says so at the first step.
expect(3, "kernel `kernel$", "")
