"""Writes a program of many small parameters: many.py LAYERS."""
import sys

layers = range(int(sys.argv[1]))
for i in layers:
    print(f"param w{i}: f32[9, 9] = normal([9, 9], std: 0.3)\nparam b{i}: f32[9] = 0.1")
print("train(steps: 3) {\n  let x0 = normal([16, 9])")
for i in layers:
    print(f"  let x{i + 1} = x{i} + tanh(x{i} @ w{i} + b{i})")
print(f"  minimize mean(square(x{len(layers)} - x0)) over ({', '.join(f'w{i}, b{i}' for i in layers)}) with adam(lr: 0.01)\n}}")
