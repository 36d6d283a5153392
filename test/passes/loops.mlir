// RUN: %dlc-opt --dl-loops %s | FileCheck %s

// The gradient of a weight that every pass uses: nothing is carried, one product over passes and rows.
// CHECK-LABEL: dl.func @weight_gradient
// CHECK: %[[L:.*]] = dl.loop <5> walk(
// CHECK-NOT: carry
// CHECK-NOT: dl.dot
// CHECK: %[[P:.*]] = dl.dot %arg0, %[[L]] batch [] [] contract [0, 1] [0, 1] : (tensor<5x2x3xf32>, tensor<5x2x4xf32>) -> tensor<3x4xf32>
// CHECK: dl.binary add %{{.*}}, %[[P]]
dl.func @weight_gradient(%xs: tensor<5x2x3xf32> {dl.input = "x"}, %ds: tensor<5x2x4xf32> {dl.input = "d"}, %z: tensor<3x4xf32> {dl.input = "z"}) -> (tensor<3x4xf32> {dl.output = "g"}) {
  %g = dl.loop <5> walk(%x = %xs : tensor<5x2x3xf32>, %d = %ds : tensor<5x2x4xf32>) carry(%c = %z : tensor<3x4xf32>) -> tensor<3x4xf32> index %i {
    %e = dl.unary tanh %d : tensor<2x4xf32>
    %p = dl.dot %x, %e batch [] [] contract [0] [0] : (tensor<2x3xf32>, tensor<2x4xf32>) -> tensor<3x4xf32>
    %n = dl.binary add %c, %p : tensor<3x4xf32>
    dl.yield %n : tensor<3x4xf32>
  }
  dl.return %g : tensor<3x4xf32>
}

// With an early exit the passes that did not run must not count, and work for all of them may be far too much.
// CHECK-LABEL: dl.func @exits
// CHECK: dl.loop
// CHECK: dl.dot
// CHECK: dl.yield
dl.func @exits(%xs: tensor<5x2x3xf32> {dl.input = "x"}, %w: tensor<2x4xf32> {dl.input = "w"}, %z: tensor<3x4xf32> {dl.input = "z"}, %stop: tensor<i1> {dl.input = "s"}) -> (tensor<3x4xf32> {dl.output = "g"}) {
  %g = dl.loop <5> exit walk(%x = %xs : tensor<5x2x3xf32>) carry(%c = %z : tensor<3x4xf32>) -> tensor<3x4xf32> index %i {
    %p = dl.dot %x, %w batch [] [] contract [0] [0] : (tensor<2x3xf32>, tensor<2x4xf32>) -> tensor<3x4xf32>
    %n = dl.binary add %c, %p : tensor<3x4xf32>
    dl.yield %stop, %n : tensor<i1>, tensor<3x4xf32>
  }
  dl.return %g : tensor<3x4xf32>
}

// What is carried for itself, what is walked and collected for nobody, and what does not change go.
// CHECK-LABEL: dl.func @prune
// CHECK: %[[E:.*]] = dl.unary exp %arg2
// CHECK: dl.loop <5> carry(%[[C:.*]] = %arg1 : tensor<2xf32>) -> tensor<2xf32>
// CHECK-NEXT: dl.binary mul %[[C]], %[[E]]
// CHECK-NEXT: dl.yield
dl.func @prune(%xs: tensor<5x2xf32> {dl.input = "x"}, %h: tensor<2xf32> {dl.input = "h"}, %k: tensor<2xf32> {dl.input = "k"}) -> (tensor<2xf32> {dl.output = "y"}) {
  %y, %u, %v, %all = dl.loop <5> walk(%x = %xs : tensor<5x2xf32>) carry(%a = %h : tensor<2xf32>, %b = %h : tensor<2xf32>, %c = %k : tensor<2xf32>) -> tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<5x2xf32> index %i {
    %e = dl.unary exp %c : tensor<2xf32>
    %n = dl.binary mul %a, %e : tensor<2xf32>
    %m = dl.binary add %b, %x : tensor<2xf32>
    dl.yield %n, %m, %c, %x : tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>
  }
  dl.return %y : tensor<2xf32>
}

// A product with what the pass computes again stays in the loop: outside, that would be kept for all passes.
// CHECK-LABEL: dl.func @recomputed
// CHECK: dl.loop <5>
// CHECK: dl.dot
// CHECK: dl.yield
// CHECK-NOT: dl.dot
// CHECK: dl.return
dl.func @recomputed(%xs: tensor<5x2x3xf32> {dl.input = "x"}, %ds: tensor<5x2x4xf32> {dl.input = "d"}, %z: tensor<3x4xf32> {dl.input = "z"}) -> (tensor<3x4xf32> {dl.output = "g"}) {
  %g = dl.loop <5> walk(%x = %xs : tensor<5x2x3xf32>, %d = %ds : tensor<5x2x4xf32>) carry(%c = %z : tensor<3x4xf32>) -> tensor<3x4xf32> index %i {
    %b = dl.barrier %x after(%c) : tensor<2x3xf32> after(tensor<3x4xf32>)
    %e = dl.unary tanh %b : tensor<2x3xf32>
    %p = dl.dot %e, %d batch [] [] contract [0] [0] : (tensor<2x3xf32>, tensor<2x4xf32>) -> tensor<3x4xf32>
    %n = dl.binary add %c, %p : tensor<3x4xf32>
    dl.yield %n : tensor<3x4xf32>
  }
  dl.return %g : tensor<3x4xf32>
}
