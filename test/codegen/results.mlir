// What kernels return: a value twice, an argument, a constant, in place or not, and by every kind of phase. A kernel may have the name
// of a function of the C library.
// RUN: %dlc-kernel-test %s | FileCheck %s
// RUN: %dlc-kernel-test %s --cpu x86-64-v3
// RUN: %dlc-kernel-test --target cuda-emulator %s

module attributes {dl.stage = "optimized", dl.version = 1} {
dl.func private @pow(%x: tensor<4xf64>, %y: tensor<4xf64>) -> (tensor<4xf64>) attributes {dl.kernel = "map"} {
  %a = dl.unary exp %x : tensor<4xf64>
  %b = dl.binary pow %a, %y : tensor<4xf64>
  dl.return %b : tensor<4xf64>
}
dl.func private @memcpy(%x: tensor<4xf64>) -> (tensor<4xf64>, tensor<4xf64>) attributes {dl.kernel = "map"} {
  %a = dl.unary neg %x : tensor<4xf64>
  dl.return %a, %a : tensor<4xf64>, tensor<4xf64>
}
dl.func private @twice(%x: tensor<40x3xf32>) -> (tensor<40x3xf32>, tensor<40x3xf32>, tensor<40x3xf32>) attributes {dl.kernel = "map"} {
  %a = dl.unary exp %x : tensor<40x3xf32>
  dl.return %a, %a, %a : tensor<40x3xf32>, tensor<40x3xf32>, tensor<40x3xf32>
}
dl.func private @argument(%x: tensor<40x3xf32>) -> (tensor<40x3xf32>, tensor<40x3xf32>, tensor<40x3xf32>) attributes {dl.kernel = "map"} {
  %a = dl.unary neg %x : tensor<40x3xf32>
  dl.return %x, %a, %x : tensor<40x3xf32>, tensor<40x3xf32>, tensor<40x3xf32>
}
dl.func private @constant() -> (tensor<3xi32>, tensor<3xi32>, tensor<5xf32>) attributes {dl.kernel = "map"} {
  %a = dl.constant dense<[4, 5, 6]> : tensor<3xi32>
  %b = dl.constant dense<2.5> : tensor<5xf32>
  dl.return %a, %a, %b : tensor<3xi32>, tensor<3xi32>, tensor<5xf32>
}
dl.func private @reversed(%x: tensor<40xf32>) -> (tensor<40xf32>, tensor<40xf32>) attributes {dl.kernel = "map"} {
  %a = dl.reverse %x axes [0] : tensor<40xf32>
  dl.return %a, %a : tensor<40xf32>, tensor<40xf32>
}
dl.func private @product(%x: tensor<7x19xf32>, %w: tensor<19x18xf32>) -> (tensor<7x18xf32>, tensor<7x18xf32>) attributes {dl.kernel = "dot"} {
  %y = dl.dot %x, %w batch [] [] contract [1] [0] : (tensor<7x19xf32>, tensor<19x18xf32>) -> tensor<7x18xf32>
  %z = dl.unary relu %y : tensor<7x18xf32>
  dl.return %z, %z : tensor<7x18xf32>, tensor<7x18xf32>
}
dl.func private @wholes(%x: tensor<33xf32>) -> (tensor<f32>, tensor<f32>, tensor<33xf32>, tensor<33xf32>) attributes {dl.kernel = "reduce"} {
  %s = dl.reduce sum %x axes [0] : tensor<33xf32> to tensor<f32>
  %c = dl.cumulate sum %x axis 0 : tensor<33xf32>
  dl.return %s, %s, %c, %c : tensor<f32>, tensor<f32>, tensor<33xf32>, tensor<33xf32>
}

// CHECK: library_names: ok
dl.func @library_names(%x: tensor<4xf64>, %y: tensor<4xf64>) -> (tensor<4xf64>, tensor<4xf64>, tensor<4xf64>) attributes {dl.arena = 0} {
  %a = dl.launch @pow(%x, %y) at [-1] into [0] : (tensor<4xf64>, tensor<4xf64>) -> tensor<4xf64>
  %b, %c = dl.launch @memcpy(%a) at [-1, -1] into [1, 2] : (tensor<4xf64>) -> (tensor<4xf64>, tensor<4xf64>)
  dl.return %a, %b, %c : tensor<4xf64>, tensor<4xf64>, tensor<4xf64>
}
// CHECK: twice_main: ok
dl.func @twice_main(%x: tensor<40x3xf32>) -> (tensor<40x3xf32>, tensor<40x3xf32>, tensor<40x3xf32>) attributes {dl.arena = 0} {
  %a, %b, %c = dl.launch @twice(%x) at [-1, -1, -1] into [0, 1, 2] : (tensor<40x3xf32>) -> (tensor<40x3xf32>, tensor<40x3xf32>, tensor<40x3xf32>)
  dl.return %a, %b, %c : tensor<40x3xf32>, tensor<40x3xf32>, tensor<40x3xf32>
}
// The second of the two takes over the buffer of the operand.
// CHECK: twice_in_place: ok
dl.func @twice_in_place(%x: tensor<40x3xf32>) -> (tensor<40x3xf32>, tensor<40x3xf32>, tensor<40x3xf32>) attributes {dl.arena = 512} {
  %k = dl.copy %x at [0] : tensor<40x3xf32>
  %a, %b, %c = dl.launch @twice(%k) at [-1, -1, -1] onto [-1, 0, -1] into [0, -1, 2] : (tensor<40x3xf32>) -> (tensor<40x3xf32>, tensor<40x3xf32>, tensor<40x3xf32>)
  dl.return %a, %b, %c : tensor<40x3xf32>, tensor<40x3xf32>, tensor<40x3xf32>
}
// CHECK: argument_main: ok
dl.func @argument_main(%x: tensor<40x3xf32>) -> (tensor<40x3xf32>, tensor<40x3xf32>, tensor<40x3xf32>) attributes {dl.arena = 512} {
  %k = dl.copy %x at [0] : tensor<40x3xf32>
  %a, %b, %c = dl.launch @argument(%k) at [-1, -1, -1] onto [-1, 0, -1] into [0, -1, 2] : (tensor<40x3xf32>) -> (tensor<40x3xf32>, tensor<40x3xf32>, tensor<40x3xf32>)
  dl.return %a, %b, %c : tensor<40x3xf32>, tensor<40x3xf32>, tensor<40x3xf32>
}
// CHECK: constant_main: ok
dl.func @constant_main() -> (tensor<3xi32>, tensor<3xi32>, tensor<5xf32>) attributes {dl.arena = 0} {
  %a, %b, %c = dl.launch @constant() at [-1, -1, -1] into [0, 1, 2] : () -> (tensor<3xi32>, tensor<3xi32>, tensor<5xf32>)
  dl.return %a, %b, %c : tensor<3xi32>, tensor<3xi32>, tensor<5xf32>
}
// Either of the two results is the buffer that is still read.
// CHECK: reversed_first: ok
dl.func @reversed_first(%x: tensor<40xf32>) -> (tensor<40xf32>, tensor<40xf32>) attributes {dl.arena = 256} {
  %k = dl.copy %x at [0] : tensor<40xf32>
  %a, %b = dl.launch @reversed(%k) at [-1, -1] onto [0, -1] into [-1, 1] : (tensor<40xf32>) -> (tensor<40xf32>, tensor<40xf32>)
  dl.return %a, %b : tensor<40xf32>, tensor<40xf32>
}
// CHECK: reversed_second: ok
dl.func @reversed_second(%x: tensor<40xf32>) -> (tensor<40xf32>, tensor<40xf32>) attributes {dl.arena = 256} {
  %k = dl.copy %x at [0] : tensor<40xf32>
  %a, %b = dl.launch @reversed(%k) at [-1, -1] onto [-1, 0] into [0, -1] : (tensor<40xf32>) -> (tensor<40xf32>, tensor<40xf32>)
  dl.return %a, %b : tensor<40xf32>, tensor<40xf32>
}
// CHECK: product_main: ok
dl.func @product_main(%x: tensor<7x19xf32>, %w: tensor<19x18xf32>) -> (tensor<7x18xf32>, tensor<7x18xf32>) attributes {dl.arena = 0} {
  %a, %b = dl.launch @product(%x, %w) at [-1, -1] into [0, 1] : (tensor<7x19xf32>, tensor<19x18xf32>) -> (tensor<7x18xf32>, tensor<7x18xf32>)
  dl.return %a, %b : tensor<7x18xf32>, tensor<7x18xf32>
}
// CHECK: wholes_main: ok
dl.func @wholes_main(%x: tensor<33xf32>) -> (tensor<f32>, tensor<f32>, tensor<33xf32>, tensor<33xf32>) attributes {dl.arena = 0} {
  %a, %b, %c, %d = dl.launch @wholes(%x) at [-1, -1, -1, -1] into [0, 1, 2, 3] : (tensor<33xf32>) -> (tensor<f32>, tensor<f32>, tensor<33xf32>, tensor<33xf32>)
  dl.return %a, %b, %c, %d : tensor<f32>, tensor<f32>, tensor<33xf32>, tensor<33xf32>
}
}
