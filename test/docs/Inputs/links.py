"""Follows the links from README.md through docs/: each leads to a file, and to a heading of it where it names one."""
import pathlib
import re
import sys

source = pathlib.Path(sys.argv[1]).resolve()


def anchors(text):
    """GitHub's names of the headings."""
    headings = re.findall(r"^#+ (.*)$", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def links(text):
    text = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    return re.findall(r"\[[^\]]*\]\(([^)\s]+)\)", re.sub(r"`[^`\n]*`", "`", text))


reached, todo, count, wrong = set(), [source / "README.md"], 0, 0
while todo:
    page = todo.pop()
    if page in reached:
        continue
    reached.add(page)
    for link in links(page.read_text()):
        if "://" in link:
            continue
        count += 1
        file, _, heading = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        problem = None
        if not target.exists():
            problem = "there is no such file"
        elif target.suffix == ".md":
            todo.append(target)
            if heading and heading not in anchors(target.read_text()):
                problem = "it has no such heading"
        if problem:
            print(f"{page.relative_to(source)}: `{link}`: {problem}")
            wrong += 1
for page in sorted((source / "docs").rglob("*.md")):
    if page not in reached:
        print(f"{page.relative_to(source)}: no page leads there")
        wrong += 1
print(count, "links,", wrong, "wrong")
sys.exit(wrong != 0)
