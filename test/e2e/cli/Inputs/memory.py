import json
import os
import shutil
import subprocess
import sys

dlc, folder = sys.argv[1:]
shutil.rmtree(folder, ignore_errors=True)
os.makedirs(folder)
env = dict(os.environ, DLC_CACHE=os.path.join(folder, "code"))
MEGABYTE = 10**6

PROGRAMS = {
    # 26 MB of data, a column chosen and shuffled.
    "data": """
data all = points()
fn points() { let x = uniform([100_000, 64])
  (x: x, y: x[:, 0]) }
model net = Linear(64, 1)
train(batch: 100, steps: 20) on all as (x, y) { minimize mse(net(x)[:, 0], y) over net with adam(lr: 0.01) }
""",
    # 4 MB of parameters, as much of gradients, and two states of the optimizer for each.
    "parameters": """
model net = [Linear(1000, 1000), relu, Linear(1000, 1)]
train(steps: 5) { let x = uniform([32, 1000])
  minimize mse(net(x)[:, 0], x[:, 0]) over net with adam(lr: 0.01) }
""",
    # Activations of a large batch, and a test over all rows at once.
    "activations": """
data all = points()
fn points() { let x = uniform([20_000, 16])
  (x: x, y: x[:, 0]) }
model net = [Linear(16, 200), tanh, Linear(200, 200), tanh, Linear(200, 1)]
train(batch: 4000, steps: 5) on all as (x, y) { minimize mse(net(x)[:, 0], y) over net with sgd(lr: 0.01) }
test on all as (x, y) { report loss = mse(net(x)[:, 0], y) }
""",
}
for name, text in PROGRAMS.items():
    with open(os.path.join(folder, name + ".dl"), "w", encoding="utf8") as file:
        file.write(text)
    for _ in range(2):  # what counts is a run from the cache
        subprocess.run([dlc, "run", name + ".dl", "--quiet", "--log", name + ".jsonl"], cwd=folder, env=env, check=True)
    with open(os.path.join(folder, name + ".jsonl"), encoding="utf8") as file:
        events = {event["event"]: event for event in map(json.loads, file)}
    planned, grown = events["compile"]["peak_bytes"], events["done"].get("grown_bytes")
    print(f"{name}: {planned / MEGABYTE:.1f} MB planned, {grown and grown / MEGABYTE:.1f} MB grown")
    assert planned > 8 * MEGABYTE
    assert grown is None or abs(planned - grown) < 10 * MEGABYTE
