// RUN: %dlc-opt --dl-fuse=columns=true %s | FileCheck %s
// RUN: %dlc-opt --dl-fuse=remarks=true %s 2>&1 | FileCheck %s --check-prefix=APART

// What a batch is folded to and what is done with its elements behind that are one kernel, where the target has such kernels.
// CHECK-LABEL: dl.func @centered
// CHECK: dl.kernel columns
// CHECK-COUNT-2: dl.reduce sum
// CHECK-NOT: dl.kernel
// CHECK: dl.return
// APART: `reduce` is not in the kernel of its reader `broadcast`: what is folded over other axes than the last ones is needed as a whole before the elements that were folded
// APART-LABEL: dl.func @centered
// APART: dl.kernel reduce
// APART: dl.kernel map
dl.func @centered(%x: tensor<64x8xf32> {dl.input = "x"}) -> (tensor<64x8xf32> {dl.output = "y"}, tensor<8xf32> {dl.output = "v"}) {
  %s = dl.reduce sum %x axes [0] : tensor<64x8xf32> to tensor<8xf32>
  %b = dl.broadcast %s axes [1] : tensor<8xf32> to tensor<64x8xf32>
  %c = dl.binary sub %x, %b : tensor<64x8xf32>
  %q = dl.unary square %c : tensor<64x8xf32>
  %v = dl.reduce sum %q axes [0] : tensor<64x8xf32> to tensor<8xf32>
  %w = dl.broadcast %v axes [1] : tensor<8xf32> to tensor<64x8xf32>
  %y = dl.binary div %c, %w : tensor<64x8xf32>
  dl.return %y, %v : tensor<64x8xf32>, tensor<8xf32>
}

// A tensor and its sums stay two: a fold that nothing comes back from has the whole card.
// CHECK-LABEL: dl.func @with_sums
// CHECK: dl.kernel map
// CHECK: dl.kernel reduce
dl.func @with_sums(%x: tensor<64x8xf32> {dl.input = "x"}) -> (tensor<64x8xf32> {dl.output = "y"}, tensor<8xf32> {dl.output = "s"}) {
  %y = dl.unary exp %x : tensor<64x8xf32>
  %s = dl.reduce sum %y axes [0] : tensor<64x8xf32> to tensor<8xf32>
  dl.return %y, %s : tensor<64x8xf32>, tensor<8xf32>
}

// Columns in the middle; a broadcast along other axes than those that stayed is another place.
// CHECK-LABEL: dl.func @middle
// CHECK: dl.kernel columns
// CHECK-NOT: dl.kernel
// CHECK: dl.return
dl.func @middle(%x: tensor<4x8x8xf32> {dl.input = "x"}) -> (tensor<4x8x8xf32> {dl.output = "y"}) {
  %s = dl.reduce max %x axes [0, 2] : tensor<4x8x8xf32> to tensor<8xf32>
  %b = dl.broadcast %s axes [1] : tensor<8xf32> to tensor<4x8x8xf32>
  %y = dl.binary sub %x, %b : tensor<4x8x8xf32>
  dl.return %y : tensor<4x8x8xf32>
}
// CHECK-LABEL: dl.func @across
// CHECK: dl.kernel reduce
// CHECK: dl.kernel map
dl.func @across(%x: tensor<4x8x8xf32> {dl.input = "x"}) -> (tensor<4x8x8xf32> {dl.output = "y"}) {
  %s = dl.reduce max %x axes [0, 2] : tensor<4x8x8xf32> to tensor<8xf32>
  %b = dl.broadcast %s axes [2] : tensor<8xf32> to tensor<4x8x8xf32>
  %y = dl.binary sub %x, %b : tensor<4x8x8xf32>
  dl.return %y : tensor<4x8x8xf32>
}

// A reshape behind is a view of what the kernel leaves, and keeps nothing out of it.
// CHECK-LABEL: dl.func @flattened
// CHECK: dl.kernel columns
// CHECK: dl.unary relu
// CHECK-NOT: dl.kernel
// CHECK: dl.reshape
// CHECK: dl.return
dl.func @flattened(%x: tensor<4x6x8xf32> {dl.input = "x"}) -> (tensor<4x48xf32> {dl.output = "y"}) {
  %s = dl.reduce sum %x axes [0, 1] : tensor<4x6x8xf32> to tensor<8xf32>
  %b = dl.broadcast %s axes [2] : tensor<8xf32> to tensor<4x6x8xf32>
  %c = dl.binary sub %x, %b : tensor<4x6x8xf32>
  %r = dl.unary relu %c : tensor<4x6x8xf32>
  %f = dl.reshape %r : tensor<4x6x8xf32> to tensor<4x48xf32>
  dl.return %f : tensor<4x48xf32>
}
