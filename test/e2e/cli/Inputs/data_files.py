"""What the product says about data files that are not what they should be: the file, the place in it, and status 3."""
import os
import struct
import sys

from product import Product

product = Product(*sys.argv[1:3])
expect, write = product.expect, product.write

# Text.
write("csv.dl", """data all: rows (a: f32, b: f32, y: f32) = csv("d.csv")
param w: f32[2] = 0
train(batch: 2, epochs: 2) on all as row {
  minimize mean(square(stack([row.a, row.b], axis: -1) @ w - row.y)) over w with sgd(lr: 0.01)
}
test on all as row { report mse = mean(square(stack([row.a, row.b], axis: -1) @ w - row.y)) }
""")
RUN = ["run", "csv.dl", "--no-save", "--quiet"]


def csv(content, status, *texts):
    write("d.csv", content)
    return expect(status, RUN, *texts)


expect(3, RUN, "csv.dl:1:43", "`d.csv` is not there", "looked in")
expect(0, ["check", "csv.dl"])
good = csv("a,b,y\n1,2,3\n4,5,6\n7,8,9\n", 0, "test: mse")
for same in (b"\xef\xbb\xbfa,b,y\n1,2,3\n4,5,6\n7,8,9\n", b"a,b,y\r\n1,2,3\r\n4,5,6\r\n7,8,9\r\n",
             b'"a","b",y\n"1", 2 ,"3"\n\n4,"5" ,6\n7,8,9', b"y,a,other,b\n3,1,x,2\n6,4,y,5\n9,7,z,8\n"):
    assert csv(same, 0) == good, same
csv("a,b,y\n1,2,3\n4,5\n7,8,9\n", 3, "csv.dl:1:43", "d.csv:3", "row 2 has 2 fields, the header has 3")
csv("a,b,y\n1,2,3\n4,x,6\n", 3, "d.csv:3", "row 2, column 2 (`b`)", "`x` is not a number")
csv('a,b,y\n1,2,3\n4,"5,6\n', 3, "d.csv:3", "row 2", "the quote of field 2 is never closed")
csv('a,note,b,y\n1,"two\nlines",2,3\n1,none,2,x\n', 3, "d.csv:4", "row 2, column 4 (`y`)")
csv("a,b,y\n1,2,\n", 3, "d.csv:2", "row 1, column 3 (`y`)", "empty")
csv("a,b,y\n1,2,1e50\n", 3, "row 1, column 3 (`y`)", "`1e50` does not fit `f32`")
csv("a,b,y\0\n1,2,3\n", 3, "NUL byte")
csv("", 3, "it is empty")
csv("1,2,3\n4,5,6\n", 3, "holds only numbers")
csv("a,b\n1,2\n", 1, "has no column `y`")  # what the program says of it is wrong
csv("a,b,y\n", 1, "csv.dl:3:31", "0 rows")
csv("a,b,y\n1,2,nan\n3,4,5\n", 3, "csv.dl:4:", "`loss` is nan at step 1")
os.remove(product.at("d.csv"))
os.mkdir(product.at("d.csv"))
expect(3, RUN, "d.csv")
os.rmdir(product.at("d.csv"))
os.mkfifo(product.at("d.csv"))
expect(3, RUN, "d.csv")  # and does not wait for a writer

# IDX.
write("idx.dl", """data all: rows (u8[2], u8) = idx("x", "y")
param w: f32[2] = 0
train(batch: 2, epochs: 2) on all as (x, y) {
  minimize mean(square(f32(x) @ w - f32(y))) over w with sgd(lr: 0.0001)
}
""")


def idx(name, content, status, *texts):
    whole = {"x": struct.pack(">BBBBII", 0, 0, 8, 2, 3, 2) + bytes(range(6)), "y": struct.pack(">BBBBI", 0, 0, 8, 1, 3) + bytes(3)}
    for each, right in whole.items():
        write(each, content if each == name else right)
    return expect(status, ["run", "idx.dl", "--no-save"], *texts)


header = struct.pack(">BBBBI", 0, 0, 8, 1, 3)
idx(None, b"", 0, "train epoch 2/2", "3 rows, batch 2, 4 steps in 2 epochs")  # the last batch is smaller
idx("y", header + bytes(2), 3, "idx.dl:1:", "cannot read `y`", "cut short", "needs 11 bytes, it has 10")
idx("y", header + bytes(4), 3, "1 bytes follow")
idx("y", header[:6], 3, "cut short in its header")
idx("y", b"\x89PNG\r\n\x1a\n" + bytes(20), 3, "begins with the bytes 89 50 4e 47", "no IDX file")
idx("y", b"\x1f\x8b\x08\0" + bytes(20), 3, "gzip")
idx("y", struct.pack(">BBBBI", 0, 0, 8, 1, 2) + bytes(2), 1, "rows")
idx("y", struct.pack(">BBBBI", 0, 0, 0xD, 1, 3) + bytes(12), 1, "idx.dl:1:", "a row of `y` is declared as `u8` and is `f32` in the file")

# npy.
write("npy.dl", """data x: rows f32[2] = npy("x.npy")
param w: f32[2] = 0
train(epochs: 2) on x as row { minimize mean(square(row @ w - 1)) over w with sgd(lr: 0.01) }
""")


def npy(descr, shape, data, fortran=False, version=1):
    text = f"{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': {shape}, }}".encode()
    text += b" " * (-(len(text) + 11 + (version > 1) * 2) % 64) + b"\n"
    return b"\x93NUMPY" + bytes([version, 0]) + struct.pack("<H" if version == 1 else "<I", len(text)) + text + data


def run_npy(content, status, *texts):
    write("x.npy", content)
    return expect(status, ["run", "npy.dl", "--no-save"], *texts)


data = struct.pack("<6f", 1, 2, 3, 4, 5, 6)
loss = lambda said: [line.split("loss ")[1].split()[0] for line in said.splitlines() if "epoch 2/2" in line]
right = loss(run_npy(npy("<f4", (3, 2), data), 0, "3 rows"))
assert right and right == loss(run_npy(npy("<f4", (3, 2), struct.pack("<6f", 1, 3, 5, 2, 4, 6), fortran=True), 0))
assert right == loss(run_npy(npy(">f4", (3, 2), struct.pack(">6f", 1, 2, 3, 4, 5, 6), version=2), 0))
assert right == loss(run_npy(npy("<f4", (3, 2), data, version=3), 0))
run_npy(npy("<f4", (3, 2), data)[:-1], 3, "npy.dl:1:", "`f32[3, 2]` does not fill its 23 bytes")
run_npy(npy("<f4", (3, 2), data)[:20], 3, "cut short in its header")
run_npy(b"PK\3\4" + bytes(40), 3, "does not begin as a .npy file does")
run_npy(npy("<f4", (3, 2), data, version=1).replace(b"NUMPY\1", b"NUMPY\7"), 3, "version 7")
run_npy(npy("<c8", (3, 1), data), 3, "`<c8` are not supported")
run_npy(npy("|O", (3, 2), data), 3, "`|O` are not supported")
run_npy(npy("<f4", "(3, 2", data), 3, "header", "not understood")
run_npy(npy("<f8", (3, 2), data * 2), 1, "npy.dl:1:", "a row of `x.npy` is declared as `f32[2]` and is `f64[2]`")
run_npy(npy("<f4", (2, 3), data), 1, "npy.dl:1:", "declared as `f32[2]` and is `f32[3]`")
run_npy(npy("<f4", (6,), data), 1, "npy.dl:1:", "declared as `f32[2]` and is `f32`")

# A known set that was not fetched.
write("set.dl", """data x: rows u8[28, 28] = idx("mnist/train-images-idx3-ubyte")
param w: f32 = 0
train(epochs: 1) on x as row { minimize mean(f32(row)) * w over w with sgd(lr: 0.01) }
""")
expect(3, ["run", "set.dl", "--no-save"], "set.dl:1:", "dlc data mnist", env=dict(os.environ, DLC_DATA=product.at("nothing")))
