// Rows that are taken 16 bytes at a time, by a warp or a block; sums in many parts that warps add up.
// RUN: %dlc-kernel-test --target cuda-emulator %s
// RUN: %dlc-kernel-test %s

dl.func @softmax_4096(%x: tensor<6x4096xf32>) -> tensor<6x4096xf32> {
  %m = dl.reduce max %x axes [1] : tensor<6x4096xf32> to tensor<6xf32>
  %n = dl.broadcast %m axes [0] : tensor<6xf32> to tensor<6x4096xf32>
  %d = dl.binary sub %x, %n : tensor<6x4096xf32>
  %e = dl.unary exp %d : tensor<6x4096xf32>
  %s = dl.reduce sum %e axes [1] : tensor<6x4096xf32> to tensor<6xf32>
  %u = dl.broadcast %s axes [0] : tensor<6xf32> to tensor<6x4096xf32>
  %y = dl.binary div %e, %u : tensor<6x4096xf32>
  dl.return %y : tensor<6x4096xf32>
}

dl.func @softmax_256(%x: tensor<40x256xf32>) -> tensor<40x256xf32> {
  %m = dl.reduce max %x axes [1] : tensor<40x256xf32> to tensor<40xf32>
  %n = dl.broadcast %m axes [0] : tensor<40xf32> to tensor<40x256xf32>
  %d = dl.binary sub %x, %n : tensor<40x256xf32>
  %e = dl.unary exp %d : tensor<40x256xf32>
  %s = dl.reduce sum %e axes [1] : tensor<40x256xf32> to tensor<40xf32>
  %u = dl.broadcast %s axes [0] : tensor<40xf32> to tensor<40x256xf32>
  %y = dl.binary div %e, %u : tensor<40x256xf32>
  dl.return %y : tensor<40x256xf32>
}

dl.func @softmax_96(%x: tensor<5x96xf32>) -> tensor<5x96xf32> {
  %m = dl.reduce max %x axes [1] : tensor<5x96xf32> to tensor<5xf32>
  %n = dl.broadcast %m axes [0] : tensor<5xf32> to tensor<5x96xf32>
  %d = dl.binary sub %x, %n : tensor<5x96xf32>
  %e = dl.unary exp %d : tensor<5x96xf32>
  %s = dl.reduce sum %e axes [1] : tensor<5x96xf32> to tensor<5xf32>
  %u = dl.broadcast %s axes [0] : tensor<5xf32> to tensor<5x96xf32>
  %y = dl.binary div %e, %u : tensor<5x96xf32>
  dl.return %y : tensor<5x96xf32>
}

dl.func @softmax_1028(%x: tensor<3x1028xf32>) -> tensor<3x1028xf32> {
  %m = dl.reduce max %x axes [1] : tensor<3x1028xf32> to tensor<3xf32>
  %n = dl.broadcast %m axes [0] : tensor<3xf32> to tensor<3x1028xf32>
  %d = dl.binary sub %x, %n : tensor<3x1028xf32>
  %e = dl.unary exp %d : tensor<3x1028xf32>
  %s = dl.reduce sum %e axes [1] : tensor<3x1028xf32> to tensor<3xf32>
  %u = dl.broadcast %s axes [0] : tensor<3xf32> to tensor<3x1028xf32>
  %y = dl.binary div %e, %u : tensor<3x1028xf32>
  dl.return %y : tensor<3x1028xf32>
}

dl.func @layer_norm_4096(%x: tensor<6x4096xf32>, %g: tensor<4096xf32>, %b: tensor<4096xf32>) -> tensor<6x4096xf32> {
  %ns = dl.constant dense<0.000244140625> : tensor<f32>
  %n = dl.broadcast %ns axes [] : tensor<f32> to tensor<6xf32>
  %es = dl.constant dense<1.0e-5> : tensor<f32>
  %e = dl.broadcast %es axes [] : tensor<f32> to tensor<6xf32>
  %s = dl.reduce sum %x axes [1] : tensor<6x4096xf32> to tensor<6xf32>
  %m = dl.binary mul %s, %n : tensor<6xf32>
  %mm = dl.broadcast %m axes [0] : tensor<6xf32> to tensor<6x4096xf32>
  %d = dl.binary sub %x, %mm : tensor<6x4096xf32>
  %q = dl.unary square %d : tensor<6x4096xf32>
  %v = dl.reduce sum %q axes [1] : tensor<6x4096xf32> to tensor<6xf32>
  %vm = dl.binary mul %v, %n : tensor<6xf32>
  %ve = dl.binary add %vm, %e : tensor<6xf32>
  %r = dl.unary rsqrt %ve : tensor<6xf32>
  %rr = dl.broadcast %r axes [0] : tensor<6xf32> to tensor<6x4096xf32>
  %z = dl.binary mul %d, %rr : tensor<6x4096xf32>
  %gg = dl.broadcast %g axes [1] : tensor<4096xf32> to tensor<6x4096xf32>
  %bb = dl.broadcast %b axes [1] : tensor<4096xf32> to tensor<6x4096xf32>
  %y = dl.binary mul %z, %gg : tensor<6x4096xf32>
  %o = dl.binary add %y, %bb : tensor<6x4096xf32>
  dl.return %o : tensor<6x4096xf32>
}

dl.func @layer_norm_256(%x: tensor<40x256xf32>, %g: tensor<256xf32>, %b: tensor<256xf32>) -> tensor<40x256xf32> {
  %ns = dl.constant dense<0.00390625> : tensor<f32>
  %n = dl.broadcast %ns axes [] : tensor<f32> to tensor<40xf32>
  %es = dl.constant dense<1.0e-5> : tensor<f32>
  %e = dl.broadcast %es axes [] : tensor<f32> to tensor<40xf32>
  %s = dl.reduce sum %x axes [1] : tensor<40x256xf32> to tensor<40xf32>
  %m = dl.binary mul %s, %n : tensor<40xf32>
  %mm = dl.broadcast %m axes [0] : tensor<40xf32> to tensor<40x256xf32>
  %d = dl.binary sub %x, %mm : tensor<40x256xf32>
  %q = dl.unary square %d : tensor<40x256xf32>
  %v = dl.reduce sum %q axes [1] : tensor<40x256xf32> to tensor<40xf32>
  %vm = dl.binary mul %v, %n : tensor<40xf32>
  %ve = dl.binary add %vm, %e : tensor<40xf32>
  %r = dl.unary rsqrt %ve : tensor<40xf32>
  %rr = dl.broadcast %r axes [0] : tensor<40xf32> to tensor<40x256xf32>
  %z = dl.binary mul %d, %rr : tensor<40x256xf32>
  %gg = dl.broadcast %g axes [1] : tensor<256xf32> to tensor<40x256xf32>
  %bb = dl.broadcast %b axes [1] : tensor<256xf32> to tensor<40x256xf32>
  %y = dl.binary mul %z, %gg : tensor<40x256xf32>
  %o = dl.binary add %y, %bb : tensor<40x256xf32>
  dl.return %o : tensor<40x256xf32>
}

dl.func @layer_norm_96(%x: tensor<5x96xf32>, %g: tensor<96xf32>, %b: tensor<96xf32>) -> tensor<5x96xf32> {
  %ns = dl.constant dense<0.010416666666666666> : tensor<f32>
  %n = dl.broadcast %ns axes [] : tensor<f32> to tensor<5xf32>
  %es = dl.constant dense<1.0e-5> : tensor<f32>
  %e = dl.broadcast %es axes [] : tensor<f32> to tensor<5xf32>
  %s = dl.reduce sum %x axes [1] : tensor<5x96xf32> to tensor<5xf32>
  %m = dl.binary mul %s, %n : tensor<5xf32>
  %mm = dl.broadcast %m axes [0] : tensor<5xf32> to tensor<5x96xf32>
  %d = dl.binary sub %x, %mm : tensor<5x96xf32>
  %q = dl.unary square %d : tensor<5x96xf32>
  %v = dl.reduce sum %q axes [1] : tensor<5x96xf32> to tensor<5xf32>
  %vm = dl.binary mul %v, %n : tensor<5xf32>
  %ve = dl.binary add %vm, %e : tensor<5xf32>
  %r = dl.unary rsqrt %ve : tensor<5xf32>
  %rr = dl.broadcast %r axes [0] : tensor<5xf32> to tensor<5x96xf32>
  %z = dl.binary mul %d, %rr : tensor<5x96xf32>
  %gg = dl.broadcast %g axes [1] : tensor<96xf32> to tensor<5x96xf32>
  %bb = dl.broadcast %b axes [1] : tensor<96xf32> to tensor<5x96xf32>
  %y = dl.binary mul %z, %gg : tensor<5x96xf32>
  %o = dl.binary add %y, %bb : tensor<5x96xf32>
  dl.return %o : tensor<5x96xf32>
}

dl.func @layer_norm_1028(%x: tensor<3x1028xf32>, %g: tensor<1028xf32>, %b: tensor<1028xf32>) -> tensor<3x1028xf32> {
  %ns = dl.constant dense<0.0009727626459143969> : tensor<f32>
  %n = dl.broadcast %ns axes [] : tensor<f32> to tensor<3xf32>
  %es = dl.constant dense<1.0e-5> : tensor<f32>
  %e = dl.broadcast %es axes [] : tensor<f32> to tensor<3xf32>
  %s = dl.reduce sum %x axes [1] : tensor<3x1028xf32> to tensor<3xf32>
  %m = dl.binary mul %s, %n : tensor<3xf32>
  %mm = dl.broadcast %m axes [0] : tensor<3xf32> to tensor<3x1028xf32>
  %d = dl.binary sub %x, %mm : tensor<3x1028xf32>
  %q = dl.unary square %d : tensor<3x1028xf32>
  %v = dl.reduce sum %q axes [1] : tensor<3x1028xf32> to tensor<3xf32>
  %vm = dl.binary mul %v, %n : tensor<3xf32>
  %ve = dl.binary add %vm, %e : tensor<3xf32>
  %r = dl.unary rsqrt %ve : tensor<3xf32>
  %rr = dl.broadcast %r axes [0] : tensor<3xf32> to tensor<3x1028xf32>
  %z = dl.binary mul %d, %rr : tensor<3x1028xf32>
  %gg = dl.broadcast %g axes [1] : tensor<1028xf32> to tensor<3x1028xf32>
  %bb = dl.broadcast %b axes [1] : tensor<1028xf32> to tensor<3x1028xf32>
  %y = dl.binary mul %z, %gg : tensor<3x1028xf32>
  %o = dl.binary add %y, %bb : tensor<3x1028xf32>
  dl.return %o : tensor<3x1028xf32>
}

dl.func @bias_gelu_4096(%x: tensor<6x4096xf32>, %b: tensor<4096xf32>) -> tensor<6x4096xf32> {
  %w = dl.broadcast %b axes [1] : tensor<4096xf32> to tensor<6x4096xf32>
  %y = dl.binary add %x, %w : tensor<6x4096xf32>
  %rs = dl.constant dense<0.70710678118654752> : tensor<f32>
  %r = dl.broadcast %rs axes [] : tensor<f32> to tensor<6x4096xf32>
  %hs = dl.constant dense<0.5> : tensor<f32>
  %h = dl.broadcast %hs axes [] : tensor<f32> to tensor<6x4096xf32>
  %ones = dl.constant dense<1.0> : tensor<f32>
  %one = dl.broadcast %ones axes [] : tensor<f32> to tensor<6x4096xf32>
  %s = dl.binary mul %y, %r : tensor<6x4096xf32>
  %e = dl.unary erf %s : tensor<6x4096xf32>
  %p = dl.binary add %e, %one : tensor<6x4096xf32>
  %q = dl.binary mul %y, %h : tensor<6x4096xf32>
  %z = dl.binary mul %q, %p : tensor<6x4096xf32>
  dl.return %z : tensor<6x4096xf32>
}

dl.func @bias_gelu_256(%x: tensor<40x256xf32>, %b: tensor<256xf32>) -> tensor<40x256xf32> {
  %w = dl.broadcast %b axes [1] : tensor<256xf32> to tensor<40x256xf32>
  %y = dl.binary add %x, %w : tensor<40x256xf32>
  %rs = dl.constant dense<0.70710678118654752> : tensor<f32>
  %r = dl.broadcast %rs axes [] : tensor<f32> to tensor<40x256xf32>
  %hs = dl.constant dense<0.5> : tensor<f32>
  %h = dl.broadcast %hs axes [] : tensor<f32> to tensor<40x256xf32>
  %ones = dl.constant dense<1.0> : tensor<f32>
  %one = dl.broadcast %ones axes [] : tensor<f32> to tensor<40x256xf32>
  %s = dl.binary mul %y, %r : tensor<40x256xf32>
  %e = dl.unary erf %s : tensor<40x256xf32>
  %p = dl.binary add %e, %one : tensor<40x256xf32>
  %q = dl.binary mul %y, %h : tensor<40x256xf32>
  %z = dl.binary mul %q, %p : tensor<40x256xf32>
  dl.return %z : tensor<40x256xf32>
}

dl.func @bias_gelu_96(%x: tensor<5x96xf32>, %b: tensor<96xf32>) -> tensor<5x96xf32> {
  %w = dl.broadcast %b axes [1] : tensor<96xf32> to tensor<5x96xf32>
  %y = dl.binary add %x, %w : tensor<5x96xf32>
  %rs = dl.constant dense<0.70710678118654752> : tensor<f32>
  %r = dl.broadcast %rs axes [] : tensor<f32> to tensor<5x96xf32>
  %hs = dl.constant dense<0.5> : tensor<f32>
  %h = dl.broadcast %hs axes [] : tensor<f32> to tensor<5x96xf32>
  %ones = dl.constant dense<1.0> : tensor<f32>
  %one = dl.broadcast %ones axes [] : tensor<f32> to tensor<5x96xf32>
  %s = dl.binary mul %y, %r : tensor<5x96xf32>
  %e = dl.unary erf %s : tensor<5x96xf32>
  %p = dl.binary add %e, %one : tensor<5x96xf32>
  %q = dl.binary mul %y, %h : tensor<5x96xf32>
  %z = dl.binary mul %q, %p : tensor<5x96xf32>
  dl.return %z : tensor<5x96xf32>
}

dl.func @bias_gelu_1028(%x: tensor<3x1028xf32>, %b: tensor<1028xf32>) -> tensor<3x1028xf32> {
  %w = dl.broadcast %b axes [1] : tensor<1028xf32> to tensor<3x1028xf32>
  %y = dl.binary add %x, %w : tensor<3x1028xf32>
  %rs = dl.constant dense<0.70710678118654752> : tensor<f32>
  %r = dl.broadcast %rs axes [] : tensor<f32> to tensor<3x1028xf32>
  %hs = dl.constant dense<0.5> : tensor<f32>
  %h = dl.broadcast %hs axes [] : tensor<f32> to tensor<3x1028xf32>
  %ones = dl.constant dense<1.0> : tensor<f32>
  %one = dl.broadcast %ones axes [] : tensor<f32> to tensor<3x1028xf32>
  %s = dl.binary mul %y, %r : tensor<3x1028xf32>
  %e = dl.unary erf %s : tensor<3x1028xf32>
  %p = dl.binary add %e, %one : tensor<3x1028xf32>
  %q = dl.binary mul %y, %h : tensor<3x1028xf32>
  %z = dl.binary mul %q, %p : tensor<3x1028xf32>
  dl.return %z : tensor<3x1028xf32>
}

dl.func @few_16(%a: tensor<16x8192xf32>, %b: tensor<8192x16xf32>, %v: tensor<16xf32>) -> tensor<16x16xf32> attributes {tolerance = 1.0e-4} {
  %c = dl.dot %a, %b batch [] [] contract [1] [0] : (tensor<16x8192xf32>, tensor<8192x16xf32>) -> tensor<16x16xf32>
  %w = dl.broadcast %v axes [1] : tensor<16xf32> to tensor<16x16xf32>
  %d = dl.binary add %c, %w : tensor<16x16xf32>
  dl.return %d : tensor<16x16xf32>
}
dl.func @few_9(%a: tensor<9x6000xf32>, %b: tensor<6000x33xf32>, %v: tensor<33xf32>) -> tensor<9x33xf32> attributes {tolerance = 1.0e-4} {
  %c = dl.dot %a, %b batch [] [] contract [1] [0] : (tensor<9x6000xf32>, tensor<6000x33xf32>) -> tensor<9x33xf32>
  %w = dl.broadcast %v axes [1] : tensor<33xf32> to tensor<9x33xf32>
  %d = dl.binary add %c, %w : tensor<9x33xf32>
  dl.return %d : tensor<9x33xf32>
}
