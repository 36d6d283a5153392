"""What the measuring scripts of this folder share. Python's standard library only."""
import json
import os
import resource
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DLC = os.environ.get("DLC", os.path.join(ROOT, "build", "bin", "dlc"))


def example(name):
    return os.path.join(ROOT, "examples", name + ".dl")


def data_root():
    """Where `dlc data` puts the data sets."""
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.environ.get("DLC_DATA") or os.path.join(cache, "dlc", "data")


def require_dlc():
    if not os.access(DLC, os.X_OK):
        sys.exit(f"{DLC} is not there: build first with tools/build, or set DLC")


class Failed(Exception):
    """A command that did not end as it should; its last lines are the message."""


cores_used = 0.0  # processor time by wall time of the last command


def run(words, **more):
    """Runs a command and returns its standard output."""
    global cores_used
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)
    after, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - began
    cores_used = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / wall
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip()).split("\n")
        # The error itself, not the excerpt below it.
        errors = [line for line in said if "error" in line]
        raise Failed(f"`{' '.join(map(str, words[1:4]))}` ended with status {done.returncode}: {(errors or said)[0][:200]}")
    return done.stdout


def dlc(*words, **more):
    return run([DLC, *map(str, words)], **more)


def events(path):
    """The events of a log that `--log` wrote."""
    with open(path, encoding="utf8") as file:
        return [json.loads(line) for line in file if line.strip()]


def read_safetensors(path):
    """(tensors by name as (type, shape, bytes), metadata)"""
    with open(path, "rb") as file:
        raw = file.read()
    begin = 8 + int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8:begin])
    meta = header.pop("__metadata__", {})
    return {name: (v["dtype"], tuple(v["shape"]), raw[begin + v["data_offsets"][0]:begin + v["data_offsets"][1]])
            for name, v in header.items()}, meta
