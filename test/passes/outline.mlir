// RUN: %dlc-opt --dl-outline --split-input-file %s | FileCheck %s

// One body for two shapes of one size, and for two scales: the scale becomes an operand.
dl.func @f(%x: tensor<8x4xf32> {dl.input = "x"}, %z: tensor<2x16xf32> {dl.input = "z"}) -> (tensor<8x4xf32> {dl.output = "y"}, tensor<2x16xf32> {dl.output = "w"}) {
  %a = dl.kernel map (%p = %x : tensor<8x4xf32>) -> (tensor<8x4xf32>) {
    %c = dl.constant dense<2.0> : tensor<f32>
    %b = dl.broadcast %c axes [] : tensor<f32> to tensor<8x4xf32>
    %r = dl.binary mul %p, %b : tensor<8x4xf32>
    dl.yield %r : tensor<8x4xf32>
  }
  %b = dl.kernel map (%q = %z : tensor<2x16xf32>) -> (tensor<2x16xf32>) {
    %c = dl.constant dense<3.0> : tensor<f32>
    %b = dl.broadcast %c axes [] : tensor<f32> to tensor<2x16xf32>
    %r = dl.binary mul %q, %b : tensor<2x16xf32>
    dl.yield %r : tensor<2x16xf32>
  }
  dl.return %a, %b : tensor<8x4xf32>, tensor<2x16xf32>
}
// CHECK-LABEL: dl.func @f
// CHECK: %[[TWO:.*]] = dl.constant dense<2.000000e+00> : tensor<f32>
// CHECK: dl.launch @[[K:[a-z0-9_]+]](%[[TWO]],
// CHECK: %[[THREE:.*]] = dl.constant dense<3.000000e+00> : tensor<f32>
// CHECK: dl.launch @[[K]](%[[THREE]],
// CHECK: dl.func private @[[K]](
// CHECK-NOT: dl.func

// -----

// Which operands coincide belongs to the body: a·b is not a·a.
dl.func @g(%x: tensor<8xf32> {dl.input = "x"}, %z: tensor<8xf32> {dl.input = "z"}) -> (tensor<8xf32> {dl.output = "y"}, tensor<8xf32> {dl.output = "w"}) {
  %a = dl.kernel map (%p = %x : tensor<8xf32>, %q = %z : tensor<8xf32>) -> (tensor<8xf32>) {
    %r = dl.binary mul %p, %q : tensor<8xf32>
    dl.yield %r : tensor<8xf32>
  }
  %b = dl.kernel map (%p = %x : tensor<8xf32>) -> (tensor<8xf32>) {
    %r = dl.binary mul %p, %p : tensor<8xf32>
    dl.yield %r : tensor<8xf32>
  }
  dl.return %a, %b : tensor<8xf32>, tensor<8xf32>
}
// CHECK-LABEL: dl.func @g
// CHECK: dl.launch @[[A:[a-z0-9_]+]](%arg0, %arg1)
// CHECK: dl.launch @[[B:[a-z0-9_]+]](%arg0)
// CHECK: dl.func private @[[A]](
// CHECK: dl.func private @[[B]](

// -----

// A kernel with rows keeps its shape.
dl.func @h(%x: tensor<8x4xf32> {dl.input = "x"}) -> (tensor<8xf32> {dl.output = "y"}) {
  %a = dl.kernel reduce (%p = %x : tensor<8x4xf32>) -> (tensor<8xf32>) {
    %r = dl.reduce sum %p axes [1] : tensor<8x4xf32> to tensor<8xf32>
    dl.yield %r : tensor<8xf32>
  }
  dl.return %a : tensor<8xf32>
}
// CHECK-LABEL: dl.func @h
// CHECK-NOT: dl.reshape
// CHECK: dl.func private @reduce_sum(
// CHECK: attributes {dl.kernel = "reduce"}
