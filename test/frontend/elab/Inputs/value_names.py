"""Every `let`, `var`, `param`, `state`, column and report of a program is the name of a value in its graph, every export that of a function.

    python value_names.py DLC PROGRAM...
"""
import pathlib
import re
import subprocess
import sys


def declared(text):
    """(what, name) for each name that the program gives to a value at run time."""
    text = re.sub(r'"(\\.|[^"\\])*"', '""', re.sub(r"//.*", "", text))
    for what, names in re.findall(r"\b(let|var|param|state|as)\s+(\([^)=]*\)|\w+)", text):
        for name in re.findall(r"[A-Za-z_]\w*", names):
            yield what, name
    for name in re.findall(r"\breport\s+(\w+)", text):
        yield "report", name
    for name in re.findall(r"\bexport fn (\w+)", text):
        yield "export", name


def found(graph):
    values = {re.sub(r"_\d+$", "", name) for name in re.findall(r"%([A-Za-z_][\w.$-]*)", graph)}
    parts = {part for value in values for part in re.split(r"[.$]", value)}
    reports = set(re.findall(r'dl\.report = "([^"]*)"', graph))
    functions = set(re.findall(r"dl\.func @([\w.]+)\(", graph))
    return {"report": reports, "export": functions, None: values | parts}


def missing(dlc, program):
    text = pathlib.Path(program).read_text()
    run = subprocess.run([dlc, "compile", program, "--emit=graph"], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    names = found(run.stdout)
    # A row taken as one name is a record: its columns have the names.
    records = set(re.findall(r"\b(\w+)\.\w", text))
    for what, name in declared(text):
        if name != "_" and name not in names.get(what, names[None]) and not (what == "as" and name in records):
            yield f"{program}: `{what} {name}`"


wrong = [line for program in sys.argv[2:] for line in missing(sys.argv[1], program)]
assert len(sys.argv) > 2
sys.exit("\n".join(wrong) or None)
