"""Says in a line why tests were not run: unsupported.py RESULTS SKIPPED, the file of `lit --output` and how many googletest skipped."""
import collections
import json
import re
import sys

results, skipped = sys.argv[1], int(sys.argv[2])
reasons = collections.Counter()
try:
    with open(results, encoding="utf8") as file:
        tests = json.load(file)["tests"]
except (OSError, ValueError):
    tests = []  # lit did not come to its end, and has said why
for test in tests:
    if test["code"] != "UNSUPPORTED":
        continue
    said = re.search(r"(unavailable features|features and/or targets): (.*)", test["output"] or "")
    if not said:
        reasons["for another reason"] += 1
    elif said[2] == "thorough":
        reasons["only with --full"] += 1
    else:
        reasons[("for want of " if said[1].startswith("un") else "not for ") + said[2]] += 1
parts = [f"{count} {reason}" for reason, count in reasons.most_common()]
if skipped:
    parts.append(f"{skipped} that skip themselves (googletest)")
print(f"{sum(reasons.values()) + skipped} not run: " + "; ".join(parts))
