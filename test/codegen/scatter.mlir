// Many updates to few places: sums of chunks, then a tree over them. Indices out of range are dropped.
// RUN: %dlc-kernel-test %s
// RUN: %dlc-kernel-test --target cuda-emulator %s
// RUN: %dlc-kernel-test %s --cpu x86-64-v3

module attributes {dl.stage = "train", dl.version = 1} {
dl.func @rows(%x: tensor<7x13xf32>, %i: tensor<5003xi64>, %u: tensor<5003x13xf32>) -> tensor<7x13xf32> attributes {ranges = [[-2.0, 2.0], [-2.0, 9.0]], onto = [0]} {
  %y = dl.scatter add %x, %i, %u axis 0 batch 0 : tensor<7x13xf32>, tensor<5003xi64>, tensor<5003x13xf32>
  dl.return %y : tensor<7x13xf32>
}
dl.func @counts(%x: tensor<10xi32>, %i: tensor<70001xui8>) -> tensor<10xi32> {
  %one = dl.constant dense<1> : tensor<i32>
  %u = dl.broadcast %one axes [] : tensor<i32> to tensor<70001xi32>
  %y = dl.scatter add %x, %i, %u axis 0 batch 0 : tensor<10xi32>, tensor<70001xui8>, tensor<70001xi32>
  dl.return %y : tensor<10xi32>
}
dl.func @batches(%x: tensor<3x5x4xf64>, %i: tensor<3x8011xi32>, %u: tensor<3x8011x4xf64>) -> tensor<3x5x4xf64> attributes {ranges = [[-2.0, 2.0], [0.0, 5.0]]} {
  %y = dl.scatter add %x, %i, %u axis 1 batch 1 : tensor<3x5x4xf64>, tensor<3x8011xi32>, tensor<3x8011x4xf64>
  dl.return %y : tensor<3x5x4xf64>
}
dl.func @last_axis(%x: tensor<2x6xf32>, %i: tensor<211x83xi64>, %u: tensor<2x211x83xf32>) -> (tensor<2x6xf32>, tensor<2x6xf32>) attributes {ranges = [[-2.0, 2.0], [0.0, 6.0]]} {
  %v = dl.unary square %u : tensor<2x211x83xf32>
  %y = dl.scatter add %x, %i, %v axis 1 batch 0 : tensor<2x6xf32>, tensor<211x83xi64>, tensor<2x211x83xf32>
  %z = dl.unary neg %y : tensor<2x6xf32>
  dl.return %y, %z : tensor<2x6xf32>, tensor<2x6xf32>
}
}
