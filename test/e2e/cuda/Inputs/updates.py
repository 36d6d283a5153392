"""Writes a function of many updates, each a launch of the same kernel, in the stage `optimized`: updates.py COUNT."""
import sys

count = int(sys.argv[1])
places = [f"%p{i}: tensor<70xf32>, %g{i}: tensor<70xf32>" for i in range(count)]
print("""module attributes {dl.stage = "optimized", dl.version = 1} {
dl.func private @update(%p: tensor<70xf32>, %g: tensor<70xf32>) -> tensor<70xf32> attributes {dl.kernel = "map"} {
  %r = dl.binary sub %p, %g : tensor<70xf32>
  dl.return %r : tensor<70xf32>
}""")
print(f"dl.func @f({', '.join(places)}) -> ({', '.join(['tensor<70xf32>'] * count)}) {{")
for i in range(count):
    print(f"  %r{i} = dl.launch @update(%p{i}, %g{i}) at [-1] onto [-1] into [{i}] : (tensor<70xf32>, tensor<70xf32>) -> tensor<70xf32>")
print(f"  dl.return {', '.join(f'%r{i}' for i in range(count))} : {', '.join(['tensor<70xf32>'] * count)}\n}}\n}}")
