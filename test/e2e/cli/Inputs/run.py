"""Runs of the program in argv[1] in the folder argv[2]."""
import json
import os
import resource
import shutil
import signal
import subprocess
import sys

from product import wait_until_caught

dlc, folder = sys.argv[1:3]
shutil.rmtree(folder, ignore_errors=True)
os.makedirs(folder)
LINE = """data x: f32[64, 8] = normal([64, 8])
param w: f32[8] = 0.5
train(batch: 8, epochs: EPOCHS) on x as row {
  minimize mean(square(row @ w - 1)) over w with sgd(lr: RATE)
}
test on x as row { report error = mean(square(row @ w - 1)) }
"""


def write(name, epochs=10, rate=0.01, text=LINE):
    with open(os.path.join(folder, name), "w") as file:
        file.write(text.replace("EPOCHS", str(epochs)).replace("RATE", str(rate)))


def run(*words, status=0, **more):
    done = subprocess.run([dlc, *words], capture_output=True, text=True, cwd=folder, **more)
    assert done.returncode == status, f"{words}: status {done.returncode} instead of {status}: {done.stdout}{done.stderr}"
    return done.stdout + done.stderr


def read(name):
    with open(os.path.join(folder, name), "rb") as file:
        return file.read()


# Exit statuses.
write("good.dl")
write("wrong.dl", text="param w: f32 = missing\n")
run("check", "good.dl")
assert "wrong.dl:1:16" in run("check", "wrong.dl", status=1)
run("check", "absent.dl", status=1)
run("run", "good.dl", "--load", "absent.safetensors", status=3)

# A setting that fits nothing is the command line's mistake; a folder that is gone is no crash.
write("named.dl", text="const size = 4\nparam w: f32[size] = 0\n")
assert "did you mean `size`?" in run("run", "named.dl", "--set", "sizes=3", status=2)
run("run", "good.dl", "--set", "epochs=many", status=2)
assert "--data: there is no folder `missing`" in run("run", "good.dl", "--data", "missing", status=2)
assert "--data: there is no folder `good.dl`" in run("check", "good.dl", "--data", "good.dl", status=2)
assert "`fuze` is not known; did you mean `fuse`?" in run("run", "good.dl", "--print-ir-after", "fuze", status=2)
assert "is not one of all, expand, precision, specialize, derive" in run("check", "good.dl", "--print-ir-after=xxxxxxxx", status=2)
assert "note: the program has no `test` block" in run("test", "named.dl")
assert "note: the weights are untrained: there is no good.safetensors" in run("test", "good.dl")
os.makedirs(os.path.join(folder, "gone"))
left = subprocess.run(["sh", "-c", "rmdir ../gone && exec \"$0\" run \"$1\" --no-save --quiet", dlc, os.path.abspath(os.path.join(folder, "good.dl"))],
                      cwd=os.path.join(folder, "gone"), capture_output=True, text=True)
assert left.returncode == 0, left.stderr

# The log.
run("run", "good.dl", "--quiet", "--log", "log.jsonl", "--save", "a.safetensors")
events = [json.loads(line) for line in read("log.jsonl").decode().splitlines()]
kinds = [event["event"] for event in events]
assert kinds[0] == "compile" and kinds[-1] == "done" and kinds.count("step") == 80 and kinds.count("epoch") == 10, kinds
assert events[-2]["event"] == "test" and events[-2]["metrics"]["error"] > 0, events[-2]
assert events[-1]["seconds"] > 0

# A failed check is named at its place, once, with its values, on both targets.
write("checks.dl", text="""param w: f32[4] = 0.5
export fn at(i: i64[N]) -> f32[N] { w[i] }
export fn inner(x: f32[N]) -> f32[N] {
  require sum(x) > 0, "the sum is {sum(x)}"
  x
}
""")
for target in ("cpu", "reference"):
    said = run("call", "checks.dl", "at", "--arg", "i=[1, 9]", "--target", target, status=3)
    assert "error: checks.dl:2:39: index [1 9] is outside of the axis of size 4\n" in said, said
    assert "error: checks.dl:4:3: the sum is -8.0\n" in run("call", "checks.dl", "inner", "--arg", "x=[1, -9]", "--target", target, status=3)

# In a step it is told in which, as the progress counts.
write("steps.dl", text="""data x: i64[8] = [0, 1, 2, 3, 4, 5, 9, 7]
param w: f32[8] = 0.5
train(batch: 2, epochs: 3, shuffle: false) on x as row {
  minimize mean(square(w[row] - 1)) over w with sgd(lr: 0.1)
}
train late(steps: 9) {
  require step < 6, "step {step} is too much"
  minimize mean(square(w)) over w with sgd(lr: 0.1)
}
""")
for target in ("cpu", "reference", "cuda-emulator"):
    said = run("run", "steps.dl", "--no-save", "--target", target, status=3)
    assert "error: steps.dl:4:26: index [9 7] is outside of the axis of size 8\nnote: in step 4 of 12, epoch 1 of 3, of `train`\n" in said, said
write("late.dl", text=read("steps.dl").decode().replace("9, 7]", "6, 7]"))
said = run("run", "late.dl", "--no-save", status=3)
assert "error: late.dl:7:3: step 6 is too much\nnote: in step 6 of 9, of `late`\n" in said, said

# A loss that is not finite.
write("far.dl", epochs=1000, rate=1e9)
said = run("run", "far.dl", "--no-save", status=3)
assert "far.dl:4:" in said and "at step" in said, said
run("run", "far.dl", "--no-save", "--keep-going", "--steps", "50")

# Ctrl-C saves and says where; the run goes on to the bits of an undisturbed one.
write("long.dl", epochs=100000000)
going = subprocess.Popen([dlc, "run", "long.dl"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=folder)
wait_until_caught(going, signal.SIGINT, "train epoch")
going.send_signal(signal.SIGINT)
said = going.communicate(timeout=30)[0]
assert going.returncode == 130 and "interrupted at step" in said and "--load long.safetensors" in said, (going.returncode, said)
assert os.path.getsize(os.path.join(folder, "long.safetensors")) > 0

# A full disk (a limit on the size of files stands in for it) leaves the old checkpoint whole.
before = read("a.safetensors")


def small_files():
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))


said = run("run", "good.dl", "--quiet", "--no-cache", "--seed", "9", "--save", "a.safetensors", status=3, preexec_fn=small_files)
assert "a.safetensors" in said, said
assert read("a.safetensors") == before

# Two runs at once in one folder, with one cache.
cache = dict(os.environ, DLC_CACHE=os.path.join(folder, "code"))
both = [subprocess.Popen([dlc, "run", "good.dl", "--quiet"], cwd=folder, env=cache) for _ in range(4)]
assert [process.wait(60) for process in both] == [0] * 4
assert read("good.safetensors") == before

# Blocks run in the order of the file, also where a training calls a test that stands behind it; counts are read to their last digit.
write("order.dl", text="param w: f32 = 1\nstate n: i64 = 123456\ntest before { report w = w }\ntrain(steps: 1) {\n  minimize square(w) over w with sgd(lr: 0.25)\n"
      "  at end { let v = now() print(\"called {v.w}\") }\n}\ntest now { report w = w\n report n = n }\n".replace(" print", "\n print"))
said = run("run", "order.dl", "--save", "order.safetensors").splitlines()
places = [next(i for i, line in enumerate(said) if line.startswith(start)) for start in ("before: w 1", "train epoch 1/1", "called 0.5", "now: w 0.5 n 123456")]
assert places == sorted(places), said

# What cannot be written is told before the training, and so is that nothing is left to train or to run.
refused = run("run", "order.dl", "--save", "gone/away/x.safetensors", status=3)
assert "cannot write `gone/away/x.safetensors`" in refused and "epoch" not in refused, refused
assert "nothing is left to train" in run("run", "order.dl", "--load", "order.safetensors", "--no-save")
write("nothing.dl", text="fn f(x: f32) -> f32 { x }\n")
assert "there is nothing to run" in run("run", "nothing.dl", "--no-save")
