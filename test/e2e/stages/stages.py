"""Every printed stage of an example is read back, printed again the same, and gone on from.

usage: stages.py DLC DLC-OPT EXAMPLE.dl FOLDER [STEPS]
With STEPS the program is trained that far from its text and from each stage, with and without names and lines in the
stage's text; all checkpoints must have the same bits. Data sets that an example reads are made here, small.
"""
import pathlib
import random
import re
import struct
import subprocess
import sys

STAGES = ["graph", "specialized", "train", "optimized", "kernels", "llvm"]


def idx(path, shape, values):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(struct.pack(">HBB", 0, 8, len(shape)) + struct.pack(f">{len(shape)}I", *shape) + bytes(values))


def make_data(folder):
    """A few random pictures in place of handwritten digits, and a few rows in place of house prices."""
    rng = random.Random(1)
    for name, rows in (("train", 150), ("t10k", 40)):
        idx(folder / f"mnist/{name}-images-idx3-ubyte", [rows, 28, 28], (rng.randrange(256) for _ in range(rows * 784)))
        idx(folder / f"mnist/{name}-labels-idx1-ubyte", [rows], (rng.randrange(10) for _ in range(rows)))
    names = "crim zn indus chas nox rm age dis rad tax ptratio b lstat medv".split()
    rows = [",".join(names)] + [",".join(f"{rng.uniform(1, 9):.3f}" for _ in names) for _ in range(60)]
    (folder / "boston").mkdir(parents=True, exist_ok=True)
    (folder / "boston/data.csv").write_text("\n".join(rows) + "\n")


class Tester:
    def __init__(self, dlc, opt, example, folder):
        self.dlc, self.opt, self.example, self.folder = dlc, opt, example, folder
        self.data = folder / "data"
        make_data(self.data)

    def call(self, *words):
        result = subprocess.run([str(word) for word in words], cwd=self.folder, capture_output=True, text=True)
        if result.returncode != 0 or result.stderr.strip():
            sys.exit(f"{' '.join(map(str, words))}: status {result.returncode}\n{result.stderr[:2000]}")
        return result.stdout

    def emit(self, source, stage, *more):
        return self.call(self.dlc, "compile", source, f"--emit={stage}", "--data", self.data, *more)

    def checkpoint(self, source, steps):
        target = self.folder / "end.safetensors"
        target.unlink(missing_ok=True)
        self.call(self.dlc, "run", source, "--steps", steps, "--data", self.data, "--no-cache", "--quiet", "--save", target)
        return target.read_bytes()

    def texts(self, stage):
        """The stage as a file has it and as a terminal shows it: without names of values and lines of the source."""
        full = self.folder / f"{stage}.mlir"
        full.write_text(self.emit(self.example, stage))
        bare = self.folder / f"{stage}-bare.mlir"
        bare.write_text(self.emit(self.example, stage, "--no-locations"))
        for text in full, bare:
            self.call(self.opt, text, "-o", "/dev/null")
        return full, bare

    def bare(self, text):
        """The text without any names and places."""
        return self.call(self.opt, text, "--strip-debuginfo")

    def reread(self, stage, full):
        again = self.emit(full, stage)
        if again != full.read_text():
            (self.folder / f"{stage}-again.mlir").write_text(again)
            sys.exit(f"{stage} of {self.example.name} changes when it is printed, read and printed again: {full}")


def main():
    dlc, opt, example, folder = sys.argv[1:5]
    steps = sys.argv[5] if len(sys.argv) > 5 else None
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    tester = Tester(dlc, opt, pathlib.Path(example), folder)
    files = {}
    for stage in STAGES:
        files[stage] = tester.texts(stage)
        tester.reread(stage, files[stage][0])
        if not re.match(r"([#!].*\n)*module attributes \{.*dl.stage = \"" + stage + '".*dl.version = 1', files[stage][0].read_text()):
            sys.exit(f"{stage} does not begin with what it is")
    # Nothing is left out of the short form of the graph; a remark would say so, and `call` takes no remark.
    tester.emit(tester.example, "graph", "--remarks")
    # Going on from a stage leads to the same next one. Inside a formula of `graph` nothing has a name or a place.
    for before, after in zip(STAGES, STAGES[1:]):
        made = folder / f"{after}-made.mlir"
        made.write_text(tester.emit(files[before][0], after))
        same = tester.bare(made) == tester.bare(files[after][0]) if before == "graph" else made.read_text() == files[after][0].read_text()
        if not same:
            sys.exit(f"{after} of {example} is another one when it is made from the text of {before}: {made}")
    if steps:
        right = tester.checkpoint(tester.example, steps)
        for stage in STAGES:
            for text in files[stage]:
                if tester.checkpoint(text, steps) != right:
                    sys.exit(f"{text}: the run ends with other bits than the run of {example}")
    print(f"{pathlib.Path(example).name}: {len(STAGES)} stages read back" + (f", run on from each for {steps} steps" if steps else ""))


main()
