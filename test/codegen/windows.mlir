// Windows and their gradients as the pipeline makes them, and other short axes behind long ones.
// RUN: %dlc-kernel-test %s
// RUN: %dlc-kernel-test --target cuda-emulator %s

module attributes {dl.stage = "graph", dl.version = 1} {
dl.func @pool_masks_32(%x: tensor<2x6x6x32xf32>) -> (tensor<2x3x3x32x2xf32>, tensor<2x3x3x32x2x2xi1>) {
  %w = dl.window %x axes [1, 2] size [2, 2] stride [2, 2] dilation [1, 1] : tensor<2x6x6x32xf32> to tensor<2x3x3x32x2x2xf32>
  %m = dl.reduce max %w axes [5] : tensor<2x3x3x32x2x2xf32> to tensor<2x3x3x32x2xf32>
  %i = dl.iota 5 : tensor<2x3x3x32x2x2xi64>
  %k = dl.arg_reduce max %w axis 5 : tensor<2x3x3x32x2x2xf32> to tensor<2x3x3x32x2xi64>
  %kb = dl.broadcast %k axes [0, 1, 2, 3, 4] : tensor<2x3x3x32x2xi64> to tensor<2x3x3x32x2x2xi64>
  %hit = dl.compare eq %i, %kb : tensor<2x3x3x32x2x2xi64>
  dl.return %m, %hit : tensor<2x3x3x32x2xf32>, tensor<2x3x3x32x2x2xi1>
}

dl.func @pool_masks_outer_32(%m: tensor<2x3x3x32x2xf32>) -> (tensor<2x3x3x32x2xi1>) {
  %i = dl.iota 4 : tensor<2x3x3x32x2xi64>
  %k = dl.arg_reduce max %m axis 4 : tensor<2x3x3x32x2xf32> to tensor<2x3x3x32xi64>
  %kb = dl.broadcast %k axes [0, 1, 2, 3] : tensor<2x3x3x32xi64> to tensor<2x3x3x32x2xi64>
  %hit = dl.compare eq %i, %kb : tensor<2x3x3x32x2xi64>
  dl.return %hit : tensor<2x3x3x32x2xi1>
}

dl.func @pool_spread_32(%g: tensor<2x3x3x32xf32>, %h1: tensor<2x3x3x32x2xi1>, %h2: tensor<2x3x3x32x2x2xi1>) -> (tensor<2x6x6x32xf32>) {
  %gb = dl.broadcast %g axes [0, 1, 2, 3] : tensor<2x3x3x32xf32> to tensor<2x3x3x32x2xf32>
  %z1 = dl.constant dense<0.0> : tensor<2x3x3x32x2xf32>
  %s = dl.select %h1, %gb, %z1 : tensor<2x3x3x32x2xf32>
  %sb = dl.broadcast %s axes [0, 1, 2, 3, 4] : tensor<2x3x3x32x2xf32> to tensor<2x3x3x32x2x2xf32>
  %z = dl.constant dense<0.0> : tensor<2x3x3x32x2x2xf32>
  %t = dl.select %h2, %sb, %z : tensor<2x3x3x32x2x2xf32>
  %dx = dl.overlap_add %t axes [1, 2] size [2, 2] stride [2, 2] dilation [1, 1] : tensor<2x3x3x32x2x2xf32> to tensor<2x6x6x32xf32>
  dl.return %dx : tensor<2x6x6x32xf32>
}

dl.func @pool_masks_19(%x: tensor<1x7x7x19xf32>) -> (tensor<1x3x3x19x2xf32>, tensor<1x3x3x19x2x2xi1>) {
  %w = dl.window %x axes [1, 2] size [2, 2] stride [2, 2] dilation [1, 1] : tensor<1x7x7x19xf32> to tensor<1x3x3x19x2x2xf32>
  %m = dl.reduce max %w axes [5] : tensor<1x3x3x19x2x2xf32> to tensor<1x3x3x19x2xf32>
  %i = dl.iota 5 : tensor<1x3x3x19x2x2xi64>
  %k = dl.arg_reduce max %w axis 5 : tensor<1x3x3x19x2x2xf32> to tensor<1x3x3x19x2xi64>
  %kb = dl.broadcast %k axes [0, 1, 2, 3, 4] : tensor<1x3x3x19x2xi64> to tensor<1x3x3x19x2x2xi64>
  %hit = dl.compare eq %i, %kb : tensor<1x3x3x19x2x2xi64>
  dl.return %m, %hit : tensor<1x3x3x19x2xf32>, tensor<1x3x3x19x2x2xi1>
}

dl.func @pool_masks_outer_19(%m: tensor<1x3x3x19x2xf32>) -> (tensor<1x3x3x19x2xi1>) {
  %i = dl.iota 4 : tensor<1x3x3x19x2xi64>
  %k = dl.arg_reduce max %m axis 4 : tensor<1x3x3x19x2xf32> to tensor<1x3x3x19xi64>
  %kb = dl.broadcast %k axes [0, 1, 2, 3] : tensor<1x3x3x19xi64> to tensor<1x3x3x19x2xi64>
  %hit = dl.compare eq %i, %kb : tensor<1x3x3x19x2xi64>
  dl.return %hit : tensor<1x3x3x19x2xi1>
}

dl.func @pool_spread_19(%g: tensor<1x3x3x19xf32>, %h1: tensor<1x3x3x19x2xi1>, %h2: tensor<1x3x3x19x2x2xi1>) -> (tensor<1x7x7x19xf32>) {
  %gb = dl.broadcast %g axes [0, 1, 2, 3] : tensor<1x3x3x19xf32> to tensor<1x3x3x19x2xf32>
  %z1 = dl.constant dense<0.0> : tensor<1x3x3x19x2xf32>
  %s = dl.select %h1, %gb, %z1 : tensor<1x3x3x19x2xf32>
  %sb = dl.broadcast %s axes [0, 1, 2, 3, 4] : tensor<1x3x3x19x2xf32> to tensor<1x3x3x19x2x2xf32>
  %z = dl.constant dense<0.0> : tensor<1x3x3x19x2x2xf32>
  %t = dl.select %h2, %sb, %z : tensor<1x3x3x19x2x2xf32>
  %dx = dl.overlap_add %t axes [1, 2] size [2, 2] stride [2, 2] dilation [1, 1] : tensor<1x3x3x19x2x2xf32> to tensor<1x7x7x19xf32>
  dl.return %dx : tensor<1x7x7x19xf32>
}

dl.func @pool_masks_5(%x: tensor<2x4x4x5xf32>) -> (tensor<2x2x2x5x2xf32>, tensor<2x2x2x5x2x2xi1>) {
  %w = dl.window %x axes [1, 2] size [2, 2] stride [2, 2] dilation [1, 1] : tensor<2x4x4x5xf32> to tensor<2x2x2x5x2x2xf32>
  %m = dl.reduce max %w axes [5] : tensor<2x2x2x5x2x2xf32> to tensor<2x2x2x5x2xf32>
  %i = dl.iota 5 : tensor<2x2x2x5x2x2xi64>
  %k = dl.arg_reduce max %w axis 5 : tensor<2x2x2x5x2x2xf32> to tensor<2x2x2x5x2xi64>
  %kb = dl.broadcast %k axes [0, 1, 2, 3, 4] : tensor<2x2x2x5x2xi64> to tensor<2x2x2x5x2x2xi64>
  %hit = dl.compare eq %i, %kb : tensor<2x2x2x5x2x2xi64>
  dl.return %m, %hit : tensor<2x2x2x5x2xf32>, tensor<2x2x2x5x2x2xi1>
}

dl.func @pool_masks_outer_5(%m: tensor<2x2x2x5x2xf32>) -> (tensor<2x2x2x5x2xi1>) {
  %i = dl.iota 4 : tensor<2x2x2x5x2xi64>
  %k = dl.arg_reduce max %m axis 4 : tensor<2x2x2x5x2xf32> to tensor<2x2x2x5xi64>
  %kb = dl.broadcast %k axes [0, 1, 2, 3] : tensor<2x2x2x5xi64> to tensor<2x2x2x5x2xi64>
  %hit = dl.compare eq %i, %kb : tensor<2x2x2x5x2xi64>
  dl.return %hit : tensor<2x2x2x5x2xi1>
}

dl.func @pool_spread_5(%g: tensor<2x2x2x5xf32>, %h1: tensor<2x2x2x5x2xi1>, %h2: tensor<2x2x2x5x2x2xi1>) -> (tensor<2x4x4x5xf32>) {
  %gb = dl.broadcast %g axes [0, 1, 2, 3] : tensor<2x2x2x5xf32> to tensor<2x2x2x5x2xf32>
  %z1 = dl.constant dense<0.0> : tensor<2x2x2x5x2xf32>
  %s = dl.select %h1, %gb, %z1 : tensor<2x2x2x5x2xf32>
  %sb = dl.broadcast %s axes [0, 1, 2, 3, 4] : tensor<2x2x2x5x2xf32> to tensor<2x2x2x5x2x2xf32>
  %z = dl.constant dense<0.0> : tensor<2x2x2x5x2x2xf32>
  %t = dl.select %h2, %sb, %z : tensor<2x2x2x5x2x2xf32>
  %dx = dl.overlap_add %t axes [1, 2] size [2, 2] stride [2, 2] dilation [1, 1] : tensor<2x2x2x5x2x2xf32> to tensor<2x4x4x5xf32>
  dl.return %dx : tensor<2x4x4x5xf32>
}

dl.func @pool_masks_64(%x: tensor<1x26x26x64xf32>) -> (tensor<1x13x13x64x2xf32>, tensor<1x13x13x64x2x2xi1>) {
  %w = dl.window %x axes [1, 2] size [2, 2] stride [2, 2] dilation [1, 1] : tensor<1x26x26x64xf32> to tensor<1x13x13x64x2x2xf32>
  %m = dl.reduce max %w axes [5] : tensor<1x13x13x64x2x2xf32> to tensor<1x13x13x64x2xf32>
  %i = dl.iota 5 : tensor<1x13x13x64x2x2xi64>
  %k = dl.arg_reduce max %w axis 5 : tensor<1x13x13x64x2x2xf32> to tensor<1x13x13x64x2xi64>
  %kb = dl.broadcast %k axes [0, 1, 2, 3, 4] : tensor<1x13x13x64x2xi64> to tensor<1x13x13x64x2x2xi64>
  %hit = dl.compare eq %i, %kb : tensor<1x13x13x64x2x2xi64>
  dl.return %m, %hit : tensor<1x13x13x64x2xf32>, tensor<1x13x13x64x2x2xi1>
}

dl.func @pool_masks_outer_64(%m: tensor<1x13x13x64x2xf32>) -> (tensor<1x13x13x64x2xi1>) {
  %i = dl.iota 4 : tensor<1x13x13x64x2xi64>
  %k = dl.arg_reduce max %m axis 4 : tensor<1x13x13x64x2xf32> to tensor<1x13x13x64xi64>
  %kb = dl.broadcast %k axes [0, 1, 2, 3] : tensor<1x13x13x64xi64> to tensor<1x13x13x64x2xi64>
  %hit = dl.compare eq %i, %kb : tensor<1x13x13x64x2xi64>
  dl.return %hit : tensor<1x13x13x64x2xi1>
}

dl.func @pool_spread_64(%g: tensor<1x13x13x64xf32>, %h1: tensor<1x13x13x64x2xi1>, %h2: tensor<1x13x13x64x2x2xi1>) -> (tensor<1x26x26x64xf32>) {
  %gb = dl.broadcast %g axes [0, 1, 2, 3] : tensor<1x13x13x64xf32> to tensor<1x13x13x64x2xf32>
  %z1 = dl.constant dense<0.0> : tensor<1x13x13x64x2xf32>
  %s = dl.select %h1, %gb, %z1 : tensor<1x13x13x64x2xf32>
  %sb = dl.broadcast %s axes [0, 1, 2, 3, 4] : tensor<1x13x13x64x2xf32> to tensor<1x13x13x64x2x2xf32>
  %z = dl.constant dense<0.0> : tensor<1x13x13x64x2x2xf32>
  %t = dl.select %h2, %sb, %z : tensor<1x13x13x64x2x2xf32>
  %dx = dl.overlap_add %t axes [1, 2] size [2, 2] stride [2, 2] dilation [1, 1] : tensor<1x13x13x64x2x2xf32> to tensor<1x26x26x64xf32>
  dl.return %dx : tensor<1x26x26x64xf32>
}

dl.func @every_second_f32(%x: tensor<9x67xf32>) -> (tensor<9x33xf32>) {
  %y = dl.slice %x start [0, 1] stride [1, 2] : tensor<9x67xf32> to tensor<9x33xf32>
  dl.return %y : tensor<9x33xf32>
}

dl.func @every_fourth_f32(%x: tensor<5x200xf32>) -> (tensor<5x50xf32>) {
  %y = dl.slice %x start [0, 3] stride [1, 4] : tensor<5x200xf32> to tensor<5x50xf32>
  dl.return %y : tensor<5x50xf32>
}

dl.func @tail_of_eight_f32(%x: tensor<20x4x2xf32>, %s: tensor<20xf32>) -> (tensor<20x4x2xf32>) {
  %b = dl.broadcast %s axes [0] : tensor<20xf32> to tensor<20x4x2xf32>
  %y = dl.binary sub %x, %b : tensor<20x4x2xf32>
  dl.return %y : tensor<20x4x2xf32>
}

dl.func @tail_in_place_f32(%x: tensor<3x20x2xf32>, %s: tensor<20xf32>) -> (tensor<3x20x2xf32>) attributes {onto = [0]} {
  %b = dl.broadcast %s axes [1] : tensor<20xf32> to tensor<3x20x2xf32>
  %y = dl.binary sub %x, %b : tensor<3x20x2xf32>
  dl.return %y : tensor<3x20x2xf32>
}

dl.func @every_second_i8(%x: tensor<9x67xi8>) -> (tensor<9x33xi8>) {
  %y = dl.slice %x start [0, 1] stride [1, 2] : tensor<9x67xi8> to tensor<9x33xi8>
  dl.return %y : tensor<9x33xi8>
}

dl.func @every_fourth_i8(%x: tensor<5x200xi8>) -> (tensor<5x50xi8>) {
  %y = dl.slice %x start [0, 3] stride [1, 4] : tensor<5x200xi8> to tensor<5x50xi8>
  dl.return %y : tensor<5x50xi8>
}

dl.func @tail_of_eight_i8(%x: tensor<20x4x2xi8>, %s: tensor<20xi8>) -> (tensor<20x4x2xi8>) {
  %b = dl.broadcast %s axes [0] : tensor<20xi8> to tensor<20x4x2xi8>
  %y = dl.binary sub %x, %b : tensor<20x4x2xi8>
  dl.return %y : tensor<20x4x2xi8>
}

dl.func @tail_in_place_i8(%x: tensor<3x20x2xi8>, %s: tensor<20xi8>) -> (tensor<3x20x2xi8>) attributes {onto = [0]} {
  %b = dl.broadcast %s axes [1] : tensor<20xi8> to tensor<3x20x2xi8>
  %y = dl.binary sub %x, %b : tensor<3x20x2xi8>
  dl.return %y : tensor<3x20x2xi8>
}

dl.func @every_second_f64(%x: tensor<9x67xf64>) -> (tensor<9x33xf64>) {
  %y = dl.slice %x start [0, 1] stride [1, 2] : tensor<9x67xf64> to tensor<9x33xf64>
  dl.return %y : tensor<9x33xf64>
}

dl.func @every_fourth_f64(%x: tensor<5x200xf64>) -> (tensor<5x50xf64>) {
  %y = dl.slice %x start [0, 3] stride [1, 4] : tensor<5x200xf64> to tensor<5x50xf64>
  dl.return %y : tensor<5x50xf64>
}

dl.func @tail_of_eight_f64(%x: tensor<20x4x2xf64>, %s: tensor<20xf64>) -> (tensor<20x4x2xf64>) {
  %b = dl.broadcast %s axes [0] : tensor<20xf64> to tensor<20x4x2xf64>
  %y = dl.binary sub %x, %b : tensor<20x4x2xf64>
  dl.return %y : tensor<20x4x2xf64>
}

dl.func @tail_in_place_f64(%x: tensor<3x20x2xf64>, %s: tensor<20xf64>) -> (tensor<3x20x2xf64>) attributes {onto = [0]} {
  %b = dl.broadcast %s axes [1] : tensor<20xf64> to tensor<3x20x2xf64>
  %y = dl.binary sub %x, %b : tensor<3x20x2xf64>
  dl.return %y : tensor<3x20x2xf64>
}
}
