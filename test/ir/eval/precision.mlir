// REQUIRES: dlc-eval
// RUN: %dlc-eval %s | FileCheck %s
// Rounding to bf16 (7 bits below the leading one) and tf32 (10 bits), as a function and in the operands of products.

dl.func @main() -> (tensor<4xf32>, tensor<4xf32>, tensor<7xf32>, tensor<7xf32>, tensor<2xf64>, tensor<2xf64>,
                    tensor<f32>, tensor<f32>, tensor<f32>, tensor<1x1x1xf32>, tensor<1x1x1xf32>) {
  // Halfway (2^-8 and 3·2^-8 above 1) to the even neighbour; a little more than halfway up.
  %ties = dl.constant dense<[1.00390625, 1.01171875, 1.00390637, -1.00390625]> : tensor<4xf32>
  %ties_bf16 = dl.unary round_bf16 %ties : tensor<4xf32>
  // CHECK: tensor<4xf32> [1, 1.015625, 1.0078125, -1]
  %fine = dl.constant dense<[1.00048828125, 1.00146484375, 1.0004884, 1.0009765625]> : tensor<4xf32>
  %fine_tf32 = dl.unary round_tf32 %fine : tensor<4xf32>
  // CHECK: tensor<4xf32> [1, 1.0019531, 1.0009766, 1.0009766]

  // A carry up to the next power of two, the greatest f32, infinities, NaN, signed zeros from below the normal numbers; the least normal number stays.
  %odd = dl.constant dense<[1.9999, 3.4028235e38, 0xFF800000, 0x7FC00000, -1.0e-39, 1.17549421e-38, 1.17549435e-38]> : tensor<7xf32>
  %odd_bf16 = dl.unary round_bf16 %odd : tensor<7xf32>
  // CHECK: tensor<7xf32> [2, inf, -inf, nan, -0, 0, 1.1754944e-38]
  %odd_tf32 = dl.unary round_tf32 %odd : tensor<7xf32>
  // CHECK: tensor<7xf32> [2, inf, -inf, nan, -0, 0, 1.1754944e-38]

  // From f64 at once, not by way of f32: 1 + 2^-8 + 2^-40 is above the middle.
  %wide = dl.constant dense<[1.0039062500009095, 1.0e39]> : tensor<2xf64>
  %wide_bf16 = dl.unary round_bf16 %wide : tensor<2xf64>
  // CHECK: tensor<2xf64> [1.0078125, inf]
  %wide_tf32 = dl.unary round_tf32 %wide : tensor<2xf64>
  // CHECK: tensor<2xf64> [1.00390625, inf]

  // Operands are rounded, products and sums are not: 1.0078125² is no bf16.
  %a = dl.constant dense<[1.00390637, 1.0]> : tensor<2xf32>
  %b = dl.constant dense<[1.00390637, 0.000030517578125]> : tensor<2xf32>
  %plain = dl.dot %a, %b batch [] [] contract [0] [0] : (tensor<2xf32>, tensor<2xf32>) -> tensor<f32>
  // CHECK: tensor<f32> 1.0078585
  %dot_bf16 = dl.dot %a, %b batch [] [] contract [0] [0] precision bf16 : (tensor<2xf32>, tensor<2xf32>) -> tensor<f32>
  // CHECK: tensor<f32> 1.0157166
  %dot_tf32 = dl.dot %a, %b batch [] [] contract [0] [0] precision tf32 : (tensor<2xf32>, tensor<2xf32>) -> tensor<f32>
  // CHECK: tensor<f32> 1.0078583
  %image = dl.constant dense<1.00390637> : tensor<1x1x1xf32>
  %conv_bf16 = dl.conv forward %image, %image stride [1] low [0] high [0] dilation [1] groups 1 precision bf16
      : (tensor<1x1x1xf32>, tensor<1x1x1xf32>) -> tensor<1x1x1xf32>
  // CHECK: tensor<1x1x1xf32> {{.*}}1.015686
  %conv_tf32 = dl.conv weight %image, %image stride [1] low [0] high [0] dilation [1] groups 1 precision tf32
      : (tensor<1x1x1xf32>, tensor<1x1x1xf32>) -> tensor<1x1x1xf32>
  // CHECK: tensor<1x1x1xf32> {{.*}}1.0078278
  dl.return %ties_bf16, %fine_tf32, %odd_bf16, %odd_tf32, %wide_bf16, %wide_tf32, %plain, %dot_bf16, %dot_tf32, %conv_bf16, %conv_tf32
      : tensor<4xf32>, tensor<4xf32>, tensor<7xf32>, tensor<7xf32>, tensor<2xf64>, tensor<2xf64>,
        tensor<f32>, tensor<f32>, tensor<f32>, tensor<1x1x1xf32>, tensor<1x1x1xf32>
}
