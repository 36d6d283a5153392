"""Writes a program of parameters whose updates each wait with a gradient of 30 MB: scratch.py COUNT."""
import sys

count = int(sys.argv[1])
names = [f"w{i}" for i in range(count)]
for name in names:
    print(f"param {name}: f32[2500, 3000] = normal([2500, 3000], std: 0.03)")
print("train(steps: 2) {")
for name in names:
    print(f"  let y_{name} = normal([128, 2500]) @ {name}")
print("  minimize " + " + ".join(f"mean(square(y_{name}))" for name in names) + f" over ({', '.join(names)}) with adam(lr: 0.001)")
print("}")
