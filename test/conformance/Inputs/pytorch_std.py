"""The programs of `std/` in PyTorch: each is a generator of the losses of its steps, {name: value}."""
import math

import torch
from torch import nn
from torch.nn import functional as F

from networks import LAST
from pytorch_inputs import batch, fill, pairs


class Trained:
    """A module, its optimizer, what is done to the gradients before, and the rate of each step where that changes."""

    def __init__(self, module, optimizer, before=None, rate=None):
        self.module, self.optimizer, self.before, self.rate = module, optimizer, before, rate

    def step(self, number, loss):
        if self.rate:
            for group in self.optimizer.param_groups:
                group["lr"] = self.rate(number)
        self.optimizer.zero_grad()
        loss.backward()
        if self.before:
            self.before(list(self.module.parameters()))
        self.optimizer.step()


class Lion(torch.optim.Optimizer):
    """Algorithm 2 of arXiv 2302.06675; PyTorch has none."""

    def __init__(self, parameters, lr, decay):
        super().__init__(parameters, {"lr": lr, "decay": decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                update = (0.9 * m + 0.1 * p.grad).sign() + group["decay"] * p
                m.mul_(0.99).add_(p.grad, alpha=0.01)
                p.sub_(update, alpha=group["lr"])


def cosine(step, steps, peak, warmup, least):
    if step < warmup:
        return peak * step / warmup
    return least + (peak - least) * 0.5 * (1 + math.cos(math.pi * min((step - warmup) / (steps - warmup), 1)))


def linear(step, steps, peak, warmup):
    return peak * step / warmup if step < warmup else peak * (1 - min((step - warmup) / (steps - warmup), 1))


class Probe(nn.Module):
    def __init__(self, weight, bias):
        super().__init__()
        self.weight, self.bias = nn.Parameter(weight), nn.Parameter(bias)

    def forward(self, x):
        return torch.tanh(x @ self.weight + self.bias)


STEPS = 13 * 8  # the whole block of the program, which a schedule sees; the run is cut at LAST


def optimizers(inputs):
    nets = [Probe(*pairs(inputs.weights, f"nets.{i}")) for i in range(15)]
    optim, clip = torch.optim, nn.utils

    def trained(i, kind, before=None, rate=None, **settings):
        return Trained(nets[i], kind(nets[i].parameters(), **settings), before, rate)

    weighed = [{"params": [nets[5].weight], "weight_decay": 0.1}, {"params": [nets[5].bias], "weight_decay": 0.0}]
    cases = {
        "plain": trained(0, optim.SGD, lr=0.1),
        "momentum": trained(1, optim.SGD, lr=0.05, momentum=0.9),
        "decayed": trained(2, optim.SGD, lr=0.05, momentum=0.9, weight_decay=0.01),
        "adam_default": trained(3, optim.Adam, lr=0.01),
        "adam_other": trained(4, optim.Adam, lr=0.02, betas=(0.8, 0.95), eps=1e-4),
        "weighed": Trained(nets[5], optim.AdamW(weighed, lr=0.01)),
        "grown": trained(6, optim.Adagrad, lr=0.05),
        "rooted": trained(7, optim.RMSprop, lr=0.01),
        "carried": trained(8, optim.RMSprop, lr=0.01, alpha=0.9, eps=1e-6, momentum=0.5),
        "short": trained(9, optim.SGD, lambda ps: clip.clip_grad_norm_(ps, 0.05), lr=0.5),
        "cut": trained(10, optim.SGD, lambda ps: clip.clip_grad_value_(ps, 0.01), lr=0.5),
        "halved": trained(11, optim.Adam, rate=lambda step: 0.02 * 0.5 ** (step / 20), lr=0.02),
        "waved": trained(12, optim.SGD, rate=lambda step: cosine(step, STEPS, 0.2, 10, 0.01), lr=0.2),
        "lined": trained(13, optim.SGD, rate=lambda step: linear(step, STEPS, 0.2, 10), lr=0.2),
        "signed": Trained(nets[14], Lion(nets[14].parameters(), lr=0.003, decay=0.01)),
    }
    columns = inputs.npy("x.npy"), inputs.npy("y.npy")
    for step in range(1, LAST + 1):
        x, y = batch(columns, step, 8)
        values = {}
        for name, case in cases.items():
            values[name] = F.mse_loss(case.module(x), y)
            case.step(step, values[name])
        yield values


def masked_mean(loss, mask):
    return (loss * mask).sum() / mask.sum()


def losses(inputs):
    nets = [fill(nn.Linear(8, 4).to(inputs.kind), pairs(inputs.weights, f"nets.{i}")) for i in range(14)]
    cases = {  # name: (rate, loss of the output)
        "squared": (0.1, lambda o, r: F.mse_loss(o, r["y"])),
        "squared_sum": (0.003, lambda o, r: F.mse_loss(o, r["y"], reduction="sum")),
        "squared_part": (0.1, lambda o, r: masked_mean(F.mse_loss(o, r["y"], reduction="none"), r["counts"])),
        "absolute": (0.1, lambda o, r: F.l1_loss(o, r["y"])),
        "bent": (0.1, lambda o, r: F.huber_loss(o, r["y"])),
        "bent_early": (0.3, lambda o, r: F.huber_loss(o, r["y"], delta=0.3)),
        "binary": (0.5, lambda o, r: F.binary_cross_entropy_with_logits(o, r["yes"])),
        "mixed": (0.003, lambda o, r: F.binary_cross_entropy_with_logits(30 * o, torch.sigmoid(r["y"]))),
        "classes": (0.5, lambda o, r: F.cross_entropy(o, r["label"].long())),
        "smooth": (0.5, lambda o, r: F.cross_entropy(o, r["label"].long(), label_smoothing=0.1)),
        "classes_part": (0.5, lambda o, r: masked_mean(F.cross_entropy(o, r["label"].long(), reduction="none"), r["counts"][:, 0])),
        "classes_sum": (0.05, lambda o, r: F.cross_entropy(o, r["label"].long(), reduction="sum")),
        "sharp": (0.001, lambda o, r: F.cross_entropy(40 * o, r["label"].long())),
        "apart": (0.5, lambda o, r: F.kl_div(F.log_softmax(o, -1), F.softmax(r["y"], -1), reduction="none").sum(-1).mean()),
    }
    trained = [Trained(net, torch.optim.SGD(net.parameters(), lr=rate)) for net, (rate, _) in zip(nets, cases.values())]
    names = "x", "y", "label", "counts", "yes"
    columns = [inputs.npy(f"{name}.npy") for name in names]
    for step in range(1, LAST + 1):
        rows = dict(zip(names, batch(columns, step, 8)))
        values = {}
        for (name, (_, loss)), case in zip(cases.items(), trained):
            values[name] = loss(case.module(rows["x"]), rows)
            case.step(step, values[name])
        yield values


class Flatten(nn.Module):
    """[B, C, ...] to [B, ... * C]: dlc flattens what has its channels last."""

    def forward(self, x):
        return x.movedim(1, -1).flatten(1)


class Function(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


class ChannelsLast(nn.Module):
    """A layer on the last axis, of images whose channels come second."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, x):
        return self.layer(x.movedim(1, -1)).movedim(-1, 1)


class RmsNorm(nn.Module):
    """arXiv 1910.07467; this PyTorch has none."""

    def __init__(self, size, epsilon):
        super().__init__()
        self.weight, self.epsilon = nn.Parameter(torch.ones(size)), epsilon

    def forward(self, x):
        return x / torch.sqrt(x.square().mean(-1, keepdim=True) + self.epsilon) * self.weight


def layer_cases():
    """{name: (rate, column, prefixes of the parameters, layers)}"""
    def behind(rate, model, layers, features):
        return rate, "image", model, [nn.Conv2d(4, 4, 1), *layers, Flatten(), nn.Linear(features, 4)]

    return {
        "conv_strided": behind(0.05, "strided", [nn.Conv2d(4, 6, 3, stride=2, padding=1, groups=2), nn.GELU()], 96),
        "conv_dilated": behind(0.05, "dilated", [nn.Conv2d(4, 5, 3, padding=2, dilation=2, bias=False), nn.SiLU()], 320),
        "conv_each": behind(0.05, "each", [nn.Conv2d(4, 8, 5, stride=3, padding=2, groups=4), nn.ELU()], 72),
        "conv_transposed": behind(0.005, "transposed", [nn.ConvTranspose2d(4, 3, 4, stride=2, padding=1), nn.Softplus()], 768),
        "conv_split": behind(0.01, "split", [nn.ConvTranspose2d(4, 2, 3, stride=2, groups=2), nn.Tanh()], 578),
        "norm_batch": behind(0.02, "batch_norm", [nn.BatchNorm2d(4), nn.ReLU6()], 256),
        "norm_layer": behind(0.02, "layer_norm", [ChannelsLast(nn.LayerNorm(4)), nn.Sigmoid()], 256),
        "norm_rms": behind(0.01, "rms_norm", [ChannelsLast(RmsNorm(4, 1e-3))], 256),
        "norm_group": behind(0.02, "group_norm", [nn.GroupNorm(2, 4), nn.LeakyReLU(0.1)], 256),
        "pool_max": behind(0.05, "largest", [nn.MaxPool2d(3, stride=2, padding=1)], 64),
        "pool_average": behind(0.05, "average", [nn.AvgPool2d(3, stride=2, padding=1)], 64),
        "bilinear": behind(0.02, "resized", [Function(lambda x: F.interpolate(x, (5, 11), mode="bilinear", align_corners=False))], 220),
        "conv_1d": (0.05, "sequence", "along_one", [nn.Conv1d(6, 6, 1), nn.Conv1d(6, 8, 3, stride=2, padding=2, groups=2), nn.ReLU(), Flatten(), nn.Linear(48, 4)]),
        "conv_1d_far": (0.05, "sequence", "along_far", [nn.Conv1d(6, 6, 1), nn.Conv1d(6, 4, 3, padding=1, dilation=3), nn.ReLU(), Flatten(), nn.Linear(24, 4)]),
        "embedding": (0.05, "ids", "table", [nn.Embedding(7, 5), nn.Flatten(), nn.Linear(25, 4)]),
        "feed_forward": (0.05, "places", "forward", [nn.Linear(6, 12), nn.GELU(), nn.Linear(12, 6), nn.Flatten(), nn.Linear(60, 4)]),
    }


def layers(inputs):
    cases, column = {}, {}
    for name, (rate, column[name], model, parts) in layer_cases().items():
        net = nn.Sequential(*parts).to(inputs.kind)
        values = [(key, value) for key, value in inputs.weights.items() if key.startswith(model + ".") and ".running_" not in key]
        cases[name] = Trained(fill(net, [value for _, value in values]), torch.optim.SGD(net.parameters(), lr=rate))
    norm = cases["norm_batch"].module
    with torch.no_grad():
        for name in ("running_mean", "running_var"):
            getattr(norm[1], name).copy_(inputs.weights[f"batch_norm.1.{name}"])
    sequence = inputs.npy("sequence.npy")
    inputs_of = {"image": inputs.npy("image.npy").movedim(-1, 1), "sequence": sequence.movedim(-1, 1), "places": sequence, "ids": inputs.npy("ids.npy").long()}
    names = [*inputs_of, "y"]
    for step in range(1, LAST + 1):
        rows = dict(zip(names, batch([*inputs_of.values(), inputs.npy("y.npy")], step, 8)))
        values = {}
        for name, case in cases.items():
            values[name] = F.mse_loss(case.module(rows[column[name]]), rows["y"])
            case.step(step, values[name])
        norm.eval()
        with torch.no_grad():
            values["served"] = F.mse_loss(norm(rows["image"]), rows["y"])
        norm.train()
        yield values


class Reader(nn.Module):
    """A linear layer, PyTorch's cells place by place, and a linear layer on an output."""

    def __init__(self, weights, prefix, cell, kind):
        super().__init__()
        self.before, self.cell, self.head = nn.Linear(6, 5).to(kind), cell(5, 7).to(kind), nn.Linear(7, 4).to(kind)
        fill(self.before, pairs(weights, f"{prefix}.before"))
        fill(self.head, pairs(weights, f"{prefix}.head"))
        memory = {name: weights[f"{prefix}.memory.{name}"] for name in ("wx", "wh", "bias", "bx", "bh") if f"{prefix}.memory.{name}" in weights}
        bias = memory.get("bx", memory.get("bias")).clone()
        if cell is nn.LSTMCell:
            bias[7:14] += 1  # gates i, f, g, o on both sides; dlc's forget gate adds 1 by itself
        fill(self.cell, [memory["wx"].T, memory["wh"].T, bias, memory.get("bh", torch.zeros_like(bias))])
        # Where one bias is enough, the other stays 0 and is not trained.
        self.cell.bias_hh.requires_grad_("bh" in memory)

    def forward(self, x, real=None, backward=False):
        """The output at the last place that is read. Where `real` is 0 the memory stays as it is."""
        x = self.before(x)
        state = torch.zeros(len(x), 7, dtype=x.dtype)
        memory = (state, state) if isinstance(self.cell, nn.LSTMCell) else state
        for t in reversed(range(x.shape[1])) if backward else range(x.shape[1]):
            new = self.cell(x[:, t], memory)
            out = new[0] if isinstance(new, tuple) else new
            if real is None:
                memory = new
            elif isinstance(new, tuple):
                memory = tuple(torch.where(real[:, t, None] > 0, n, m) for n, m in zip(new, memory))
            else:
                memory = torch.where(real[:, t, None] > 0, new, memory)
        return self.head(out)


def recurrent(inputs):
    cases, kinds = {}, {"rnn": (nn.RNNCell, 0.1), "lstm": (nn.LSTMCell, 0.2), "gru": (nn.GRUCell, 0.2)}
    for kind, (cell, rate) in kinds.items():
        for i, way in enumerate(("", "_lengths", "_backward")):
            net = Reader(inputs.weights, f"{kind}s.{i}", cell, inputs.kind)
            cases[kind + way] = Trained(net, torch.optim.SGD([p for p in net.parameters() if p.requires_grad], lr=rate))
    columns = [inputs.npy(f"{name}.npy") for name in ("sequence", "real", "y")]
    for step in range(1, LAST + 1):
        sequence, real, y = batch(columns, step, 8)
        values = {}
        for name, case in cases.items():
            values[name] = F.mse_loss(case.module(sequence, real if "lengths" in name else None, "backward" in name), y)
            case.step(step, values[name])
        yield values


TRAIN = {"optimizers": optimizers, "losses": losses, "layers": layers, "recurrent": recurrent}
