"""What tests need and a machine may not have: data sets, shells, an assembler. lit.cfg.py asks once, when lit starts; each becomes a feature."""
import os
import re
import shutil
import subprocess

#: The sets of `dlc data` that tests and examples read.
DATA_SETS = ("boston", "mnist")
#: The shells other than bash that complete words.
SHELLS = ("fish", "zsh")


def missing_data(dlc, environment):
    """{set: why it cannot be had}. A set that is not there is fetched, both at the same time."""
    runs = {name: subprocess.Popen([dlc, "data", name], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE, text=True, errors="replace") for name in DATA_SETS}
    missing = {}
    for name, run in runs.items():
        said = run.communicate()[1].strip().splitlines()
        if run.returncode:
            why = next((line for line in said if "error: " in line), said[0] if said else f"status {run.returncode}")
            missing[name] = why.split("error: ", 1)[-1]
    return missing


def ptxas():
    """The assembler of CUDA; None where there is none."""
    usual = "/usr/local/cuda/bin/ptxas"
    return shutil.which("ptxas") or (usual if os.access(usual, os.X_OK) else None)


def cuda_headers():
    """The folder of CUDA's headers, the driver's and cuBLASLt's; None where there is none."""
    for root in (os.environ.get("CUDA_HOME"), os.environ.get("CUDA_PATH"), "/usr/local/cuda"):
        folder = root and os.path.join(root, "include")
        if folder and all(os.path.exists(os.path.join(folder, name)) for name in ("cuda.h", "cublasLt.h")):
            return folder
    return None


def tmpfs():
    """The command in front of one that may mount a tmpfs; None where nobody may. Root of a container often cannot, but in a namespace."""
    for prefix in (["unshare", "--mount"], ["unshare", "--map-root-user", "--mount"]):
        try:
            probe = subprocess.run([*prefix, "sh", "-c", "mount -t tmpfs none /mnt"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        except FileNotFoundError:
            return None
        if probe.returncode == 0:
            return " ".join(prefix)
    return None


def source(path):
    """The text of a program and of those beside it that it imports, without comments."""
    with open(path, encoding="utf8") as file:
        text = re.sub(r"//.*", "", file.read())
    beside = {os.path.join(os.path.dirname(path), name + ".dl") for name in re.findall(r"^import (\w+)", text, re.M)}
    return text + "".join(source(other) for other in sorted(beside - {path}) if os.path.exists(other))


def data_sets_of(path):
    """The sets that a program reads, by the files that it names."""
    text = source(path)
    return [name for name in DATA_SETS if re.search(rf'"{name}/', text)]
