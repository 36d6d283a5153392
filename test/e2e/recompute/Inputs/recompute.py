"""Trains a chain of blocks with and without `checkpoint`: the same losses and weights, less planned memory.

    python recompute.py DLC SOURCE FOLDER
"""
import json
import pathlib
import re
import struct
import subprocess
import sys

DLC, SOURCE, FOLDER = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
FOLDER.mkdir(parents=True, exist_ok=True)


def settings(**values):
    return [part for name, value in values.items() for part in ("--set", f"{name}={str(value).lower()}")]


def arena(**values):
    """The bytes that the plan of the step takes beside its arguments."""
    text = subprocess.run([DLC, "compile", SOURCE, "--emit=optimized", *settings(**values)], check=True, capture_output=True, text=True).stdout
    step = re.search(r"dl\.func @train\.step\(.*?attributes \{dl\.arena = (\d+)", text, re.S)
    assert step, text[:500]
    return int(step[1])


def weights(path):
    data = path.read_bytes()
    size, = struct.unpack("<Q", data[:8])
    head = json.loads(data[8:8 + size])
    result = {}
    for name, entry in head.items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            begin, end = entry["data_offsets"]
            result[name] = struct.unpack(f"<{(end - begin) // 4}f", data[8 + size + begin:8 + size + end])
    return result


def trained(tag, **values):
    path = FOLDER / f"{tag}.safetensors"
    log = FOLDER / f"{tag}.jsonl"
    subprocess.run([DLC, "run", SOURCE, "--save", str(path), "--log", str(log), *settings(**values)], check=True, capture_output=True, cwd=FOLDER)
    losses = [json.loads(line)["loss"] for line in log.read_text().splitlines() if '"loss"' in line]
    return losses, weights(path)


def close(a, b, tolerance):
    return abs(a - b) <= tolerance * max(1, abs(a), abs(b))


for looped in (False, True):
    plain, less = arena(looped=looped, again=False), arena(looped=looped, again=True)
    print(f"looped={looped}: {plain} bytes, {less} with checkpoint")
    # Of what each block makes, about 12 rows of its width, one stays; what one block needs is needed all the same.
    assert less < plain / 3, (plain, less)
    losses, kept = trained(f"plain{looped}", looped=looped, again=False)
    others, again = trained(f"again{looped}", looped=looped, again=True)
    assert losses and len(losses) == len(others), (losses, others)
    assert all(close(a, b, 1e-5) for a, b in zip(losses, others)), (losses, others)
    assert kept.keys() == again.keys(), kept.keys() ^ again.keys()
    for name in kept:
        # Adam turns a gradient's sign into a step: where it is all rounding, two right runs differ by a step.
        assert all(close(a, b, 1e-2 if ".adam." not in name else 1e-3) for a, b in zip(kept[name], again[name])), name
print("the same training")
