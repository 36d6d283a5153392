// Rows: softmax, layer normalization and cross entropy, with their gradients.
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
}
