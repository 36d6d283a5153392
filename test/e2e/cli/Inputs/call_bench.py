"""`dlc call` and `dlc bench` with a function: arguments, defaults, sizes, weights, output, mistakes."""
import json
import os
import struct
import sys

from product import Product

product = Product(*sys.argv[1:3])
expect, write = product.expect, product.write
write("model.dl", """param w: f32[3] = 0.5
export fn total(x: f32[B, 3]) -> f32[B] { x @ w }
export fn rows(x: f32[3], n: int = 2) -> f32[n, 3] { broadcast(x * w, [n, 3]) }
export fn count(k: i64[], flag: bool[]) -> i64[] { where(flag, k + 1, k) }
export fn both(x: f32[2]) -> (sum: f32, twice: f32[2]) { (sum: sum(x), twice: 2 * x) }
train(steps: 3) { minimize mean(square(w)) over w with sgd(lr: 0.1) }
""")
CALL = ["call", "model.dl"]
UNTRAINED = "note: the weights are untrained: there is no model.safetensors"

# Arguments, defaults and sizes.
expect(0, CALL + ["total", "--arg", "x=[[1, 2, 3], [4, 5, 6]]"], "[3.  7.5]", UNTRAINED)
expect(0, CALL + ["rows", "--arg", "x=[1, 2, 3]"], "[[0.5 1.  1.5]\n [0.5 1.  1.5]]\n")
expect(0, CALL + ["rows", "--arg", "x=[1, 2, 3]", "--arg", "n=1"], "[[0.5 1.  1.5]]\n")
expect(0, CALL + ["count", "--arg", "k=9007199254740993", "--arg", "flag=true"], "9007199254740994")
expect(0, CALL + ["both", "--arg", "x=[1, 2]"], "sum = 3", "twice = [2. 4.]")
said = expect(0, CALL + ["both", "--arg", "x=[1, 2]", "-o", "out/there"])
assert "untrained" not in said and "twice" not in said and sorted(os.listdir(product.at("out/there"))) == ["sum.npy", "twice.npy"]
text = b"{'descr': '<f8', 'fortran_order': False, 'shape': (1, 3), }"
text += b" " * (117 - len(text)) + b"\n"
write("x.npy", b"\x93NUMPY\1\0" + struct.pack("<H", len(text)) + text + struct.pack("<3d", 1, 2, 3))
expect(0, CALL + ["total", "--arg", "x=x.npy"], "[3.]")

# Weights: from the folder, or what is said; of a state as well.
write("states.dl", "state centers: f32[2, 3] = normal([2, 3])\nexport fn nearest() -> f32[3] { centers[0] }\n")
expect(0, ["call", "states.dl", "nearest"], "note: the state is untrained: there is no states.safetensors")
expect(0, ["run", "model.dl", "--quiet"])
trained = expect(0, CALL + ["total", "--arg", "x=[[1, 1, 1]]"])
assert "untrained" not in trained and "[1.5]" not in trained, trained
expect(0, CALL + ["total", "--arg", "x=[[1, 1, 1]]", "--load", "model.safetensors"], trained)
os.remove(product.at("model.safetensors"))

# Mistakes are the command line's.
for words, *texts in [
    (["totl", "--arg", "x=1"], "`totl`", "total"),
    (["total"], "`total` needs --arg x=…, of type f32[B, 3]"),
    (["total", "--arg", "x=[[1, 2]]"], "`x` must be f32[B, 3], found f32[1, 2]"),
    (["total", "--arg", "x=[[1, 2, 3], [4]]"], "must be a list of numbers, or of lists of one length"),
    (["total", "--arg", "x=[[1, 2, \"three\"]]"], "must be a list of numbers"),
    (["total", "--arg", "x=[[1e40, 2, 3]]"], "f32[B, 3]", "does not hold"),
    (["total", "--arg", "x=[[1, 2, 3]]", "--arg", "y=1"], "no parameter `y`; it is called as `total(x: f32[B, 3])`"),
    (["total", "--arg", "x=three"], "must be a number, a list"),
    ([], "calls one of", "\n  total(x: f32[B, 3])\n", "k: i64"),
    (["total", "--arg", "x"], "NAME=VALUE"),
    (["rows", "--arg", "x=[1, 2, 3]", "--arg", "n=many"], "`n` must be an integer of at least 0, found `many`"),
    (["rows", "--arg", "x=[1, 2, 3]", "--arg", "n=-1"], "`n` must be an integer of at least 0"),
    (["count", "--arg", "k=1.5", "--arg", "flag=true"], "`k` is i64, which does not hold `1.5`"),
    (["count", "--arg", "k=99999999999999999999", "--arg", "flag=true"], "`k`"),
]:
    expect(2, CALL + words, *texts)
expect(3, CALL + ["total", "--arg", "x=absent.npy"], "absent.npy")
expect(3, CALL + ["both", "--arg", "x=[1, 2]", "-o", "x.npy/folder"], "cannot make the folder")
expect(3, CALL + ["rows", "--arg", "x=[1, 2, 3]", "--arg", "n=900000000000"], "memory")

# What the sizes of a call make impossible is told with its line, and with what they are.
write("sizes.dl", """export fn rest(x: f32[H], k: int) -> f32[H % k] { x[0 : H % k] }
export fn zero(k: int) -> f32[7 % k] { zeros([7 % k]) }
export fn first(x: f32[N]) -> f32 { x[0] }
export fn last(x: f32[N]) -> f32 { x[-1] }
export fn three(x: f32[N]) -> f32[3] { x[0 : 3] }
export fn pick(x: f32[N], i: i64) -> f32 { x[i] }
export fn part(x: f32[N], i: i64) -> f32[3] { x[i : i + 3] }
export fn many(x: f32[N]) -> f32 {
  require N > 2, "{N} is too few"
  sum(x)
}
""")
for words, place, message, meaning in [
    (["rest", "--arg", "x=[1, 2, 3]", "--arg", "k=0"], "1:53", "the size `k*floordiv(H, k) + 1` divides by 0", "`H` is 3, `k` is 0"),
    (["zero", "--arg", "k=0"], "2:40", "the size `-k*floordiv(7, k) + 7` divides by 0", "`k` is 0"),
    (["first", "--arg", "x=[]"], "3:39", "index 0 is outside of the axis of size 0", "`N` is 0"),
    (["last", "--arg", "x=[]"], "4:38", "index -1 is outside of the axis of size 0", "`N` is 0"),
    (["three", "--arg", "x=[1, 2]"], "5:42", "a slice of 3 from index 0 is outside of the axis of size 2", "`N` is 2"),
    (["pick", "--arg", "x=[]", "--arg", "i=0"], "6:44", "an index into an axis of size N, which has no element", "`N` is 0"),
    (["part", "--arg", "x=[1]", "--arg", "i=0"], "7:47", "a slice of 3 of an axis of size N, which has only 1", "`N` is 1"),
    (["many", "--arg", "x=[1, 2]"], "9:3", "2 is too few", "`N` is 2"),
]:
    said = expect(3, ["call", "sizes.dl", *words], f"error: sizes.dl:{place}: {message}\nnote: {meaning}\n")
    assert said.count("\n") == 2 and "op" not in said.split(), said
expect(0, ["call", "sizes.dl", "rest", "--arg", "x=[1, 2, 3]", "--arg", "k=2"], "[1.]")
expect(0, ["call", "sizes.dl", "many", "--arg", "x=[1, 2, 4]"], "7")
# What the run finds out says the sizes too, and of many values only the first and the last.
write("late.dl", """export fn pick(x: f32[N], i: i64) -> f32 { x[i] }
export fn part(x: f32[N], i: i64, k: int) -> f32[k] { x[i : i + k] }
export fn rows(x: f32[N], i: i64[M]) -> f32[M] { x[i] }
""")
for target in ("cpu", "cuda-emulator", "reference"):
    for words, place, message in [
        (["pick", "--arg", "i=3"], "1:46", "index 3 is outside of the axis of size 3"),
        (["part", "--arg", "i=2", "--arg", "k=2"], "2:57", "a slice of 2 from index 2 is outside of the axis of size 3"),
        (["rows", "--arg", "i=[0, 1, 2, 0, 1, 2, 9, 1]"], "3:52", "index [0 1 2 0 1 2 9 1] is outside of the axis of size 3"),
        (["rows", "--arg", "i=[0, 1, 2, 0, 1, 2, 9, 1, 2]"], "3:52", "index [0 1 2 ... 9 1 2] is outside of the axis of size 3"),
    ]:
        expect(3, ["call", "late.dl", *words, "--arg", "x=[1, 2, 3]", "--target", target], f"error: late.dl:{place}: {message}\n")
expect(3, ["bench", "sizes.dl", "first", "--arg", "N=0"], "error: sizes.dl:3:39: index 0 is outside", "`N` is 0")

# What docs/language/values.md says of divisions by 0, and of the quotient that does not fit.
write("zero.dl", """export fn whole(a: i64[N], b: i64[N]) -> (quotient: i64[N], rest: i64[N]) { (div(a, b), a % b) }
export fn small(a: i8[N], b: i8[N]) -> (quotient: i8[N], rest: i8[N]) { (div(a, b), a % b) }
export fn real(a: f32[N], b: f32[N]) -> (quotient: f32[N], rest: f32[N]) { (div(a, b), a % b) }
""")
for target in ("cpu", "cuda-emulator", "reference"):
    for words, quotient, rest in [
        (["whole", "--arg", "a=[7, -7, 0, -7]", "--arg", "b=[0, 0, 0, 2]"], "[ 0  0  0 -4]", "[0 0 0 1]"),
        (["whole", "--arg", "a=[-9223372036854775808]", "--arg", "b=[-1]"], "[-9223372036854775808]", "[0]"),
        (["small", "--arg", "a=[7, -128]", "--arg", "b=[0, -1]"], "[   0 -128]", "[0 0]"),
        (["real", "--arg", "a=[7, -7, 0]", "--arg", "b=[0, 0, 0]"], "[ inf -inf  nan]", "[nan nan nan]"),
    ]:
        expect(0, ["call", "zero.dl", *words, "--target", target], f"quotient = {quotient}", f"rest = {rest}")

# A stage in which nothing gives sizes to exported functions any more.
expect(0, ["compile", "model.dl", "--emit=optimized", "-o", "late.mlir"])
expect(2, ["call", "late.mlir", "rows", "--arg", "x=[1, 2, 3]"], "late.mlir is in stage `optimized`")
expect(2, ["bench", "late.mlir", "rows"], "late.mlir is in stage `optimized`")

# Times.
said = expect(0, ["bench", "model.dl", "--steps", "7"], "step", "(median of 7)", "memory", "compiled   in", "precision  f32", "threads")
said = expect(0, ["bench", "model.dl", "total", "--arg", "B=4", "--steps", "5"], "call", "(median of 5)")
timed = json.loads(expect(0, ["bench", "model.dl", "total", "--arg", "B=2", "--json", "--threads", "1"]))
assert set(timed) == {"median_seconds", "min_seconds", "steps", "target", "precision", "threads", "peak_bytes", "compile_seconds"}, timed
assert timed["steps"] == 100 and timed["threads"] == 1 and timed["precision"] == "f32" and 0 < timed["min_seconds"] <= timed["median_seconds"], timed
timed = json.loads(expect(0, ["bench", "model.dl", "rows", "--json", "--steps", "3", "--precision", "tf32"]))
assert timed["precision"] == "tf32", timed
write("narrow.dl", product.read("model.dl").replace(b"train(steps: 3)", b"train(steps: 3, precision: bf16)").replace(b"square(w))", b"square(w @ w))"))
expect(0, ["bench", "narrow.dl", "--steps", "3"], "precision  bf16")
expect(0, ["bench", "narrow.dl", "rows", "--steps", "3"], "precision  f32")
expect(0, ["bench", "model.dl", "rows", "--arg", "n=5", "--steps", "3"])
expect(2, ["bench", "model.dl", "total"], "`x` is f32[B, 3]", "--arg B=N")
expect(2, ["bench", "model.dl", "total", "--arg", "B=four"], "`B` must be an integer")
expect(2, ["bench", "model.dl", "totl"], "`totl`")
write("none.dl", "export fn f(x: f32) -> f32 { x }\n")
expect(1, ["bench", "none.dl"], "no `train` block")
