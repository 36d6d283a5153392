// GELU by tanh behind products, its gradient, and what they have in common with other kernels: all recognised by what they compute.
// RUN: %dlc-kernel-test --target cuda-emulator --remarks %s 2>&1 | FileCheck %s
// RUN: %dlc-kernel-test --target cuda-emulator --without-epilogues --remarks %s 2>&1 | FileCheck %s --check-prefix=WITHOUT
// RUN: %dlc-kernel-test %s
// Without such epilogues nothing of them is asked for, and the numbers are the same.
// WITHOUT-NOT: gelu_tanh
// WITHOUT: takes_over: ok
// WITHOUT: view_taken_over: ok

module attributes {dl.stage = "optimized", dl.version = 1} {
dl.func private @forward(%x: tensor<256x1024xf32>, %w: tensor<1024x512xf32>, %b: tensor<512xf32>) -> (tensor<256x512xf32>, tensor<256x512xf32>, tensor<256x512xf32>, tensor<131072xi1>) attributes {dl.kernel = "dot"} {
  %half = dl.constant dense<0.5> : tensor<256x512xf32>
  %one = dl.constant dense<1.0> : tensor<256x512xf32>
  %root = dl.constant dense<0.7978845608> : tensor<256x512xf32>
  %cube = dl.constant dense<0.044715> : tensor<256x512xf32>
  %thrice = dl.constant dense<0.134145> : tensor<256x512xf32>
  %c = dl.dot %x, %w batch [] [] contract [1] [0] : (tensor<256x1024xf32>, tensor<1024x512xf32>) -> tensor<256x512xf32>
  %l = dl.broadcast %b axes [1] : tensor<512xf32> to tensor<256x512xf32>
  %z = dl.binary add %l, %c : tensor<256x512xf32>
  %s = dl.unary square %z : tensor<256x512xf32>
  %cs = dl.binary mul %s, %cube : tensor<256x512xf32>
  %p = dl.binary add %cs, %one : tensor<256x512xf32>
  %rz = dl.binary mul %root, %z : tensor<256x512xf32>
  %u = dl.binary mul %rz, %p : tensor<256x512xf32>
  %t = dl.unary tanh %u : tensor<256x512xf32>
  %o = dl.binary add %t, %one : tensor<256x512xf32>
  %hz = dl.binary mul %half, %z : tensor<256x512xf32>
  %h = dl.binary mul %hz, %o : tensor<256x512xf32>
  %g = dl.compare gt %z, %half : tensor<256x512xf32>
  %f = dl.reshape %g : tensor<256x512xi1> to tensor<131072xi1>
  dl.return %z, %t, %h, %f : tensor<256x512xf32>, tensor<256x512xf32>, tensor<256x512xf32>, tensor<131072xi1>
}
dl.func private @forward_alone(%x: tensor<256x1024xf32>, %w: tensor<1024x512xf32>, %b: tensor<512xf32>) -> (tensor<256x512xf32>, tensor<256x512xf32>) attributes {dl.kernel = "dot"} {
  %half = dl.constant dense<0.5> : tensor<256x512xf32>
  %one = dl.constant dense<1.0> : tensor<256x512xf32>
  %root = dl.constant dense<0.7978845608> : tensor<256x512xf32>
  %cube = dl.constant dense<0.044715> : tensor<256x512xf32>
  %thrice = dl.constant dense<0.134145> : tensor<256x512xf32>
  %c = dl.dot %x, %w batch [] [] contract [1] [0] : (tensor<256x1024xf32>, tensor<1024x512xf32>) -> tensor<256x512xf32>
  %l = dl.broadcast %b axes [1] : tensor<512xf32> to tensor<256x512xf32>
  %z = dl.binary add %l, %c : tensor<256x512xf32>
  %s = dl.unary square %z : tensor<256x512xf32>
  %cs = dl.binary mul %s, %cube : tensor<256x512xf32>
  %p = dl.binary add %cs, %one : tensor<256x512xf32>
  %rz = dl.binary mul %root, %z : tensor<256x512xf32>
  %u = dl.binary mul %rz, %p : tensor<256x512xf32>
  %t = dl.unary tanh %u : tensor<256x512xf32>
  %o = dl.binary add %t, %one : tensor<256x512xf32>
  %hz = dl.binary mul %half, %z : tensor<256x512xf32>
  %h = dl.binary mul %hz, %o : tensor<256x512xf32>
  dl.return %h, %z : tensor<256x512xf32>, tensor<256x512xf32>
}
dl.func private @backward(%d: tensor<256x1024xf32>, %w: tensor<512x1024xf32>, %z: tensor<256x512xf32>, %t: tensor<256x512xf32>) -> tensor<256x512xf32> attributes {dl.kernel = "dot"} {
  %half = dl.constant dense<0.5> : tensor<256x512xf32>
  %one = dl.constant dense<1.0> : tensor<256x512xf32>
  %root = dl.constant dense<0.7978845608> : tensor<256x512xf32>
  %cube = dl.constant dense<0.044715> : tensor<256x512xf32>
  %thrice = dl.constant dense<0.134145> : tensor<256x512xf32>
  %c = dl.dot %d, %w batch [] [] contract [1] [1] : (tensor<256x1024xf32>, tensor<512x1024xf32>) -> tensor<256x512xf32>
  %tt = dl.binary mul %t, %t : tensor<256x512xf32>
  %q = dl.binary sub %one, %tt : tensor<256x512xf32>
  %zz = dl.binary mul %z, %z : tensor<256x512xf32>
  %v = dl.binary mul %thrice, %zz : tensor<256x512xf32>
  %v1 = dl.binary add %v, %one : tensor<256x512xf32>
  %v2 = dl.binary mul %root, %v1 : tensor<256x512xf32>
  %v3 = dl.binary mul %v2, %q : tensor<256x512xf32>
  %v4 = dl.binary mul %v3, %z : tensor<256x512xf32>
  %o = dl.binary add %t, %one : tensor<256x512xf32>
  %v5 = dl.binary add %o, %v4 : tensor<256x512xf32>
  %v6 = dl.binary mul %v5, %half : tensor<256x512xf32>
  %r = dl.binary mul %v6, %c : tensor<256x512xf32>
  dl.return %r : tensor<256x512xf32>
}
dl.func private @backward_alone(%d: tensor<256x1024xf32>, %w: tensor<512x1024xf32>, %z: tensor<256x512xf32>) -> tensor<256x512xf32> attributes {dl.kernel = "dot"} {
  %half = dl.constant dense<0.5> : tensor<256x512xf32>
  %one = dl.constant dense<1.0> : tensor<256x512xf32>
  %root = dl.constant dense<0.7978845608> : tensor<256x512xf32>
  %cube = dl.constant dense<0.044715> : tensor<256x512xf32>
  %thrice = dl.constant dense<0.134145> : tensor<256x512xf32>
  %s = dl.unary square %z : tensor<256x512xf32>
  %cs = dl.binary mul %s, %cube : tensor<256x512xf32>
  %p = dl.binary add %cs, %one : tensor<256x512xf32>
  %rz = dl.binary mul %root, %z : tensor<256x512xf32>
  %u = dl.binary mul %rz, %p : tensor<256x512xf32>
  %t = dl.unary tanh %u : tensor<256x512xf32>
  %c = dl.dot %d, %w batch [] [] contract [1] [1] : (tensor<256x1024xf32>, tensor<512x1024xf32>) -> tensor<256x512xf32>
  %tt = dl.binary mul %t, %t : tensor<256x512xf32>
  %q = dl.binary sub %one, %tt : tensor<256x512xf32>
  %zz = dl.binary mul %z, %z : tensor<256x512xf32>
  %v = dl.binary mul %thrice, %zz : tensor<256x512xf32>
  %v1 = dl.binary add %v, %one : tensor<256x512xf32>
  %v2 = dl.binary mul %root, %v1 : tensor<256x512xf32>
  %v3 = dl.binary mul %v2, %q : tensor<256x512xf32>
  %v4 = dl.binary mul %v3, %z : tensor<256x512xf32>
  %o = dl.binary add %t, %one : tensor<256x512xf32>
  %v5 = dl.binary add %o, %v4 : tensor<256x512xf32>
  %v6 = dl.binary mul %v5, %half : tensor<256x512xf32>
  %r = dl.binary mul %v6, %c : tensor<256x512xf32>
  dl.return %r : tensor<256x512xf32>
}
dl.func private @flags(%f: tensor<131072xi1>, %t: tensor<256x512xf32>) -> tensor<256x512xf32> attributes {dl.kernel = "map"} {
  %g = dl.reshape %f : tensor<131072xi1> to tensor<256x512xi1>
  %m = dl.unary neg %t : tensor<256x512xf32>
  %r = dl.select %g, %t, %m : tensor<256x512xf32>
  dl.return %r : tensor<256x512xf32>
}
dl.func private @bias(%d: tensor<256x512xf32>, %b: tensor<512xf32>) -> tensor<512xf32> attributes {dl.kernel = "reduce"} {
  %s = dl.reduce sum %d axes [0] : tensor<256x512xf32> to tensor<512xf32>
  %r = dl.binary sub %b, %s : tensor<512xf32>
  dl.return %r : tensor<512xf32>
}
// Remarks stand in the order of the kernels.
// CHECK: [256, 1024] · [1024, 512] is computed by cuBLASLt, with its bias, with gelu_tanh and what it takes
// CHECK: [256, 1024] · [1024, 512] is computed by cuBLASLt, with the gradient of gelu_tanh{{$}}
// CHECK: [256, 1024] · [1024, 512] is computed by cuBLASLt, with its bias, with gelu_tanh and what it takes
// CHECK: [256, 1024] · [1024, 512] is computed by cuBLASLt, with the gradient of gelu_tanh, with the gradient of a bias
dl.func @layer(%x: tensor<256x1024xf32>, %w: tensor<1024x512xf32>, %b: tensor<512xf32>, %d: tensor<256x1024xf32>, %v: tensor<512x1024xf32>) -> (tensor<256x512xf32>, tensor<256x512xf32>, tensor<512xf32>, tensor<256x512xf32>) attributes {dl.arena = 1179648, tolerance = 2.0e-4, ranges = [[-1.0, 1.0], [-0.1, 0.1], [-1.0, 1.0], [-1.0, 1.0], [-0.1, 0.1]]} {
  %h:4 = dl.launch @forward(%x, %w, %b) at [0, 524288, -1, 1048576] onto [-1, -1, -1, -1] into [-1, -1, 0, -1] : (tensor<256x1024xf32>, tensor<1024x512xf32>, tensor<512xf32>) -> (tensor<256x512xf32>, tensor<256x512xf32>, tensor<256x512xf32>, tensor<131072xi1>)
  %f = dl.launch @flags(%h#3, %h#1) at [-1] onto [-1] into [3] : (tensor<131072xi1>, tensor<256x512xf32>) -> tensor<256x512xf32>
  %g = dl.launch @backward(%d, %v, %h#0, %h#1) at [-1] onto [2] into [-1] : (tensor<256x1024xf32>, tensor<512x1024xf32>, tensor<256x512xf32>, tensor<256x512xf32>) -> tensor<256x512xf32>
  %c = dl.launch @bias(%g, %b) at [-1] onto [-1] into [2] : (tensor<256x512xf32>, tensor<512xf32>) -> tensor<512xf32>
  dl.return %h#2, %g, %c, %f : tensor<256x512xf32>, tensor<256x512xf32>, tensor<512xf32>, tensor<256x512xf32>
}
// The gradient's product may not be written over what it reads: it has memory of its own.
dl.func @takes_over(%x: tensor<256x1024xf32>, %w: tensor<1024x512xf32>, %b: tensor<512xf32>, %d: tensor<256x1024xf32>, %v: tensor<512x1024xf32>) -> (tensor<256x512xf32>, tensor<256x512xf32>) attributes {dl.arena = 524288, tolerance = 2.0e-4, ranges = [[-1.0, 1.0], [-0.1, 0.1], [-1.0, 1.0], [-1.0, 1.0], [-0.1, 0.1]]} {
  %h:2 = dl.launch @forward_alone(%x, %w, %b) at [-1, 0] onto [-1, -1] into [0, -1] : (tensor<256x1024xf32>, tensor<1024x512xf32>, tensor<512xf32>) -> (tensor<256x512xf32>, tensor<256x512xf32>)
  %g = dl.launch @backward_alone(%d, %v, %h#1) at [-1] onto [2] into [-1] : (tensor<256x1024xf32>, tensor<512x1024xf32>, tensor<256x512xf32>) -> tensor<256x512xf32>
  dl.return %h#0, %g : tensor<256x512xf32>, tensor<256x512xf32>
}
dl.func private @forward_with_tanh(%x: tensor<256x1024xf32>, %w: tensor<1024x512xf32>, %b: tensor<512xf32>) -> (tensor<256x512xf32>, tensor<256x512xf32>, tensor<256x512xf32>) attributes {dl.kernel = "dot"} {
  %half = dl.constant dense<0.5> : tensor<256x512xf32>
  %one = dl.constant dense<1.0> : tensor<256x512xf32>
  %root = dl.constant dense<0.7978845608> : tensor<256x512xf32>
  %cube = dl.constant dense<0.044715> : tensor<256x512xf32>
  %c = dl.dot %x, %w batch [] [] contract [1] [0] : (tensor<256x1024xf32>, tensor<1024x512xf32>) -> tensor<256x512xf32>
  %l = dl.broadcast %b axes [1] : tensor<512xf32> to tensor<256x512xf32>
  %z = dl.binary add %l, %c : tensor<256x512xf32>
  %s = dl.unary square %z : tensor<256x512xf32>
  %cs = dl.binary mul %s, %cube : tensor<256x512xf32>
  %p = dl.binary add %cs, %one : tensor<256x512xf32>
  %rz = dl.binary mul %root, %z : tensor<256x512xf32>
  %u = dl.binary mul %rz, %p : tensor<256x512xf32>
  %t = dl.unary tanh %u : tensor<256x512xf32>
  %o = dl.binary add %t, %one : tensor<256x512xf32>
  %hz = dl.binary mul %half, %z : tensor<256x512xf32>
  %h = dl.binary mul %hz, %o : tensor<256x512xf32>
  dl.return %z, %t, %h : tensor<256x512xf32>, tensor<256x512xf32>, tensor<256x512xf32>
}
dl.func private @add_flat(%z: tensor<131072xf32>) -> tensor<131072xf32> attributes {dl.kernel = "map"} {
  %c = dl.constant dense<3.0> : tensor<131072xf32>
  %r = dl.binary add %z, %c : tensor<131072xf32>
  dl.return %r : tensor<131072xf32>
}
dl.func private @difference(%a: tensor<131072xf32>, %t: tensor<256x512xf32>) -> tensor<256x512xf32> attributes {dl.kernel = "map"} {
  %v = dl.reshape %a : tensor<131072xf32> to tensor<256x512xf32>
  %r = dl.binary sub %v, %t : tensor<256x512xf32>
  dl.return %r : tensor<256x512xf32>
}
// What is taken over through a view stays where it is: what `tanh` would be made of again.
dl.func @view_taken_over(%x: tensor<256x1024xf32>, %w: tensor<1024x512xf32>, %b: tensor<512xf32>) -> (tensor<256x512xf32>, tensor<256x512xf32>) attributes {dl.arena = 1048576, tolerance = 2.0e-4, ranges = [[-1.0, 1.0], [-0.1, 0.1], [-1.0, 1.0]]} {
  %h:3 = dl.launch @forward_with_tanh(%x, %w, %b) at [0, 524288, -1] onto [-1, -1, -1] into [-1, -1, 0] : (tensor<256x1024xf32>, tensor<1024x512xf32>, tensor<512xf32>) -> (tensor<256x512xf32>, tensor<256x512xf32>, tensor<256x512xf32>)
  %v = dl.reshape %h#0 : tensor<256x512xf32> to tensor<131072xf32>
  %a = dl.launch @add_flat(%v) at [-1] onto [0] into [-1] : (tensor<131072xf32>) -> tensor<131072xf32>
  %g = dl.launch @difference(%a, %h#1) at [-1] onto [-1] into [1] : (tensor<131072xf32>, tensor<256x512xf32>) -> tensor<256x512xf32>
  dl.return %h#2, %g : tensor<256x512xf32>, tensor<256x512xf32>
}
// CHECK: layer: ok
// CHECK: takes_over: ok
// CHECK: view_taken_over: ok
}
