// What tools/bench/card times on a graphics card: `dlc-kernel-test --time --target cuda`. Names are what the table calls them.

dl.func @product_1024_f32(%a: tensor<1024x1024xf32>, %b: tensor<1024x1024xf32>) -> tensor<1024x1024xf32> {
  %c = dl.dot %a, %b batch [] [] contract [1] [0] : (tensor<1024x1024xf32>, tensor<1024x1024xf32>) -> tensor<1024x1024xf32>
  dl.return %c : tensor<1024x1024xf32>
}

dl.func @product_1024_tf32(%a: tensor<1024x1024xf32>, %b: tensor<1024x1024xf32>) -> tensor<1024x1024xf32> {
  %c = dl.dot %a, %b batch [] [] contract [1] [0] precision tf32 : (tensor<1024x1024xf32>, tensor<1024x1024xf32>) -> tensor<1024x1024xf32>
  dl.return %c : tensor<1024x1024xf32>
}

dl.func @product_1024_bf16(%a: tensor<1024x1024xf32>, %b: tensor<1024x1024xf32>) -> tensor<1024x1024xf32> {
  %c = dl.dot %a, %b batch [] [] contract [1] [0] precision bf16 : (tensor<1024x1024xf32>, tensor<1024x1024xf32>) -> tensor<1024x1024xf32>
  dl.return %c : tensor<1024x1024xf32>
}

dl.func @product_4096_f32(%a: tensor<4096x4096xf32>, %b: tensor<4096x4096xf32>) -> tensor<4096x4096xf32> {
  %c = dl.dot %a, %b batch [] [] contract [1] [0] : (tensor<4096x4096xf32>, tensor<4096x4096xf32>) -> tensor<4096x4096xf32>
  dl.return %c : tensor<4096x4096xf32>
}

dl.func @product_4096_tf32(%a: tensor<4096x4096xf32>, %b: tensor<4096x4096xf32>) -> tensor<4096x4096xf32> {
  %c = dl.dot %a, %b batch [] [] contract [1] [0] precision tf32 : (tensor<4096x4096xf32>, tensor<4096x4096xf32>) -> tensor<4096x4096xf32>
  dl.return %c : tensor<4096x4096xf32>
}

dl.func @product_4096_bf16(%a: tensor<4096x4096xf32>, %b: tensor<4096x4096xf32>) -> tensor<4096x4096xf32> {
  %c = dl.dot %a, %b batch [] [] contract [1] [0] precision bf16 : (tensor<4096x4096xf32>, tensor<4096x4096xf32>) -> tensor<4096x4096xf32>
  dl.return %c : tensor<4096x4096xf32>
}

dl.func @product_8192_f32(%a: tensor<8192x8192xf32>, %b: tensor<8192x8192xf32>) -> tensor<8192x8192xf32> {
  %c = dl.dot %a, %b batch [] [] contract [1] [0] : (tensor<8192x8192xf32>, tensor<8192x8192xf32>) -> tensor<8192x8192xf32>
  dl.return %c : tensor<8192x8192xf32>
}

dl.func @product_8192_tf32(%a: tensor<8192x8192xf32>, %b: tensor<8192x8192xf32>) -> tensor<8192x8192xf32> {
  %c = dl.dot %a, %b batch [] [] contract [1] [0] precision tf32 : (tensor<8192x8192xf32>, tensor<8192x8192xf32>) -> tensor<8192x8192xf32>
  dl.return %c : tensor<8192x8192xf32>
}

dl.func @product_8192_bf16(%a: tensor<8192x8192xf32>, %b: tensor<8192x8192xf32>) -> tensor<8192x8192xf32> {
  %c = dl.dot %a, %b batch [] [] contract [1] [0] precision bf16 : (tensor<8192x8192xf32>, tensor<8192x8192xf32>) -> tensor<8192x8192xf32>
  dl.return %c : tensor<8192x8192xf32>
}

dl.func @bias_gelu(%x: tensor<8192x4096xf32>, %b: tensor<4096xf32>) -> tensor<8192x4096xf32> {
  %w = dl.broadcast %b axes [1] : tensor<4096xf32> to tensor<8192x4096xf32>
  %y = dl.binary add %x, %w : tensor<8192x4096xf32>
  %rs = dl.constant dense<0.70710678118654752> : tensor<f32>
  %r = dl.broadcast %rs axes [] : tensor<f32> to tensor<8192x4096xf32>
  %hs = dl.constant dense<0.5> : tensor<f32>
  %h = dl.broadcast %hs axes [] : tensor<f32> to tensor<8192x4096xf32>
  %ones = dl.constant dense<1.0> : tensor<f32>
  %one = dl.broadcast %ones axes [] : tensor<f32> to tensor<8192x4096xf32>
  %s = dl.binary mul %y, %r : tensor<8192x4096xf32>
  %e = dl.unary erf %s : tensor<8192x4096xf32>
  %p = dl.binary add %e, %one : tensor<8192x4096xf32>
  %q = dl.binary mul %y, %h : tensor<8192x4096xf32>
  %z = dl.binary mul %q, %p : tensor<8192x4096xf32>
  dl.return %z : tensor<8192x4096xf32>
}

dl.func @softmax(%x: tensor<8192x4096xf32>) -> tensor<8192x4096xf32> {
  %m = dl.reduce max %x axes [1] : tensor<8192x4096xf32> to tensor<8192xf32>
  %n = dl.broadcast %m axes [0] : tensor<8192xf32> to tensor<8192x4096xf32>
  %d = dl.binary sub %x, %n : tensor<8192x4096xf32>
  %e = dl.unary exp %d : tensor<8192x4096xf32>
  %s = dl.reduce sum %e axes [1] : tensor<8192x4096xf32> to tensor<8192xf32>
  %u = dl.broadcast %s axes [0] : tensor<8192xf32> to tensor<8192x4096xf32>
  %y = dl.binary div %e, %u : tensor<8192x4096xf32>
  dl.return %y : tensor<8192x4096xf32>
}

dl.func @layer_norm(%x: tensor<8192x4096xf32>, %g: tensor<4096xf32>, %b: tensor<4096xf32>) -> tensor<8192x4096xf32> {
  %ns = dl.constant dense<0.000244140625> : tensor<f32>
  %n = dl.broadcast %ns axes [] : tensor<f32> to tensor<8192xf32>
  %es = dl.constant dense<1.0e-5> : tensor<f32>
  %e = dl.broadcast %es axes [] : tensor<f32> to tensor<8192xf32>
  %s = dl.reduce sum %x axes [1] : tensor<8192x4096xf32> to tensor<8192xf32>
  %m = dl.binary mul %s, %n : tensor<8192xf32>
  %mm = dl.broadcast %m axes [0] : tensor<8192xf32> to tensor<8192x4096xf32>
  %d = dl.binary sub %x, %mm : tensor<8192x4096xf32>
  %q = dl.unary square %d : tensor<8192x4096xf32>
  %v = dl.reduce sum %q axes [1] : tensor<8192x4096xf32> to tensor<8192xf32>
  %vm = dl.binary mul %v, %n : tensor<8192xf32>
  %ve = dl.binary add %vm, %e : tensor<8192xf32>
  %r = dl.unary rsqrt %ve : tensor<8192xf32>
  %rr = dl.broadcast %r axes [0] : tensor<8192xf32> to tensor<8192x4096xf32>
  %z = dl.binary mul %d, %rr : tensor<8192x4096xf32>
  %gg = dl.broadcast %g axes [1] : tensor<4096xf32> to tensor<8192x4096xf32>
  %bb = dl.broadcast %b axes [1] : tensor<4096xf32> to tensor<8192x4096xf32>
  %y = dl.binary mul %z, %gg : tensor<8192x4096xf32>
  %o = dl.binary add %y, %bb : tensor<8192x4096xf32>
  dl.return %o : tensor<8192x4096xf32>
}
