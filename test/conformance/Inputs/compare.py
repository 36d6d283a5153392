"""Trains the networks of a program with dlc and compares their losses with the figures of PyTorch in `expected/NAME.txt`.

    compare.py FOLDER/NAME.dl --dlc PROGRAM --work FOLDER

The relative difference may be 1e-6 before and after the first update, 1e-5 after 10 updates, 1e-3 after 100.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from files import write_safetensors  # noqa: E402
from networks import LAST, NETWORKS  # noqa: E402
from std import LAYERS  # noqa: E402


def tolerance(step):
    return 1e-6 if step <= 2 else 1e-5 if step <= 11 else 1e-3


def read_expected(path):
    """Lines `STEP LOSS F32 F64` after comments: [(step, name of the loss, f32, f64)]."""
    with open(path) as file:
        rows = [line.split() for line in file if line.strip() and line[0] != "#"]
    return [(int(step), loss, float(single), float(double)) for step, loss, single, double, *_ in rows]


def read_log(path):
    """{(step, name): value}"""
    values = {}
    with open(path) as file:
        for line in file:
            event = json.loads(line)
            if event["event"] == "step":
                for name, value in event["reports"].items():
                    values[event["step"], name] = value
                if "loss" in event:
                    values[event["step"], "loss"] = event["loss"]
    return values


def compare(expected, found):
    """Prints a line for each figure; how many differ by too much or are not there."""
    wrong = 0
    for step, loss, single, double in expected:
        value = found.get((step, loss))
        if value is None:
            print(f"step {step} {loss}: not in the log")
            wrong += 1
            continue
        away = abs(value - single) / abs(single)
        verdict = "equal" if away <= tolerance(step) else "DIFFERS"
        wrong += verdict != "equal"
        print(f"step {step} {loss}: {value:.9g}, PyTorch {single:.9g}, relative {away:.1e} of {tolerance(step):.0e} "
              f"(to PyTorch in f64 {abs(value - double) / abs(double):.1e}): {verdict}")
    return wrong


def run(dlc, path, work):
    folder, name = os.path.dirname(path), os.path.basename(path).removesuffix(".dl")
    network = {**NETWORKS, **LAYERS}[name]
    shutil.rmtree(work, ignore_errors=True)
    os.makedirs(work)
    for imported in network.imports:
        shutil.copy(os.path.join(folder, imported + ".dl"), work)
    with open(path) as original, open(os.path.join(work, name + ".dl"), "w") as changed:
        changed.write(network.program(original.read()))
    network.write(work)
    write_safetensors(os.path.join(work, "initial.safetensors"), network.initial())
    subprocess.run([os.path.abspath(dlc), "run", name + ".dl", "--data", ".", "--load-weights", "initial.safetensors", "--epochs", "13",
                    "--steps", str(LAST), "--threads", "1", "--no-save", "--quiet", "--log", "log"], cwd=work, check=True)
    return read_log(os.path.join(work, "log"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--dlc", required=True)
    parser.add_argument("--work", required=True)
    arguments = parser.parse_args()
    name = os.path.basename(arguments.program).removesuffix(".dl")
    expected = read_expected(os.path.join(HERE, "..", "expected", name + ".txt"))
    wrong = compare(expected, run(arguments.dlc, arguments.program, arguments.work))
    print(f"{name}: {len(expected)} figures, {wrong} wrong")
    return 1 if wrong or not expected else 0


if __name__ == "__main__":
    sys.exit(main())
