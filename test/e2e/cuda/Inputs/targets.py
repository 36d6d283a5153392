"""Trains a program for a few steps on two targets and compares the weights: targets.py DLC MODEL STEPS [--on TARGET] [OPTION...].

The sums of a device run in another order than the processor's, so weights agree to 1e-4 of an element and of the root mean square of its tensor.
"""
import array
import json
import os
import struct
import subprocess
import sys
import tempfile

dlc, model, steps, *options = sys.argv[1:]
device = "cuda-emulator"
if options[:1] == ["--on"]:
    device, *options = options[1:]
dlc, model = os.path.abspath(dlc), os.path.abspath(model)
name = os.path.splitext(os.path.basename(model))[0]


def tensors(path):
    """The tensors of f32 of a safetensors file, by name."""
    data = open(path, "rb").read()
    (size,) = struct.unpack_from("<Q", data)
    head = json.loads(data[8 : 8 + size])
    found = {}
    for key, entry in head.items():
        if key != "__metadata__" and entry["dtype"] == "F32":
            begin, end = entry["data_offsets"]
            found[key] = array.array("f", data[8 + size + begin : 8 + size + end])
    return found


weights = {}
with tempfile.TemporaryDirectory() as folder:
    for target in ("cpu", device):
        path = os.path.join(folder, target + ".safetensors")
        run = subprocess.run([dlc, "run", model, "--target", target, "--steps", steps, "--seed", "3", "--no-save", "--save-weights", path, *options],
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=folder)
        if run.returncode:
            sys.exit(f"{name} on {target}: status {run.returncode}\n{run.stdout}")
        weights[target] = tensors(path)

if not weights["cpu"] or weights["cpu"].keys() != weights[device].keys():
    sys.exit(f"{name}: {sorted(weights['cpu'])} against {sorted(weights['cuda-emulator'])}")
for key, right in weights["cpu"].items():
    size = (sum(x * x for x in right) / max(len(right), 1)) ** 0.5
    for i, (x, y) in enumerate(zip(right, weights[device][key])):
        if not abs(x - y) <= 1e-4 * (abs(x) + size):
            sys.exit(f"{name}: {key}[{i}] is {y}, on the cpu {x}")
print(f"{name}: {len(weights['cpu'])} tensors agree after {steps} steps")
