"""Makes a module of each example in the descriptions of the operations, one after the other, split by `// -----`.

Fails where an operation has no example. An example may use values that it does not define: their types stand here.
"""
import pathlib
import re
import sys

ARGUMENTS = {
    "reduce": "%x: tensor<32x10xf32>",
    "arg_reduce": "%x: tensor<32x10xf32>",
    "cumulate": "%x: tensor<50x4xf32>",
    "dot": "%x: tensor<32x784xf32>, %w: tensor<784x10xf32>",
    "conv": "%x: tensor<32x28x28x1xf32>, %w: tensor<3x3x1x32xf32>",
    "gather": "%table: tensor<1000x64xf32>, %ids: tensor<8x16xi64>",
    "scatter": "%table: tensor<1000x64xf32>, %ids: tensor<8x16xi64>, %u: tensor<8x16x64xf32>",
    "sort": "%x: tensor<100xf32>",
    "variable": "%v: tensor<f32>",
    "stop_gradient": "%x: tensor<f32>",
    "barrier": "%h: tensor<4x3xf32>, %d_y: tensor<4xf32>",
    "gradient": "%loss: tensor<f32>, %w: tensor<3x2xf32>, %b: tensor<2xf32>",
    "unary": "%x: tensor<4x3xf32>",
    "binary": "%a: tensor<4x3xf32>, %b: tensor<4x3xf32>",
    "compare": "%r: tensor<8xf32>, %limit: tensor<8xf32>",
    "select": "%c: tensor<8xi1>, %a: tensor<8xf32>, %b: tensor<8xf32>",
    "cast": "%pixels: tensor<32x784xui8>",
    "constant": "",
    "size": "",
    "iota": "",
    "random": "%seed: tensor<i64>, %step: tensor<i64>, %site: tensor<i64>, %i: tensor<i64>, %row: tensor<i64>",
    "broadcast": "%bias: tensor<64xf32>",
    "reshape": "%x: tensor<32x3x3x64xf32>",
    "transpose": "%x: tensor<3x4xf32>",
    "slice": "%x: tensor<4x9xf32>",
    "pad": "%x: tensor<4xf32>, %zero: tensor<f32>",
    "concat": "%a: tensor<4x2xf32>, %b: tensor<4x3xf32>",
    "reverse": "%x: tensor<4xf32>",
    "dynamic_slice": "%x: tensor<9x4xf32>, %i: tensor<i64>, %zero: tensor<i64>",
    "dynamic_update": "%x: tensor<9x4xf32>, %part: tensor<1x4xf32>, %i: tensor<i64>, %zero: tensor<i64>",
    "window": "%x: tensor<8x6xf32>",
    "overlap_add": "%w: tensor<8x3x2xf32>",
    "get": '%net: tuple<tensor<4xf32, "weight">, tensor<f32, "bias">>',
    "tree": "%w: tensor<4xf32>, %b: tensor<f32>",
    "fill": "",
    "tree_gradient": '%loss: tensor<f32>, %net: tuple<tensor<4xf32, "weight">, tensor<f32, "bias">>',
    "call": "%x: tensor<4x8xf32>",
    "each": '%net: tuple<tensor<4xf32, "w">>, %g: tuple<tensor<4xf32, "w">>',
    "kernel": "%x: tensor<8xf32>",
    "launch": "%x: tensor<8xf32>",
    "copy": "%x: tensor<8xf32>",
    "check": "%ok: tensor<i1>, %i: tensor<i64>",
    "host": "%loss: tensor<f32>",
    "cond": "%p: tensor<i1>, %a: tensor<f32>, %b: tensor<f32>",
    "loop": "%xs: tensor<20x8xf32>, %h0: tensor<8xf32>",
}
EMPTY = "dl.func @{}() {{\n  dl.return\n}}\n"
DATA = 'dl.data @{} ["x"] [tensor<10x1xf32>] {{kind = "npy", files = ["x.npy"]}}\n'
AROUND = {  # what the symbols of an example stand for
    "func": "",
    "data": "",
    "load": "",
    "train": EMPTY.format("train.init") + EMPTY.format("train.step") + DATA.format("seen"),
    "test": EMPTY.format("test.body") + DATA.format("unseen"),
    "sequence": 'dl.func @validation() -> (tensor<f32> {dl.output = "accuracy"}) {\n'
    "  %a = dl.constant dense<0.5> : tensor<f32>\n  dl.return %a : tensor<f32>\n}\n"
    'dl.func @train.epoch.0(%a: tensor<f32> {dl.input = "accuracy"}) {\n  dl.return\n}\n',
    "launch": 'dl.func private @relu(%x: tensor<8xf32>) -> (tensor<8xf32>) attributes {dl.kernel = "map"} {\n'
    "  %r = dl.unary relu %x : tensor<8xf32>\n  dl.return %r : tensor<8xf32>\n}\n",
    "call": "dl.func private @net(%x: tensor<4x8xf32>) -> (tensor<4x8xf32>) {\n  dl.return %x : tensor<4x8xf32>\n}\n",
    "each": "dl.func private @descend(%p: tensor<f32>, %g: tensor<f32>) -> (tensor<f32>) {\n"
    "  %n = dl.binary sub %p, %g : tensor<f32>\n  dl.return %n : tensor<f32>\n}\n",
}
SHOWN_ELSEWHERE = {"return": "func", "yield": "loop", "invoke": "sequence"}


def main():
    source = pathlib.Path(sys.argv[1]) / "ir"
    modules, missing = [], []
    for td in sorted(source.glob("*.td")):
        text = td.read_text()
        starts = [(m.start(), m.group(1)) for m in re.finditer(r'^def DL_\w+Op\s*:\s*DL_\w+<"(\w+)"', text, re.M)]
        ends = [start for start, _ in starts[1:]] + [len(text)]
        for (start, name), end in zip(starts, ends):
            example = re.search(r"```mlir\n(.*?)```", text[start:end], re.S)
            if example is None:
                if name not in SHOWN_ELSEWHERE:
                    missing.append(name)
                continue
            body = example.group(1)
            if name in ARGUMENTS:
                body = f"dl.func @example({ARGUMENTS[name]}) {{\n{body}\n  dl.return\n}}\n"
            modules.append(f"// dl.{name}\n{AROUND.get(name, '')}{body}")
    if missing:
        sys.exit("operations without an example: " + ", ".join(missing))
    if len(modules) < 40:
        sys.exit(f"found only {len(modules)} examples")
    print("\n// -----\n\n".join(modules))


main()
