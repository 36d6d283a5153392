"""Ctrl-C and SIGTERM in training and in a test; --steps; what a person is told of it."""
import os
import re
import signal
import subprocess
import sys
import time

from product import Product, wait_until_caught

product = Product(*sys.argv[1:3])
expect, write = product.expect, product.write
LINE = """data x: f32[64, 8] = normal([64, 8])
param w: f32[8] = 0.5
train(batch: 8, epochs: EPOCHS) on x as row {
  minimize mean(square(row @ w - 1)) over w with sgd(lr: linear(step, steps, peak: 0.01))
  at end { print("the end hook ran") }
}
test on x as row { report error = mean(square(row @ w - 1)) }
"""
write("short.dl", LINE.replace("EPOCHS", "10"))
write("long.dl", LINE.replace("EPOCHS", "100000000"))


def interrupted(words, number, text="train epoch"):
    going = product.start(*words)
    said = wait_until_caught(going, number, text)
    time.sleep(1)
    going.send_signal(number)
    said += going.communicate(timeout=60)[0]
    assert going.returncode == 128 + number, (going.returncode, said)
    return said


# Both signals save, say where and how it goes on; the run resumes from there.
for number in (signal.SIGINT, signal.SIGTERM):
    said = interrupted(["run", "long.dl"], number)
    answer = "stopping after this step (Ctrl-C again to stop now)\n" if number == signal.SIGINT else "stopping after this step\n"
    assert said.count("stopping after") == 1 and said.index(answer) < said.index("interrupted at step"), said
    assert "saved long.safetensors" in said and "--load long.safetensors" in said, said
    step = int(re.search(r"interrupted at step ([\d,]+);", said)[1].replace(",", ""))
    assert re.search(r"train epoch [\d,]+/100,000,000 .*loss", said), said
    # Thousands of epochs went by: a few have lines.
    assert said.count("train epoch") < 100, said.count("train epoch")
    said = expect(0, ["run", "long.dl", "--load", "long.safetensors", "--steps", str(step + 3)], f"ended at step {step + 3:,}", "saved")
    assert "the end hook ran" not in said and "error" not in said, said
said = interrupted(["run", "long.dl", "--no-save"], signal.SIGINT)
assert "no checkpoint was saved" in said and "--load" not in said, said

# --steps ends the run as Ctrl-C does: schedules, and so the bits, are those of the whole run.
expect(0, ["run", "short.dl", "--save", "whole"], "10 epochs", "80 steps", "the end hook ran", "test: error")
said = expect(0, ["run", "short.dl", "--save", "part", "--steps", "33"], "train epoch 4/10", "train epoch 5/10  step 33/33  loss",
              "ended at step 33, as --steps 33 says", "dlc run short.dl --load part")
assert "the end hook ran" not in said and "test: error" not in said, said
expect(0, ["run", "short.dl", "--save", "part", "--load", "part"], "the end hook ran", "test: error")
assert product.read("part") == product.read("whole")
expect(0, ["run", "short.dl", "--save", "more", "--steps", "500"], "the end hook ran", "test: error")
assert product.read("more") == product.read("whole")
# --epochs is another length, and with it another schedule.
expect(0, ["run", "short.dl", "--save", "fewer", "--epochs", "4"], "the end hook ran")
expect(0, ["run", "short.dl", "--save", "part", "--steps", "32"])
assert product.read("fewer") != product.read("part")
# The printed command has every option that was given, quoted for a shell; as it stands it ends with the bits of the undisturbed run.
product.write("set.dl", "const rate = 0.01\nconst seed = 3\n" + LINE.replace("EPOCHS", "10").replace("0.01)", "rate)"))
options = ["--set", "rate=0.02", "--seed", "7", "--threads", "2", "--epochs", "8", "--data", product.folder, "--log", "a log", "--save-every", "5", "--no-cache"]
expect(0, ["run", "set.dl", "--save", "it's whole", *options])
said = expect(0, ["run", "set.dl", *options, "--save=the part", "--steps", "20"], "ended at step 20, as --steps 20 says; go on with: dlc run ")
command = said.split("go on with: ")[1].strip()
assert command == (f"dlc run set.dl --load 'the part' --set rate=0.02 --seed 7 --threads 2 --epochs 8 --data {product.folder} --log 'a log' --save-every 5 "
                   "--no-cache --save 'the part'"), command
subprocess.run(["sh", "-c", command.replace("dlc", f"'{product.dlc}'", 1)], cwd=product.folder, check=True, stdout=subprocess.DEVNULL)
assert product.read("the part") == product.read("it's whole")
assert product.read("a log").count(b'"event":"step"') == 64

# A run that is done does nothing more.
said = expect(0, ["run", "short.dl", "--save", "again", "--load", "whole"], "test: error")
assert product.read("again") == product.read("whole") and "epoch 10/10" not in said, said

# A block without a table, on a slow target: what was reached is said, in steps.
write("free.dl", """param w: f32[8] = 1
train(steps: 1000) { minimize mean(square(w)) over w with sgd(lr: 0.1) }
""")
expect(0, ["run", "free.dl", "--target", "reference", "--steps", "3", "--no-save"], "1,000 steps", "train step 3/3  loss 0.", "steps/s")

# A step that takes long: the answer does not wait for its end, and a second Ctrl-C does not either.
write("slow.dl", """param w: f32[600, 600] = 0.001
train(steps: 9) {
  let a = w @ w @ w @ w @ w @ w @ w @ w
  let b = a @ a @ a @ a @ a @ a @ a @ a
  minimize mean(square(b @ b @ b @ b)) over w with sgd(lr: 0.1)
}
""")
going = product.start("run", "slow.dl", "--target", "reference")
said = wait_until_caught(going, signal.SIGINT, "target ")
going.send_signal(signal.SIGINT)
for line in going.stdout:
    said += line
    if "stopping after" in line:
        break
assert said.endswith("stopping after this step (Ctrl-C again to stop now)\n") and going.poll() is None, said
going.send_signal(signal.SIGINT)
assert going.communicate(timeout=60)[0] == "" and going.returncode == -signal.SIGINT, going.returncode

# A test can be interrupted as well.
write("test.dl", """data x: f32[6000, 400] = normal([6000, 400])
param w: f32[400, 400] = normal([400, 400])
test(batch: 1) on x as row { report error = mean(square(row @ w @ w @ w @ w @ w @ w)) }
""")
said = interrupted(["test", "test.dl", "--target", "reference"], signal.SIGINT, text="")
assert "`test` was interrupted" in said, said
