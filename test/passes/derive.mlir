// RUN: %dlc-opt --dl-derive --split-input-file --verify-diagnostics %s | FileCheck %s

// The gradient of a gradient: 6x for x cubed.
dl.func @twice(%x: tensor<f32> {dl.input = "x"}) -> (tensor<f32> {dl.output = "y"}) {
  %v = dl.variable %x : tensor<f32>
  %s = dl.binary mul %v, %v : tensor<f32>
  %c = dl.binary mul %s, %v : tensor<f32>
  %g = dl.gradient %c wrt(%v) : tensor<f32>, (tensor<f32>)
  %h = dl.gradient %g wrt(%v) : tensor<f32>, (tensor<f32>)
  dl.return %h : tensor<f32>
}
// CHECK-LABEL: dl.func @twice
// CHECK-NOT: dl.gradient
// CHECK-NOT: dl.variable
// CHECK: dl.binary mul
// CHECK: dl.return

// -----

// A gradient that nobody reads is not computed, and its marks go.
dl.func @unused(%x: tensor<f32> {dl.input = "x"}) -> (tensor<f32> {dl.output = "y"}) {
  %v = dl.variable %x : tensor<f32>
  %s = dl.unary exp %v : tensor<f32>
  %g = dl.gradient %s wrt(%v) : tensor<f32>, (tensor<f32>)
  %c = dl.stop_gradient %s : tensor<f32>
  dl.return %c : tensor<f32>
}
// CHECK-LABEL: dl.func @unused
// CHECK-COUNT-1: dl.unary exp
// CHECK-NOT: dl.binary
// CHECK: dl.return
