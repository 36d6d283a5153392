// Kernels of many operations: folds with what uses them, several results, results in place.
// RUN: %dlc-kernel-test %s
// RUN: %dlc-kernel-test --target cuda-emulator %s

module attributes {dl.stage = "graph", dl.version = 1} {
dl.func @softmax_4_10(%x: tensor<4x10xf32>) -> (tensor<4x10xf32>) {
  %m = dl.reduce max %x axes [1] : tensor<4x10xf32> to tensor<4xf32>
  %mb = dl.broadcast %m axes [0] : tensor<4xf32> to tensor<4x10xf32>
  %s = dl.binary sub %x, %mb : tensor<4x10xf32>
  %e = dl.unary exp %s : tensor<4x10xf32>
  %t = dl.reduce sum %e axes [1] : tensor<4x10xf32> to tensor<4xf32>
  %tb = dl.broadcast %t axes [0] : tensor<4xf32> to tensor<4x10xf32>
  %y = dl.binary div %e, %tb : tensor<4x10xf32>
  dl.return %y : tensor<4x10xf32>
}

dl.func @softmax_in_place_4_10(%x: tensor<4x10xf32>) -> (tensor<4x10xf32>) attributes {onto = [0]} {
  %m = dl.reduce max %x axes [1] : tensor<4x10xf32> to tensor<4xf32>
  %mb = dl.broadcast %m axes [0] : tensor<4xf32> to tensor<4x10xf32>
  %s = dl.binary sub %x, %mb : tensor<4x10xf32>
  %e = dl.unary exp %s : tensor<4x10xf32>
  %t = dl.reduce sum %e axes [1] : tensor<4x10xf32> to tensor<4xf32>
  %tb = dl.broadcast %t axes [0] : tensor<4xf32> to tensor<4x10xf32>
  %y = dl.binary div %e, %tb : tensor<4x10xf32>
  dl.return %y : tensor<4x10xf32>
}

dl.func @softmax_7_33(%x: tensor<7x33xf32>) -> (tensor<7x33xf32>) {
  %m = dl.reduce max %x axes [1] : tensor<7x33xf32> to tensor<7xf32>
  %mb = dl.broadcast %m axes [0] : tensor<7xf32> to tensor<7x33xf32>
  %s = dl.binary sub %x, %mb : tensor<7x33xf32>
  %e = dl.unary exp %s : tensor<7x33xf32>
  %t = dl.reduce sum %e axes [1] : tensor<7x33xf32> to tensor<7xf32>
  %tb = dl.broadcast %t axes [0] : tensor<7xf32> to tensor<7x33xf32>
  %y = dl.binary div %e, %tb : tensor<7x33xf32>
  dl.return %y : tensor<7x33xf32>
}

dl.func @softmax_in_place_7_33(%x: tensor<7x33xf32>) -> (tensor<7x33xf32>) attributes {onto = [0]} {
  %m = dl.reduce max %x axes [1] : tensor<7x33xf32> to tensor<7xf32>
  %mb = dl.broadcast %m axes [0] : tensor<7xf32> to tensor<7x33xf32>
  %s = dl.binary sub %x, %mb : tensor<7x33xf32>
  %e = dl.unary exp %s : tensor<7x33xf32>
  %t = dl.reduce sum %e axes [1] : tensor<7x33xf32> to tensor<7xf32>
  %tb = dl.broadcast %t axes [0] : tensor<7xf32> to tensor<7x33xf32>
  %y = dl.binary div %e, %tb : tensor<7x33xf32>
  dl.return %y : tensor<7x33xf32>
}

dl.func @softmax_1_1(%x: tensor<1x1xf32>) -> (tensor<1x1xf32>) {
  %m = dl.reduce max %x axes [1] : tensor<1x1xf32> to tensor<1xf32>
  %mb = dl.broadcast %m axes [0] : tensor<1xf32> to tensor<1x1xf32>
  %s = dl.binary sub %x, %mb : tensor<1x1xf32>
  %e = dl.unary exp %s : tensor<1x1xf32>
  %t = dl.reduce sum %e axes [1] : tensor<1x1xf32> to tensor<1xf32>
  %tb = dl.broadcast %t axes [0] : tensor<1xf32> to tensor<1x1xf32>
  %y = dl.binary div %e, %tb : tensor<1x1xf32>
  dl.return %y : tensor<1x1xf32>
}

dl.func @softmax_in_place_1_1(%x: tensor<1x1xf32>) -> (tensor<1x1xf32>) attributes {onto = [0]} {
  %m = dl.reduce max %x axes [1] : tensor<1x1xf32> to tensor<1xf32>
  %mb = dl.broadcast %m axes [0] : tensor<1xf32> to tensor<1x1xf32>
  %s = dl.binary sub %x, %mb : tensor<1x1xf32>
  %e = dl.unary exp %s : tensor<1x1xf32>
  %t = dl.reduce sum %e axes [1] : tensor<1x1xf32> to tensor<1xf32>
  %tb = dl.broadcast %t axes [0] : tensor<1xf32> to tensor<1x1xf32>
  %y = dl.binary div %e, %tb : tensor<1x1xf32>
  dl.return %y : tensor<1x1xf32>
}

dl.func @softmax_3_64(%x: tensor<3x64xf32>) -> (tensor<3x64xf32>) {
  %m = dl.reduce max %x axes [1] : tensor<3x64xf32> to tensor<3xf32>
  %mb = dl.broadcast %m axes [0] : tensor<3xf32> to tensor<3x64xf32>
  %s = dl.binary sub %x, %mb : tensor<3x64xf32>
  %e = dl.unary exp %s : tensor<3x64xf32>
  %t = dl.reduce sum %e axes [1] : tensor<3x64xf32> to tensor<3xf32>
  %tb = dl.broadcast %t axes [0] : tensor<3xf32> to tensor<3x64xf32>
  %y = dl.binary div %e, %tb : tensor<3x64xf32>
  dl.return %y : tensor<3x64xf32>
}

dl.func @softmax_in_place_3_64(%x: tensor<3x64xf32>) -> (tensor<3x64xf32>) attributes {onto = [0]} {
  %m = dl.reduce max %x axes [1] : tensor<3x64xf32> to tensor<3xf32>
  %mb = dl.broadcast %m axes [0] : tensor<3xf32> to tensor<3x64xf32>
  %s = dl.binary sub %x, %mb : tensor<3x64xf32>
  %e = dl.unary exp %s : tensor<3x64xf32>
  %t = dl.reduce sum %e axes [1] : tensor<3x64xf32> to tensor<3xf32>
  %tb = dl.broadcast %t axes [0] : tensor<3xf32> to tensor<3x64xf32>
  %y = dl.binary div %e, %tb : tensor<3x64xf32>
  dl.return %y : tensor<3x64xf32>
}

dl.func @softmax_130_100(%x: tensor<130x100xf32>) -> (tensor<130x100xf32>) {
  %m = dl.reduce max %x axes [1] : tensor<130x100xf32> to tensor<130xf32>
  %mb = dl.broadcast %m axes [0] : tensor<130xf32> to tensor<130x100xf32>
  %s = dl.binary sub %x, %mb : tensor<130x100xf32>
  %e = dl.unary exp %s : tensor<130x100xf32>
  %t = dl.reduce sum %e axes [1] : tensor<130x100xf32> to tensor<130xf32>
  %tb = dl.broadcast %t axes [0] : tensor<130xf32> to tensor<130x100xf32>
  %y = dl.binary div %e, %tb : tensor<130x100xf32>
  dl.return %y : tensor<130x100xf32>
}

dl.func @softmax_in_place_130_100(%x: tensor<130x100xf32>) -> (tensor<130x100xf32>) attributes {onto = [0]} {
  %m = dl.reduce max %x axes [1] : tensor<130x100xf32> to tensor<130xf32>
  %mb = dl.broadcast %m axes [0] : tensor<130xf32> to tensor<130x100xf32>
  %s = dl.binary sub %x, %mb : tensor<130x100xf32>
  %e = dl.unary exp %s : tensor<130x100xf32>
  %t = dl.reduce sum %e axes [1] : tensor<130x100xf32> to tensor<130xf32>
  %tb = dl.broadcast %t axes [0] : tensor<130xf32> to tensor<130x100xf32>
  %y = dl.binary div %e, %tb : tensor<130x100xf32>
  dl.return %y : tensor<130x100xf32>
}

dl.func @softmax_5_7(%x: tensor<5x7xf32>) -> (tensor<5x7xf32>) {
  %m = dl.reduce max %x axes [1] : tensor<5x7xf32> to tensor<5xf32>
  %mb = dl.broadcast %m axes [0] : tensor<5xf32> to tensor<5x7xf32>
  %s = dl.binary sub %x, %mb : tensor<5x7xf32>
  %e = dl.unary exp %s : tensor<5x7xf32>
  %t = dl.reduce sum %e axes [1] : tensor<5x7xf32> to tensor<5xf32>
  %tb = dl.broadcast %t axes [0] : tensor<5xf32> to tensor<5x7xf32>
  %y = dl.binary div %e, %tb : tensor<5x7xf32>
  dl.return %y : tensor<5x7xf32>
}

dl.func @softmax_in_place_5_7(%x: tensor<5x7xf32>) -> (tensor<5x7xf32>) attributes {onto = [0]} {
  %m = dl.reduce max %x axes [1] : tensor<5x7xf32> to tensor<5xf32>
  %mb = dl.broadcast %m axes [0] : tensor<5xf32> to tensor<5x7xf32>
  %s = dl.binary sub %x, %mb : tensor<5x7xf32>
  %e = dl.unary exp %s : tensor<5x7xf32>
  %t = dl.reduce sum %e axes [1] : tensor<5x7xf32> to tensor<5xf32>
  %tb = dl.broadcast %t axes [0] : tensor<5xf32> to tensor<5x7xf32>
  %y = dl.binary div %e, %tb : tensor<5x7xf32>
  dl.return %y : tensor<5x7xf32>
}

dl.func @softmax_f64(%x: tensor<5x40xf64>) -> (tensor<5x40xf64>) {
  %m = dl.reduce max %x axes [1] : tensor<5x40xf64> to tensor<5xf64>
  %mb = dl.broadcast %m axes [0] : tensor<5xf64> to tensor<5x40xf64>
  %s = dl.binary sub %x, %mb : tensor<5x40xf64>
  %e = dl.unary exp %s : tensor<5x40xf64>
  %t = dl.reduce sum %e axes [1] : tensor<5x40xf64> to tensor<5xf64>
  %tb = dl.broadcast %t axes [0] : tensor<5xf64> to tensor<5x40xf64>
  %y = dl.binary div %e, %tb : tensor<5x40xf64>
  dl.return %y : tensor<5x40xf64>
}

dl.func @layer_norm_4_96(%x: tensor<4x96xf32>, %g: tensor<96xf32>, %b: tensor<96xf32>) -> (tensor<4x96xf32>, tensor<4xf32>, tensor<4xf32>) attributes {kind = "rows"} {
  %n = dl.constant dense<0.010416666666666666> : tensor<4xf32>
  %eps = dl.constant dense<1.0e-5> : tensor<4xf32>
  %s = dl.reduce sum %x axes [1] : tensor<4x96xf32> to tensor<4xf32>
  %mean = dl.binary mul %s, %n : tensor<4xf32>
  %mb = dl.broadcast %mean axes [0] : tensor<4xf32> to tensor<4x96xf32>
  %d = dl.binary sub %x, %mb : tensor<4x96xf32>
  %q = dl.unary square %d : tensor<4x96xf32>
  %v = dl.reduce sum %q axes [1] : tensor<4x96xf32> to tensor<4xf32>
  %var = dl.binary mul %v, %n : tensor<4xf32>
  %ve = dl.binary add %var, %eps : tensor<4xf32>
  %rstd = dl.unary rsqrt %ve : tensor<4xf32>
  %rb = dl.broadcast %rstd axes [0] : tensor<4xf32> to tensor<4x96xf32>
  %xh = dl.binary mul %d, %rb : tensor<4x96xf32>
  %gb = dl.broadcast %g axes [1] : tensor<96xf32> to tensor<4x96xf32>
  %bb = dl.broadcast %b axes [1] : tensor<96xf32> to tensor<4x96xf32>
  %z = dl.binary mul %xh, %gb : tensor<4x96xf32>
  %y = dl.binary add %z, %bb : tensor<4x96xf32>
  dl.return %y, %mean, %rstd : tensor<4x96xf32>, tensor<4xf32>, tensor<4xf32>
}

dl.func @layer_norm_gradient_4_96(%x: tensor<4x96xf32>, %g: tensor<96xf32>, %dy: tensor<4x96xf32>, %mean: tensor<4xf32>, %rstd: tensor<4xf32>) -> (tensor<4x96xf32>, tensor<96xf32>, tensor<96xf32>) attributes {kind = "rows"} {
  %n = dl.constant dense<0.010416666666666666> : tensor<4xf32>
  %mb = dl.broadcast %mean axes [0] : tensor<4xf32> to tensor<4x96xf32>
  %rb = dl.broadcast %rstd axes [0] : tensor<4xf32> to tensor<4x96xf32>
  %d = dl.binary sub %x, %mb : tensor<4x96xf32>
  %xh = dl.binary mul %d, %rb : tensor<4x96xf32>
  %gb = dl.broadcast %g axes [1] : tensor<96xf32> to tensor<4x96xf32>
  %dyg = dl.binary mul %dy, %gb : tensor<4x96xf32>
  %a = dl.reduce sum %dyg axes [1] : tensor<4x96xf32> to tensor<4xf32>
  %px = dl.binary mul %dyg, %xh : tensor<4x96xf32>
  %c = dl.reduce sum %px axes [1] : tensor<4x96xf32> to tensor<4xf32>
  %an = dl.binary mul %a, %n : tensor<4xf32>
  %cn = dl.binary mul %c, %n : tensor<4xf32>
  %anb = dl.broadcast %an axes [0] : tensor<4xf32> to tensor<4x96xf32>
  %cnb = dl.broadcast %cn axes [0] : tensor<4xf32> to tensor<4x96xf32>
  %t1 = dl.binary sub %dyg, %anb : tensor<4x96xf32>
  %t2 = dl.binary mul %xh, %cnb : tensor<4x96xf32>
  %t3 = dl.binary sub %t1, %t2 : tensor<4x96xf32>
  %dx = dl.binary mul %t3, %rb : tensor<4x96xf32>
  %dg0 = dl.binary mul %dy, %xh : tensor<4x96xf32>
  %dg = dl.reduce sum %dg0 axes [0] : tensor<4x96xf32> to tensor<96xf32>
  %db = dl.reduce sum %dy axes [0] : tensor<4x96xf32> to tensor<96xf32>
  dl.return %dx, %dg, %db : tensor<4x96xf32>, tensor<96xf32>, tensor<96xf32>
}

dl.func @layer_norm_9_33(%x: tensor<9x33xf32>, %g: tensor<33xf32>, %b: tensor<33xf32>) -> (tensor<9x33xf32>, tensor<9xf32>, tensor<9xf32>) attributes {kind = "rows"} {
  %n = dl.constant dense<0.030303030303030304> : tensor<9xf32>
  %eps = dl.constant dense<1.0e-5> : tensor<9xf32>
  %s = dl.reduce sum %x axes [1] : tensor<9x33xf32> to tensor<9xf32>
  %mean = dl.binary mul %s, %n : tensor<9xf32>
  %mb = dl.broadcast %mean axes [0] : tensor<9xf32> to tensor<9x33xf32>
  %d = dl.binary sub %x, %mb : tensor<9x33xf32>
  %q = dl.unary square %d : tensor<9x33xf32>
  %v = dl.reduce sum %q axes [1] : tensor<9x33xf32> to tensor<9xf32>
  %var = dl.binary mul %v, %n : tensor<9xf32>
  %ve = dl.binary add %var, %eps : tensor<9xf32>
  %rstd = dl.unary rsqrt %ve : tensor<9xf32>
  %rb = dl.broadcast %rstd axes [0] : tensor<9xf32> to tensor<9x33xf32>
  %xh = dl.binary mul %d, %rb : tensor<9x33xf32>
  %gb = dl.broadcast %g axes [1] : tensor<33xf32> to tensor<9x33xf32>
  %bb = dl.broadcast %b axes [1] : tensor<33xf32> to tensor<9x33xf32>
  %z = dl.binary mul %xh, %gb : tensor<9x33xf32>
  %y = dl.binary add %z, %bb : tensor<9x33xf32>
  dl.return %y, %mean, %rstd : tensor<9x33xf32>, tensor<9xf32>, tensor<9xf32>
}

dl.func @layer_norm_gradient_9_33(%x: tensor<9x33xf32>, %g: tensor<33xf32>, %dy: tensor<9x33xf32>, %mean: tensor<9xf32>, %rstd: tensor<9xf32>) -> (tensor<9x33xf32>, tensor<33xf32>, tensor<33xf32>) attributes {kind = "rows"} {
  %n = dl.constant dense<0.030303030303030304> : tensor<9xf32>
  %mb = dl.broadcast %mean axes [0] : tensor<9xf32> to tensor<9x33xf32>
  %rb = dl.broadcast %rstd axes [0] : tensor<9xf32> to tensor<9x33xf32>
  %d = dl.binary sub %x, %mb : tensor<9x33xf32>
  %xh = dl.binary mul %d, %rb : tensor<9x33xf32>
  %gb = dl.broadcast %g axes [1] : tensor<33xf32> to tensor<9x33xf32>
  %dyg = dl.binary mul %dy, %gb : tensor<9x33xf32>
  %a = dl.reduce sum %dyg axes [1] : tensor<9x33xf32> to tensor<9xf32>
  %px = dl.binary mul %dyg, %xh : tensor<9x33xf32>
  %c = dl.reduce sum %px axes [1] : tensor<9x33xf32> to tensor<9xf32>
  %an = dl.binary mul %a, %n : tensor<9xf32>
  %cn = dl.binary mul %c, %n : tensor<9xf32>
  %anb = dl.broadcast %an axes [0] : tensor<9xf32> to tensor<9x33xf32>
  %cnb = dl.broadcast %cn axes [0] : tensor<9xf32> to tensor<9x33xf32>
  %t1 = dl.binary sub %dyg, %anb : tensor<9x33xf32>
  %t2 = dl.binary mul %xh, %cnb : tensor<9x33xf32>
  %t3 = dl.binary sub %t1, %t2 : tensor<9x33xf32>
  %dx = dl.binary mul %t3, %rb : tensor<9x33xf32>
  %dg0 = dl.binary mul %dy, %xh : tensor<9x33xf32>
  %dg = dl.reduce sum %dg0 axes [0] : tensor<9x33xf32> to tensor<33xf32>
  %db = dl.reduce sum %dy axes [0] : tensor<9x33xf32> to tensor<33xf32>
  dl.return %dx, %dg, %db : tensor<9x33xf32>, tensor<33xf32>, tensor<33xf32>
}

dl.func @layer_norm_3_7(%x: tensor<3x7xf32>, %g: tensor<7xf32>, %b: tensor<7xf32>) -> (tensor<3x7xf32>, tensor<3xf32>, tensor<3xf32>) attributes {kind = "rows"} {
  %n = dl.constant dense<0.14285714285714285> : tensor<3xf32>
  %eps = dl.constant dense<1.0e-5> : tensor<3xf32>
  %s = dl.reduce sum %x axes [1] : tensor<3x7xf32> to tensor<3xf32>
  %mean = dl.binary mul %s, %n : tensor<3xf32>
  %mb = dl.broadcast %mean axes [0] : tensor<3xf32> to tensor<3x7xf32>
  %d = dl.binary sub %x, %mb : tensor<3x7xf32>
  %q = dl.unary square %d : tensor<3x7xf32>
  %v = dl.reduce sum %q axes [1] : tensor<3x7xf32> to tensor<3xf32>
  %var = dl.binary mul %v, %n : tensor<3xf32>
  %ve = dl.binary add %var, %eps : tensor<3xf32>
  %rstd = dl.unary rsqrt %ve : tensor<3xf32>
  %rb = dl.broadcast %rstd axes [0] : tensor<3xf32> to tensor<3x7xf32>
  %xh = dl.binary mul %d, %rb : tensor<3x7xf32>
  %gb = dl.broadcast %g axes [1] : tensor<7xf32> to tensor<3x7xf32>
  %bb = dl.broadcast %b axes [1] : tensor<7xf32> to tensor<3x7xf32>
  %z = dl.binary mul %xh, %gb : tensor<3x7xf32>
  %y = dl.binary add %z, %bb : tensor<3x7xf32>
  dl.return %y, %mean, %rstd : tensor<3x7xf32>, tensor<3xf32>, tensor<3xf32>
}

dl.func @layer_norm_gradient_3_7(%x: tensor<3x7xf32>, %g: tensor<7xf32>, %dy: tensor<3x7xf32>, %mean: tensor<3xf32>, %rstd: tensor<3xf32>) -> (tensor<3x7xf32>, tensor<7xf32>, tensor<7xf32>) attributes {kind = "rows"} {
  %n = dl.constant dense<0.14285714285714285> : tensor<3xf32>
  %mb = dl.broadcast %mean axes [0] : tensor<3xf32> to tensor<3x7xf32>
  %rb = dl.broadcast %rstd axes [0] : tensor<3xf32> to tensor<3x7xf32>
  %d = dl.binary sub %x, %mb : tensor<3x7xf32>
  %xh = dl.binary mul %d, %rb : tensor<3x7xf32>
  %gb = dl.broadcast %g axes [1] : tensor<7xf32> to tensor<3x7xf32>
  %dyg = dl.binary mul %dy, %gb : tensor<3x7xf32>
  %a = dl.reduce sum %dyg axes [1] : tensor<3x7xf32> to tensor<3xf32>
  %px = dl.binary mul %dyg, %xh : tensor<3x7xf32>
  %c = dl.reduce sum %px axes [1] : tensor<3x7xf32> to tensor<3xf32>
  %an = dl.binary mul %a, %n : tensor<3xf32>
  %cn = dl.binary mul %c, %n : tensor<3xf32>
  %anb = dl.broadcast %an axes [0] : tensor<3xf32> to tensor<3x7xf32>
  %cnb = dl.broadcast %cn axes [0] : tensor<3xf32> to tensor<3x7xf32>
  %t1 = dl.binary sub %dyg, %anb : tensor<3x7xf32>
  %t2 = dl.binary mul %xh, %cnb : tensor<3x7xf32>
  %t3 = dl.binary sub %t1, %t2 : tensor<3x7xf32>
  %dx = dl.binary mul %t3, %rb : tensor<3x7xf32>
  %dg0 = dl.binary mul %dy, %xh : tensor<3x7xf32>
  %dg = dl.reduce sum %dg0 axes [0] : tensor<3x7xf32> to tensor<7xf32>
  %db = dl.reduce sum %dy axes [0] : tensor<3x7xf32> to tensor<7xf32>
  dl.return %dx, %dg, %db : tensor<3x7xf32>, tensor<7xf32>, tensor<7xf32>
}

dl.func @cross_entropy_32_10(%x: tensor<32x10xf32>, %l: tensor<32xi64>) -> (tensor<f32>, tensor<f32>, tensor<32x10xf32>) attributes {kind = "rows", ranges = [[-3.0, 3.0], [0.0, 10.0]]} {
  %m = dl.reduce max %x axes [1] : tensor<32x10xf32> to tensor<32xf32>
  %mb = dl.broadcast %m axes [0] : tensor<32xf32> to tensor<32x10xf32>
  %s = dl.binary sub %x, %mb : tensor<32x10xf32>
  %e = dl.unary exp %s : tensor<32x10xf32>
  %t = dl.reduce sum %e axes [1] : tensor<32x10xf32> to tensor<32xf32>
  %lt = dl.unary log %t : tensor<32xf32>
  %picked = dl.gather %s, %l axis 1 batch 1 : (tensor<32x10xf32>, tensor<32xi64>) -> tensor<32xf32>
  %per = dl.binary sub %lt, %picked : tensor<32xf32>
  %sum = dl.reduce sum %per axes [0] : tensor<32xf32> to tensor<f32>
  %c = dl.constant dense<0.03125> : tensor<f32>
  %loss = dl.binary mul %sum, %c : tensor<f32>
  %best = dl.arg_reduce max %x axis 1 : tensor<32x10xf32> to tensor<32xi64>
  %same = dl.compare eq %best, %l : tensor<32xi64>
  %samef = dl.cast %same : tensor<32xi1> to tensor<32xf32>
  %right = dl.reduce sum %samef axes [0] : tensor<32xf32> to tensor<f32>
  %tb = dl.broadcast %t axes [0] : tensor<32xf32> to tensor<32x10xf32>
  %p = dl.binary div %e, %tb : tensor<32x10xf32>
  %i = dl.iota 1 : tensor<32x10xi64>
  %lb = dl.broadcast %l axes [0] : tensor<32xi64> to tensor<32x10xi64>
  %hot = dl.compare eq %i, %lb : tensor<32x10xi64>
  %hotf = dl.cast %hot : tensor<32x10xi1> to tensor<32x10xf32>
  %dx0 = dl.binary sub %p, %hotf : tensor<32x10xf32>
  %cb = dl.broadcast %c axes [] : tensor<f32> to tensor<32x10xf32>
  %dx = dl.binary mul %dx0, %cb : tensor<32x10xf32>
  dl.return %loss, %right, %dx : tensor<f32>, tensor<f32>, tensor<32x10xf32>
}

dl.func @cross_entropy_5_3(%x: tensor<5x3xf32>, %l: tensor<5xi64>) -> (tensor<f32>, tensor<f32>, tensor<5x3xf32>) attributes {kind = "rows", ranges = [[-3.0, 3.0], [0.0, 3.0]]} {
  %m = dl.reduce max %x axes [1] : tensor<5x3xf32> to tensor<5xf32>
  %mb = dl.broadcast %m axes [0] : tensor<5xf32> to tensor<5x3xf32>
  %s = dl.binary sub %x, %mb : tensor<5x3xf32>
  %e = dl.unary exp %s : tensor<5x3xf32>
  %t = dl.reduce sum %e axes [1] : tensor<5x3xf32> to tensor<5xf32>
  %lt = dl.unary log %t : tensor<5xf32>
  %picked = dl.gather %s, %l axis 1 batch 1 : (tensor<5x3xf32>, tensor<5xi64>) -> tensor<5xf32>
  %per = dl.binary sub %lt, %picked : tensor<5xf32>
  %sum = dl.reduce sum %per axes [0] : tensor<5xf32> to tensor<f32>
  %c = dl.constant dense<0.2> : tensor<f32>
  %loss = dl.binary mul %sum, %c : tensor<f32>
  %best = dl.arg_reduce max %x axis 1 : tensor<5x3xf32> to tensor<5xi64>
  %same = dl.compare eq %best, %l : tensor<5xi64>
  %samef = dl.cast %same : tensor<5xi1> to tensor<5xf32>
  %right = dl.reduce sum %samef axes [0] : tensor<5xf32> to tensor<f32>
  %tb = dl.broadcast %t axes [0] : tensor<5xf32> to tensor<5x3xf32>
  %p = dl.binary div %e, %tb : tensor<5x3xf32>
  %i = dl.iota 1 : tensor<5x3xi64>
  %lb = dl.broadcast %l axes [0] : tensor<5xi64> to tensor<5x3xi64>
  %hot = dl.compare eq %i, %lb : tensor<5x3xi64>
  %hotf = dl.cast %hot : tensor<5x3xi1> to tensor<5x3xf32>
  %dx0 = dl.binary sub %p, %hotf : tensor<5x3xf32>
  %cb = dl.broadcast %c axes [] : tensor<f32> to tensor<5x3xf32>
  %dx = dl.binary mul %dx0, %cb : tensor<5x3xf32>
  dl.return %loss, %right, %dx : tensor<f32>, tensor<f32>, tensor<5x3xf32>
}

dl.func @cross_entropy_64_100(%x: tensor<64x100xf32>, %l: tensor<64xi64>) -> (tensor<f32>, tensor<f32>, tensor<64x100xf32>) attributes {kind = "rows", ranges = [[-3.0, 3.0], [0.0, 100.0]]} {
  %m = dl.reduce max %x axes [1] : tensor<64x100xf32> to tensor<64xf32>
  %mb = dl.broadcast %m axes [0] : tensor<64xf32> to tensor<64x100xf32>
  %s = dl.binary sub %x, %mb : tensor<64x100xf32>
  %e = dl.unary exp %s : tensor<64x100xf32>
  %t = dl.reduce sum %e axes [1] : tensor<64x100xf32> to tensor<64xf32>
  %lt = dl.unary log %t : tensor<64xf32>
  %picked = dl.gather %s, %l axis 1 batch 1 : (tensor<64x100xf32>, tensor<64xi64>) -> tensor<64xf32>
  %per = dl.binary sub %lt, %picked : tensor<64xf32>
  %sum = dl.reduce sum %per axes [0] : tensor<64xf32> to tensor<f32>
  %c = dl.constant dense<0.015625> : tensor<f32>
  %loss = dl.binary mul %sum, %c : tensor<f32>
  %best = dl.arg_reduce max %x axis 1 : tensor<64x100xf32> to tensor<64xi64>
  %same = dl.compare eq %best, %l : tensor<64xi64>
  %samef = dl.cast %same : tensor<64xi1> to tensor<64xf32>
  %right = dl.reduce sum %samef axes [0] : tensor<64xf32> to tensor<f32>
  %tb = dl.broadcast %t axes [0] : tensor<64xf32> to tensor<64x100xf32>
  %p = dl.binary div %e, %tb : tensor<64x100xf32>
  %i = dl.iota 1 : tensor<64x100xi64>
  %lb = dl.broadcast %l axes [0] : tensor<64xi64> to tensor<64x100xi64>
  %hot = dl.compare eq %i, %lb : tensor<64x100xi64>
  %hotf = dl.cast %hot : tensor<64x100xi1> to tensor<64x100xf32>
  %dx0 = dl.binary sub %p, %hotf : tensor<64x100xf32>
  %cb = dl.broadcast %c axes [] : tensor<f32> to tensor<64x100xf32>
  %dx = dl.binary mul %dx0, %cb : tensor<64x100xf32>
  dl.return %loss, %right, %dx : tensor<f32>, tensor<f32>, tensor<64x100xf32>
}

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

dl.func @adam_17(%p: tensor<17xf32>, %m: tensor<17xf32>, %v: tensor<17xf32>, %g: tensor<17xf32>, %lr: tensor<f32>, %c1: tensor<f32>, %c2: tensor<f32>) -> (tensor<17xf32>, tensor<17xf32>, tensor<17xf32>) attributes {onto = [0, 1, 2], ranges = [[-1.0, 1.0], [-0.1, 0.1], [0.01, 0.1], [-1.0, 1.0], [0.001, 0.002], [0.1, 0.2], [0.1, 0.2]]} {
  %b1 = dl.constant dense<0.9> : tensor<17xf32>
  %o1 = dl.constant dense<0.1> : tensor<17xf32>
  %b2 = dl.constant dense<0.999> : tensor<17xf32>
  %o2 = dl.constant dense<0.001> : tensor<17xf32>
  %eps = dl.constant dense<1.0e-8> : tensor<17xf32>
  %m1 = dl.binary mul %m, %b1 : tensor<17xf32>
  %m2 = dl.binary mul %g, %o1 : tensor<17xf32>
  %mn = dl.binary add %m1, %m2 : tensor<17xf32>
  %g2 = dl.unary square %g : tensor<17xf32>
  %v1 = dl.binary mul %v, %b2 : tensor<17xf32>
  %v2 = dl.binary mul %g2, %o2 : tensor<17xf32>
  %vn = dl.binary add %v1, %v2 : tensor<17xf32>
  %c1b = dl.broadcast %c1 axes [] : tensor<f32> to tensor<17xf32>
  %c2b = dl.broadcast %c2 axes [] : tensor<f32> to tensor<17xf32>
  %lrb = dl.broadcast %lr axes [] : tensor<f32> to tensor<17xf32>
  %mh = dl.binary div %mn, %c1b : tensor<17xf32>
  %vh = dl.binary div %vn, %c2b : tensor<17xf32>
  %sq = dl.unary sqrt %vh : tensor<17xf32>
  %de = dl.binary add %sq, %eps : tensor<17xf32>
  %st = dl.binary div %mh, %de : tensor<17xf32>
  %ls = dl.binary mul %st, %lrb : tensor<17xf32>
  %pn = dl.binary sub %p, %ls : tensor<17xf32>
  dl.return %pn, %mn, %vn : tensor<17xf32>, tensor<17xf32>, tensor<17xf32>
}

dl.func @adam_4096(%p: tensor<4096xf32>, %m: tensor<4096xf32>, %v: tensor<4096xf32>, %g: tensor<4096xf32>, %lr: tensor<f32>, %c1: tensor<f32>, %c2: tensor<f32>) -> (tensor<4096xf32>, tensor<4096xf32>, tensor<4096xf32>) attributes {onto = [0, 1, 2], ranges = [[-1.0, 1.0], [-0.1, 0.1], [0.01, 0.1], [-1.0, 1.0], [0.001, 0.002], [0.1, 0.2], [0.1, 0.2]]} {
  %b1 = dl.constant dense<0.9> : tensor<4096xf32>
  %o1 = dl.constant dense<0.1> : tensor<4096xf32>
  %b2 = dl.constant dense<0.999> : tensor<4096xf32>
  %o2 = dl.constant dense<0.001> : tensor<4096xf32>
  %eps = dl.constant dense<1.0e-8> : tensor<4096xf32>
  %m1 = dl.binary mul %m, %b1 : tensor<4096xf32>
  %m2 = dl.binary mul %g, %o1 : tensor<4096xf32>
  %mn = dl.binary add %m1, %m2 : tensor<4096xf32>
  %g2 = dl.unary square %g : tensor<4096xf32>
  %v1 = dl.binary mul %v, %b2 : tensor<4096xf32>
  %v2 = dl.binary mul %g2, %o2 : tensor<4096xf32>
  %vn = dl.binary add %v1, %v2 : tensor<4096xf32>
  %c1b = dl.broadcast %c1 axes [] : tensor<f32> to tensor<4096xf32>
  %c2b = dl.broadcast %c2 axes [] : tensor<f32> to tensor<4096xf32>
  %lrb = dl.broadcast %lr axes [] : tensor<f32> to tensor<4096xf32>
  %mh = dl.binary div %mn, %c1b : tensor<4096xf32>
  %vh = dl.binary div %vn, %c2b : tensor<4096xf32>
  %sq = dl.unary sqrt %vh : tensor<4096xf32>
  %de = dl.binary add %sq, %eps : tensor<4096xf32>
  %st = dl.binary div %mh, %de : tensor<4096xf32>
  %ls = dl.binary mul %st, %lrb : tensor<4096xf32>
  %pn = dl.binary sub %p, %ls : tensor<4096xf32>
  dl.return %pn, %mn, %vn : tensor<4096xf32>, tensor<4096xf32>, tensor<4096xf32>
}

dl.func @adam_10000(%p: tensor<10000xf32>, %m: tensor<10000xf32>, %v: tensor<10000xf32>, %g: tensor<10000xf32>, %lr: tensor<f32>, %c1: tensor<f32>, %c2: tensor<f32>) -> (tensor<10000xf32>, tensor<10000xf32>, tensor<10000xf32>) attributes {onto = [0, 1, 2], ranges = [[-1.0, 1.0], [-0.1, 0.1], [0.01, 0.1], [-1.0, 1.0], [0.001, 0.002], [0.1, 0.2], [0.1, 0.2]]} {
  %b1 = dl.constant dense<0.9> : tensor<10000xf32>
  %o1 = dl.constant dense<0.1> : tensor<10000xf32>
  %b2 = dl.constant dense<0.999> : tensor<10000xf32>
  %o2 = dl.constant dense<0.001> : tensor<10000xf32>
  %eps = dl.constant dense<1.0e-8> : tensor<10000xf32>
  %m1 = dl.binary mul %m, %b1 : tensor<10000xf32>
  %m2 = dl.binary mul %g, %o1 : tensor<10000xf32>
  %mn = dl.binary add %m1, %m2 : tensor<10000xf32>
  %g2 = dl.unary square %g : tensor<10000xf32>
  %v1 = dl.binary mul %v, %b2 : tensor<10000xf32>
  %v2 = dl.binary mul %g2, %o2 : tensor<10000xf32>
  %vn = dl.binary add %v1, %v2 : tensor<10000xf32>
  %c1b = dl.broadcast %c1 axes [] : tensor<f32> to tensor<10000xf32>
  %c2b = dl.broadcast %c2 axes [] : tensor<f32> to tensor<10000xf32>
  %lrb = dl.broadcast %lr axes [] : tensor<f32> to tensor<10000xf32>
  %mh = dl.binary div %mn, %c1b : tensor<10000xf32>
  %vh = dl.binary div %vn, %c2b : tensor<10000xf32>
  %sq = dl.unary sqrt %vh : tensor<10000xf32>
  %de = dl.binary add %sq, %eps : tensor<10000xf32>
  %st = dl.binary div %mh, %de : tensor<10000xf32>
  %ls = dl.binary mul %st, %lrb : tensor<10000xf32>
  %pn = dl.binary sub %p, %ls : tensor<10000xf32>
  dl.return %pn, %mn, %vn : tensor<10000xf32>, tensor<10000xf32>, tensor<10000xf32>
}

dl.func @in_place_reverse(%x: tensor<40xf32>) -> (tensor<40xf32>) attributes {onto = [0]} {
  %r = dl.reverse %x axes [0] : tensor<40xf32>
  %y = dl.binary add %x, %r : tensor<40xf32>
  dl.return %y : tensor<40xf32>
}

dl.func @in_place_swap(%a: tensor<40xf32>, %b: tensor<40xf32>) -> (tensor<40xf32>, tensor<40xf32>) attributes {onto = [0, 1]} {
  dl.return %b, %a : tensor<40xf32>, tensor<40xf32>
}

dl.func @in_place_mean(%x: tensor<40xf32>) -> (tensor<40xf32>) attributes {onto = [0]} {
  %s = dl.reduce sum %x axes [0] : tensor<40xf32> to tensor<f32>
  %sb = dl.broadcast %s axes [] : tensor<f32> to tensor<40xf32>
  %y = dl.binary sub %x, %sb : tensor<40xf32>
  dl.return %y : tensor<40xf32>
}

dl.func @in_place_transposed_rows(%x: tensor<16x16xf32>) -> (tensor<16x16xf32>) attributes {onto = [0]} {
  %t = dl.transpose %x [1, 0] : tensor<16x16xf32> to tensor<16x16xf32>
  %s = dl.reduce sum %t axes [1] : tensor<16x16xf32> to tensor<16xf32>
  %sb = dl.broadcast %s axes [0] : tensor<16xf32> to tensor<16x16xf32>
  %y = dl.binary add %x, %sb : tensor<16x16xf32>
  dl.return %y : tensor<16x16xf32>
}

dl.func @twice(%x: tensor<40xf32>) -> (tensor<40xf32>, tensor<40xf32>, tensor<40xf32>) {
  %y = dl.unary exp %x : tensor<40xf32>
  dl.return %y, %y, %x : tensor<40xf32>, tensor<40xf32>, tensor<40xf32>
}

dl.func @shared_fold(%x: tensor<6x40xf32>) -> (tensor<6x40xf32>, tensor<6xf32>, tensor<6x40xf32>, tensor<40xf32>) {
  %s = dl.reduce sum %x axes [1] : tensor<6x40xf32> to tensor<6xf32>
  %sb = dl.broadcast %s axes [0] : tensor<6xf32> to tensor<6x40xf32>
  %a = dl.binary mul %x, %sb : tensor<6x40xf32>
  %b = dl.binary sub %a, %x : tensor<6x40xf32>
  %t = dl.reduce max %b axes [0] : tensor<6x40xf32> to tensor<40xf32>
  dl.return %a, %s, %b, %t : tensor<6x40xf32>, tensor<6xf32>, tensor<6x40xf32>, tensor<40xf32>
}

dl.func @rows_of_two_axes(%x: tensor<3x4x5x6xf32>) -> (tensor<3x4x5x6xf32>) attributes {ranges = [[-0.2, 0.2]]} {
  %s = dl.reduce sum %x axes [2, 3] : tensor<3x4x5x6xf32> to tensor<3x4xf32>
  %sb = dl.broadcast %s axes [0, 1] : tensor<3x4xf32> to tensor<3x4x5x6xf32>
  %c = dl.binary mul %x, %sb : tensor<3x4x5x6xf32>
  %y = dl.unary exp %c : tensor<3x4x5x6xf32>
  dl.return %y : tensor<3x4x5x6xf32>
}

dl.func @nested_folds(%x: tensor<20x30x40xf32>) -> (tensor<20xf32>) {
  %m = dl.reduce max %x axes [2] : tensor<20x30x40xf32> to tensor<20x30xf32>
  %e = dl.unary exp %m : tensor<20x30xf32>
  %s = dl.reduce sum %e axes [1] : tensor<20x30xf32> to tensor<20xf32>
  %y = dl.unary log %s : tensor<20xf32>
  dl.return %y : tensor<20xf32>
}

dl.func @middle_fold(%x: tensor<6x50x9xf32>) -> (tensor<6x50x9xf32>) {
  %m = dl.reduce sum %x axes [1] : tensor<6x50x9xf32> to tensor<6x9xf32>
  %mb = dl.broadcast %m axes [0, 2] : tensor<6x9xf32> to tensor<6x50x9xf32>
  %y = dl.binary sub %x, %mb : tensor<6x50x9xf32>
  dl.return %y : tensor<6x50x9xf32>
}

dl.func @dropout(%x: tensor<8x50xf32>, %s: tensor<i64>, %t: tensor<i64>, %p: tensor<i64>) -> (tensor<8x50xf32>) {
  %u = dl.random uniform %s, %t, %p : tensor<8x50xf32>
  %h = dl.constant dense<0.5> : tensor<8x50xf32>
  %k = dl.compare ge %u, %h : tensor<8x50xf32>
  %z = dl.constant dense<0.0> : tensor<8x50xf32>
  %two = dl.constant dense<2.0> : tensor<8x50xf32>
  %xx = dl.binary mul %x, %two : tensor<8x50xf32>
  %y = dl.select %k, %xx, %z : tensor<8x50xf32>
  dl.return %y : tensor<8x50xf32>
}

dl.func @concat_of_expressions(%a: tensor<3x20xf32>, %b: tensor<3x13xf32>) -> (tensor<3x33xf32>) {
  %x = dl.unary exp %a : tensor<3x20xf32>
  %s = dl.reduce sum %b axes [1] : tensor<3x13xf32> to tensor<3xf32>
  %sb = dl.broadcast %s axes [0] : tensor<3xf32> to tensor<3x13xf32>
  %z = dl.binary mul %b, %sb : tensor<3x13xf32>
  %y = dl.concat %x, %z axis 1 : (tensor<3x20xf32>, tensor<3x13xf32>) -> tensor<3x33xf32>
  dl.return %y : tensor<3x33xf32>
}

dl.func @pixels(%x: tensor<4x28x28xui8>) -> (tensor<4x28x28x1xf32>) {
  %f = dl.cast %x : tensor<4x28x28xui8> to tensor<4x28x28xf32>
  %r = dl.reshape %f : tensor<4x28x28xf32> to tensor<4x28x28x1xf32>
  %c = dl.constant dense<255.0> : tensor<4x28x28x1xf32>
  %y = dl.binary div %r, %c : tensor<4x28x28x1xf32>
  dl.return %y : tensor<4x28x28x1xf32>
}

dl.func @scatter_of_expression(%x: tensor<10x20xf32>, %i: tensor<7xi64>, %u: tensor<7x20xf32>) -> (tensor<10x20xf32>, tensor<20xf32>) {
  %e = dl.unary exp %u : tensor<7x20xf32>
  %n = dl.unary neg %x : tensor<10x20xf32>
  %t = dl.scatter add %n, %i, %e axis 0 batch 0 : tensor<10x20xf32>, tensor<7xi64>, tensor<7x20xf32>
  %y = dl.unary square %t : tensor<10x20xf32>
  %s = dl.reduce sum %t axes [0] : tensor<10x20xf32> to tensor<20xf32>
  dl.return %y, %s : tensor<10x20xf32>, tensor<20xf32>
}

dl.func @embedding_gradient(%i: tensor<6x5xi64>, %g: tensor<6x5x16xf32>) -> (tensor<50x16xf32>) attributes {ranges = [[0.0, 50.0]]} {
  %z = dl.constant dense<0.0> : tensor<50x16xf32>
  %y = dl.scatter add %z, %i, %g axis 0 batch 0 : tensor<50x16xf32>, tensor<6x5xi64>, tensor<6x5x16xf32>
  dl.return %y : tensor<50x16xf32>
}

dl.func @sorted_sum(%x: tensor<5x30xf32>) -> (tensor<5x30xf32>) {
  %e = dl.unary square %x : tensor<5x30xf32>
  %s, %p = dl.sort %e axis 1 descending : tensor<5x30xf32> to tensor<5x30xi64>
  %c = dl.cumulate sum %s axis 1 : tensor<5x30xf32>
  %y = dl.unary sqrt %c : tensor<5x30xf32>
  dl.return %y : tensor<5x30xf32>
}

dl.func @global_norm(%x: tensor<100x70xf32>, %z: tensor<33xf32>) -> (tensor<100x70xf32>, tensor<f32>) {
  %a = dl.unary square %x : tensor<100x70xf32>
  %sa = dl.reduce sum %a axes [0, 1] : tensor<100x70xf32> to tensor<f32>
  %b = dl.unary square %z : tensor<33xf32>
  %sb = dl.reduce sum %b axes [0] : tensor<33xf32> to tensor<f32>
  %s = dl.binary add %sa, %sb : tensor<f32>
  %n = dl.unary sqrt %s : tensor<f32>
  %nb = dl.broadcast %n axes [] : tensor<f32> to tensor<100x70xf32>
  %y = dl.binary div %x, %nb : tensor<100x70xf32>
  dl.return %y, %n : tensor<100x70xf32>, tensor<f32>
}

dl.func @distances(%x: tensor<50x3xf32>, %c: tensor<7x3xf32>) -> (tensor<50xi64>, tensor<50xf32>) {
  %xb = dl.broadcast %x axes [0, 2] : tensor<50x3xf32> to tensor<50x7x3xf32>
  %cb = dl.broadcast %c axes [1, 2] : tensor<7x3xf32> to tensor<50x7x3xf32>
  %e = dl.binary sub %xb, %cb : tensor<50x7x3xf32>
  %q = dl.unary square %e : tensor<50x7x3xf32>
  %s = dl.reduce sum %q axes [2] : tensor<50x7x3xf32> to tensor<50x7xf32>
  %k = dl.arg_reduce min %s axis 1 : tensor<50x7xf32> to tensor<50xi64>
  %d = dl.reduce min %s axes [1] : tensor<50x7xf32> to tensor<50xf32>
  dl.return %k, %d : tensor<50xi64>, tensor<50xf32>
}
}
