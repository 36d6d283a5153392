"""Prints a module of kernels that fold over other axes than the last ones and go on with what they folded: column_kernels.py KIND:SHAPE:AXES[:in_place]…

SHAPE is 128x64, AXES are the folded ones, 0,1. In place the first results take the buffers of operands. The argument `shapes` stands for all kinds with many of
them.
"""
import sys

from row_kernels import Body, exponentials, normalized, show

KINDS = ["batch_norm", "batch_norm_training", "batch_norm_gradient", "softmax", "extremes"]


class Columns(Body):
    """A body whose folds are over `axes` of a tensor: a column is what they leave of it."""

    def __init__(self, shape, axes, element="f32"):
        self.axes, self.kept = axes, [axis for axis in range(len(shape)) if axis not in axes]
        super().__init__(1, 1, element)
        tensor = lambda sizes: f"tensor<{'x'.join([*map(str, sizes), element])}>"
        self.full, self.column = tensor(shape), tensor([shape[axis] for axis in self.kept])
        for axis in axes:
            self.length *= shape[axis]

    def fold(self, function, x):
        return self.add(f"reduce {function} {x} axes {self.axes} : {self.full} to {self.column}")

    def along(self, column):
        return self.add(f"broadcast {column} axes {self.kept} : {self.column} to {self.full}")


def scaled(b, z):
    return b.binary("add", b.binary("mul", z, b.along("%w")), b.along("%c"))


def batch_norm(b):
    z, _ = normalized(b)
    return [("x", b.full), ("w", b.column), ("c", b.column)], [(scaled(b, z), b.full)]


def batch_norm_training(b):
    """With the running mean, which lies where it lay, and what the way back takes."""
    z, root = normalized(b)
    moved = b.binary("mul", b.binary("sub", "%r", b.mean("%x"), b.column), b.constant(0.9), b.column)
    mean = b.binary("add", b.mean("%x"), moved, b.column)
    return [("r", b.column), ("x", b.full), ("w", b.column), ("c", b.column)], [(mean, b.column), (scaled(b, z), b.full), (z, b.full), (root, b.column)]


def batch_norm_gradient(b):
    """With the updates of scale and offset, in their places."""
    z, root = normalized(b)
    scale = b.fold("sum", b.binary("mul", "%g", z))
    offset = b.fold("sum", "%g")
    update = lambda value, gradient: b.binary("sub", value, b.binary("mul", b.constant(0.01), gradient, b.column), b.column)
    a = b.binary("mul", "%g", b.along("%w"))
    first, second = b.along(b.mean(a)), b.along(b.mean(b.binary("mul", a, z)))
    inner = b.binary("sub", b.binary("sub", a, first), b.binary("mul", z, second))
    return ([("w", b.column), ("c", b.column), ("x", b.full), ("g", b.full)],
            [(update("%w", scale), b.column), (update("%c", offset), b.column), (b.binary("mul", inner, b.along(root)), b.full)])


def softmax(b):
    _, powers, total = exponentials(b, "%x")
    return [("x", b.full)], [(b.binary("div", powers, b.along(total)), b.full)]


def extremes(b):
    """Folds that wait for nothing of each other, of which one has truth values; and one that waits for both."""
    low, high = b.fold("min", "%x"), b.fold("max", "%x")
    span = b.binary("sub", high, low, b.column)
    inside = b.binary("div", b.binary("sub", "%x", b.along(low)), b.along(span))
    flags, column = (type.replace("xf32>", "xi1>").replace("xf64>", "xi1>") for type in (b.full, b.column))
    above = b.add(f"compare gt {inside}, {b.along(b.constant(0.9))} : {b.full}")
    some = b.add(f"reduce or {above} axes {b.axes} : {flags} to {column}")
    return [("x", b.full)], [(inside, b.full), (some, column), (b.binary("sub", inside, b.along(b.mean(inside))), b.full)]


# Operands whose buffers the first results take.
IN_PLACE = {"batch_norm": ["0"], "batch_norm_training": ["0", "1"], "batch_norm_gradient": ["0", "1", "2"], "softmax": ["0"], "extremes": ["0"]}


def define(kind, shape, axes, in_place=False, element="f32"):
    b = Columns(shape, axes, element)
    show(kind, [*shape, "over", *axes], b, globals()[kind](b), IN_PLACE[kind] if in_place else [])


def main():
    for case in sys.argv[1:]:
        if case != "shapes":
            kind, shape, axes, *place = case.split(":")
            define(kind, [int(size) for size in shape.split("x")], [int(axis) for axis in axes.split(",")], in_place=place == ["in_place"])
            continue
        # One element and many; columns that fill no warp, and more than one; so many elements that blocks share columns.
        for rows, columns in ((1, 1), (2, 5), (7, 32), (16, 600), (64, 1), (300, 3), (100, 33), (33, 200), (1000, 40), (9000, 8)):
            for kind in KINDS:
                define(kind, [rows, columns], [0])
                define(kind, [rows, columns], [0], in_place=True)
        # So many that threads keep none of them, alone and where blocks share columns.
        for kind in KINDS[:3]:
            define(kind, [40000, 3], [0], in_place=True)
            define(kind, [1100, 160], [0], in_place=True)
        # Columns whose elements lie side by side, and those in the middle.
        for shape, axes in (([6, 5, 7, 3], [0, 1, 2]), ([6, 5, 40], [0, 2]), ([3, 4, 5, 6], [0, 2]), ([2, 7, 3000], [0, 2]), ([2, 3, 9], [1])):
            for kind in KINDS:
                define(kind, shape, axes)
                define(kind, shape, axes, in_place=True)
        for kind in KINDS:
            define(kind, [1000, 40], [0], element="f64")


if __name__ == "__main__":
    main()
