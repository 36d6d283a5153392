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

// 512 images of 32 x 32 places and 64 channels.
dl.func @batch_norm(%x: tensor<524288x64xf32>, %w: tensor<64xf32>, %c: tensor<64xf32>) -> tensor<524288x64xf32> {
  %v0 = dl.reduce sum %x axes [0] : tensor<524288x64xf32> to tensor<64xf32>
  %v1 = dl.constant dense<1.907348633e-06> : tensor<f32>
  %v2 = dl.broadcast %v1 axes [] : tensor<f32> to tensor<64xf32>
  %v3 = dl.binary mul %v0, %v2 : tensor<64xf32>
  %v4 = dl.broadcast %v3 axes [1] : tensor<64xf32> to tensor<524288x64xf32>
  %v5 = dl.binary sub %x, %v4 : tensor<524288x64xf32>
  %v6 = dl.unary square %v5 : tensor<524288x64xf32>
  %v7 = dl.reduce sum %v6 axes [0] : tensor<524288x64xf32> to tensor<64xf32>
  %v8 = dl.constant dense<1.907348633e-06> : tensor<f32>
  %v9 = dl.broadcast %v8 axes [] : tensor<f32> to tensor<64xf32>
  %v10 = dl.binary mul %v7, %v9 : tensor<64xf32>
  %v11 = dl.constant dense<1.000000000e-05> : tensor<f32>
  %v12 = dl.broadcast %v11 axes [] : tensor<f32> to tensor<64xf32>
  %v13 = dl.binary add %v10, %v12 : tensor<64xf32>
  %v14 = dl.unary rsqrt %v13 : tensor<64xf32>
  %v15 = dl.broadcast %v14 axes [1] : tensor<64xf32> to tensor<524288x64xf32>
  %v16 = dl.binary mul %v5, %v15 : tensor<524288x64xf32>
  %v17 = dl.broadcast %w axes [1] : tensor<64xf32> to tensor<524288x64xf32>
  %v18 = dl.binary mul %v16, %v17 : tensor<524288x64xf32>
  %v19 = dl.broadcast %c axes [1] : tensor<64xf32> to tensor<524288x64xf32>
  %v20 = dl.binary add %v18, %v19 : tensor<524288x64xf32>
  dl.return %v20 : tensor<524288x64xf32>
}

dl.func @batch_norm_gradient(%w: tensor<64xf32>, %c: tensor<64xf32>, %x: tensor<524288x64xf32>, %g: tensor<524288x64xf32>) -> (tensor<64xf32>, tensor<64xf32>, tensor<524288x64xf32>) {
  %v0 = dl.reduce sum %x axes [0] : tensor<524288x64xf32> to tensor<64xf32>
  %v1 = dl.constant dense<1.907348633e-06> : tensor<f32>
  %v2 = dl.broadcast %v1 axes [] : tensor<f32> to tensor<64xf32>
  %v3 = dl.binary mul %v0, %v2 : tensor<64xf32>
  %v4 = dl.broadcast %v3 axes [1] : tensor<64xf32> to tensor<524288x64xf32>
  %v5 = dl.binary sub %x, %v4 : tensor<524288x64xf32>
  %v6 = dl.unary square %v5 : tensor<524288x64xf32>
  %v7 = dl.reduce sum %v6 axes [0] : tensor<524288x64xf32> to tensor<64xf32>
  %v8 = dl.constant dense<1.907348633e-06> : tensor<f32>
  %v9 = dl.broadcast %v8 axes [] : tensor<f32> to tensor<64xf32>
  %v10 = dl.binary mul %v7, %v9 : tensor<64xf32>
  %v11 = dl.constant dense<1.000000000e-05> : tensor<f32>
  %v12 = dl.broadcast %v11 axes [] : tensor<f32> to tensor<64xf32>
  %v13 = dl.binary add %v10, %v12 : tensor<64xf32>
  %v14 = dl.unary rsqrt %v13 : tensor<64xf32>
  %v15 = dl.broadcast %v14 axes [1] : tensor<64xf32> to tensor<524288x64xf32>
  %v16 = dl.binary mul %v5, %v15 : tensor<524288x64xf32>
  %v17 = dl.binary mul %g, %v16 : tensor<524288x64xf32>
  %v18 = dl.reduce sum %v17 axes [0] : tensor<524288x64xf32> to tensor<64xf32>
  %v19 = dl.reduce sum %g axes [0] : tensor<524288x64xf32> to tensor<64xf32>
  %v20 = dl.broadcast %w axes [1] : tensor<64xf32> to tensor<524288x64xf32>
  %v21 = dl.binary mul %g, %v20 : tensor<524288x64xf32>
  %v22 = dl.reduce sum %v21 axes [0] : tensor<524288x64xf32> to tensor<64xf32>
  %v23 = dl.constant dense<1.907348633e-06> : tensor<f32>
  %v24 = dl.broadcast %v23 axes [] : tensor<f32> to tensor<64xf32>
  %v25 = dl.binary mul %v22, %v24 : tensor<64xf32>
  %v26 = dl.broadcast %v25 axes [1] : tensor<64xf32> to tensor<524288x64xf32>
  %v27 = dl.binary mul %v21, %v16 : tensor<524288x64xf32>
  %v28 = dl.reduce sum %v27 axes [0] : tensor<524288x64xf32> to tensor<64xf32>
  %v29 = dl.constant dense<1.907348633e-06> : tensor<f32>
  %v30 = dl.broadcast %v29 axes [] : tensor<f32> to tensor<64xf32>
  %v31 = dl.binary mul %v28, %v30 : tensor<64xf32>
  %v32 = dl.broadcast %v31 axes [1] : tensor<64xf32> to tensor<524288x64xf32>
  %v33 = dl.binary sub %v21, %v26 : tensor<524288x64xf32>
  %v34 = dl.binary mul %v16, %v32 : tensor<524288x64xf32>
  %v35 = dl.binary sub %v33, %v34 : tensor<524288x64xf32>
  %v36 = dl.constant dense<1.000000000e-02> : tensor<f32>
  %v37 = dl.broadcast %v36 axes [] : tensor<f32> to tensor<64xf32>
  %v38 = dl.binary mul %v37, %v18 : tensor<64xf32>
  %v39 = dl.binary sub %w, %v38 : tensor<64xf32>
  %v40 = dl.constant dense<1.000000000e-02> : tensor<f32>
  %v41 = dl.broadcast %v40 axes [] : tensor<f32> to tensor<64xf32>
  %v42 = dl.binary mul %v41, %v19 : tensor<64xf32>
  %v43 = dl.binary sub %c, %v42 : tensor<64xf32>
  %v44 = dl.broadcast %v14 axes [1] : tensor<64xf32> to tensor<524288x64xf32>
  %v45 = dl.binary mul %v35, %v44 : tensor<524288x64xf32>
  dl.return %v39, %v43, %v45 : tensor<64xf32>, tensor<64xf32>, tensor<524288x64xf32>
}
