// Loops that a device repeats, as their passes are too many for a recording: of an end that only the device knows, forward and backward, within each other,
// with what is walked and collected; and of a fixed number of passes.
// RUN: %dlc-kernel-test %s
// RUN: %dlc-kernel-test --target cuda-emulator --remarks %s 2>&1 | FileCheck %s

module attributes {dl.stage = "optimized", dl.version = 1} {
dl.func private @half(%x: tensor<4xf32>) -> (tensor<4xf32>) attributes {dl.kernel = "map"} {
  %c = dl.constant dense<0.5> : tensor<4xf32>
  %y = dl.binary mul %x, %c : tensor<4xf32>
  dl.return %y : tensor<4xf32>
}
dl.func private @sum(%x: tensor<4xf32>, %z: tensor<4xf32>) -> (tensor<4xf32>) attributes {dl.kernel = "map"} {
  %y = dl.binary add %x, %z : tensor<4xf32>
  dl.return %y : tensor<4xf32>
}
dl.func private @add3(%x: tensor<3xi1>, %i: tensor<i64>) -> (tensor<3xi1>) attributes {dl.kernel = "map"} {
  %k = dl.constant dense<[3, 5, 290]> : tensor<3xi64>
  %w = dl.broadcast %i axes [] : tensor<i64> to tensor<3xi64>
  %l = dl.compare lt %w, %k : tensor<3xi64>
  %y = dl.compare ne %x, %l : tensor<3xi1>
  dl.return %y : tensor<3xi1>
}
dl.func private @below(%i: tensor<i64>, %n: tensor<i64>) -> (tensor<i1>) attributes {dl.kernel = "map"} {
  %y = dl.compare lt %i, %n : tensor<i64>
  dl.return %y : tensor<i1>
}
dl.func private @reaches(%i: tensor<i64>, %n: tensor<i64>) -> (tensor<i1>) attributes {dl.kernel = "map"} {
  %y = dl.compare ge %i, %n : tensor<i64>
  dl.return %y : tensor<i1>
}
dl.func private @minus1(%i: tensor<i64>) -> (tensor<i64>) attributes {dl.kernel = "map"} {
  %c = dl.constant dense<1> : tensor<i64>
  %y = dl.binary sub %i, %c : tensor<i64>
  dl.return %y : tensor<i64>
}

// Carried and collected values are computed where they belong; slices of 16 bytes and of 3.
// CHECK: repeated.mlir:[[@LINE+4]]:{{.*}} remark: this loop of up to 300 passes is recorded once, as a part that the device repeats, where the driver has such, from CUDA 12.4 on; else the host asks for each pass
// CHECK-LABEL: with_exit: ok{{$}}
dl.func @with_exit(%n: tensor<i64>, %xs: tensor<300x4xf32>, %bs: tensor<300x3xi1>, %h0: tensor<4xf32>)
    -> (tensor<4xf32>, tensor<300x4xf32>, tensor<300x3xi1>, tensor<300xi64>) attributes {dl.arena = 640, ranges = [[200.0, 201.0]]} {
  %h, %ys, %cs, %is = dl.loop <300> exit walk(%x = %xs : tensor<300x4xf32>, %p = %bs : tensor<300x3xi1>) carry(%c = %h0 : tensor<4xf32>) at [0, -1, -1, -1] into [-1, 1, 2, 3]
      -> tensor<4xf32>, tensor<300x4xf32>, tensor<300x3xi1>, tensor<300xi64> index %i {
    %stop = dl.launch @reaches(%i, %n) at [64] : (tensor<i64>, tensor<i64>) -> tensor<i1>
    %a = dl.launch @half(%c) at [128] : (tensor<4xf32>) -> tensor<4xf32>
    %m = dl.launch @sum(%a, %x) into [1] : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %d = dl.launch @half(%m) into [2] : (tensor<4xf32>) -> tensor<4xf32>
    %q = dl.launch @add3(%p, %i) at [192] : (tensor<3xi1>, tensor<i64>) -> tensor<3xi1>
    dl.yield %stop, %m, %d, %q, %i : tensor<i1>, tensor<4xf32>, tensor<4xf32>, tensor<3xi1>, tensor<i64>
  }
  dl.return %h, %ys, %cs, %is : tensor<4xf32>, tensor<300x4xf32>, tensor<300x3xi1>, tensor<300xi64>
}
}
