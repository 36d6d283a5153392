"""`--load` of files that are damaged or of another program: an error that names the file, status 3, never a crash."""
import json
import os
import random
import struct
import sys

from product import Product

product = Product(*sys.argv[1:3])
expect, write = product.expect, product.write
MODEL = """data x: f32[60, 8] = normal([60, 8])
param w: f32[8] = 0.5
state seen: i64 = 0
train(batch: 8, epochs: 6) on x as row {
  seen = seen + 1
  minimize mean(square(row @ w - 1)) over w with adam(lr: 0.01)
}
"""
write("model.dl", MODEL)
expect(0, ["run", "model.dl", "--steps", "19", "--save", "part"])
expect(0, ["run", "model.dl", "--save", "whole"])
good = product.read("part")
length = struct.unpack("<Q", good[:8])[0]
header = json.loads(good[8:8 + length])
data = good[8 + length:]


def packed(header, data):
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def load(content, status, *texts, words=()):
    write("bad", content)
    return expect(status, ["run", "model.dl", "--load", "bad", "--save", "out", "--quiet", *words], *texts)


load(packed(header, data), 0)
assert product.read("out") == product.read("whole")
load(b"", 3, "`bad`", "too few")
load(good[:-1], 3, "`bad`")
load(good[:100], 3, "`bad`", "cut short or no safetensors file")
load(good + b"\0", 3, "`bad`", "belong to no entry")
load(b"\xff" * 200, 3, "`bad`")
for key, value in [("step", "-1"), ("step", "x"), ("total", "9223372036854775807"), ("step", "5000000"), ("block", "-3"), ("block", "1"),
                   ("planned", ""), ("finished", "2x"), ("seed", "none")]:
    changed = dict(header, __metadata__=dict(header["__metadata__"], **{key: value}))
    load(packed(changed, data), 3, "bad")
for key in ("step", "seed", "format"):
    metadata = {name: value for name, value in header["__metadata__"].items() if name != key}
    load(packed(dict(header, __metadata__=metadata), data), 3, "bad")
for name in [name for name in header if name != "__metadata__"]:
    renamed = {("other" if key == name else key): value for key, value in header.items()}
    said = load(packed(renamed, data), 3, name if ":" not in name else "")
    entry = dict(header[name])
    if entry["shape"]:
        entry["shape"] = [1] + entry["shape"]
        load(packed(dict(header, **{name: entry}), data), 3, name)
write("other.dl", MODEL.replace("param w", "param v").replace("@ w", "@ v").replace("over w", "over v"))
expect(3, ["run", "other.dl", "--load", "part", "--no-save"], "`part`", "lacks `v`")
expect(3, ["run", "model.dl", "--load-weights", "absent", "--no-save"], "absent")
expect(0, ["run", "model.dl", "--load-weights", "part", "--no-save"])

# What the program itself loads is told with its place.
write("loads.dl", 'param v: f32 = 0\nload v from "part"\ntest { print("{v}") }\n')
expect(3, ["test", "loads.dl", "--load", "part"], "loads.dl:2:1: ", "`part`", "lacks `v`")
write("gone.dl", 'param v: f32 = 0\n\n  load v from "absent"\ntest { print("{v}") }\n')
expect(3, ["run", "gone.dl", "--no-save"], "error: gone.dl:3:3: `absent` is not there; looked in")

# A run elsewhere, or with another seed, is told.
moved = dict(header, __metadata__=dict(header["__metadata__"], build="0.0.1"))
write("bad", packed(moved, data))
expect(0, ["run", "model.dl", "--load", "bad", "--no-save"], "bad was written by a run of another version 0.0.1 of dlc; the results may differ in their last bits")

# A program that has changed since goes on, and what becomes of the checkpoint is told; of an older one no batch is known.
write("sgd.dl", MODEL.replace("adam", "sgd"))
said = expect(0, ["run", "sgd.dl", "--load", "part", "--save", "less"],
              "note: part holds `w:adam.count`, `w:adam.m`, `w:adam.v`, which no block of the program has: they are left out\n", "epoch 6/6")
assert b"adam" not in product.read("less")
expect(0, ["run", "sgd.dl", "--steps", "19", "--save", "plain"])
said = expect(0, ["run", "model.dl", "--load", "plain", "--save", "more"], "note: the checkpoint has no ", "`w:adam.m`", "which `train` has: they begin with initial values",
              "epoch 6/6")
assert b"w:adam.m" in product.read("more") and product.read("more") != product.read("whole")
said = expect(0, ["run", "model.dl", "--load", "part", "--no-save", "--set", "batch=16"],
              "note: part was written by a run through 60 rows in batches of 8, this one goes through 60 rows in batches of 16: it goes on behind step 19, which is "
              "now in epoch 5\n")
write("longer.dl", MODEL.replace("60", "90"))
expect(0, ["run", "longer.dl", "--load", "part", "--no-save"], "60 rows in batches of 8, this one goes through 90 rows in batches of 8", "now in epoch 2\n")
write("others.dl", MODEL.replace("normal([60, 8])", "2 * normal([60, 8])"))
other = "note: part was written by a run on other data: it goes on behind step 19 with those there are now\n"
expect(0, ["run", "others.dl", "--load", "part", "--no-save"], other)
assert other not in expect(0, ["run", "model.dl", "--load", "part", "--no-save", "--seed", "5"], "seed 5")
WHOLE = """data x = 3 * normal([60, 8])
data scale = 2.0
param w: f32[8] = 0.5
train(steps: 9) { minimize mean(square(scale * x @ w - 1)) over w with sgd(lr: 0.01) }
"""
write("table.dl", WHOLE)
expect(0, ["run", "table.dl", "--steps", "4", "--save", "columns"])
assert "note:" not in expect(0, ["run", "table.dl", "--load", "columns", "--no-save"])
for old, new in (("3 * normal", "4 * normal"), ("scale = 2.0", "scale = 3.0")):
    write("table.dl", WHOLE.replace(old, new))
    expect(0, ["run", "table.dl", "--load", "columns", "--no-save"], "columns was written by a run on other data")
older = {key: value for key, value in header["__metadata__"].items() if key not in ("batch", "rows", "data")}
write("bad", packed(dict(header, __metadata__=older), data))
for name in ("model.dl", "longer.dl"):
    said = expect(0, ["run", name, "--load", "bad", "--no-save"], "epoch 6/6")
    assert "note:" not in said, said
assert "note:" not in expect(0, ["run", "model.dl", "--load", "part", "--no-save"])

# Of a run that is at its end, only that is told; with larger batches it may be far behind it.
expect(0, ["run", "model.dl", "--save", "ended"])
for words, of in (([], " of 48"), (["--set", "batch=16"], ", and `train` has 24 now")):
    said = expect(0, ["run", "model.dl", "--load", "ended", "--no-save", *words], f"note: ended is at step 48{of}: nothing is left to train; ")
    assert said.count("note:") == 1 and "goes on" not in said, said

# What the code was made for is recorded; a processor without it cannot go on to the same bits. (APX is Intel's, XOP was AMD's: none has both.)
metadata = header["__metadata__"]
assert metadata["features"].startswith("+") and "+sse2" in metadata["features"].split(",") and metadata["processor"], metadata
foreign = dict(header, __metadata__=dict(metadata, processor="chimera", features="+egpr,+sse2,+xop"))
write("bad", packed(foreign, data))
for words in ([], ["--cpu", "x86-64"]):
    expect(3, ["run", "model.dl", "--load", "bad", "--no-save", *words], "error: `bad` was made by code for the processor `chimera`, and this one, `", "`, has no ",
           "xop", "`--load-weights bad`")
expect(0, ["run", "model.dl", "--load-weights", "bad", "--no-save"])
expect(0, ["test", "model.dl", "--load", "bad"], "note: the program has no `test` block")
said = expect(0, ["run", "model.dl", "--load", "part", "--no-save", "--cpu", "x86-64"])
assert f"part was written by a run of another processor `{metadata['processor']}`" in said, said
expect(0, ["run", "model.dl", "--steps", "19", "--save", "oldest", "--cpu", "x86-64"])
oldest = product.read("oldest")
assert json.loads(oldest[8:8 + struct.unpack("<Q", oldest[:8])[0]])["__metadata__"]["processor"] == "x86-64"
expect(0, ["run", "model.dl", "--load", "part", "--no-save", "--seed", "5"], "seed 0", "seed 5")

# Changed bytes, mostly in the header: whatever happens is a success or an error of one line or two.
rounds = int(os.environ.get("DLC_FUZZ_ROUNDS", "2000" if os.environ.get("DLC_THOROUGH") else "60"))
random.seed(int(os.environ.get("DLC_FUZZ_SEED", "1")))
for _ in range(rounds):
    bad = bytearray(good)
    for _ in range(random.randint(1, 4)):
        at = random.randrange(8 + length) if random.random() < 0.8 else random.randrange(len(bad))
        choice = random.random()
        if choice < 0.6:
            bad[at] = random.choice(b"0123456789-,:{}[]\"eE. \0\xff") if random.random() < 0.7 else random.randrange(256)
        elif choice < 0.8:
            del bad[at:at + random.randint(1, 8)]
        else:
            bad[at:at] = bad[max(0, at - random.randint(1, 12)):at]
    write("bad", bytes(bad))
    done = product.start("run", "model.dl", "--load", "bad", "--no-save", "--quiet")
    said = done.communicate(timeout=120)[0]
    if done.returncode not in (0, 3) or (done.returncode == 3 and "error: " not in said):
        write("crash", bytes(bad))
        raise AssertionError(f"status {done.returncode}: {said[-3000:]}")
