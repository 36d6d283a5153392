"""Makes docs/pipeline.md: the stages of docs/pipeline.dl, each printed by the tool, and the passes in the order of the pipeline function.

usage: pipeline.py DLC DLC-OPT [--update]
Without --update it compares the page with what the tools print now, and fails where they differ.
"""
import difflib
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
PAGE = HERE / "pipeline.md"

HEAD = """# The pipeline

From text to machine code in eight stages. `dlc compile FILE --emit=STAGE` prints each; this page shows all of them for one small program and is itself made by `docs/pipeline.py`, so what
stands here is what the tools do (`test/e2e/stages/pipeline.test` compares; `docs/pipeline.py DLC DLC-OPT --update` writes it anew).

The stages from `graph` to `llvm` are modules that can be read back: `dlc run X.mlir`, `dlc compile X.mlir --emit=…` and `dlc-opt X.mlir` go on from where the file is, and end with the same bits. A
file begins with aliases of long types, its stage and its version, `module attributes {{dl.stage = "graph", dl.version = 1}}`, and holds all that a run needs but data files and weights. Names of values and lines of the source are
kept in locations, which are printed into files and left out on a terminal (`--locations`, `--no-locations`). What is read is checked against the rules of its stage (`passes/StageChecks.h`) before anything relies on it:
an `optimized` file against its memory plan, too.

```
{program}```

## The passes
In the order of the function `pipeline()` in `passes/Pipeline.cpp`; `dlc compile --print-ir-after=PASS` prints the module behind one of them, and each has its page in the reference that the
target `docs` makes from `passes/Passes.td`.

| | stage | pass | does | why here |
|---|---|---|---|---|
{passes}
The stage is reached behind the last pass that names it. Behind `optimized` come `kernels` and `llvm`, by code generation (docs/cpu-codegen.md). Those of a graphics card, `--target cuda`, are `kernels`, `llvm` and `ptx` (docs/cuda.md).
"""

STAGES = {
    "ast": """The tree that the parser made.""",
    "graph": """What the program says, as operations on whole tensors: modules, loops over lists and broadcasting are gone, `minimize` is a `dl.gradient` and an update for each parameter. Sizes
that are not known yet are symbols. Functions get what they need as arguments, and give back what changes: there are no variables. It is printed as formulas (docs/ir.md): what the program wrote once
stands there once, and a line is a value that it names. From the next stage on the same operations stand one by one.""",
    "specialized": """Sizes of training are numbers. What is cheap to compute and the same in each run, initial values and computed data, is marked `dl.evaluated`: the evaluator computes it
while the program is built, so its bits do not depend on a target; the passes behind `train` leave such functions alone.""",
    "train": """Derivatives are ordinary operations; tests are split into what is done for each batch of rows and what needs them all.""",
    "optimized": """Every operation outside of what is evaluated is in a kernel (`dl.func` with `dl.kernel`), and a function launches kernels. Each result has a place: `at` an offset in the arena, `onto` an operand's
buffer, `into` the buffer of a result of the function.""",
    "kernels": """Code, before it is LLVM's: a module for each kernel in loops (`scf`), numbers (`arith`, `math`, `vector`) and memory (`llvm`), one with functions that kernels share, where there are some, and `@dlc.program`, which launches them. What is
left of a function is its `dl.entry`: the signature, the memory it asks for, the texts of its checks and effects. `dl.processor` is what the code is made for.""",
    "llvm": """The same modules in the LLVM dialect, which is LLVM's own form in MLIR's syntax.""",
    "asm": """Machine code as text, after LLVM's passes. This one is not read back.""",
}
MOST = 64  # lines of a stage; where there are more, what follows is left out


def call(*words):
    return subprocess.run([str(word) for word in words], cwd=HERE, check=True, capture_output=True, text=True).stdout


def shown(text):
    lines = text.rstrip("\n").split("\n")
    if len(lines) <= MOST:
        return "\n".join(lines) + "\n"
    return "\n".join(lines[:MOST]) + f"\n… and {len(lines) - MOST} lines more\n"


def page(dlc, opt):
    rows = ""
    for number, line in enumerate(call(opt, "--list-pipeline").splitlines(), 1):
        stage, name, does, why = line.split("\t")
        rows += f"| {number} | `{stage}` | `{name}` | {does} | {why[0].lower() + why[1:].rstrip('.')} |\n"
    text = HEAD.format(program=(HERE / "pipeline.dl").read_text(), passes=rows)
    for stage, about in STAGES.items():
        options = ["--no-locations"] if stage not in ("ast", "asm") else []
        options += ["--cpu", "x86-64-v3"] if stage in ("kernels", "llvm", "asm") else []
        printed = call(dlc, "compile", "pipeline.dl", f"--emit={stage}", *options)
        text += f"\n## {stage}\n{about}\n\n```{'mlir' if stage not in ('ast', 'asm') else ''}\n{shown(printed)}```\n"
    return text


def main():
    text = page(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve())
    if "--update" in sys.argv[3:]:
        PAGE.write_text(text)
        return
    old = PAGE.read_text() if PAGE.exists() else ""
    sys.stdout.writelines(difflib.unified_diff(old.splitlines(True), text.splitlines(True), "docs/pipeline.md", "what the tools print"))
    if old != text:
        sys.exit("docs/pipeline.md is not what the tools print; docs/pipeline.py DLC DLC-OPT --update writes it anew")


main()
