"""On a terminal a run shows a bar with loss, rate and time left; elsewhere plain lines, at least one every ten seconds."""
import os
import pty
import re
import signal
import subprocess
import sys
import time

from product import Product

product = Product(*sys.argv[1:3])
product.write("model.dl", """data x: f32[64, 8] = normal([64, 8])
param w: f32[8] = 0.5
train(batch: 8, epochs: EPOCHS) on x as row {
  minimize mean(square(row @ w - 1)) over w with sgd(lr: 0.0001)
}
test on x as row { report error = mean(square(row @ w - 1)) }
""")


def on_terminal(words, columns=120, interrupt=False, **environment):
    """What a terminal is sent; with `interrupt` somebody types Ctrl-C once there is a bar."""
    ours, theirs = pty.openpty()
    subprocess.run(["stty", "cols", str(columns)], stdin=theirs, check=True)
    env = dict(os.environ, TERM="xterm", **environment)
    env.pop("NO_COLOR", None) if "NO_COLOR" not in environment else None
    process = subprocess.Popen([product.dlc, *words], stdin=theirs, stdout=theirs, stderr=theirs, cwd=product.folder, env=env)
    os.close(theirs)
    shown = b""
    typed = False
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # the other end was closed
            break
        if not part:
            break
        shown += part
        if interrupt and not typed and "train ╸".encode() in shown:
            process.send_signal(signal.SIGINT)
            typed = True
    assert process.wait(60) == (128 + signal.SIGINT if interrupt else 0), shown
    return shown.decode("utf8")


text = product.read("model.dl").decode()
product.write("model.dl", text.replace("EPOCHS", "3"))
shown = on_terminal(["run", "model.dl", "--no-save"])
for label in ("parameters  8", "memory", "train       64 rows, batch 8, 24 steps in 3 epochs", "seed        0", "target      cpu, ", "compiled"):
    assert label in shown, (label, shown)
assert shown.index("parameters") < shown.index("train epoch 1/3  loss") < shown.index("test: error")

# One long epoch: the bar is drawn ten times a second, below the lines, and taken away at the end.
LEFT = r"(?:[\d.]+ (?:[nµm]?s|min \d\d s)|[\d,]+ h \d\d min) left"  # a busy machine expects hours behind its first step
product.write("long.dl", text.replace("f32[64, 8]", "f32[8000000, 8]").replace("[64, 8]", "[8000000, 8]").replace("EPOCHS", "2"))
shown = on_terminal(["run", "long.dl", "--no-save", "--threads", "1"])
bars = re.findall(rf"train [━╸ ]{{8,20}} epoch [12]/2  step [\d,]+/2,000,000  loss [\d.]+  [\d.,]+ examples/s  {LEFT}", shown)
assert len(bars) >= 3, (len(bars), shown)
assert bars[0] != bars[-1]
assert "\x1b[36m" in shown  # in colour
visible = shown.split("test: error")[0]
assert visible.rstrip("\r\n").endswith("examples/s") or visible.endswith("\r\x1b[K"), visible[-200:]
assert "\x1b[36m" not in on_terminal(["run", "model.dl", "--no-save"], NO_COLOR="1")

# A narrow one: a shorter bar, then fewer words, but whole ones. A time that takes more room may cost one more of them.
BAR, STEP, LOSS = r"train (?:[━╸ ]{8,20} )?", r"step [\d,]+/2,000,000  ", r"loss [\d.]+"
for columns, pattern in ((80, rf"{BAR}(?:epoch [12]/2  )?{STEP}{LOSS}  {LEFT}"), (50, rf"{BAR}(?:{STEP})?{LOSS}  {LEFT}"), (20, rf"train {LOSS}"), (8, "train")):
    shown = on_terminal(["run", "long.dl", "--no-save", "--threads", "1"], columns=columns, NO_COLOR="1")
    bars = [part.split("\r")[0].split("\n")[0] for part in shown.split("\x1b[K")]
    bars = [bar for bar in bars if bar.startswith("train") and "/s" not in bar]
    assert len(bars) >= 3 and all(len(bar) < columns and re.fullmatch(pattern, bar) for bar in bars), (columns, bars[:5])

# Steps and time left are counted to the step at which the run will end: seconds here, at least minutes to the last one of the program.
product.write("cut.dl", text.replace("EPOCHS", "100000000"))
shown = on_terminal(["run", "cut.dl", "--no-save", "--steps", "2000000"], NO_COLOR="1")
assert re.search(r"step [\d,]+/2,000,000  loss [\d.]+  [\d.,]+ examples/s  [\d.]+ m?s left", shown), shown[-3000:]

# Ctrl-C is answered at once, in place of the bar, and not only when the step has ended.
product.write("endless.dl", text.replace("EPOCHS", "100000000"))
shown = on_terminal(["run", "endless.dl", "--no-save"], interrupt=True, NO_COLOR="1")
assert "\r\x1b[Kstopping after this step (Ctrl-C again to stop now)\r\n" in shown, shown[-2000:]

# No terminal: no control characters, and lines in time: by the program's own clock, which the rate of a line tells, since a busy machine may hold up the
# reader as long as it likes.
product.write("steps.dl", """param w: f32[8] = 0.5
train(steps: 1000000000000) { minimize mean(square(w - 1)) over w with sgd(lr: 0.0001) }
""")
began = time.monotonic()
slow = product.start("run", "steps.dl", "--no-save", "--threads", "1")
times = [0.0]
for line in slow.stdout:
    assert "\x1b" not in line and "\r" not in line, line
    if line.startswith("train step "):
        found = re.match(r"train step ([\d,]+)/1,000,000,000,000  loss [\d.e-]+  ([\d,]+) steps/s  [\d,]+ h ", line)
        assert found, line
        step, rate = (int(number.replace(",", "")) for number in found.groups())
        times.append(step / rate)
    if len(times) == 3:
        break
passed = time.monotonic() - began
slow.kill()
slow.communicate()
assert all(9 < b - a < 14 for a, b in zip(times, times[1:])) and times[-1] < passed + 1, (times, passed)

# Of many epochs few have lines: the first, the last, and some evenly between; the log has all.
product.write("epochs.dl", text.replace("EPOCHS", "2000"))
lines = [line for line in product.run("run", "epochs.dl", "--no-save", "--log", "log").splitlines() if line.startswith("train epoch")]
numbers = [int(re.match(r"train epoch ([\d,]+)/2,000  loss", line)[1].replace(",", "")) for line in lines]
assert numbers == [1, *range(50, 2001, 50)], numbers
assert product.read("log").count(b'"event":"epoch"') == 2000
# A block that ends before its time has a line of its last epoch.
product.write("stops.dl", text.replace("EPOCHS", "2000").replace("sgd(lr: 0.0001)", "sgd(lr: 0.0001)\n  each epoch { if epoch == 73 { stop } }"))
said = product.run("run", "stops.dl", "--no-save")
assert [line.split("  ")[0] for line in said.splitlines() if line.startswith("train epoch")] == [f"train epoch {n}/2,000" for n in (1, 50, 73)], said
