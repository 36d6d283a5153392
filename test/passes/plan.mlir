// RUN: %dlc-opt --dl-plan --dl-check-plan --split-input-file %s | FileCheck %s

dl.func private @exp(%p: tensor<32xf32>) -> (tensor<32xf32>) attributes {dl.kernel = "map"} {
  %r = dl.unary exp %p : tensor<32xf32>
  dl.return %r : tensor<32xf32>
}
dl.func private @add(%p: tensor<32xf32>, %q: tensor<32xf32>) -> (tensor<32xf32>) attributes {dl.kernel = "map"} {
  %r = dl.binary add %p, %q : tensor<32xf32>
  dl.return %r : tensor<32xf32>
}
dl.func private @total(%p: tensor<32xf32>) -> (tensor<f32>) attributes {dl.kernel = "reduce"} {
  %r = dl.reduce sum %p axes [0] : tensor<32xf32> to tensor<f32>
  dl.return %r : tensor<f32>
}
dl.func private @outer(%p: tensor<32xf32>) -> (tensor<32x32xf32>) attributes {dl.kernel = "map"} {
  %r = dl.broadcast %p axes [0] : tensor<32xf32> to tensor<32x32xf32>
  dl.return %r : tensor<32x32xf32>
}
dl.func private @back(%p: tensor<32x32xf32>) -> (tensor<32xf32>) attributes {dl.kernel = "reduce"} {
  %r = dl.reduce sum %p axes [0] : tensor<32x32xf32> to tensor<32xf32>
  dl.return %r : tensor<32xf32>
}

// Element-wise results take over what dies; the last one is written where it is wanted.
// CHECK-LABEL: dl.func @chain
// CHECK: dl.arena = 128
// CHECK: dl.launch @exp({{.*}}) at [0] onto [-1] into [-1]
// CHECK: dl.launch @exp({{.*}}) at [-1] onto [0] into [-1]
// CHECK: dl.launch @exp({{.*}}) at [-1] onto [-1] into [0]
dl.func @chain(%x: tensor<32xf32> {dl.input = "x"}) -> (tensor<32xf32> {dl.output = "y"}) {
  %a = dl.launch @exp(%x) : (tensor<32xf32>) -> tensor<32xf32>
  %b = dl.launch @exp(%a) : (tensor<32xf32>) -> tensor<32xf32>
  %c = dl.launch @exp(%b) : (tensor<32xf32>) -> tensor<32xf32>
  dl.return %c : tensor<32xf32>
}

// Memory that is free again is used again: two large tensors, never at once.
// CHECK-LABEL: dl.func @reuse
// CHECK: dl.arena = 4224
dl.func @reuse(%x: tensor<32xf32> {dl.input = "x"}) -> (tensor<32xf32> {dl.output = "y"}) {
  %a = dl.launch @outer(%x) : (tensor<32xf32>) -> tensor<32x32xf32>
  %b = dl.launch @back(%a) : (tensor<32x32xf32>) -> tensor<32xf32>
  %c = dl.launch @outer(%b) : (tensor<32xf32>) -> tensor<32x32xf32>
  %d = dl.launch @back(%c) : (tensor<32x32xf32>) -> tensor<32xf32>
  dl.return %d : tensor<32xf32>
}

// An update is written over the old value; a reduction may not take over what it reads.
// CHECK-LABEL: dl.func @update
// CHECK: dl.arena = 0
// CHECK: dl.launch @total(%arg0) at [-1] onto [-1] into [1]
// CHECK: dl.launch @add(%arg0, %arg1) at [-1] onto [-1] into [0]
dl.func @update(%w: tensor<32xf32> {dl.param = "w"}, %g: tensor<32xf32> {dl.input = "g"}) -> (tensor<32xf32> {dl.update = "w"}, tensor<f32> {dl.output = "s"}) {
  %s = dl.launch @total(%w) : (tensor<32xf32>) -> tensor<f32>
  %n = dl.launch @add(%w, %g) : (tensor<32xf32>, tensor<32xf32>) -> tensor<32xf32>
  dl.return %n, %s : tensor<32xf32>, tensor<f32>
}

// Without an order that allows it, the update waits in the arena.
// CHECK-LABEL: dl.func @late_reader
// CHECK: dl.launch @add(%arg0, %arg1) at [0] onto [-1] into [-1]
dl.func @late_reader(%w: tensor<32xf32> {dl.param = "w"}, %g: tensor<32xf32> {dl.input = "g"}) -> (tensor<32xf32> {dl.update = "w"}, tensor<f32> {dl.output = "s"}) {
  %n = dl.launch @add(%w, %g) : (tensor<32xf32>, tensor<32xf32>) -> tensor<32xf32>
  %s = dl.launch @total(%w) : (tensor<32xf32>) -> tensor<f32>
  dl.return %n, %s : tensor<32xf32>, tensor<f32>
}

// A view is no buffer: the sum reads the outer product where it lies.
// CHECK-LABEL: dl.func @view
// CHECK: dl.launch @outer({{.*}}) at [0]
// CHECK: dl.launch @outer({{.*}}) at [4096]
dl.func @view(%x: tensor<32xf32> {dl.input = "x"}) -> (tensor<32xf32> {dl.output = "y"}, tensor<32xf32> {dl.output = "z"}) {
  %a = dl.launch @outer(%x) : (tensor<32xf32>) -> tensor<32x32xf32>
  %v = dl.reshape %a : tensor<32x32xf32> to tensor<1024xf32>
  %b = dl.launch @outer(%x) : (tensor<32xf32>) -> tensor<32x32xf32>
  %d = dl.launch @back(%b) : (tensor<32x32xf32>) -> tensor<32xf32>
  %u = dl.reshape %v : tensor<1024xf32> to tensor<32x32xf32>
  %c = dl.launch @back(%u) : (tensor<32x32xf32>) -> tensor<32xf32>
  dl.return %c, %d : tensor<32xf32>, tensor<32xf32>
}

// A loop's state lies where its result is wanted, its collected values go straight into their slices.
// CHECK-LABEL: dl.func @loop
// CHECK: dl.loop <3> {{.*}} at [-1, -1] into [0, 1]
// CHECK: dl.launch @add({{.*}}) at [-1] onto [-1] into [0]
// CHECK: dl.launch @exp({{.*}}) at [-1] onto [-1] into [1]
dl.func @loop(%h: tensor<32xf32> {dl.input = "h"}, %g: tensor<32xf32> {dl.input = "g"}) -> (tensor<32xf32> {dl.output = "y"}, tensor<3x32xf32> {dl.output = "all"}) {
  %y, %all = dl.loop <3> carry(%c = %h : tensor<32xf32>) -> tensor<32xf32>, tensor<3x32xf32> index %i {
    %n = dl.launch @add(%c, %g) : (tensor<32xf32>, tensor<32xf32>) -> tensor<32xf32>
    %e = dl.launch @exp(%n) : (tensor<32xf32>) -> tensor<32xf32>
    dl.yield %n, %e : tensor<32xf32>, tensor<32xf32>
  }
  dl.return %y, %all : tensor<32xf32>, tensor<3x32xf32>
}

// A cond that updates a place writes it on the side that is taken.
// CHECK-LABEL: dl.func @cond
// CHECK: dl.arena = 0
// CHECK: dl.cond {{.*}}into [0]
// CHECK: dl.launch @add({{.*}}) at [-1] onto [-1] into [0]
dl.func @cond(%p: tensor<i1> {dl.input = "p"}, %w: tensor<32xf32> {dl.param = "w"}, %g: tensor<32xf32> {dl.input = "g"}) -> (tensor<32xf32> {dl.update = "w"}) {
  %n = dl.cond %p -> tensor<32xf32> {
    %a = dl.launch @add(%w, %g) : (tensor<32xf32>, tensor<32xf32>) -> tensor<32xf32>
    dl.yield %a : tensor<32xf32>
  } else {
    dl.yield %w : tensor<32xf32>
  }
  dl.return %n : tensor<32xf32>
}

// -----

// Open sizes: nothing to plan yet.
// CHECK-LABEL: dl.func @open
// CHECK-NOT: dl.arena
// CHECK: dl.launch @exp(%arg0) :
dl.func @open(%x: tensor<?xf32, #dl.sym<N>> {dl.input = "x"}) -> (tensor<?xf32, #dl.sym<N>> {dl.output = "y"}) attributes {dl.symbols = ["N"]} {
  %a = dl.launch @exp(%x) : (tensor<?xf32, #dl.sym<N>>) -> tensor<?xf32, #dl.sym<N>>
  dl.return %a : tensor<?xf32, #dl.sym<N>>
}
dl.func private @exp(%p: tensor<?xf32, #dl.sym<N>>) -> (tensor<?xf32, #dl.sym<N>>) attributes {dl.kernel = "map"} {
  %r = dl.unary exp %p : tensor<?xf32, #dl.sym<N>>
  dl.return %r : tensor<?xf32, #dl.sym<N>>
}

// -----

// An operand that the kernel reads in place and, under another shape, elsewhere as well: what it writes cannot lie there.
dl.func private @sum_of_shapes(%p: tensor<8x4xf32>, %q: tensor<32xf32>) -> (tensor<32xf32>) attributes {dl.kernel = "map"} {
  %flat = dl.reshape %p : tensor<8x4xf32> to tensor<32xf32>
  %r = dl.binary add %flat, %q : tensor<32xf32>
  dl.return %r : tensor<32xf32>
}
dl.func private @sine(%p: tensor<8x4xf32>) -> (tensor<8x4xf32>) attributes {dl.kernel = "map"} {
  %r = dl.unary sin %p : tensor<8x4xf32>
  dl.return %r : tensor<8x4xf32>
}
// CHECK-LABEL: dl.func @two_shapes
// CHECK: dl.launch @sine(%arg0) at [0] onto [-1] into [-1]
// CHECK: dl.launch @sum_of_shapes({{.*}}) at [128] onto [-1] into [-1]
dl.func @two_shapes(%x: tensor<8x4xf32> {dl.input = "x"}) -> (tensor<f32> {dl.output = "y"}) {
  %a = dl.launch @sine(%x) : (tensor<8x4xf32>) -> tensor<8x4xf32>
  %flat = dl.reshape %a : tensor<8x4xf32> to tensor<32xf32>
  %b = dl.launch @sum_of_shapes(%a, %flat) : (tensor<8x4xf32>, tensor<32xf32>) -> tensor<32xf32>
  %c = dl.launch @total(%b) : (tensor<32xf32>) -> tensor<f32>
  dl.return %c : tensor<f32>
}
dl.func private @total(%p: tensor<32xf32>) -> (tensor<f32>) attributes {dl.kernel = "reduce"} {
  %r = dl.reduce sum %p axes [0] : tensor<32xf32> to tensor<f32>
  dl.return %r : tensor<f32>
}
