"""A few steps of one program, and what a person does next with it: resume, test, call each function it exports.

    example.py DLC PROGRAM FOLDER
"""
import array
import json
import math
import os
import re
import shutil
import struct
import subprocess
import sys

STEPS = 20 if os.environ.get("DLC_THOROUGH") else 3
OPEN_SIZE = 3
DTYPES = {"f32": ("<f4", "f"), "f64": ("<f8", "d"), "u8": ("|u1", "B"), "i32": ("<i4", "i"), "i64": ("<i8", "q")}


def dlc(*words):
    done = subprocess.run([DLC, *words], cwd=FOLDER, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    print("dlc", *words, "->", done.returncode)
    print(done.stdout, done.stderr, sep="")
    assert done.returncode == 0, f"status {done.returncode}"
    return done.stdout


def without_comments(text):
    return re.sub(r"//.*", "", text)


def argument(name, kind, constants):
    """`NAME=VALUE` of an argument of a type as it stands in the program: a small number, or a .npy file of a pattern."""
    match = re.fullmatch(r"(\w+)(?:\[([^\]]*)\])?", kind)
    assert match, f"no argument can be made up for the type `{kind}`"
    element, sizes = match.groups()
    if sizes is None:
        return f"{name}={2 if element == 'int' else 0.5}"
    assert element in DTYPES, f"no argument can be made up for the type `{kind}`"
    shape = []
    for size in (size.strip().replace("_", "") for size in sizes.split(",")):
        shape.append(int(size) if size.isdigit() else int(constants.get(size, OPEN_SIZE)))
    descr, code = DTYPES[element]
    values = array.array(code, (i * 37 % 11 for i in range(math.prod(shape))))
    path = os.path.join(FOLDER, name + ".npy")
    header = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {tuple(shape)}, }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + values.tobytes())
    return f"{name}={path}"


def read_npy(path):
    """(type, shape, bytes) of a .npy file"""
    with open(path, "rb") as file:
        raw = file.read()
    assert raw[:6] == b"\x93NUMPY", path
    begin = 10 + struct.unpack_from("<H", raw, 8)[0]
    header = raw[10:begin].decode()
    shape = [int(size) for size in re.search(r"'shape': \(([^)]*)\)", header).group(1).split(",") if size.strip()]
    return re.search(r"'descr': '(.\w+)'", header).group(1), shape, raw[begin:]


def finite(values):
    """Every number of nested metrics is finite."""
    if isinstance(values, dict):
        return all(finite(value) for value in values.values())
    if isinstance(values, list):
        return all(finite(value) for value in values)
    return isinstance(values, (int, float)) and math.isfinite(values)


def events(kind):
    with open(os.path.join(FOLDER, "log.jsonl"), encoding="utf8") as file:
        return [event for event in map(json.loads, file) if event["event"] == kind]


def train(text):
    dlc("run", PROGRAM, "--steps", str(STEPS), "--log", "log.jsonl", "--save", "cut.safetensors")
    steps = events("step")
    # A program that says `stop` may have come to its end.
    count = min(STEPS, len(steps)) if re.search(r"\bstop\b", text) else STEPS
    assert count >= 3 and [step["step"] for step in steps] == list(range(1, count + 1)), steps
    assert all(finite(step.get("loss", 0)) and finite(step["reports"]) for step in steps), steps
    # `minimize` and `report` have names: a program that has either says something of each step.
    if re.search(r"\bminimize\b", text):
        assert all("loss" in step or step["reports"] for step in steps), steps
    # Going on where it was cut ends with the bits of a run that was not.
    dlc("run", PROGRAM, "--steps", str(2 * STEPS), "--load", "cut.safetensors", "--save", "resumed.safetensors", "--quiet")
    with open(os.path.join(FOLDER, "resumed.safetensors"), "rb") as file:
        resumed = file.read()
    for threads in ("1", "2", "5") if os.environ.get("DLC_THOROUGH") else ("3",):
        dlc("run", PROGRAM, "--steps", str(2 * STEPS), "--save", "whole.safetensors", "--quiet", "--threads", threads)
        with open(os.path.join(FOLDER, "whole.safetensors"), "rb") as file:
            assert file.read() == resumed, f"a resumed run and a whole one on {threads} threads differ"


def test(loads):
    said = dlc("test", PROGRAM, *loads, "--log", "log.jsonl")
    tests = events("test")
    assert tests and all(test["metrics"] and finite(test["metrics"]) for test in tests), tests
    for name in tests[-1]["metrics"]:
        assert name in said, f"the metric `{name}` is not printed"


def call(text, loads):
    constants = {name: value.replace("_", "") for name, value in re.findall(r"^const (\w+) = ([\d_]+)", text, re.M)}
    for name, arguments in re.findall(r"^export fn (\w+)\(([^)]*)\)", text, re.M):
        made = []
        for parameter in re.findall(r"(\w+):\s*(\w+(?:\[[^\]]*\])?)", arguments):
            made += ["--arg", argument(*parameter, constants)]
        outputs = os.path.join(FOLDER, name)
        dlc("call", PROGRAM, name, *made, *loads, "-o", outputs)
        assert os.listdir(outputs), f"`{name}` returned nothing"
        for output in os.listdir(outputs):
            descr, shape, raw = read_npy(os.path.join(outputs, output))
            code = {made[0]: made[1] for made in DTYPES.values()}[descr]
            values = array.array(code, raw)
            assert len(values) == math.prod(shape) > 0, (output, shape)
            assert finite(list(values)), f"`{name}` returned numbers that are not finite"


def main():
    with open(PROGRAM, encoding="utf8") as file:
        text = without_comments(file.read())
    shutil.rmtree(FOLDER, ignore_errors=True)
    os.makedirs(FOLDER)
    dlc("check", PROGRAM)
    loads = []
    if re.search(r"^train\b", text, re.M):
        train(text)
        loads = ["--load", "resumed.safetensors"]
    if re.search(r"^test\b", text, re.M):
        test(loads)
    call(text, loads)
    strays = [name for name in os.listdir(FOLDER) if ".tmp" in name or name.startswith(".")]
    assert not strays, f"left behind: {strays}"


DLC, PROGRAM, FOLDER = sys.argv[1:]
main()
