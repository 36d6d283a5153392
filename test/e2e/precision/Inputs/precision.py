"""Trains small.dl in several precisions, on several targets, in pieces, with the program in argv[1], in the folder argv[2]."""
import json
import os
import pathlib
import shutil
import struct
import subprocess
import sys

dlc, folder = sys.argv[1], pathlib.Path(sys.argv[2])
shutil.rmtree(folder, ignore_errors=True)
folder.mkdir()
os.environ["DLC_CACHE"] = str(folder / "cache")
source = (pathlib.Path(__file__).parent / "small.dl").read_text()
setting = ", precision: bf16"
assert setting in source
for name, words in {"bf16": setting, "tf32": ", precision: tf32", "f32": "", "said": ", precision: f32"}.items():
    (folder / f"{name}.dl").write_text(source.replace(setting, words))


def run(*words, status=0):
    done = subprocess.run([dlc, *words], cwd=folder, capture_output=True, text=True)
    said = done.stdout + done.stderr
    assert done.returncode == status, f"{words}: status {done.returncode}: {said}"
    return said


def tensors(path):
    """The f32 tensors of a safetensors file, flat."""
    data = (folder / path).read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8 : 8 + size])
    values = {}
    for name, entry in header.items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            begin, end = entry["data_offsets"]
            values[name] = struct.unpack(f"<{(end - begin) // 4}f", data[8 + size + begin : 8 + size + end])
    return values


def weights(program, *options):
    run("run", f"{program}.dl", "--quiet", "--no-save", "--save-weights", "w.safetensors", *options)
    return tensors("w.safetensors")


def distance(a, b):
    assert a.keys() == b.keys()
    return max(abs(x - y) for name in a for x, y in zip(a[name], b[name]))


exact = weights("f32")
assert weights("said") == exact, "`precision: f32` says nothing new"
for name in ("bf16", "tf32"):
    reference = weights(name, "--target", "reference")
    lost = distance(reference, exact)
    assert lost > (1e-4 if name == "bf16" else 1e-5), f"{name} is {lost} from f32"
    # Sums in another order tip a rounding here and there; that is far less than what rounding loses.
    for target in ("cpu", "cuda-emulator"):
        found = weights(name, "--target", target)
        assert distance(found, reference) < lost / 4, f"{name} on {target}: {distance(found, reference)} from the evaluator, {lost} lost"
    # The option says for every block what a block can say.
    assert weights("f32", "--precision", name) == weights(name), f"--precision {name} differs from the setting"
    assert weights(name, "--precision", "f32") == exact, "--precision f32 takes the setting back"

# The summary tells; the cache does not mix them up.
assert "products in bf16" in run("run", "bf16.dl", "--no-save")
assert "products in" not in run("run", "bf16.dl", "--no-save", "--precision", "f32")
assert "products in tf32" in run("run", "bf16.dl", "--no-save", "--precision", "tf32")
assert "products in bf16" in run("run", "bf16.dl", "--no-save")

# A run that was cut ends with the same bits, and its command keeps the option. Another option is told.
run("run", "bf16.dl", "--quiet", "--save", "whole.safetensors")
assert "9 steps" in run("run", "bf16.dl", "--steps", "4", "--save", "part.safetensors")
assert "note" not in run("run", "bf16.dl", "--load", "part.safetensors", "--save", "rest.safetensors")
assert tensors("rest.safetensors") == tensors("whole.safetensors")
said = run("run", "f32.dl", "--steps", "4", "--precision", "tf32", "--save", "part.safetensors")
assert "--precision tf32" in said.split("--load")[1], said
said = run("run", "f32.dl", "--load", "part.safetensors", "--save", "rest.safetensors")
assert "was written by a run with `--precision tf32`, this one is without `--precision`" in said, said
said = run("run", "f32.dl", "--load", "part.safetensors", "--precision", "tf32", "--save", "rest.safetensors")
assert "was written by" not in said, said
assert tensors("rest.safetensors")["net.conv.weight"] == weights("tf32")["net.conv.weight"]

# Tests and exports are f32 unless the option says otherwise.
run("run", "bf16.dl", "--quiet", "--save", "w.safetensors")
image = json.dumps([[[[0.1 * (i + j) - 0.37] for j in range(6)] for i in range(6)]])


def answers(*options):
    return (run("test", "bf16.dl", "--load", "w.safetensors", "--log", "log.jsonl", *options),
            json.loads((folder / "log.jsonl").read_text().splitlines()[-2])["metrics"]["error"],
            run("call", "bf16.dl", "apply", "--arg", f"image={image}", "--load", "w.safetensors", *options))


plain, reduced = answers(), answers("--precision", "bf16")
assert plain[1:] == answers("--precision", "f32")[1:]
assert plain[1] != reduced[1] and plain[2] != reduced[2], "--precision changes tests and exports"

# The stage `graph` can still be told; later ones hold what was decided.
run("compile", "f32.dl", "--emit=graph", "-o", "graph.mlir")
run("compile", "bf16.dl", "--emit=specialized", "-o", "specialized.mlir")
run("compile", "bf16.dl", "--emit=train", "-o", "train.mlir")
assert (folder / "train.mlir").read_text().count("precision bf16") > (folder / "specialized.mlir").read_text().count("precision bf16") > 0
assert weights("f32", "--precision", "bf16") == weights("bf16")
run("run", "graph.mlir", "--quiet", "--no-save", "--save-weights", "w.safetensors", "--precision", "bf16")
assert tensors("w.safetensors") == weights("bf16")
assert "have their precision already" in run("run", "train.mlir", "--no-save", "--precision", "f32", status=2)
# What the processor multiplies is rounded before it; a device does that itself.
for target, word in (("cpu", "dl.unary round_bf16"), ("cuda", "precision bf16")):
    text = run("compile", "train.mlir", "--emit=optimized", "--target", target)
    assert word in text and ("round_bf16" in text) == (target == "cpu"), target
