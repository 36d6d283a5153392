"""Five examples: what they begin with, what they read, and what is replaced so that both sides see the same. Nothing here
needs a data set or a package.

An example is run as it stands but for `replacements`: what it draws while it runs has to come from a file, and rows come in
order. Each piece must stand in the example exactly once, so that a changed example is noticed here.
"""
import functools
import math

from files import Tensor, draws, spread, write_idx, write_npy

LAST = 101  # a loss is computed before the step's update: after 100 steps is in step 101
EVENLY = math.sqrt(3)  # the half-width of a uniform distribution with variance 1


class Network:
    """`parameters`: {name: (shape as in files, scale)}. `write(folder)`: makes the data. `replacements`: [(old, new)] in the
    program. `imports`: the programs beside it that it needs."""

    def __init__(self, parameters, write, replacements=(), imports=()):
        self.parameters, self.write, self.replacements, self.imports = parameters, write, replacements, imports

    def program(self, text):
        """The program with its replacements."""
        for old, new in self.replacements:
            if text.count(old) != 1:
                raise SystemExit(f"the program has {text.count(old)} times what is to be replaced: {old}")
            text = text.replace(old, new)
        return text

    def initial(self):
        return {name: spread(name, shape, scale) for name, (shape, scale) in self.parameters.items()}


def linear(prefix, inputs, outputs):
    """The weight has the spread of `glorot_uniform`; a bias is not 0, so that it takes part in what is compared."""
    return {f"{prefix}.weight": ((outputs, inputs), math.sqrt(6 / (inputs + outputs))), f"{prefix}.bias": ((outputs,), 0.05)}


def conv(prefix, inputs, outputs):
    return {f"{prefix}.weight": ((outputs, inputs, 3, 3), math.sqrt(6 / (9 * (inputs + outputs)))), f"{prefix}.bias": ((outputs,), 0.05)}


@functools.lru_cache(maxsize=None)
def stripes(label, phase):
    """28 by 28 pixels, 0 or 180."""
    return [180 if (x * (label % 4) + y * (3 - label % 3) + phase) % (6 + label) < 3 else 0 for y in range(28) for x in range(28)]


def write_digits(folder, count):
    """Pictures with a label, bytes: stripes whose direction and width belong to the label, on noise below 64."""
    noise = draws("pictures", count * 784)
    pixels = []
    for i in range(count):
        own = noise[i * 784:(i + 1) * 784]
        pixels += [(k >> 18) + bright for k, bright in zip(own, stripes(i * 7 % 10, own[0] % 11))]
    for part in ("train", "t10k"):
        write_idx(f"{folder}/mnist/{part}-images-idx3-ubyte", Tensor("|u1", (count, 28, 28), pixels))
        write_idx(f"{folder}/mnist/{part}-labels-idx1-ubyte", Tensor("|u1", (count,), [i * 7 % 10 for i in range(count)]))


def write_disc(folder):
    count = 101 * 16
    points = spread("points", (count, 2), 1)
    write_npy(f"{folder}/points.npy", points)
    pairs = zip(points.values[::2], points.values[1::2])
    write_npy(f"{folder}/inside.npy", Tensor("|b1", (count,), [math.hypot(x, y) < 0.7 for x, y in pairs]))


def write_gan(folder):
    write_digits(folder, 10 * 64)
    write_npy(f"{folder}/noise.npy", spread("noise", (10 * 64, 64), EVENLY))
    write_npy(f"{folder}/part.npy", Tensor("<f4", (10 * 64, 1), [k / 2.0 ** 24 for k in draws("part", 10 * 64)]))


def write_sequences(folder):
    """Rows of 50 numbers in [0, 1), one marked in each half; the answer is the sum of the two."""
    count, length = 20 * 64, 50
    values = Tensor("<f4", (count * length,), [k / 2.0 ** 24 for k in draws("values", count * length)]).values
    first, second = draws("first", count), draws("second", count)
    rows, sums = [], []
    for i in range(count):
        marked = {first[i] * 25 >> 24, 25 + (second[i] * 25 >> 24)}
        row = values[i * length:(i + 1) * length]
        for place, value in enumerate(row):
            rows += [value, float(place in marked)]
        sums.append(sum(row[place] for place in marked))
    write_npy(f"{folder}/sequences.npy", Tensor("<f4", (count, length, 2), rows))
    write_npy(f"{folder}/sums.npy", Tensor("<f4", (count,), sums))


GAN = {**linear("generator.0", 64, 256), **linear("generator.2", 256, 784), **linear("critic.0", 784, 256), **linear("critic.2", 256, 1)}

# Where both losses are differences of means near 0, their relative error would be that of a cancellation, in PyTorch too: a
# steeper critic begins with a large penalty, and its last bias moves the mean.
STEEP = {**GAN, "critic.0.weight": ((256, 784), 0.14), "critic.2.weight": ((1, 256), 0.4), "critic.2.bias": ((1,), 4)}

NETWORKS = {
    "mnist_cnn": Network(
        {**conv("net.layers.0", 1, 32), **conv("net.layers.3", 32, 64), **conv("net.layers.6", 64, 64),
         **linear("net.layers.9", 576, 64), **linear("net.layers.11", 64, 10)},
        lambda folder: write_digits(folder, 20 * 32),
        [("batch: 32", "batch: 32, shuffle: false")]),
    "mlp_classifier": Network(
        {**linear("net.0", 2, 10), **linear("net.2", 10, 1)}, write_disc,
        [("data seen   = disc(10_000)", 'data points = npy("points.npy")\ndata inside = npy("inside.npy")\ndata seen = (x: points, inside: inside)'),
         ("batch: 16", "batch: 16, shuffle: false")]),
    "gan_mnist": Network(
        GAN, write_gan,
        [("train(", 'data drawn = npy("noise.npy")\ntrain('),
         ("on digits.train as (pixels, _) {\n  let fake = generator(normal([batch, noise]))",
          "on zip(digits.train, drawn) as ((pixels, _), z) {\n  let fake = generator(z)"),
         ("batch: 64", "batch: 64, shuffle: false")],
        imports=["mnist_cnn"]),
    "wgan_gp": Network(
        STEEP, write_gan,
        [("train(", 'data drawn = npy("noise.npy")\ndata part = npy("part.npy")\ntrain('),
         ("on digits.train as (pixels, _) {", "on zip(digits.train, drawn, part) as ((pixels, _), z, t) {"),
         ("let fake = generator(normal([batch, noise]))", "let fake = generator(z)"),
         ("uniform([batch, 1])", "t"),
         ("batch: 64", "batch: 64, shuffle: false")],
        imports=["mnist_cnn", "gan_mnist"]),
    "adding_problem": Network(
        {"net.memory.wx": ((2, 256), math.sqrt(6 / 258)), "net.memory.wh": ((64, 256), math.sqrt(3 / 64)), "net.memory.bias": ((256,), 0.05),
         **linear("net.head", 64, 1)},
        write_sequences,
        [("train(steps: 3000) {\n  let (x, y) = sequences(64)\n",
          'data sequence = npy("sequences.npy")\ndata total = npy("sums.npy")\ndata drawn = (sequence, total)\n'
          "train(steps: 3000, batch: 64, shuffle: false) on drawn as (x, y) {\n")]),
}

