"""What `dlc devices` lists: devices.py DLC FOLDER, the folder of a model of NVIDIA's driver (test/runtime/FakeCuda.cpp)."""
import json
import os
import re
import subprocess
import sys

dlc, folder = sys.argv[1:]


def devices(*words, fake=None):
    environment = dict(os.environ)
    if fake is not None:
        environment.update(LD_LIBRARY_PATH=folder, FAKE_CUDA=fake)
    done = subprocess.run([dlc, "devices", *words], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0 and "not given back" not in done.stdout, done
    return done.stdout


def expect(pattern, fake=None):
    said = devices(fake=fake)
    assert re.search(pattern, said, re.M), f"{fake}: no {pattern} in {said}"


# With or without a card, each target has its line.
for target in ("cpu", "cuda", "cuda-emulator", "reference"):
    expect(rf"^{target}  +\w")
expect(r"^cpu            [\w.-]+ with (AVX-512|AVX2|AVX|SSE2|NEON), \d+ threads?$")
processor = json.loads(devices("--json"))["cpu"]
assert processor["processor"] and processor["features"] and processor["threads"] >= 1, processor

# The model has cards, of which it tells as NVIDIA's driver does.
expect(r"^cuda           a driver for CUDA 12\.4, ", "devices=2")
for number in (0, 1):
    expect(rf"^  --device {number}   Fake Card, compute capability 9\.0, 108 multiprocessors, 1 GiB of 1 GiB free$", "devices=2")
expect(r"Fake Card, compute capability 7\.5, .* free; it is too old: the kernels need 8\.0 or later$", "capability=7.5")
expect(r"Fake Card, compute capability 9\.0, 108 multiprocessors; it is busy: another process has it for itself", "context=46")
expect(r"^cuda           not here: --target cuda needs an NVIDIA card, and the driver finds none", "devices=0")
cuda = json.loads(devices("--json", fake="devices=2"))["cuda"]
assert cuda["missing"] is None and cuda["version"] == "12.4" and len(cuda["cards"]) == 2, cuda
assert cuda["cards"][1] == {"device": 1, "name": "Fake Card", "capability": "9.0", "multiprocessors": 108, "memory_bytes": 1 << 30, "free_bytes": 1 << 30, "problem": None}, cuda
assert "finds none" in json.loads(devices("--json", fake="devices=0"))["cuda"]["missing"]
