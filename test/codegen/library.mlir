// Products that are large enough for the library: strides, batches, epilogues, and what is none of its epilogues.
// RUN: %dlc-kernel-test --target cuda-emulator --remarks %s 2>&1 | FileCheck %s

// CHECK: remark: [300, 1024] · [1024, 440] is computed by cuBLASLt
dl.func @plain(%a: tensor<300x1024xf32>, %b: tensor<1024x440xf32>) -> tensor<300x440xf32> {
  %c = dl.dot %a, %b batch [] [] contract [1] [0] : (tensor<300x1024xf32>, tensor<1024x440xf32>) -> tensor<300x440xf32>
  dl.return %c : tensor<300x440xf32>
}
dl.func @both_transposed(%a: tensor<1024x300xf32>, %b: tensor<440x1024xf32>) -> tensor<300x440xf32> {
  %c = dl.dot %a, %b batch [] [] contract [0] [1] : (tensor<1024x300xf32>, tensor<440x1024xf32>) -> tensor<300x440xf32>
  dl.return %c : tensor<300x440xf32>
}
// CHECK: remark: 3 times [300, 256] · [256, 600] is computed by cuBLASLt
dl.func @batches(%a: tensor<3x300x256xf32>, %b: tensor<3x256x600xf32>) -> tensor<3x300x600xf32> {
  %c = dl.dot %a, %b batch [0] [0] contract [2] [1] : (tensor<3x300x256xf32>, tensor<3x256x600xf32>) -> tensor<3x300x600xf32>
  dl.return %c : tensor<3x300x600xf32>
}
// CHECK: remark: [300, 1024] · [1024, 440] is computed by cuBLASLt, with its bias, with relu
dl.func @bias_and_relu(%a: tensor<300x1024xf32>, %b: tensor<1024x440xf32>, %v: tensor<440xf32>) -> tensor<300x440xf32> {
  %c = dl.dot %a, %b batch [] [] contract [1] [0] : (tensor<300x1024xf32>, tensor<1024x440xf32>) -> tensor<300x440xf32>
  %w = dl.broadcast %v axes [1] : tensor<440xf32> to tensor<300x440xf32>
  %d = dl.binary add %w, %c : tensor<300x440xf32>
  %e = dl.unary relu %d : tensor<300x440xf32>
  dl.return %e : tensor<300x440xf32>
}
// CHECK: remark: [300, 1024] · [1024, 440] is computed by cuBLASLt; what follows is a launch of its own, as it is no epilogue of cuBLASLt
dl.func @tanh_after(%a: tensor<300x1024xf32>, %b: tensor<1024x440xf32>) -> (tensor<300x440xf32>, tensor<300x440xi1>) attributes {tolerance = 2.0e-4} {
  %c = dl.dot %a, %b batch [] [] contract [1] [0] : (tensor<300x1024xf32>, tensor<1024x440xf32>) -> tensor<300x440xf32>
  %d = dl.unary tanh %c : tensor<300x440xf32>
  %e = dl.compare gt %c, %d : tensor<300x440xf32>
  dl.return %d, %e : tensor<300x440xf32>, tensor<300x440xi1>
}
// The library's GELU is another function than the exact one.
// CHECK: remark: [300, 1024] · [1024, 440] is computed by cuBLASLt; what follows is a launch of its own, as it is no epilogue of cuBLASLt, whose GELU is `gelu_tanh`
dl.func @gelu_after(%a: tensor<300x1024xf32>, %b: tensor<1024x440xf32>) -> tensor<300x440xf32> attributes {tolerance = 2.0e-4} {
  %c = dl.dot %a, %b batch [] [] contract [1] [0] : (tensor<300x1024xf32>, tensor<1024x440xf32>) -> tensor<300x440xf32>
  %half = dl.constant dense<0.5> : tensor<300x440xf32>
  %root = dl.constant dense<0.70710678> : tensor<300x440xf32>
  %one = dl.constant dense<1.0> : tensor<300x440xf32>
  %s = dl.binary mul %c, %root : tensor<300x440xf32>
  %e = dl.unary erf %s : tensor<300x440xf32>
  %p = dl.binary add %e, %one : tensor<300x440xf32>
  %h = dl.binary mul %c, %half : tensor<300x440xf32>
  %g = dl.binary mul %h, %p : tensor<300x440xf32>
  dl.return %g : tensor<300x440xf32>
}
// gelu_tanh in several spellings, with a bias and without.
// CHECK: remark: [300, 1024] · [1024, 440] is computed by cuBLASLt, with its bias, with gelu_tanh
dl.func @gelu_tanh_after(%a: tensor<300x1024xf32>, %b: tensor<1024x440xf32>, %v: tensor<440xf32>) -> tensor<300x440xf32> attributes {ranges = [[-2.0, 2.0], [-0.1, 0.1], [-1.0, 1.0]], tolerance = 2.0e-4} {
  %c = dl.dot %a, %b batch [] [] contract [1] [0] : (tensor<300x1024xf32>, tensor<1024x440xf32>) -> tensor<300x440xf32>
  %w = dl.broadcast %v axes [1] : tensor<440xf32> to tensor<300x440xf32>
  %x = dl.binary add %w, %c : tensor<300x440xf32>
  %half = dl.constant dense<0.5> : tensor<300x440xf32>
  %one = dl.constant dense<1.0> : tensor<300x440xf32>
  %root = dl.constant dense<0.7978845608> : tensor<300x440xf32>
  %cube = dl.constant dense<0.044715> : tensor<300x440xf32>
  %2 = dl.binary mul %x, %x : tensor<300x440xf32>
  %3 = dl.binary mul %2, %x : tensor<300x440xf32>
  %4 = dl.binary mul %cube, %3 : tensor<300x440xf32>
  %5 = dl.binary add %x, %4 : tensor<300x440xf32>
  %6 = dl.binary mul %root, %5 : tensor<300x440xf32>
  %7 = dl.unary tanh %6 : tensor<300x440xf32>
  %8 = dl.binary add %7, %one : tensor<300x440xf32>
  %9 = dl.binary mul %x, %8 : tensor<300x440xf32>
  %g = dl.binary mul %9, %half : tensor<300x440xf32>
  dl.return %g : tensor<300x440xf32>
}
// CHECK: remark: [300, 1024] · [1024, 440] is computed by cuBLASLt, with gelu_tanh
dl.func @gelu_by_sigmoid(%a: tensor<300x1024xf32>, %b: tensor<1024x440xf32>) -> tensor<132000xf32> attributes {ranges = [[-2.0, 2.0], [-0.1, 0.1]], tolerance = 2.0e-4} {
  %c = dl.dot %a, %b batch [] [] contract [1] [0] : (tensor<300x1024xf32>, tensor<1024x440xf32>) -> tensor<300x440xf32>
  %x = dl.reshape %c : tensor<300x440xf32> to tensor<132000xf32>
  %root = dl.constant dense<1.5957691216> : tensor<132000xf32>
  %cube = dl.constant dense<0.07135481627> : tensor<132000xf32>
  %2 = dl.unary square %x : tensor<132000xf32>
  %3 = dl.binary mul %cube, %2 : tensor<132000xf32>
  %4 = dl.binary add %root, %3 : tensor<132000xf32>
  %5 = dl.binary mul %4, %x : tensor<132000xf32>
  %6 = dl.unary sigmoid %5 : tensor<132000xf32>
  %7 = dl.binary mul %x, %6 : tensor<132000xf32>
  dl.return %7 : tensor<132000xf32>
}
// Another approximation is another function.
// CHECK: remark: [300, 1024] · [1024, 440] is computed by cuBLASLt; what follows is a launch of its own
dl.func @gelu_by_another(%a: tensor<300x1024xf32>, %b: tensor<1024x440xf32>) -> tensor<300x440xf32> attributes {ranges = [[-2.0, 2.0], [-0.1, 0.1]], tolerance = 2.0e-4} {
  %x = dl.dot %a, %b batch [] [] contract [1] [0] : (tensor<300x1024xf32>, tensor<1024x440xf32>) -> tensor<300x440xf32>
  %root = dl.constant dense<1.702> : tensor<300x440xf32>
  %5 = dl.binary mul %x, %root : tensor<300x440xf32>
  %6 = dl.unary sigmoid %5 : tensor<300x440xf32>
  %7 = dl.binary mul %x, %6 : tensor<300x440xf32>
  dl.return %7 : tensor<300x440xf32>
}
// What gelu takes is written in rows of a multiple of 8 elements alone.
// CHECK: remark: [300, 1024] · [1024, 444] is computed by cuBLASLt; what follows is a launch of its own
dl.func @gelu_of_odd_rows(%a: tensor<300x1024xf32>, %b: tensor<1024x444xf32>) -> (tensor<300x444xf32>, tensor<300x444xf32>) attributes {ranges = [[-2.0, 2.0], [-0.1, 0.1]], tolerance = 2.0e-4} {
  %x = dl.dot %a, %b batch [] [] contract [1] [0] : (tensor<300x1024xf32>, tensor<1024x444xf32>) -> tensor<300x444xf32>
  %root = dl.constant dense<1.5957691216> : tensor<300x444xf32>
  %cube = dl.constant dense<0.07135481627> : tensor<300x444xf32>
  %2 = dl.unary square %x : tensor<300x444xf32>
  %3 = dl.binary mul %cube, %2 : tensor<300x444xf32>
  %4 = dl.binary add %root, %3 : tensor<300x444xf32>
  %5 = dl.binary mul %4, %x : tensor<300x444xf32>
  %6 = dl.unary sigmoid %5 : tensor<300x444xf32>
  %7 = dl.binary mul %x, %6 : tensor<300x444xf32>
  dl.return %x, %7 : tensor<300x444xf32>, tensor<300x444xf32>
}
// Factors are rounded before the product where that costs less than it saves.
// CHECK: remark: [1024, 128] · [128, 2048] in bf16 is computed by cuBLASLt
// CHECK-NOT: rounded
// CHECK: tanh_after: ok
dl.func @small_in_bf16(%a: tensor<1024x128xf32>, %b: tensor<128x2048xf32>) -> tensor<1024x2048xf32> attributes {tolerance = 2.0e-4} {
  %c = dl.dot %a, %b batch [] [] contract [1] [0] precision bf16 : (tensor<1024x128xf32>, tensor<128x2048xf32>) -> tensor<1024x2048xf32>
  dl.return %c : tensor<1024x2048xf32>
}
// A NaN stays one behind relu.
dl.func @relu_of_nan(%a: tensor<300x1024xf32>, %b: tensor<1024x440xf32>) -> tensor<300x440xf32> attributes {ranges = [[-0.1, 100.0], [-1.0, 1.0]], tolerance = 2.0e-4} {
  %l = dl.unary log %a : tensor<300x1024xf32>
  %c = dl.dot %l, %b batch [] [] contract [1] [0] : (tensor<300x1024xf32>, tensor<1024x440xf32>) -> tensor<300x440xf32>
  %d = dl.unary relu %c : tensor<300x440xf32>
  dl.return %d : tensor<300x440xf32>
}
