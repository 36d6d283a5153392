import glob
import json
import os
import shutil
import subprocess
import sys

dlc, folder = sys.argv[1:]
shutil.rmtree(folder, ignore_errors=True)
os.makedirs(folder)
env = dict(os.environ, DLC_CACHE=os.path.join(folder, "code"))
env.pop("DLC_ROUND_TRIP", None)


def write(name, text):
    with open(os.path.join(folder, name), "w", encoding="utf8") as file:
        file.write(text)


def run(*words, status=0):
    done = subprocess.run([dlc, *words], cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    print("$ dlc", *words, "->", done.returncode, done.stdout, done.stderr, sep="  ")
    assert done.returncode == status
    return done


def train(*more):
    """(whether the code came from the cache, the bytes of the checkpoint)"""
    said = run("run", "line.dl", "--time-passes", *more)
    cached = "from the cache" in said.stdout
    assert ("read cache" in said.stderr) == cached and ("machine code" in said.stderr) != cached
    with open(os.path.join(folder, "line.safetensors"), "rb") as file:
        return cached, file.read()


PROGRAM = """import factor

fn points(count: int) {
  let x = uniform([count, 3])
  (x: x, y: factor.slope * x[:, 0] + x[:, 1])
}
data seen = points(500)
data unseen = points(50)
data table: rows (a: f32) = csv("table.csv")
model net = Linear(3, 1)
train(batch: 16, epochs: 2) on seen as (x, y) { minimize mse(net(x)[:, 0], y) over net with adam(lr: 0.01) }
test on unseen as (x, y) { report loss = mse(net(x)[:, 0], y) }
test on table as row { report total = sum(row.a) }
"""
write("line.dl", PROGRAM)
write("factor.dl", "const slope = 2.0\n")
write("table.csv", "a\n1\n2\n")

cold, first = train()
warm, second = train()
assert not cold and warm and first == second
assert train("--no-cache") == (False, first)

# Other settings and seeds are other programs; each is kept.
assert not train("--seed", "7")[0] and train("--seed", "7")[0]
assert not train("--set", "epochs=1")[0]
assert train() == (True, first)

# Every file that it was made from counts: what is imported, and the number of rows of the data, but not their values.
write("factor.dl", "const slope = 3.0\n")
again, third = train()
assert not again and third != first
write("table.csv", "a\n1\n2\n3\n")
assert not train()[0]
write("table.csv", "a\n1\n2\n9\n")
assert train()[0] and "total 12" in run("run", "line.dl").stdout
write("line.dl", PROGRAM.replace("0.01", "0.02"))
assert not train()[0]
write("line.dl", PROGRAM)
assert train()[0]

# Code that is damaged on the disk is made again.
for path in glob.glob(os.path.join(folder, "code", "*.program")):
    with open(path, "r+b") as file:
        begin = 8 + int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(begin - 8))
        place = begin + header["object"]["data_offsets"][0] + 200
        file.seek(place)
        byte = file.read(1)[0]
        file.seek(place)
        file.write(bytes([byte ^ 1]))
assert train() == (False, third)

# A module without parameters has an initialiser without results.
write("product.dl", "export fn product(a: f32[2, 2], b: f32[2, 2]) -> f32[2, 2] { a @ b }\n")
words = ("call", "product.dl", "product", "--arg", "a=[[1, 2], [3, 4]]", "--arg", "b=[[1, 0], [0, 1]]")
assert run(*words).stdout == run(*words).stdout
