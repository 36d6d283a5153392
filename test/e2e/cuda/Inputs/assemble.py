"""Checks the PTX of a program: assemble.py DLC BOUNDS MODEL[@PRECISION] [PTXAS].

Every kernel must define what it calls. With PTXAS, each must also assemble for sm_80 and sm_90 without spills, and use no more registers and
shared memory than BOUNDS says for the program: lines `PROGRAM REGISTERS SHARED_BYTES`.
"""
import os
import re
import subprocess
import sys
import tempfile

dlc, bounds, model, *ptxas = sys.argv[1:]
model, _, precision = model.partition("@")
name = os.path.splitext(os.path.basename(model))[0] + (f"@{precision}" if precision else "")
options = ["--precision", precision] if precision else []
ptx = subprocess.run([dlc, "compile", model, "--target", "cuda", "--emit=ptx", *options], stdout=subprocess.PIPE, text=True, check=True).stdout
entries = re.findall(r"\.visible \.entry ([\w$]+)", ptx)
if not entries:
    sys.exit(f"{name}: no kernels")
if foreign := re.findall(r"\.extern \.func[^;]*;", ptx):
    sys.exit(f"{name}: a kernel calls what is not there: {foreign[0]}")
# Tensor cores where they were asked for, and nowhere else; as many factors as the loop of a tile has fragments.
products = re.findall(r"mma\.sync\.aligned\.m16n8k\d+\.row\.col\.f32\.(\w+)", ptx)
if bool(products) != bool(precision) or set(products) - {precision}:
    sys.exit(f"{name}: products of the tensor cores in {sorted(set(products))}")
if not ptxas:
    print(f"{name}: {len(entries)} kernels")
    sys.exit(0)

most = {}
for line in open(bounds):
    if line.strip() and not line.startswith("#"):
        program, registers, shared = line.split()
        most[program] = (int(registers), int(shared))

for chip in ("sm_80", "sm_90"):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "kernels.ptx")
        with open(path, "w") as file:
            file.write(ptx)
        run = subprocess.run([*ptxas, f"-arch={chip}", "-v", path, "-o", os.path.join(folder, "kernels.cubin")],
                             stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if run.returncode:
        sys.exit(f"{name}: ptxas for {chip}:\n{run.stdout}")
    spills = [int(n) for n in re.findall(r"(\d+) bytes spill", run.stdout)]
    if any(spills):
        sys.exit(f"{name}: registers are spilled on {chip}:\n{run.stdout}")
    # Copies of 16 bytes go to shared memory.
    for size, memory in re.findall(r"\.shared \.align (\d+) \.b8 ([\w$]+)\[", ptx):
        if int(size) < 16:
            sys.exit(f"{name}: {memory} is aligned to {size} bytes")
    registers = max(int(n) for n in re.findall(r"Used (\d+) registers", run.stdout))
    shared = max([int(n) for n in re.findall(r"(\d+) bytes smem", run.stdout)], default=0)
    print(f"{name} {chip}: {len(entries)} kernels, at most {registers} registers, {shared} bytes of shared memory")
    if name not in most:
        sys.exit(f"{name}: {bounds} has no line `{name} {registers} {shared}`")
    if registers > most[name][0] or shared > most[name][1]:
        sys.exit(f"{name}: more than the {most[name][0]} registers and {most[name][1]} bytes of {bounds}")
