// RUN: %dlc-opt --dl-fuse %s | FileCheck %s

// A product takes a bias, an activation and its mask in.
// CHECK-LABEL: dl.func @dense
// CHECK: dl.kernel dot
// CHECK: dl.dot
// CHECK: dl.broadcast
// CHECK: dl.binary add
// CHECK: dl.unary relu
// CHECK-NOT: dl.kernel
// CHECK: dl.return
dl.func @dense(%x: tensor<8x4xf32> {dl.input = "x"}, %w: tensor<4x16xf32> {dl.input = "w"}, %b: tensor<16xf32> {dl.input = "b"}) -> (tensor<8x16xf32> {dl.output = "y"}, tensor<8x16xf32> {dl.output = "z"}) {
  %d = dl.dot %x, %w batch [] [] contract [1] [0] : (tensor<8x4xf32>, tensor<4x16xf32>) -> tensor<8x16xf32>
  %c = dl.broadcast %b axes [1] : tensor<16xf32> to tensor<8x16xf32>
  %z = dl.binary add %d, %c : tensor<8x16xf32>
  %y = dl.unary relu %z : tensor<8x16xf32>
  dl.return %y, %z : tensor<8x16xf32>, tensor<8x16xf32>
}

// Softmax is one pass over rows.
// CHECK-LABEL: dl.func @softmax
// CHECK: dl.kernel rows
// CHECK-COUNT-2: dl.reduce
// CHECK-NOT: dl.kernel
// CHECK: dl.return
dl.func @softmax(%x: tensor<8x16xf32> {dl.input = "x"}) -> (tensor<8x16xf32> {dl.output = "y"}) {
  %m = dl.reduce max %x axes [1] : tensor<8x16xf32> to tensor<8xf32>
  %n = dl.broadcast %m axes [0] : tensor<8xf32> to tensor<8x16xf32>
  %d = dl.binary sub %x, %n : tensor<8x16xf32>
  %e = dl.unary exp %d : tensor<8x16xf32>
  %s = dl.reduce sum %e axes [1] : tensor<8x16xf32> to tensor<8xf32>
  %t = dl.broadcast %s axes [0] : tensor<8xf32> to tensor<8x16xf32>
  %y = dl.binary div %e, %t : tensor<8x16xf32>
  dl.return %y : tensor<8x16xf32>
}

// Two reductions of one tensor are one kernel; producers are computed on the way.
// CHECK-LABEL: dl.func @two_sums
// CHECK: dl.kernel reduce
// CHECK-DAG: dl.unary square
// CHECK-DAG: dl.reduce sum {{.*}} axes [0]
// CHECK-NOT: dl.kernel
// CHECK: dl.return
dl.func @two_sums(%x: tensor<8x16xf32> {dl.input = "x"}) -> (tensor<16xf32> {dl.output = "s"}, tensor<16xf32> {dl.output = "q"}) {
  %s = dl.reduce sum %x axes [0] : tensor<8x16xf32> to tensor<16xf32>
  %e = dl.unary square %x : tensor<8x16xf32>
  %q = dl.reduce sum %e axes [0] : tensor<8x16xf32> to tensor<16xf32>
  dl.return %s, %q : tensor<16xf32>, tensor<16xf32>
}

// What would close a cycle stays apart: the sum needs the loop, the loop the first operation.
// CHECK-LABEL: dl.func @no_cycle
// CHECK: dl.kernel map
// CHECK: dl.loop
// CHECK: dl.kernel map
dl.func @no_cycle(%x: tensor<8xf32> {dl.input = "x"}) -> (tensor<8xf32> {dl.output = "y"}) {
  %e = dl.unary exp %x : tensor<8xf32>
  %l = dl.loop <3> carry(%c = %e : tensor<8xf32>) -> tensor<8xf32> index %i {
    %n = dl.unary tanh %c : tensor<8xf32>
    dl.yield %n : tensor<8xf32>
  }
  %y = dl.binary add %e, %l : tensor<8xf32>
  dl.return %y : tensor<8xf32>
}

// An expensive value that is broadcast is computed once.
// CHECK-LABEL: dl.func @expensive_row
// CHECK: dl.kernel map
// CHECK-NEXT: dl.binary pow
// CHECK-NEXT: dl.yield
// CHECK: dl.kernel map
// CHECK: dl.broadcast
dl.func @expensive_row(%a: tensor<16xf32> {dl.input = "a"}, %b: tensor<16xf32> {dl.input = "b"}, %x: tensor<800x16xf32> {dl.input = "x"}) -> (tensor<800x16xf32> {dl.output = "y"}) {
  %p = dl.binary pow %a, %b : tensor<16xf32>
  %r = dl.broadcast %p axes [1] : tensor<16xf32> to tensor<800x16xf32>
  %y = dl.binary mul %x, %r : tensor<800x16xf32>
  dl.return %y : tensor<800x16xf32>
}

// A window is never made: each reduction looks at its own.
// CHECK-LABEL: dl.func @pool
// CHECK: dl.kernel reduce
// CHECK: dl.window
// CHECK-NEXT: dl.reduce max
// CHECK-NOT: -> (tensor<2x4x3x2
// CHECK: dl.return
dl.func @pool(%x: tensor<2x8x3xf32> {dl.input = "x"}) -> (tensor<2x4x3xf32> {dl.output = "y"}) {
  %w = dl.window %x axes [1] size [2] stride [2] dilation [1] : tensor<2x8x3xf32> to tensor<2x4x3x2xf32>
  %y = dl.reduce max %w axes [3] : tensor<2x4x3x2xf32> to tensor<2x4x3xf32>
  dl.return %y : tensor<2x4x3xf32>
}

// A reshape between kernels is a view and stands in none.
// CHECK-LABEL: dl.func @view
// CHECK: dl.kernel dot
// CHECK-NOT: dl.reshape
// CHECK: }
// CHECK-NEXT: dl.reshape
// CHECK: dl.kernel dot
dl.func @view(%x: tensor<8x4xf32> {dl.input = "x"}, %w: tensor<4x6xf32> {dl.input = "w"}, %v: tensor<3x5xf32> {dl.input = "v"}) -> (tensor<16x5xf32> {dl.output = "y"}) {
  %d = dl.dot %x, %w batch [] [] contract [1] [0] : (tensor<8x4xf32>, tensor<4x6xf32>) -> tensor<8x6xf32>
  %r = dl.reshape %d : tensor<8x6xf32> to tensor<16x3xf32>
  %y = dl.dot %r, %v batch [] [] contract [1] [0] : (tensor<16x3xf32>, tensor<3x5xf32>) -> tensor<16x5xf32>
  dl.return %y : tensor<16x5xf32>
}

// Effects keep their order, and are in no kernel.
// CHECK-LABEL: dl.func @effects
// CHECK: dl.host "print" {format = "first"}
// CHECK: dl.host "print" {format = "second"}
dl.func @effects(%x: tensor<f32> {dl.input = "x"}) {
  %e = dl.unary exp %x : tensor<f32>
  dl.host "print" {format = "first"} (%e) : tensor<f32>
  dl.host "print" {format = "second"} (%x) : tensor<f32>
  dl.return
}

// A scatter fills its target itself and computes its updates.
// CHECK-LABEL: dl.func @embedding_gradient
// CHECK: dl.kernel scatter
// CHECK-DAG: dl.broadcast
// CHECK-DAG: dl.binary mul
// CHECK: dl.scatter add
// CHECK-NOT: dl.kernel
// CHECK: dl.return
dl.func @embedding_gradient(%i: tensor<5xi64> {dl.input = "i"}, %u: tensor<5x4xf32> {dl.input = "u"}) -> (tensor<9x4xf32> {dl.output = "g"}) {
  %zero = dl.constant dense<0.0> : tensor<f32>
  %z = dl.broadcast %zero axes [] : tensor<f32> to tensor<9x4xf32>
  %m = dl.binary mul %u, %u : tensor<5x4xf32>
  %g = dl.scatter add %z, %i, %m axis 0 batch 0 : tensor<9x4xf32>, tensor<5xi64>, tensor<5x4xf32>
  dl.return %g : tensor<9x4xf32>
}

// A batch less its mean is computed again by each of its readers, from the product that a mean has in memory anyway.
// CHECK-LABEL: @next_to_memory
// CHECK: dl.kernel
// CHECK: dl.dot
// CHECK: dl.kernel
// CHECK: dl.reduce sum
// CHECK-NOT: dl.binary
// CHECK: dl.kernel
// CHECK-COUNT-1: dl.binary sub
// CHECK: dl.kernel
// CHECK-COUNT-1: dl.binary sub
dl.func @next_to_memory(%a: tensor<64x32xf32>, %b: tensor<32x16xf32>) -> (tensor<16xf32>, tensor<64x16xf32>) {
  %x = dl.dot %a, %b batch [] [] contract [1] [0] : (tensor<64x32xf32>, tensor<32x16xf32>) -> tensor<64x16xf32>
  %m = dl.reduce sum %x axes [0] : tensor<64x16xf32> to tensor<16xf32>
  %w = dl.broadcast %m axes [1] : tensor<16xf32> to tensor<64x16xf32>
  %d = dl.binary sub %x, %w : tensor<64x16xf32>
  %q = dl.binary mul %d, %d : tensor<64x16xf32>
  %v = dl.reduce sum %q axes [0] : tensor<64x16xf32> to tensor<16xf32>
  %u = dl.broadcast %v axes [1] : tensor<16xf32> to tensor<64x16xf32>
  %y = dl.binary mul %d, %u : tensor<64x16xf32>
  dl.return %v, %y : tensor<16xf32>, tensor<64x16xf32>
}
