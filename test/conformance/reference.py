#!/usr/bin/env python3
"""Trains the networks of `Inputs/networks.py` and `Inputs/std.py` in PyTorch and writes their losses to `expected/NAME.txt`; run
by hand.

    reference.py [NAME ...]

Needs PyTorch and NumPy (the figures here: PyTorch 1.13, NumPy 1.24). The networks are written with PyTorch's own layers,
losses and optimizers; initial weights and batches are the files that dlc reads. Each is trained in f32 and in f64: where the
two differ by more than a test allows, rounding alone moves the loss that far, and the inputs must be chosen anew.
"""
import os
import sys
import tempfile

import torch

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "Inputs"))
import pytorch_networks  # noqa: E402
import pytorch_std  # noqa: E402
from compare import tolerance  # noqa: E402
from files import write_safetensors  # noqa: E402
from networks import NETWORKS  # noqa: E402
from pytorch_inputs import Inputs  # noqa: E402
from std import LAYERS  # noqa: E402

STEPS = (1, 2, 10, 11, 100, 101)
MADE = {**NETWORKS, **LAYERS}
TRAIN = {**pytorch_networks.TRAIN, **pytorch_std.TRAIN}


def losses(name, folder, kind):
    """[(step, name of the loss, value)]"""
    return [(step, loss, value.item())
            for step, values in enumerate(TRAIN[name](Inputs(folder, kind)), 1) if step in STEPS for loss, value in values.items()]


def write_expected(name, single, double):
    wide = 0
    with open(os.path.join(HERE, "expected", name + ".txt"), "w") as file:
        file.write(f"# {name}: the loss in each step, before its update, by PyTorch {torch.__version__}; written by reference.py\n")
        file.write("# step, loss, in f32, in f64, their relative difference\n")
        for (step, loss, a), (_, _, b) in zip(single, double):
            away = abs(a - b) / abs(b)
            file.write(f"{step} {loss} {a:.9g} {b:.12g} {away:.1e}\n")
            print(f"{name} step {step} {loss} {a:.9g} {b:.12g} {away:.1e}", "ROUNDING ALONE" if away > tolerance(step) else "", flush=True)
            wide += away > tolerance(step)
    return wide


def main():
    torch.set_num_threads(1)
    wide = 0
    for name in sys.argv[1:] or TRAIN:
        with tempfile.TemporaryDirectory() as folder:
            MADE[name].write(folder)
            write_safetensors(os.path.join(folder, "initial.safetensors"), MADE[name].initial())
            wide += write_expected(name, losses(name, folder, torch.float32), losses(name, folder, torch.float64))
    return 1 if wide else 0


if __name__ == "__main__":
    sys.exit(main())
