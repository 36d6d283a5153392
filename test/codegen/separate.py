"""Runs an example as it is, and with a kernel for each operation, and compares the checkpoints.

    separate.py DLC DLC_OPT EXAMPLE.dl [--steps N] [--set NAME=VALUE]... [--made-up]

`--made-up`: on random pictures and houses instead of the data sets.

What fusion, planning and code generation make of whole kernels must be what single operations do. Sums are taken in other orders, so
checkpoints agree within a tolerance, but for elements whose gradient has cancelled to noise: an optimizer that divides
by the size of the gradient moves those at random.
"""
import argparse
import array
import json
import os
import random
import struct
import subprocess
import sys
import tempfile

TOLERANCE = 2e-5  # relative to the largest element of the tensor
NOISE = 1e-5      # of a moment, likewise


def run(*words):
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        sys.exit(f"status {done.returncode} of {' '.join(words)}\n{done.stdout[-2000:]}")


def make_data(folder):
    """Files like those of `dlc data mnist` and `dlc data boston`, of 64 rows."""
    rng = random.Random(1)
    os.makedirs(os.path.join(folder, "mnist"))
    for part in ("train", "t10k"):
        for what, magic, sizes, below in (("images-idx3", 0x803, (64, 28, 28), 256), ("labels-idx1", 0x801, (64,), 10)):
            count = 64 * (784 if len(sizes) == 3 else 1)
            with open(os.path.join(folder, "mnist", f"{part}-{what}-ubyte"), "wb") as file:
                file.write(struct.pack(f">{1 + len(sizes)}I", magic, *sizes) + bytes(rng.randrange(below) for _ in range(count)))
    os.makedirs(os.path.join(folder, "boston"))
    names = "crim zn indus chas nox rm age dis rad tax ptratio b lstat medv".split()
    with open(os.path.join(folder, "boston", "data.csv"), "w", encoding="utf8") as file:
        print(*names, sep=",", file=file)
        for _ in range(64):
            print(*(round(rng.uniform(0, 10), 3) for _ in names), sep=",", file=file)


def tensors(path):
    with open(path, "rb") as file:
        raw = file.read()
    begin = 8 + int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8:begin])
    header.pop("__metadata__", None)
    result = {}
    for name, entry in header.items():
        first, last = entry["data_offsets"]
        data = raw[begin + first:begin + last]
        kind = {"F32": "f", "F64": "d"}.get(entry["dtype"])
        result[name] = array.array(kind, data) if kind else data
    return result


def is_noise(checkpoint, name, i):
    moments = checkpoint.get(name + ":adam.m")
    return moments is not None and abs(moments[i]) <= NOISE * max(map(abs, moments))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("dlc")
    parser.add_argument("opt")
    parser.add_argument("example")
    parser.add_argument("--steps", default="3")
    parser.add_argument("--set", action="append", default=[])
    parser.add_argument("--made-up", action="store_true")
    args = parser.parse_args()
    more = [word for setting in args.set for word in ("--set", setting)]
    with tempfile.TemporaryDirectory() as folder:
        train, separate, fused, single = (os.path.join(folder, name) for name in ("train.mlir", "separate.mlir", "fused", "single"))
        data = ["--data", folder] if args.made_up else []
        if args.made_up:
            make_data(folder)
        more += data
        run(args.dlc, "compile", args.example, "--emit=train", "-o", train, *more)
        run(*args.opt.split(), "--dl-simplify", "--dl-fuse=separate=true", "--dl-outline", "--dl-order", "--dl-plan", train, "-o", separate)
        with open(separate, encoding="utf8") as file:
            text = file.read()
        # The passes ran one by one, outside of the pipeline: nobody has set the stage, and data functions have kernels, too.
        with open(separate, "w", encoding="utf8") as file:
            file.write(text.replace('dl.stage = "train"', 'dl.stage = "optimized"', 1).replace(", dl.evaluated", ""))
        ends = ["--steps", args.steps, "--quiet", "--no-cache", "--save"]
        run(args.dlc, "run", args.example, *more, *ends, fused)
        run(args.dlc, "run", separate, *data, *ends, single)
        expected, found = tensors(fused), tensors(single)
    bad, worst = [], 0
    if expected.keys() != found.keys():
        bad.append(f"the checkpoints hold {sorted(expected)} and {sorted(found)}")
    for name in expected.keys() & found.keys():
        a, b = expected[name], found[name]
        if not isinstance(a, array.array):
            if a != b:
                bad.append(f"{name} differs")
            continue
        scale = max(map(abs, a), default=0) or 1
        for i, (x, y) in enumerate(zip(a, b)):
            if abs(x - y) <= TOLERANCE * scale:
                worst = max(worst, abs(x - y) / scale)
            elif not is_noise(expected, name, i):
                bad.append(f"{name}[{i}]: {x} fused, {y} with a kernel for each operation")
                break
    print(f"{os.path.basename(args.example)}: {len(expected)} tensors, largest difference {worst:.1e}", *bad, sep="\n")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
