"""What the programs of `std/` begin with and read: {name of the parameter: (shape as in files, scale)}, and npy columns of 64
rows, 8 batches of 8."""
from files import Tensor, draws, spread, write_npy
from networks import Network

ROWS = 64


def integers(name, shape, below):
    count = 1
    for size in shape:
        count *= size
    return Tensor("<i8", shape, [k * below >> 24 for k in draws(name, count)])


def flags(name, shape):
    whole = integers(name, shape, 2)
    return Tensor("|b1", shape, whole.values)


def lengths(name, rows, longest):
    """bool [rows, longest]: the first 1 to `longest` places of each row are true."""
    return Tensor("|b1", (rows, longest), [t <= last for last in integers(name, (rows,), longest).values for t in range(longest)])


def columns(**makers):
    def write(folder):
        for name, tensor in makers.items():
            write_npy(f"{folder}/{name}.npy", tensor)
    return write


Y = spread("y", (ROWS, 4), 1)
X = spread("x", (ROWS, 8), 2)
SEQUENCE = spread("sequence", (ROWS, 10, 6), 1)


def weights(prefix, shape, scale, bias=None, bias_scale=0.1):
    out = {f"{prefix}.weight": (shape, scale)}
    if bias:
        out[f"{prefix}.bias"] = ((bias,), bias_scale)
    return out


def each(names, make):
    return {key: value for name in names for key, value in make(name).items()}


def linear(prefix, inputs, outputs):
    return weights(prefix, (outputs, inputs), (3 / inputs) ** 0.5, outputs)


def behind(prefix, layer, at, features):
    """The convolution of one place, the layer's own, and the linear one at place `at`."""
    return {**weights(f"{prefix}.0", (4, 4, 1, 1), 0.8, 4), **{f"{prefix}.1.{k}": v for k, v in layer.items()}, **linear(f"{prefix}.{at}", features, 4)}


def filters(*shape, bias=None):
    return {"weight": (shape, 0.4), **({"bias": ((bias,), 0.1)} if bias else {})}


NORM = {"weight": ((4,), 1.5), "bias": ((4,), 0.5)}
RUNNING = {"batch_norm.1.running_mean": ((4,), 0.2), "batch_norm.1.running_var": ((4,), 0)}  # a variance is not negative


def reader(prefix, gates, biases):
    return {**linear(f"{prefix}.before", 6, 5), f"{prefix}.memory.wx": ((5, gates * 7), 0.6), f"{prefix}.memory.wh": ((7, gates * 7), 0.5),
            **{f"{prefix}.memory.{name}": ((gates * 7,), 0.2) for name in biases}, **linear(f"{prefix}.head", 7, 4)}


LAYERS = {
    "optimizers": Network(each([f"nets.{i}" for i in range(15)], lambda n: weights(n, (8, 4), 0.5, 4)), columns(x=X, y=Y)),
    "losses": Network(each([f"nets.{i}" for i in range(14)], lambda n: weights(n, (4, 8), 0.4, 4)),
                      columns(x=X, y=Y, label=integers("label", (ROWS,), 4), counts=flags("counts", (ROWS, 4)), yes=flags("yes", (ROWS, 4)))),
    "layers": Network(
        {**behind("strided", filters(6, 2, 3, 3, bias=6), 4, 96), **behind("dilated", filters(5, 4, 3, 3), 4, 320),
         **behind("each", filters(8, 1, 5, 5, bias=8), 4, 72), **behind("transposed", filters(4, 3, 4, 4, bias=3), 4, 768),
         **behind("split", filters(4, 1, 3, 3, bias=2), 4, 578), **behind("batch_norm", NORM, 4, 256), **RUNNING,
         **behind("layer_norm", NORM, 4, 256), **behind("rms_norm", {"weight": NORM["weight"]}, 3, 256), **behind("group_norm", NORM, 4, 256),
         **behind("largest", {}, 3, 64), **behind("average", {}, 3, 64), **behind("resized", {}, 3, 220),
         **weights("along_one.0", (6, 6, 1), 0.7, 6), **weights("along_one.1", (8, 3, 3), 0.5, 8), **linear("along_one.4", 48, 4),
         **weights("along_far.0", (6, 6, 1), 0.7, 6), **weights("along_far.1", (4, 6, 3), 0.4, 4), **linear("along_far.4", 24, 4),
         "table.0.weight": ((7, 5), 1), **linear("table.2", 25, 4),
         **linear("forward.0.up", 6, 12), **linear("forward.0.down", 12, 6), **linear("forward.2", 60, 4)},
        columns(image=spread("image", (ROWS, 8, 8, 4), 1), sequence=SEQUENCE, ids=integers("ids", (ROWS, 5), 7), y=Y)),
    "recurrent": Network(
        {**each([f"rnns.{i}" for i in range(3)], lambda n: reader(n, 1, ["bias"])), **each([f"lstms.{i}" for i in range(3)], lambda n: reader(n, 4, ["bias"])),
         **each([f"grus.{i}" for i in range(3)], lambda n: reader(n, 3, ["bx", "bh"]))},
        columns(sequence=SEQUENCE, real=lengths("real", ROWS, 10), y=Y)),
}
