"""Looks for each ```mlir piece of README.md in what the stages named before it print: readme.py DLC ROOT."""
import pathlib
import re
import subprocess
import sys

dlc, root = sys.argv[1], pathlib.Path(sys.argv[2])
text = (root / "README.md").read_text()
pieces = re.findall(r"```mlir\n(.*?)```", text, re.S)
model = re.search(r"dlc compile (examples/\w+\.dl) --emit=", text).group(1)
stages = dict.fromkeys(re.findall(r"--emit=(graph|specialized|train|optimized)", text))
printed = [subprocess.run([dlc, "compile", str(root / model), f"--emit={stage}", "--no-locations"], check=True, capture_output=True, text=True).stdout
           for stage in stages]
assert pieces, "the README shows no IR"
for piece in pieces:
    assert any(piece in output for output in printed), f"no stage of {', '.join(stages)} of {model} prints\n{piece}"
