// Kernels of image networks: pooling, batch normalization, biases and their gradients.
// RUN: %dlc-kernel-test %s
// RUN: %dlc-kernel-test --target cuda-emulator %s

module attributes {dl.stage = "graph", dl.version = 1} {
dl.func @max_pool_gradient_16(%x: tensor<2x8x8x16xf32>, %g: tensor<2x4x4x16xf32>) -> (tensor<2x8x8x16xf32>) {
  %w = dl.window %x axes [1, 2] size [2, 2] stride [2, 2] dilation [1, 1] : tensor<2x8x8x16xf32> to tensor<2x4x4x16x2x2xf32>
  %r = dl.reshape %w : tensor<2x4x4x16x2x2xf32> to tensor<2x4x4x16x4xf32>
  %k = dl.arg_reduce max %r axis 4 : tensor<2x4x4x16x4xf32> to tensor<2x4x4x16xi64>
  %kb = dl.broadcast %k axes [0, 1, 2, 3] : tensor<2x4x4x16xi64> to tensor<2x4x4x16x4xi64>
  %i = dl.iota 4 : tensor<2x4x4x16x4xi64>
  %hit = dl.compare eq %i, %kb : tensor<2x4x4x16x4xi64>
  %gb = dl.broadcast %g axes [0, 1, 2, 3] : tensor<2x4x4x16xf32> to tensor<2x4x4x16x4xf32>
  %zero = dl.constant dense<0.0> : tensor<2x4x4x16x4xf32>
  %p = dl.select %hit, %gb, %zero : tensor<2x4x4x16x4xf32>
  %p6 = dl.reshape %p : tensor<2x4x4x16x4xf32> to tensor<2x4x4x16x2x2xf32>
  %dx = dl.overlap_add %p6 axes [1, 2] size [2, 2] stride [2, 2] dilation [1, 1] : tensor<2x4x4x16x2x2xf32> to tensor<2x8x8x16xf32>
  dl.return %dx : tensor<2x8x8x16xf32>
}

dl.func @bias_relu_pool_16(%x: tensor<2x8x8x16xf32>, %b: tensor<16xf32>) -> (tensor<2x4x4x16xf32>) {
  %bb = dl.broadcast %b axes [3] : tensor<16xf32> to tensor<2x8x8x16xf32>
  %s = dl.binary add %x, %bb : tensor<2x8x8x16xf32>
  %z = dl.unary relu %s : tensor<2x8x8x16xf32>
  %w = dl.window %z axes [1, 2] size [2, 2] stride [2, 2] dilation [1, 1] : tensor<2x8x8x16xf32> to tensor<2x4x4x16x2x2xf32>
  %y = dl.reduce max %w axes [4, 5] : tensor<2x4x4x16x2x2xf32> to tensor<2x4x4x16xf32>
  dl.return %y : tensor<2x4x4x16xf32>
}

dl.func @batch_norm_16(%x: tensor<2x8x8x16xf32>, %g: tensor<16xf32>, %b: tensor<16xf32>) -> (tensor<2x8x8x16xf32>, tensor<16xf32>, tensor<16xf32>) attributes {kind = "rows"} {
  %c = dl.constant dense<0.0078125> : tensor<16xf32>
  %s = dl.reduce sum %x axes [0, 1, 2] : tensor<2x8x8x16xf32> to tensor<16xf32>
  %mean = dl.binary mul %s, %c : tensor<16xf32>
  %mb = dl.broadcast %mean axes [3] : tensor<16xf32> to tensor<2x8x8x16xf32>
  %d = dl.binary sub %x, %mb : tensor<2x8x8x16xf32>
  %q = dl.unary square %d : tensor<2x8x8x16xf32>
  %v = dl.reduce sum %q axes [0, 1, 2] : tensor<2x8x8x16xf32> to tensor<16xf32>
  %var = dl.binary mul %v, %c : tensor<16xf32>
  %eps = dl.constant dense<1.0e-5> : tensor<16xf32>
  %ve = dl.binary add %var, %eps : tensor<16xf32>
  %r = dl.unary rsqrt %ve : tensor<16xf32>
  %rg = dl.binary mul %r, %g : tensor<16xf32>
  %rb = dl.broadcast %rg axes [3] : tensor<16xf32> to tensor<2x8x8x16xf32>
  %z = dl.binary mul %d, %rb : tensor<2x8x8x16xf32>
  %bb = dl.broadcast %b axes [3] : tensor<16xf32> to tensor<2x8x8x16xf32>
  %y = dl.binary add %z, %bb : tensor<2x8x8x16xf32>
  dl.return %y, %mean, %var : tensor<2x8x8x16xf32>, tensor<16xf32>, tensor<16xf32>
}

dl.func @relu_gradient_and_bias_16(%y: tensor<2x8x8x16xf32>, %g: tensor<2x8x8x16xf32>) -> (tensor<2x8x8x16xf32>, tensor<16xf32>) attributes {kind = "reduce"} {
  %zero = dl.constant dense<0.0> : tensor<2x8x8x16xf32>
  %p = dl.compare gt %y, %zero : tensor<2x8x8x16xf32>
  %dz = dl.select %p, %g, %zero : tensor<2x8x8x16xf32>
  %db = dl.reduce sum %dz axes [0, 1, 2] : tensor<2x8x8x16xf32> to tensor<16xf32>
  dl.return %dz, %db : tensor<2x8x8x16xf32>, tensor<16xf32>
}

dl.func @max_pool_gradient_5(%x: tensor<3x6x6x5xf32>, %g: tensor<3x3x3x5xf32>) -> (tensor<3x6x6x5xf32>) {
  %w = dl.window %x axes [1, 2] size [2, 2] stride [2, 2] dilation [1, 1] : tensor<3x6x6x5xf32> to tensor<3x3x3x5x2x2xf32>
  %r = dl.reshape %w : tensor<3x3x3x5x2x2xf32> to tensor<3x3x3x5x4xf32>
  %k = dl.arg_reduce max %r axis 4 : tensor<3x3x3x5x4xf32> to tensor<3x3x3x5xi64>
  %kb = dl.broadcast %k axes [0, 1, 2, 3] : tensor<3x3x3x5xi64> to tensor<3x3x3x5x4xi64>
  %i = dl.iota 4 : tensor<3x3x3x5x4xi64>
  %hit = dl.compare eq %i, %kb : tensor<3x3x3x5x4xi64>
  %gb = dl.broadcast %g axes [0, 1, 2, 3] : tensor<3x3x3x5xf32> to tensor<3x3x3x5x4xf32>
  %zero = dl.constant dense<0.0> : tensor<3x3x3x5x4xf32>
  %p = dl.select %hit, %gb, %zero : tensor<3x3x3x5x4xf32>
  %p6 = dl.reshape %p : tensor<3x3x3x5x4xf32> to tensor<3x3x3x5x2x2xf32>
  %dx = dl.overlap_add %p6 axes [1, 2] size [2, 2] stride [2, 2] dilation [1, 1] : tensor<3x3x3x5x2x2xf32> to tensor<3x6x6x5xf32>
  dl.return %dx : tensor<3x6x6x5xf32>
}

dl.func @bias_relu_pool_5(%x: tensor<3x6x6x5xf32>, %b: tensor<5xf32>) -> (tensor<3x3x3x5xf32>) {
  %bb = dl.broadcast %b axes [3] : tensor<5xf32> to tensor<3x6x6x5xf32>
  %s = dl.binary add %x, %bb : tensor<3x6x6x5xf32>
  %z = dl.unary relu %s : tensor<3x6x6x5xf32>
  %w = dl.window %z axes [1, 2] size [2, 2] stride [2, 2] dilation [1, 1] : tensor<3x6x6x5xf32> to tensor<3x3x3x5x2x2xf32>
  %y = dl.reduce max %w axes [4, 5] : tensor<3x3x3x5x2x2xf32> to tensor<3x3x3x5xf32>
  dl.return %y : tensor<3x3x3x5xf32>
}

dl.func @batch_norm_5(%x: tensor<3x6x6x5xf32>, %g: tensor<5xf32>, %b: tensor<5xf32>) -> (tensor<3x6x6x5xf32>, tensor<5xf32>, tensor<5xf32>) attributes {kind = "rows"} {
  %c = dl.constant dense<0.009259259259259259> : tensor<5xf32>
  %s = dl.reduce sum %x axes [0, 1, 2] : tensor<3x6x6x5xf32> to tensor<5xf32>
  %mean = dl.binary mul %s, %c : tensor<5xf32>
  %mb = dl.broadcast %mean axes [3] : tensor<5xf32> to tensor<3x6x6x5xf32>
  %d = dl.binary sub %x, %mb : tensor<3x6x6x5xf32>
  %q = dl.unary square %d : tensor<3x6x6x5xf32>
  %v = dl.reduce sum %q axes [0, 1, 2] : tensor<3x6x6x5xf32> to tensor<5xf32>
  %var = dl.binary mul %v, %c : tensor<5xf32>
  %eps = dl.constant dense<1.0e-5> : tensor<5xf32>
  %ve = dl.binary add %var, %eps : tensor<5xf32>
  %r = dl.unary rsqrt %ve : tensor<5xf32>
  %rg = dl.binary mul %r, %g : tensor<5xf32>
  %rb = dl.broadcast %rg axes [3] : tensor<5xf32> to tensor<3x6x6x5xf32>
  %z = dl.binary mul %d, %rb : tensor<3x6x6x5xf32>
  %bb = dl.broadcast %b axes [3] : tensor<5xf32> to tensor<3x6x6x5xf32>
  %y = dl.binary add %z, %bb : tensor<3x6x6x5xf32>
  dl.return %y, %mean, %var : tensor<3x6x6x5xf32>, tensor<5xf32>, tensor<5xf32>
}

dl.func @relu_gradient_and_bias_5(%y: tensor<3x6x6x5xf32>, %g: tensor<3x6x6x5xf32>) -> (tensor<3x6x6x5xf32>, tensor<5xf32>) attributes {kind = "reduce"} {
  %zero = dl.constant dense<0.0> : tensor<3x6x6x5xf32>
  %p = dl.compare gt %y, %zero : tensor<3x6x6x5xf32>
  %dz = dl.select %p, %g, %zero : tensor<3x6x6x5xf32>
  %db = dl.reduce sum %dz axes [0, 1, 2] : tensor<3x6x6x5xf32> to tensor<5xf32>
  dl.return %dz, %db : tensor<3x6x6x5xf32>, tensor<5xf32>
}

dl.func @max_pool_gradient_32(%x: tensor<2x26x26x32xf32>, %g: tensor<2x13x13x32xf32>) -> (tensor<2x26x26x32xf32>) {
  %w = dl.window %x axes [1, 2] size [2, 2] stride [2, 2] dilation [1, 1] : tensor<2x26x26x32xf32> to tensor<2x13x13x32x2x2xf32>
  %r = dl.reshape %w : tensor<2x13x13x32x2x2xf32> to tensor<2x13x13x32x4xf32>
  %k = dl.arg_reduce max %r axis 4 : tensor<2x13x13x32x4xf32> to tensor<2x13x13x32xi64>
  %kb = dl.broadcast %k axes [0, 1, 2, 3] : tensor<2x13x13x32xi64> to tensor<2x13x13x32x4xi64>
  %i = dl.iota 4 : tensor<2x13x13x32x4xi64>
  %hit = dl.compare eq %i, %kb : tensor<2x13x13x32x4xi64>
  %gb = dl.broadcast %g axes [0, 1, 2, 3] : tensor<2x13x13x32xf32> to tensor<2x13x13x32x4xf32>
  %zero = dl.constant dense<0.0> : tensor<2x13x13x32x4xf32>
  %p = dl.select %hit, %gb, %zero : tensor<2x13x13x32x4xf32>
  %p6 = dl.reshape %p : tensor<2x13x13x32x4xf32> to tensor<2x13x13x32x2x2xf32>
  %dx = dl.overlap_add %p6 axes [1, 2] size [2, 2] stride [2, 2] dilation [1, 1] : tensor<2x13x13x32x2x2xf32> to tensor<2x26x26x32xf32>
  dl.return %dx : tensor<2x26x26x32xf32>
}

dl.func @bias_relu_pool_32(%x: tensor<2x26x26x32xf32>, %b: tensor<32xf32>) -> (tensor<2x13x13x32xf32>) {
  %bb = dl.broadcast %b axes [3] : tensor<32xf32> to tensor<2x26x26x32xf32>
  %s = dl.binary add %x, %bb : tensor<2x26x26x32xf32>
  %z = dl.unary relu %s : tensor<2x26x26x32xf32>
  %w = dl.window %z axes [1, 2] size [2, 2] stride [2, 2] dilation [1, 1] : tensor<2x26x26x32xf32> to tensor<2x13x13x32x2x2xf32>
  %y = dl.reduce max %w axes [4, 5] : tensor<2x13x13x32x2x2xf32> to tensor<2x13x13x32xf32>
  dl.return %y : tensor<2x13x13x32xf32>
}

dl.func @batch_norm_32(%x: tensor<2x26x26x32xf32>, %g: tensor<32xf32>, %b: tensor<32xf32>) -> (tensor<2x26x26x32xf32>, tensor<32xf32>, tensor<32xf32>) attributes {kind = "rows"} {
  %c = dl.constant dense<0.0007396449704142012> : tensor<32xf32>
  %s = dl.reduce sum %x axes [0, 1, 2] : tensor<2x26x26x32xf32> to tensor<32xf32>
  %mean = dl.binary mul %s, %c : tensor<32xf32>
  %mb = dl.broadcast %mean axes [3] : tensor<32xf32> to tensor<2x26x26x32xf32>
  %d = dl.binary sub %x, %mb : tensor<2x26x26x32xf32>
  %q = dl.unary square %d : tensor<2x26x26x32xf32>
  %v = dl.reduce sum %q axes [0, 1, 2] : tensor<2x26x26x32xf32> to tensor<32xf32>
  %var = dl.binary mul %v, %c : tensor<32xf32>
  %eps = dl.constant dense<1.0e-5> : tensor<32xf32>
  %ve = dl.binary add %var, %eps : tensor<32xf32>
  %r = dl.unary rsqrt %ve : tensor<32xf32>
  %rg = dl.binary mul %r, %g : tensor<32xf32>
  %rb = dl.broadcast %rg axes [3] : tensor<32xf32> to tensor<2x26x26x32xf32>
  %z = dl.binary mul %d, %rb : tensor<2x26x26x32xf32>
  %bb = dl.broadcast %b axes [3] : tensor<32xf32> to tensor<2x26x26x32xf32>
  %y = dl.binary add %z, %bb : tensor<2x26x26x32xf32>
  dl.return %y, %mean, %var : tensor<2x26x26x32xf32>, tensor<32xf32>, tensor<32xf32>
}

dl.func @relu_gradient_and_bias_32(%y: tensor<2x26x26x32xf32>, %g: tensor<2x26x26x32xf32>) -> (tensor<2x26x26x32xf32>, tensor<32xf32>) attributes {kind = "reduce"} {
  %zero = dl.constant dense<0.0> : tensor<2x26x26x32xf32>
  %p = dl.compare gt %y, %zero : tensor<2x26x26x32xf32>
  %dz = dl.select %p, %g, %zero : tensor<2x26x26x32xf32>
  %db = dl.reduce sum %dz axes [0, 1, 2] : tensor<2x26x26x32xf32> to tensor<32xf32>
  dl.return %dz, %db : tensor<2x26x26x32xf32>, tensor<32xf32>
}
}
