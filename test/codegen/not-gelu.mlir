// Functions that are gelu_tanh but for a few places, and one that is it, written in another way.
// RUN: %dlc-kernel-test --target cuda-emulator --remarks %s 2>&1 | FileCheck %s
// RUN: %dlc-kernel-test %s
// Remarks stand in the order of the functions.
// CHECK: is computed by cuBLASLt, with gelu_tanh{{$}}
// CHECK-NOT: gelu_tanh
dl.func @by_exp(%a: tensor<300x1024xf32>, %b: tensor<1024x440xf32>) -> tensor<300x440xf32> attributes {tolerance = 2.0e-4, ranges = [[-1.0, 1.0], [-0.1, 0.1]]} {
  %c = dl.dot %a, %b batch [] [] contract [1] [0] : (tensor<300x1024xf32>, tensor<1024x440xf32>) -> tensor<300x440xf32>

  %one = dl.constant dense<1.0> : tensor<300x440xf32>
  %three = dl.constant dense<3.0> : tensor<300x440xf32>
  %root = dl.constant dense<-1.5957691216> : tensor<300x440xf32>
  %cube = dl.constant dense<0.044715> : tensor<300x440xf32>
  %2 = dl.binary pow %c, %three : tensor<300x440xf32>
  %3 = dl.binary mul %2, %cube : tensor<300x440xf32>
  %4 = dl.binary add %c, %3 : tensor<300x440xf32>
  %5 = dl.binary mul %4, %root : tensor<300x440xf32>
  %6 = dl.unary exp %5 : tensor<300x440xf32>
  %7 = dl.binary add %6, %one : tensor<300x440xf32>
  %8 = dl.binary div %c, %7 : tensor<300x440xf32>
  dl.return %8 : tensor<300x440xf32>
}
// Constants that are almost the same.
dl.func @amplified(%a: tensor<300x1024xf32>, %b: tensor<1024x440xf32>) -> tensor<300x440xf32> attributes {tolerance = 2.0e-4, ranges = [[-1.0, 1.0], [-0.1, 0.1]]} {
  %c = dl.dot %a, %b batch [] [] contract [1] [0] : (tensor<300x1024xf32>, tensor<1024x440xf32>) -> tensor<300x440xf32>

  %half = dl.constant dense<0.5> : tensor<300x440xf32>
  %one = dl.constant dense<1.0> : tensor<300x440xf32>
  %root = dl.constant dense<0.7978845608> : tensor<300x440xf32>
  %cube = dl.constant dense<0.044715> : tensor<300x440xf32>
  %2 = dl.binary mul %c, %c : tensor<300x440xf32>
  %3 = dl.binary mul %2, %c : tensor<300x440xf32>
  %4 = dl.binary mul %cube, %3 : tensor<300x440xf32>
  %5 = dl.binary add %c, %4 : tensor<300x440xf32>
  %6 = dl.binary mul %root, %5 : tensor<300x440xf32>
  %7 = dl.unary tanh %6 : tensor<300x440xf32>
  %8 = dl.binary add %7, %one : tensor<300x440xf32>
  %9 = dl.binary mul %c, %8 : tensor<300x440xf32>
  %g = dl.binary mul %9, %half : tensor<300x440xf32>
  %more = dl.constant dense<1.00000191> : tensor<300x440xf32>
  %million = dl.constant dense<1.0e6> : tensor<300x440xf32>
  %p = dl.binary mul %million, %more : tensor<300x440xf32>
  %q = dl.binary sub %p, %million : tensor<300x440xf32>
  %r = dl.binary mul %q, %c : tensor<300x440xf32>
  %k = dl.binary add %r, %g : tensor<300x440xf32>
  dl.return %k : tensor<300x440xf32>
}
// Large numbers are cut off.
dl.func @clamped(%a: tensor<300x1024xf32>, %b: tensor<1024x440xf32>) -> tensor<300x440xf32> attributes {tolerance = 2.0e-4, ranges = [[-1.0, 1.0], [-0.1, 0.1]]} {
  %c = dl.dot %a, %b batch [] [] contract [1] [0] : (tensor<300x1024xf32>, tensor<1024x440xf32>) -> tensor<300x440xf32>
  %hi = dl.constant dense<20000.0> : tensor<300x440xf32>
  %x = dl.binary min %c, %hi : tensor<300x440xf32>

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
// Another value between two points: by a selection, or by two steep steps.
dl.func @hole(%a: tensor<300x1024xf32>, %b: tensor<1024x440xf32>) -> tensor<300x440xf32> attributes {tolerance = 2.0e-4, ranges = [[-1.0, 1.0], [-0.1, 0.1]]} {
  %c = dl.dot %a, %b batch [] [] contract [1] [0] : (tensor<300x1024xf32>, tensor<1024x440xf32>) -> tensor<300x440xf32>

  %half = dl.constant dense<0.5> : tensor<300x440xf32>
  %one = dl.constant dense<1.0> : tensor<300x440xf32>
  %root = dl.constant dense<0.7978845608> : tensor<300x440xf32>
  %cube = dl.constant dense<0.044715> : tensor<300x440xf32>
  %2 = dl.binary mul %c, %c : tensor<300x440xf32>
  %3 = dl.binary mul %2, %c : tensor<300x440xf32>
  %4 = dl.binary mul %cube, %3 : tensor<300x440xf32>
  %5 = dl.binary add %c, %4 : tensor<300x440xf32>
  %6 = dl.binary mul %root, %5 : tensor<300x440xf32>
  %7 = dl.unary tanh %6 : tensor<300x440xf32>
  %8 = dl.binary add %7, %one : tensor<300x440xf32>
  %9 = dl.binary mul %c, %8 : tensor<300x440xf32>
  %g = dl.binary mul %9, %half : tensor<300x440xf32>
  %p = dl.constant dense<0.1> : tensor<300x440xf32>
  %q = dl.constant dense<0.11> : tensor<300x440xf32>
  %r = dl.compare gt %c, %p : tensor<300x440xf32>
  %s = dl.compare lt %c, %q : tensor<300x440xf32>
  %z = dl.constant dense<7.0> : tensor<300x440xf32>
  %i = dl.select %r, %z, %g : tensor<300x440xf32>
  %k = dl.select %s, %i, %g : tensor<300x440xf32>
  dl.return %k : tensor<300x440xf32>
}
dl.func @steep(%a: tensor<300x1024xf32>, %b: tensor<1024x440xf32>) -> tensor<300x440xf32> attributes {tolerance = 1.0e-3, ranges = [[-1.0, 1.0], [-0.1, 0.1]]} {
  %c = dl.dot %a, %b batch [] [] contract [1] [0] : (tensor<300x1024xf32>, tensor<1024x440xf32>) -> tensor<300x440xf32>

  %half = dl.constant dense<0.5> : tensor<300x440xf32>
  %one = dl.constant dense<1.0> : tensor<300x440xf32>
  %root = dl.constant dense<0.7978845608> : tensor<300x440xf32>
  %cube = dl.constant dense<0.044715> : tensor<300x440xf32>
  %2 = dl.binary mul %c, %c : tensor<300x440xf32>
  %3 = dl.binary mul %2, %c : tensor<300x440xf32>
  %4 = dl.binary mul %cube, %3 : tensor<300x440xf32>
  %5 = dl.binary add %c, %4 : tensor<300x440xf32>
  %6 = dl.binary mul %root, %5 : tensor<300x440xf32>
  %7 = dl.unary tanh %6 : tensor<300x440xf32>
  %8 = dl.binary add %7, %one : tensor<300x440xf32>
  %9 = dl.binary mul %c, %8 : tensor<300x440xf32>
  %g = dl.binary mul %9, %half : tensor<300x440xf32>
  %p = dl.constant dense<0.24> : tensor<300x440xf32>
  %q = dl.constant dense<0.28> : tensor<300x440xf32>
  %many = dl.constant dense<100.0> : tensor<300x440xf32>
  %p1 = dl.binary sub %c, %p : tensor<300x440xf32>
  %q1 = dl.binary sub %c, %q : tensor<300x440xf32>
  %p2 = dl.binary mul %p1, %many : tensor<300x440xf32>
  %q2 = dl.binary mul %q1, %many : tensor<300x440xf32>
  %p3 = dl.unary tanh %p2 : tensor<300x440xf32>
  %q3 = dl.unary tanh %q2 : tensor<300x440xf32>
  %s = dl.binary sub %p3, %q3 : tensor<300x440xf32>
  %k = dl.binary add %g, %s : tensor<300x440xf32>
  dl.return %k : tensor<300x440xf32>
}
// Rounded to bf16 before.
dl.func @rounded(%a: tensor<300x1024xf32>, %b: tensor<1024x440xf32>) -> tensor<300x440xf32> attributes {tolerance = 2.0e-2, ranges = [[-1.0, 1.0], [-0.1, 0.1]]} {
  %c = dl.dot %a, %b batch [] [] contract [1] [0] : (tensor<300x1024xf32>, tensor<1024x440xf32>) -> tensor<300x440xf32>
  %x = dl.unary round_bf16 %c : tensor<300x440xf32>

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
// CHECK: by_exp: ok
// CHECK: amplified: ok
// CHECK: clamped: ok
// CHECK: hole: ok
// CHECK: steep: ok
// CHECK: rounded: ok
