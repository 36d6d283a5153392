"""Holds docs/language/library.md against the library: every public name is there, and a signature that is
given has parameters of these names in this order."""
import pathlib
import re
import sys

source = pathlib.Path(sys.argv[1])
# What the library uses itself; such names are not documented for users.
internal = set("""reduced exp_below top_of softplus_tail maker full_like cast_like real axis_size cut sliding pooled sources fans
orthonormal_rows random_bits gather recur unbias warming transposed_convolution""".split())


def split(text):
    depth, part, parts = 0, "", []
    for c in text:
        depth += (c in "([") - (c in ")]")
        if c == "," and depth == 0:
            parts.append(part)
            part = ""
        else:
            part += c
    return [p.strip() for p in parts + [part] if p.strip()]


def inside(text, start):
    depth = 0
    for i in range(start, len(text)):
        depth += (text[i] == "(") - (text[i] == ")")
        if depth == 0:
            return text[start + 1 : i]
    return ""


signatures = {}
for path in (source / "frontend" / "std").glob("*.dl"):
    text = path.read_text()
    for found in re.finditer(r"^(?:fn|module|optimizer) (\w+)(?=\()|^const (\w+)", text, re.M):
        if found[2]:
            signatures[found[2]] = []
        else:
            parameters = split(inside(text, found.end()))
            signatures[found[1]] = [re.match(r"\w+", p)[0] for p in parameters]
refused = set()
for path in [*(source / "frontend" / "builtin").glob("*.cpp"), source / "frontend" / "elab" / "Intrinsics.cpp"]:
    for name, parameters, function in re.findall(r'\{"(\w+)\((.*?)\)",\s*&?([\w<>:]+)', path.read_text()):
        signatures[name] = [re.match(r"[.\w]+", p)[0].lstrip(".") for p in split(parameters)]
        if function in ("later", "refused"):
            refused.add(name)

page = (source / "docs" / "language" / "library.md").read_text()
section = page[: page.index("## What is not there yet")]
words = set(re.findall(r"\w+", " ".join(re.findall(r"`([^`]*)`", page))))
wrong = 0
for name in sorted(signatures):
    if name not in words and name not in internal:
        print(f"`{name}` is not in docs/language/library.md")
        wrong += 1
for given in re.findall(r"`([^`\n]*)`", section):
    found = re.match(r"(\w+)\(", given)
    # `map_leaves(f, a, b)`, `einsum("bi,ij->bj", x, y)` and calls show values, not parameters.
    if not found or found[1] not in signatures or found[1] in ("map_leaves", "einsum", "rearrange", "zip", "div", "Linear") or "…" in given:
        continue
    known = signatures[found[1]]
    for parameter in split(inside(given, found.end() - 1)):
        label = re.match(r"\w+", parameter)
        if label and label[0] not in known and not re.match(r"[\d\[]", parameter):
            print(f"`{given}`: `{found[1]}` has no parameter `{label[0]}`; it has {', '.join(known)}")
            wrong += 1
print(len(signatures), "names,", wrong, "wrong")
sys.exit(wrong != 0)
