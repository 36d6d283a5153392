// Launches of one function that become one, and those that do not.
// RUN: %dlc-kernel-test --target cuda-emulator --remarks %s 2>&1 | FileCheck %s
// RUN: %dlc-kernel-test %s

module attributes {dl.stage = "optimized", dl.version = 1} {
dl.func private @update(%p: tensor<600000xf32>, %g: tensor<600000xf32>) -> tensor<600000xf32> attributes {dl.kernel = "map"} {
  %r = dl.binary sub %p, %g : tensor<600000xf32>
  dl.return %r : tensor<600000xf32>
}
dl.func private @small(%p: tensor<700xf32>, %n: tensor<f32>) -> tensor<700xf32> attributes {dl.kernel = "map"} {
  %b = dl.broadcast %n axes [] : tensor<f32> to tensor<700xf32>
  %r = dl.binary sub %p, %b : tensor<700xf32>
  dl.return %r : tensor<700xf32>
}
dl.func private @normalize(%x: tensor<64x256xf32>) -> tensor<64x256xf32> attributes {dl.kernel = "rows"} {
  %s = dl.reduce sum %x axes [1] : tensor<64x256xf32> to tensor<64xf32>
  %b = dl.broadcast %s axes [0] : tensor<64xf32> to tensor<64x256xf32>
  %r = dl.binary sub %x, %b : tensor<64x256xf32>
  dl.return %r : tensor<64x256xf32>
}
dl.func private @count(%n: tensor<i64>) -> (tensor<i64>, tensor<f32>) attributes {dl.kernel = "map"} {
  %1 = dl.constant dense<1> : tensor<i64>
  %m = dl.binary add %n, %1 : tensor<i64>
  %f = dl.cast %m : tensor<i64> to tensor<f32>
  dl.return %m, %f : tensor<i64>, tensor<f32>
}
dl.func private @use(%n: tensor<f32>) -> tensor<f32> attributes {dl.kernel = "map"} {
  %r = dl.unary neg %n : tensor<f32>
  dl.return %r : tensor<f32>
}

// What has many blocks joins, and what several members take is one argument of theirs; what comes between waits for none of them.
// CHECK: 4 launches are one, `group$0`, of 1178 blocks
dl.func @updates(%p: tensor<600000xf32>, %q: tensor<600000xf32>, %g: tensor<600000xf32>, %a: tensor<700xf32>, %b: tensor<700xf32>, %n: tensor<f32>) -> (tensor<600000xf32>, tensor<600000xf32>, tensor<700xf32>, tensor<700xf32>) {
  %r = dl.launch @update(%p, %g) at [-1] onto [-1] into [0] : (tensor<600000xf32>, tensor<600000xf32>) -> tensor<600000xf32>
  %c = dl.launch @small(%a, %n) at [-1] onto [-1] into [2] : (tensor<700xf32>, tensor<f32>) -> tensor<700xf32>
  %s = dl.launch @update(%q, %g) at [-1] onto [-1] into [1] : (tensor<600000xf32>, tensor<600000xf32>) -> tensor<600000xf32>
  %d = dl.launch @small(%b, %n) at [-1] onto [-1] into [3] : (tensor<700xf32>, tensor<f32>) -> tensor<700xf32>
  dl.return %r, %s, %c, %d : tensor<600000xf32>, tensor<600000xf32>, tensor<700xf32>, tensor<700xf32>
}
// Rows in registers and many blocks are not one; rows with few blocks are.
// CHECK: 2 launches are one, `group$1`, of 16 blocks
// CHECK-NOT: launches are one
dl.func @rows_with_rows(%x: tensor<64x256xf32>, %y: tensor<64x256xf32>) -> (tensor<64x256xf32>, tensor<64x256xf32>) attributes {tolerance = 1.0e-4} {
  %r = dl.launch @normalize(%x) at [-1] onto [-1] into [0] : (tensor<64x256xf32>) -> tensor<64x256xf32>
  %s = dl.launch @normalize(%y) at [-1] onto [-1] into [1] : (tensor<64x256xf32>) -> tensor<64x256xf32>
  dl.return %r, %s : tensor<64x256xf32>, tensor<64x256xf32>
}
dl.func @rows_with_updates(%p: tensor<600000xf32>, %g: tensor<600000xf32>, %x: tensor<64x256xf32>) -> (tensor<600000xf32>, tensor<64x256xf32>) attributes {tolerance = 1.0e-4} {
  %r = dl.launch @update(%p, %g) at [-1] onto [-1] into [0] : (tensor<600000xf32>, tensor<600000xf32>) -> tensor<600000xf32>
  %s = dl.launch @normalize(%x) at [-1] onto [-1] into [1] : (tensor<64x256xf32>) -> tensor<64x256xf32>
  dl.return %r, %s : tensor<600000xf32>, tensor<64x256xf32>
}
// A launch that reads what another writes waits for it.
dl.func @in_turn(%a: tensor<700xf32>, %n: tensor<f32>) -> (tensor<700xf32>, tensor<700xf32>) {
  %c = dl.launch @small(%a, %n) at [-1] onto [-1] into [0] : (tensor<700xf32>, tensor<f32>) -> tensor<700xf32>
  %d = dl.launch @small(%c, %n) at [-1] onto [-1] into [1] : (tensor<700xf32>, tensor<f32>) -> tensor<700xf32>
  dl.return %c, %d : tensor<700xf32>, tensor<700xf32>
}
// Counters stand apart, and in memory that is used again; they are gathered, with memory of their own.
// CHECK: 2 launches are one, `group$2`, of 2 blocks
// CHECK: 2 launches are one, `group$3`, of 2 blocks
dl.func @counters(%n: tensor<i64> {dl.state = "n"}, %m: tensor<i64> {dl.state = "m"}) -> (tensor<i64> {dl.update = "n"}, tensor<i64> {dl.update = "m"}, tensor<f32>, tensor<f32>) attributes {dl.arena = 64} {
  %c:2 = dl.launch @count(%n) at [-1, 0] onto [-1, -1] into [0, -1] : (tensor<i64>) -> (tensor<i64>, tensor<f32>)
  %u = dl.launch @use(%c#1) at [-1] onto [-1] into [2] : (tensor<f32>) -> tensor<f32>
  %d:2 = dl.launch @count(%m) at [-1, 0] onto [-1, -1] into [1, -1] : (tensor<i64>) -> (tensor<i64>, tensor<f32>)
  %v = dl.launch @use(%d#1) at [-1] onto [-1] into [3] : (tensor<f32>) -> tensor<f32>
  dl.return %c#0, %d#0, %u, %v : tensor<i64>, tensor<i64>, tensor<f32>, tensor<f32>
}
// CHECK: updates: ok
// CHECK: rows_with_rows: ok
// CHECK: rows_with_updates: ok
// CHECK: in_turn: ok
// CHECK: counters: ok
}
