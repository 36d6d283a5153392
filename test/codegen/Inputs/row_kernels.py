"""Prints a module of kernels that pass several times over rows: row_kernels.py KIND:ROWS:LENGTH[:OPERAND]…

With OPERAND the first result takes the buffer of that operand. The argument `lengths` stands for all kinds with rows of many lengths.
"""
import sys

ROWS = ["softmax", "log_softmax", "softmax_gradient", "layer_norm", "layer_norm_gradient", "rms_norm", "cross_entropy", "cross_entropy_gradient"]
# The operand of each kind whose buffer the result can take.
IN_PLACE = {"softmax": 0, "log_softmax": 0, "softmax_gradient": 1, "layer_norm": 0, "layer_norm_gradient": 1, "cross_entropy_gradient": 0}


class Body:
    """Lines of a function over tensors of a size, `rows` and `length`; values are named in order."""

    def __init__(self, rows, length, element="f32"):
        self.full, self.column, self.line = (f"tensor<{shape}x{element}>" for shape in (f"{rows}x{length}", rows, length))
        self.number, self.length, self.rows, self.lines, self.element = f"tensor<{element}>", length, rows, [], element

    def add(self, text):
        self.lines.append(f"%v{len(self.lines)} = dl.{text}")
        return f"%v{len(self.lines) - 1}"

    def unary(self, function, x, type=None):
        return self.add(f"unary {function} {x} : {type or self.full}")

    def binary(self, function, x, y, type=None):
        return self.add(f"binary {function} {x}, {y} : {type or self.full}")

    def fold(self, function, x):
        return self.add(f"reduce {function} {x} axes [1] : {self.full} to {self.column}")

    def along(self, column):
        return self.add(f"broadcast {column} axes [0] : {self.column} to {self.full}")

    def across(self, line):
        return self.add(f"broadcast {line} axes [1] : {self.line} to {self.full}")

    def constant(self, value):
        return self.add(f"broadcast {self.add(f'constant dense<{value:.9e}> : {self.number}')} axes [] : {self.number} to {self.column}")

    def mean(self, x):
        return self.binary("mul", self.fold("sum", x), self.constant(1 / self.length), self.column)

    def inverse_root(self, mean):
        return self.unary("rsqrt", self.binary("add", mean, self.constant(1e-5), self.column), self.column)


def exponentials(b, x):
    shifted = b.binary("sub", x, b.along(b.fold("max", x)))
    powers = b.unary("exp", shifted)
    return shifted, powers, b.fold("sum", powers)


def softmax(b):
    _, powers, total = exponentials(b, "%x")
    return [("x", b.full)], [(b.binary("div", powers, b.along(total)), b.full)]


def log_softmax(b):
    shifted, _, total = exponentials(b, "%x")
    return [("x", b.full)], [(b.binary("sub", shifted, b.along(b.unary("log", total, b.column))), b.full)]


def softmax_gradient(b):
    inner = b.along(b.fold("sum", b.binary("mul", "%y", "%g")))
    return [("y", b.full), ("g", b.full)], [(b.binary("mul", "%y", b.binary("sub", "%g", inner)), b.full)]


def normalized(b):
    centered = b.binary("sub", "%x", b.along(b.mean("%x")))
    root = b.inverse_root(b.mean(b.unary("square", centered)))
    return b.binary("mul", centered, b.along(root)), root


def layer_norm(b):
    z, _ = normalized(b)
    return [("x", b.full), ("w", b.line), ("c", b.line)], [(b.binary("add", b.binary("mul", z, b.across("%w")), b.across("%c")), b.full)]


def layer_norm_gradient(b):
    z, root = normalized(b)
    a = b.binary("mul", "%g", b.across("%w"))
    first, second = b.along(b.mean(a)), b.along(b.mean(b.binary("mul", a, z)))
    inner = b.binary("sub", b.binary("sub", a, first), b.binary("mul", z, second))
    return [("x", b.full), ("g", b.full), ("w", b.line)], [(b.binary("mul", inner, b.along(root)), b.full)]


def rms_norm(b):
    """What training keeps beside the result: the factor of each row, and rows that are made with it."""
    root = b.inverse_root(b.mean(b.unary("square", "%x")))
    z = b.binary("mul", "%x", b.along(root))
    return [("x", b.full), ("w", b.line)], [(b.binary("mul", z, b.across("%w")), b.full), (root, b.column), (z, b.full)]


def is_right(b):
    labels, places = f"tensor<{b.rows}xi64>", f"tensor<{b.rows}x{b.length}xi64>"
    given = b.add(f"broadcast %label axes [0] : {labels} to {places}")
    right = b.add(f"compare eq {b.add(f'iota 1 : {places}')}, {given} : {places}")
    return ("label", labels), b.add(f"cast {right} : tensor<{b.rows}x{b.length}xi1> to {b.full}")


def cross_entropy(b):
    label, right = is_right(b)
    shifted, _, total = exponentials(b, "%x")
    chosen = b.fold("sum", b.binary("mul", shifted, right))
    return [("x", b.full), label], [(b.binary("sub", b.unary("log", total, b.column), chosen, b.column), b.column)]


def cross_entropy_gradient(b):
    label, right = is_right(b)
    _, powers, total = exponentials(b, "%x")
    return [("x", b.full), label], [(b.binary("sub", b.binary("div", powers, b.along(total)), right), b.full)]


def two_shapes(b):
    """Two results over the same row, in different shapes: what the first has written over the second may not read."""
    halves = f"tensor<{b.rows}x2x{b.length // 2}xf32>"
    largest = b.fold("max", "%z")
    first = b.binary("sub", "%x", b.along(largest))
    wide = b.add(f"broadcast {largest} axes [0] : {b.column} to {halves}")
    second = b.binary("sub", b.add(f"reshape %x : {b.full} to {halves}"), wide, halves)
    return [("x", b.full), ("z", b.full)], [(first, b.full), (second, halves)]


def own_folds(b):
    """A fold of its own for each element, at a place that differs from thread to thread, beside one of the row."""
    deep = f"tensor<{b.rows}x{b.length}x16xf32>"
    own = b.add(f"reduce sum %m axes [2] : {deep} to {b.full}")
    return [("x", b.full), ("m", deep)], [(b.binary("sub", b.binary("div", "%x", b.along(b.fold("sum", b.unary("square", "%x")))), own), b.full)]


def show(kind, suffix, body, signature, onto=()):
    """Prints a function; `onto` are the operands whose buffers its first results take."""
    arguments, results = signature
    places = ", ".join([*onto, *["-1"] * (len(results) - len(onto))])
    name = "_".join([kind, *(["in_place"] if onto else []), *map(str, suffix), *([body.element] if body.element != "f32" else [])])
    types = ", ".join(type for _, type in results)
    attributes = f" attributes {{onto = [{places}]}}" if onto else ""
    print(f"dl.func @{name}({', '.join(f'%{argument}: {type}' for argument, type in arguments)}) -> ({types}){attributes} {{")
    for line in body.lines:
        print(f"  {line}")
    print(f"  dl.return {', '.join(value for value, _ in results)} : {types}\n}}\n")


def define(kind, rows, length, operand=None, element="f32"):
    b = Body(rows, length, element)
    show(kind, [rows, length], b, globals()[kind](b), [operand] if operand else [])


def main():
    for case in sys.argv[1:]:
        if case != "lengths":
            kind, rows, length, *operand = case.split(":")
            define(kind, int(rows), int(length), *operand)
            continue
        for length in (1, 3, 31, 32, 100, 1000, 1024, 1028, 4096, 4097, 20000, 40000):
            for kind in ROWS:
                define(kind, 3, length)
                if kind in IN_PLACE:
                    define(kind, 3, length, str(IN_PLACE[kind]))
        # One row, and so many that a block has several; as many rows as elements in each; wider elements.
        for rows, length in ((1, 100), (1, 3000), (70, 64), (64, 64)):
            for kind in ROWS:
                define(kind, rows, length)
        for kind in ("softmax", "layer_norm_gradient"):
            define(kind, 3, 1030, element="f64")
        define("own_folds", 64, 64)
        define("own_folds", 3, 1100)
        for length in (64, 3000, 20000, 40000):
            define("two_shapes", 3, length)
            define("two_shapes", 3, length, "0")


if __name__ == "__main__":
    main()
