"""The files that dlc reads, as tensors of PyTorch."""
import os

import numpy as np
import torch

from files import read_safetensors


class Inputs:
    """Files of a folder as tensors; rows in batches, again from the start at the end."""

    def __init__(self, folder, kind):
        self.folder, self.kind = folder, kind
        self.weights = {name: torch.tensor(np.array(t.values).reshape(t.shape), dtype=kind)
                        for name, t in read_safetensors(os.path.join(folder, "initial.safetensors")).items()}

    def npy(self, name):
        return torch.tensor(np.load(os.path.join(self.folder, name))).to(self.kind)

    def idx(self, name):
        data = np.fromfile(os.path.join(self.folder, "mnist", name), dtype=np.uint8)
        rank = data[3]
        return torch.tensor(data[4 + 4 * rank:].reshape(data[4:4 + 4 * rank].view(">u4").astype(int)))

    def pixels(self):
        return self.idx("train-images-idx3-ubyte").to(self.kind)


def batch(columns, step, size):
    at = (step - 1) * size % len(columns[0])
    return [column[at:at + size] for column in columns]


def fill(module, values):
    """Sets the parameters of a module, in its own order, from values of the same shapes."""
    with torch.no_grad():
        for parameter, value in zip(module.parameters(), values, strict=True):
            assert parameter.shape == value.shape, (parameter.shape, value.shape)
            parameter.copy_(value)
    return module


def pairs(weights, *prefixes):
    return [weights[f"{prefix}.{leaf}"] for prefix in prefixes for leaf in ("weight", "bias")]
