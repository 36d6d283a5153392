// RUN: %dlc-opt --dl-simplify %s | FileCheck %s

// CHECK-LABEL: dl.func @power
// CHECK-NOT: pow
// CHECK: dl.unary square
dl.func @power(%x: tensor<4xf32> {dl.input = "x"}) -> (tensor<4xf32> {dl.output = "y"}) {
  %two = dl.constant dense<2.0> : tensor<f32>
  %b = dl.broadcast %two axes [] : tensor<f32> to tensor<4xf32>
  %y = dl.binary pow %x, %b : tensor<4xf32>
  dl.return %y : tensor<4xf32>
}

// Only a power of two has an exact inverse.
// CHECK-LABEL: dl.func @divide
// CHECK: dl.constant dense<1.250000e-01>
// CHECK: dl.binary mul
// CHECK: dl.binary div
dl.func @divide(%x: tensor<f32> {dl.input = "x"}) -> (tensor<f32> {dl.output = "y"}) {
  %eight = dl.constant dense<8.0> : tensor<f32>
  %three = dl.constant dense<3.0> : tensor<f32>
  %a = dl.binary div %x, %eight : tensor<f32>
  %y = dl.binary div %a, %three : tensor<f32>
  dl.return %y : tensor<f32>
}

// CHECK-LABEL: dl.func @small_first
// CHECK: %[[S:.*]] = dl.unary exp %{{.*}} : tensor<3xf32>
// CHECK: dl.broadcast %[[S]]
dl.func @small_first(%x: tensor<3xf32> {dl.input = "x"}) -> (tensor<4x3xf32> {dl.output = "y"}) {
  %b = dl.broadcast %x axes [1] : tensor<3xf32> to tensor<4x3xf32>
  %y = dl.unary exp %b : tensor<4x3xf32>
  dl.return %y : tensor<4x3xf32>
}

// A reduction that keeps its axis, and what follows it: no axis of size 1 is left but in the result.
// CHECK-LABEL: dl.func @keepdims
// CHECK: %[[M:.*]] = dl.reduce max %[[X:.*]] axes [1]
// CHECK-NEXT: %[[L:.*]] = dl.unary exp %[[M]] : tensor<4xf32>
// CHECK-NEXT: %[[B:.*]] = dl.broadcast %[[L]] axes [0] : tensor<4xf32> to tensor<4x3xf32>
// CHECK-NEXT: dl.binary sub
dl.func @keepdims(%x: tensor<4x3xf32> {dl.input = "x"}) -> (tensor<4x3xf32> {dl.output = "y"}) {
  %m = dl.reduce max %x axes [1] : tensor<4x3xf32> to tensor<4xf32>
  %r = dl.reshape %m : tensor<4xf32> to tensor<4x1xf32>
  %e = dl.unary exp %r : tensor<4x1xf32>
  %b = dl.broadcast %e axes [0, 1] : tensor<4x1xf32> to tensor<4x3xf32>
  %y = dl.binary sub %x, %b : tensor<4x3xf32>
  dl.return %y : tensor<4x3xf32>
}

// CHECK-LABEL: dl.func @swapped_product
// CHECK: dl.dot %arg1, %arg0 batch [] [] contract [0] [1]
// CHECK-NOT: dl.transpose
dl.func @swapped_product(%x: tensor<4x3xf32> {dl.input = "x"}, %w: tensor<3x5xf32> {dl.input = "w"}) -> (tensor<5x4xf32> {dl.output = "y"}) {
  %d = dl.dot %x, %w batch [] [] contract [1] [0] : (tensor<4x3xf32>, tensor<3x5xf32>) -> tensor<4x5xf32>
  %y = dl.transpose %d [1, 0] : tensor<4x5xf32> to tensor<5x4xf32>
  dl.return %y : tensor<5x4xf32>
}

// A transpose that would reorder the axes of the result stays.
// CHECK-LABEL: dl.func @free_axes_keep_order
// CHECK: dl.transpose
dl.func @free_axes_keep_order(%x: tensor<4x2x3xf32> {dl.input = "x"}, %w: tensor<3x5xf32> {dl.input = "w"}) -> (tensor<2x4x5xf32> {dl.output = "y"}) {
  %t = dl.transpose %x [1, 0, 2] : tensor<4x2x3xf32> to tensor<2x4x3xf32>
  %y = dl.dot %t, %w batch [] [] contract [2] [0] : (tensor<2x4x3xf32>, tensor<3x5xf32>) -> tensor<2x4x5xf32>
  dl.return %y : tensor<2x4x5xf32>
}

// CHECK-LABEL: dl.func @one_hot
// CHECK-NOT: dl.scatter
// CHECK: dl.iota 1
// CHECK: dl.compare eq
// CHECK: dl.select
dl.func @one_hot(%i: tensor<4xui8> {dl.input = "i"}, %u: tensor<4xf32> {dl.input = "u"}) -> (tensor<4x3xf32> {dl.output = "y"}) {
  %zero = dl.constant dense<0.0> : tensor<f32>
  %z = dl.broadcast %zero axes [] : tensor<f32> to tensor<4x3xf32>
  %y = dl.scatter add %z, %i, %u axis 1 batch 1 : tensor<4x3xf32>, tensor<4xui8>, tensor<4xf32>
  dl.return %y : tensor<4x3xf32>
}

// CHECK-LABEL: dl.func @parts
// CHECK-NOT: dl.pad
// CHECK: dl.concat %arg1, %arg0 axis 1
dl.func @parts(%a: tensor<4x3xf32> {dl.input = "a"}, %b: tensor<4x2xf32> {dl.input = "b"}) -> (tensor<4x5xf32> {dl.output = "y"}) {
  %zero = dl.constant dense<0.0> : tensor<f32>
  %p = dl.pad %a, %zero low [0, 2] interior [0, 0] : tensor<4x3xf32> to tensor<4x5xf32>
  %q = dl.pad %b, %zero low [0, 0] interior [0, 0] : tensor<4x2xf32> to tensor<4x5xf32>
  %y = dl.binary add %p, %q : tensor<4x5xf32>
  dl.return %y : tensor<4x5xf32>
}

// Parts that overlap are added.
// CHECK-LABEL: dl.func @overlapping
// CHECK: dl.pad
// CHECK: dl.pad
// CHECK: dl.binary add
dl.func @overlapping(%a: tensor<4x3xf32> {dl.input = "a"}, %b: tensor<4x3xf32> {dl.input = "b"}) -> (tensor<4x5xf32> {dl.output = "y"}) {
  %zero = dl.constant dense<0.0> : tensor<f32>
  %p = dl.pad %a, %zero low [0, 2] interior [0, 0] : tensor<4x3xf32> to tensor<4x5xf32>
  %q = dl.pad %b, %zero low [0, 0] interior [0, 0] : tensor<4x3xf32> to tensor<4x5xf32>
  %y = dl.binary add %p, %q : tensor<4x5xf32>
  dl.return %y : tensor<4x5xf32>
}
