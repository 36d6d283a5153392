"""Writes a program of parameters of more than a million elements and of small ones: large.py."""
print("param e: f32[1200, 1000] = normal([1200, 1000], std: 0.3)")
for i, (rows, columns) in enumerate([(1000, 1100), (1100, 1000)]):
    print(f"param w{i}: f32[{rows}, {columns}] = normal([{rows}, {columns}], std: 0.03)\nparam b{i}: f32[{columns}] = 0.1")
print("""train(steps: 2) {
  let x = normal([128, 1000])
  let y = tanh(x @ w0 + b0) @ w1 + b1
  minimize mean(square(y - x)) + mean(square(e)) over (e, w0, b0, w1, b1) with adam(lr: 0.001, epsilon: 0.001)
}""")
