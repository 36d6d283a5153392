// What the library does behind products together with other kernels: masks of relu, and the gradients of biases.
// RUN: %dlc-kernel-test --target cuda-emulator --remarks %s 2>&1 | FileCheck %s
// RUN: %dlc-kernel-test --target cuda-emulator --without-epilogues --remarks %s 2>&1 | FileCheck %s --check-prefix=WITHOUT
// RUN: %dlc-kernel-test %s

module attributes {dl.stage = "optimized", dl.version = 1} {
dl.func private @forward(%x: tensor<256x1024xf32>, %w: tensor<1024x512xf32>, %b: tensor<512xf32>) -> (tensor<256x512xf32>, tensor<256x512xi1>) attributes {dl.kernel = "dot"} {
  %c = dl.dot %x, %w batch [] [] contract [1] [0] : (tensor<256x1024xf32>, tensor<1024x512xf32>) -> tensor<256x512xf32>
  %l = dl.broadcast %b axes [1] : tensor<512xf32> to tensor<256x512xf32>
  %z = dl.binary add %c, %l : tensor<256x512xf32>
  %h = dl.unary relu %z : tensor<256x512xf32>
  %0 = dl.constant dense<0.0> : tensor<f32>
  %1 = dl.broadcast %0 axes [] : tensor<f32> to tensor<256x512xf32>
  %m = dl.compare gt %z, %1 : tensor<256x512xf32>
  dl.return %h, %m : tensor<256x512xf32>, tensor<256x512xi1>
}
dl.func private @other_forward(%x: tensor<256x1024xf32>, %w: tensor<1024x512xf32>) -> (tensor<256x512xi1>, tensor<256x512xf32>) attributes {dl.kernel = "dot"} {
  %z = dl.dot %x, %w batch [] [] contract [1] [0] : (tensor<256x1024xf32>, tensor<1024x512xf32>) -> tensor<256x512xf32>
  %0 = dl.constant dense<0.0> : tensor<f32>
  %1 = dl.broadcast %0 axes [] : tensor<f32> to tensor<256x512xf32>
  %h = dl.binary max %1, %z : tensor<256x512xf32>
  %m = dl.compare lt %1, %z : tensor<256x512xf32>
  dl.return %m, %h : tensor<256x512xi1>, tensor<256x512xf32>
}
dl.func private @backward(%d: tensor<256x1024xf32>, %w: tensor<512x1024xf32>, %m: tensor<256x512xi1>) -> tensor<256x512xf32> attributes {dl.kernel = "dot"} {
  %c = dl.dot %d, %w batch [] [] contract [1] [1] : (tensor<256x1024xf32>, tensor<512x1024xf32>) -> tensor<256x512xf32>
  %0 = dl.constant dense<0.0> : tensor<f32>
  %1 = dl.broadcast %0 axes [] : tensor<f32> to tensor<256x512xf32>
  %s = dl.select %m, %c, %1 : tensor<256x512xf32>
  dl.return %s : tensor<256x512xf32>
}
dl.func private @other_backward(%d: tensor<256x1024xf32>, %w: tensor<512x1024xf32>, %m: tensor<256x512xi1>) -> tensor<256x512xf32> attributes {dl.kernel = "dot"} {
  %c = dl.dot %d, %w batch [] [] contract [1] [1] : (tensor<256x1024xf32>, tensor<512x1024xf32>) -> tensor<256x512xf32>
  %0 = dl.constant dense<0.0> : tensor<f32>
  %1 = dl.broadcast %0 axes [] : tensor<f32> to tensor<256x512xf32>
  %s = dl.select %m, %c, %1 : tensor<256x512xf32>
  dl.return %s : tensor<256x512xf32>
}
dl.func private @weights(%x: tensor<256x1024xf32>, %d: tensor<256x512xf32>) -> tensor<1024x512xf32> attributes {dl.kernel = "dot"} {
  %c = dl.dot %x, %d batch [] [] contract [0] [0] : (tensor<256x1024xf32>, tensor<256x512xf32>) -> tensor<1024x512xf32>
  dl.return %c : tensor<1024x512xf32>
}
dl.func private @update(%x: tensor<256x1024xf32>, %d: tensor<256x512xf32>, %w: tensor<1024x512xf32>) -> tensor<1024x512xf32> attributes {dl.kernel = "dot"} {
  %c = dl.dot %x, %d batch [] [] contract [0] [0] : (tensor<256x1024xf32>, tensor<256x512xf32>) -> tensor<1024x512xf32>
  %s = dl.binary sub %w, %c : tensor<1024x512xf32>
  dl.return %s : tensor<1024x512xf32>
}
dl.func private @bias(%d: tensor<256x512xf32>, %b: tensor<512xf32>) -> tensor<512xf32> attributes {dl.kernel = "reduce"} {
  %s = dl.reduce sum %d axes [0] : tensor<256x512xf32> to tensor<512xf32>
  %r = dl.binary sub %b, %s : tensor<512xf32>
  dl.return %r : tensor<512xf32>
}
dl.func private @negated(%m: tensor<256x512xi1>) -> tensor<256x512xi1> attributes {dl.kernel = "map"} {
  %n = dl.unary not %m : tensor<256x512xi1>
  dl.return %n : tensor<256x512xi1>
}

// Remarks stand in the order of the kernels.
// CHECK: [256, 1024] · [1024, 512] is computed by cuBLASLt, with its bias, with relu, with the mask for relu's gradient
// CHECK: [256, 1024] · [1024, 512] is computed by cuBLASLt; what follows is a launch of its own, as it is no epilogue of cuBLASLt
// CHECK: [256, 1024] · [1024, 512] is computed by cuBLASLt; what follows is a launch of its own, as it is no epilogue of cuBLASLt
// CHECK: [1024, 256] · [256, 512] is computed by cuBLASLt
// CHECK: [256, 1024] · [1024, 512] is computed by cuBLASLt, with relu's gradient, with the gradient of a bias
// CHECK: [1024, 256] · [256, 512] is computed by cuBLASLt, with the gradient of a bias; what follows is a launch
// WITHOUT-NOT: mask
// WITHOUT-NOT: gradient
// WITHOUT: layer: ok
// CHECK: layer: ok
dl.func @layer(%x: tensor<256x1024xf32>, %w: tensor<1024x512xf32>, %b: tensor<512xf32>, %d: tensor<256x1024xf32>, %v: tensor<512x1024xf32>) -> (tensor<256x512xf32>, tensor<256x512xf32>, tensor<1024x512xf32>, tensor<512xf32>) attributes {dl.arena = 131072, tolerance = 2.0e-4, ranges = [[-1.0, 1.0], [-0.1, 0.1], [-0.1, 0.1], [-1.0, 1.0], [-0.1, 0.1]]} {
  %h:2 = dl.launch @forward(%x, %w, %b) at [-1, 0] onto [-1, -1] into [0, -1] : (tensor<256x1024xf32>, tensor<1024x512xf32>, tensor<512xf32>) -> (tensor<256x512xf32>, tensor<256x512xi1>)
  %g = dl.launch @backward(%d, %v, %h#1) at [-1] onto [-1] into [1] : (tensor<256x1024xf32>, tensor<512x1024xf32>, tensor<256x512xi1>) -> tensor<256x512xf32>
  %n = dl.launch @weights(%x, %g) at [-1] onto [-1] into [2] : (tensor<256x1024xf32>, tensor<256x512xf32>) -> tensor<1024x512xf32>
  %c = dl.launch @bias(%g, %b) at [-1] onto [-1] into [3] : (tensor<256x512xf32>, tensor<512xf32>) -> tensor<512xf32>
  dl.return %h#0, %g, %n, %c : tensor<256x512xf32>, tensor<256x512xf32>, tensor<1024x512xf32>, tensor<512xf32>
}
// The mask is read by someone else: it stays as it is for all.
// CHECK: read_by_others: ok
dl.func @read_by_others(%x: tensor<256x1024xf32>, %w: tensor<1024x512xf32>, %b: tensor<512xf32>, %d: tensor<256x1024xf32>, %v: tensor<512x1024xf32>) -> (tensor<256x512xf32>, tensor<256x512xf32>, tensor<256x512xi1>) attributes {dl.arena = 131072, tolerance = 2.0e-4, ranges = [[-1.0, 1.0], [-0.1, 0.1], [-0.1, 0.1], [-1.0, 1.0], [-0.1, 0.1]]} {
  %h:2 = dl.launch @other_forward(%x, %w) at [0, -1] onto [-1, -1] into [-1, 0] : (tensor<256x1024xf32>, tensor<1024x512xf32>) -> (tensor<256x512xi1>, tensor<256x512xf32>)
  %g = dl.launch @other_backward(%d, %v, %h#0) at [-1] onto [-1] into [1] : (tensor<256x1024xf32>, tensor<512x1024xf32>, tensor<256x512xi1>) -> tensor<256x512xf32>
  %n = dl.launch @negated(%h#0) at [-1] onto [-1] into [2] : (tensor<256x512xi1>) -> tensor<256x512xi1>
  dl.return %h#1, %g, %n : tensor<256x512xf32>, tensor<256x512xf32>, tensor<256x512xi1>
}
// A gradient that comes from elsewhere is summed up beside the product that takes it.
// CHECK: linear: ok
dl.func @linear(%x: tensor<256x1024xf32>, %w: tensor<1024x512xf32>, %b: tensor<512xf32>, %g: tensor<256x512xf32>) -> (tensor<1024x512xf32>, tensor<512xf32>) attributes {dl.arena = 0, tolerance = 2.0e-4, ranges = [[-1.0, 1.0], [-0.1, 0.1], [-0.1, 0.1], [-1.0, 1.0], [-0.1, 0.1]]} {
  %n = dl.launch @update(%x, %g, %w) at [-1] onto [-1] into [0] : (tensor<256x1024xf32>, tensor<256x512xf32>, tensor<1024x512xf32>) -> tensor<1024x512xf32>
  %c = dl.launch @bias(%g, %b) at [-1] onto [-1] into [1] : (tensor<256x512xf32>, tensor<512xf32>) -> tensor<512xf32>
  dl.return %n, %c : tensor<1024x512xf32>, tensor<512xf32>
}
}
