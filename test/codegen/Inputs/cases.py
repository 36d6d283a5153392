"""Prints a module with one function for each case of an operation: kinds times shapes times element types.

    cases.py cumulate | sort | scatter | reduce | arg_reduce
"""
import itertools
import sys


def tensor(shape, element):
    return f"tensor<{'x'.join([*map(str, shape), element])}>"


def without(shape, axes):
    return [size for axis, size in enumerate(shape) if axis not in axes]


def function(name, arguments, results, *body, **attributes):
    """`arguments` and `results` are pairs of a name and a type; the body's lines compute the results."""
    taken = ", ".join(f"%{argument}: {type}" for argument, type in arguments)
    types = ", ".join(type for _, type in results)
    given = ", ".join(f"{key} = {value}" for key, value in attributes.items())
    print(f"dl.func @{name}({taken}) -> ({types}){f' attributes {{{given}}}' if given else ''} {{")
    for line in body:
        print(f"  {line}")
    print(f"  dl.return {', '.join(f'%{result}' for result, _ in results)} : {types}\n}}\n")


def named(*parts):
    """A name of the case: `sum_5x33_axes1_f32`."""
    return "_".join(str(part) for part in parts if part != "")


def size_name(shape):
    return "x".join(map(str, shape)) or "number"


def cumulate():
    # One line; lines along the last axis, in registers and longer; columns; a middle axis; nothing; a line of rows.
    shapes = [([10], 0), ([6, 17], 1), ([17, 6], 0), ([5, 9, 64], 1), ([3, 0], 1), ([2, 40], 0)]

    def case(kind, shape, axis, element, reverse="", exclusive=""):
        type = tensor(shape, element)
        words = [word for word in (reverse, exclusive) if word]
        function(named(kind, size_name(shape), element, *words), [("x", type)], [("y", type)],
                 f"%y = dl.cumulate {' '.join([kind, '%x', f'axis {axis}', *words])} : {type}",
                 **{"ranges": "[[0.5, 1.5]]"} if kind == "prod" else {})

    for shape, axis in shapes:
        for words in itertools.product(["sum", "prod", "max", "min"], ["", "reverse"], ["", "exclusive"]):
            case(words[0], shape, axis, "f32", *words[1:])
        case("sum", shape, axis, "i64")


def sort():
    shapes = [([1], 0), ([2], 0), ([7], 0), ([100], 0), ([5, 33], 1), ([33, 5], 0), ([4, 0], 1), ([3, 4, 6], 1)]
    for (shape, axis), element, order in itertools.product(shapes, ["f32", "i32", "ui8", "i1", "f64"], ["", " descending"]):
        type, places = tensor(shape, element), tensor(shape, "i64")
        function(named("sort", size_name(shape), element, order.strip()), [("x", type)], [("s", type), ("p", places)],
                 f"%s, %p = dl.sort %x axis {axis}{order} : {type} to {places}")


def scatter():
    # The shapes of what is written to, of the indices and of the updates. Some indices are out of range.
    cases = [([10, 6], [4], [4, 6], 0, 0), ([10, 40], [3, 5], [3, 5, 40], 0, 0), ([4, 10, 33], [7], [4, 7, 33], 1, 0),
             ([4, 10], [4, 3], [4, 3], 1, 1), ([4, 3, 10], [4, 2], [4, 3, 2], 2, 1), ([20], [50], [50], 0, 0),
             ([1000], [3000], [3000], 0, 0), ([300, 64], [2000], [2000, 64], 0, 0), ([0, 4], [3], [3, 4], 0, 0), ([5], [0], [0], 0, 0)]

    def case(name, kind, target, indices, updates, axis, batch, element, index, **attributes):
        x, i, u = tensor(target, element), tensor(indices, index), tensor(updates, element)
        most = max(target[axis] + 2, 3)
        function(named(name, size_name(target), "at", size_name(indices), element), [("x", x), ("i", i), ("u", u)], [("y", x)],
                 f"%y = dl.scatter {kind} %x, %i, %u axis {axis} batch {batch} : {x}, {i}, {u}",
                 **attributes, ranges=f"[[-4.0, 4.0], [-2.0, {most}.0], [-4.0, 4.0]]")

    for shapes in cases:
        for element, kind in itertools.product(["f32", "i32"], ["set", "add"]):
            case(kind, kind, *shapes, element, "i64")
        case("add_in_place", "add", *shapes, "f32", "i32", onto="[0]")


def reduce():
    shapes = [([7], [0]), ([33], [0]), ([5, 33], [1]), ([33, 5], [0]), ([64, 40], [0]), ([3, 4, 5], [0, 2]), ([3, 4, 5], [1, 2]),
              ([4, 8, 8, 16], [1, 2]), ([4, 8, 8, 16], [0, 1, 2]), ([2, 3, 64], [0, 1, 2]), ([0, 5], [0]), ([5, 0], [1]),
              ([3, 1, 9], [1]), ([40, 10], [1]), ([100, 17], [0]), ([4, 5], [0])]
    elements = {"sum": ["f32", "f64", "i32"], "prod": ["f32"], "max": ["f32", "f64", "i32"], "min": ["f32", "i64"], "and": ["i1"], "or": ["i1"]}

    def case(kind, shape, axes, element, **attributes):
        type, result = tensor(shape, element), tensor(without(shape, axes), element)
        function(named(kind, size_name(shape), "axes", *axes, element), [("x", type)], [("y", result)],
                 f"%y = dl.reduce {kind} %x axes {axes} : {type} to {result}", **attributes)

    for shape, axes in shapes:
        for kind, of_kind in elements.items():
            for element in of_kind:
                case(kind, shape, axes, element, **{"ranges": "[[0.8, 1.2]]"} if kind == "prod" else {})
    for kind in elements:
        case(kind, [], [], elements[kind][0], **{"ranges": "[[0.8, 1.2]]"} if kind == "prod" else {})
    # Narrow integers begin at the least of their own type.
    for element in ["i8", "i16", "ui8"]:
        case("max", [9, 45], [1], element)
        case("min", [9, 45], [0], element)
    # So long that threads share them.
    for shape, axes in [([300000], [0]), ([70000, 7], [0]), ([20000, 32], [0]), ([40, 30, 50, 16], [0, 1, 2])]:
        case("sum", shape, axes, "f32", tolerance="2.0e-4")
    # … with what comes before and behind.
    x, number = tensor([300, 1000], "f32"), tensor([], "f32")
    function("split_product", [("x", x), ("z", x)], [("y", number), ("m", number)], f"%p = dl.binary mul %x, %z : {x}",
             f"%y = dl.reduce sum %p axes [0, 1] : {x} to {number}", f"%c = dl.constant dense<3.0e-6> : {number}",
             f"%m = dl.binary mul %y, %c : {number}", tolerance="2.0e-4")


def arg_reduce():
    shapes = [([10], 0), ([6, 45], 1), ([45, 6], 0), ([3, 4, 5], 1), ([32, 10], 1), ([1, 1], 0)]
    for (shape, axis), element, kind in itertools.product(shapes, ["f32", "i32", "ui8"], ["max", "min"]):
        type, places = tensor(shape, element), tensor(without(shape, [axis]), "i64")
        function(named("arg", kind, size_name(shape), "axis", axis, element), [("x", type)], [("y", places)],
                 f"%y = dl.arg_reduce {kind} %x axis {axis} : {type} to {places}")


print('module attributes {dl.stage = "graph", dl.version = 1} {')
{"cumulate": cumulate, "sort": sort, "scatter": scatter, "reduce": reduce, "arg_reduce": arg_reduce}[sys.argv[1]]()
print("}")
