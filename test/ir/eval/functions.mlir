// REQUIRES: dlc-eval
// RUN: %dlc-eval %s | FileCheck %s
// Element-wise functions in f64, where the numbers are those of any mathematics library; and what values.mlir and compute.mlir leave out.

dl.func @main() -> (
    tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>,
    tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>,
    tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>,
    tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>,
    tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<i64>, tensor<i1>, tensor<3xi64>, tensor<3xi64>,
    tensor<3xi64>, tensor<3xi64>, tensor<3xi64>, tensor<3xi64>) {
  %neg_x = dl.constant dense<[1.5, -2.0]> : tensor<2xf64>
  %neg = dl.unary neg %neg_x : tensor<2xf64>
  // CHECK: tensor<2xf64> [-1.5, 2]
  %abs_x = dl.constant dense<[-1.5, 2.0]> : tensor<2xf64>
  %abs = dl.unary abs %abs_x : tensor<2xf64>
  // CHECK: tensor<2xf64> [1.5, 2]
  %sign_x = dl.constant dense<[-3.0, 0.0]> : tensor<2xf64>
  %sign = dl.unary sign %sign_x : tensor<2xf64>
  // CHECK: tensor<2xf64> [-1, 0]
  %exp_x = dl.constant dense<[0.0, 1.0]> : tensor<2xf64>
  %exp = dl.unary exp %exp_x : tensor<2xf64>
  // CHECK: tensor<2xf64> [1, 2.718281828459045]
  %expm1_x = dl.constant dense<[0.0, 1.0]> : tensor<2xf64>
  %expm1 = dl.unary expm1 %expm1_x : tensor<2xf64>
  // CHECK: tensor<2xf64> [0, 1.718281828459045]
  %log_x = dl.constant dense<[1.0, 2.0]> : tensor<2xf64>
  %log = dl.unary log %log_x : tensor<2xf64>
  // CHECK: tensor<2xf64> [0, 0.6931471805599453]
  %log1p_x = dl.constant dense<[0.0, 1.0]> : tensor<2xf64>
  %log1p = dl.unary log1p %log1p_x : tensor<2xf64>
  // CHECK: tensor<2xf64> [0, 0.6931471805599453]
  %sqrt_x = dl.constant dense<[4.0, 2.0]> : tensor<2xf64>
  %sqrt = dl.unary sqrt %sqrt_x : tensor<2xf64>
  // CHECK: tensor<2xf64> [2, 1.4142135623730951]
  %rsqrt_x = dl.constant dense<[4.0, 0.25]> : tensor<2xf64>
  %rsqrt = dl.unary rsqrt %rsqrt_x : tensor<2xf64>
  // CHECK: tensor<2xf64> [0.5, 2]
  %sin_x = dl.constant dense<[0.0, 1.0]> : tensor<2xf64>
  %sin = dl.unary sin %sin_x : tensor<2xf64>
  // CHECK: tensor<2xf64> [0, 0.8414709848078965]
  %cos_x = dl.constant dense<[0.0, 1.0]> : tensor<2xf64>
  %cos = dl.unary cos %cos_x : tensor<2xf64>
  // CHECK: tensor<2xf64> [1, 0.5403023058681398]
  %tan_x = dl.constant dense<[0.0, 1.0]> : tensor<2xf64>
  %tan = dl.unary tan %tan_x : tensor<2xf64>
  // CHECK: tensor<2xf64> [0, 1.5574077246549023]
  %tanh_x = dl.constant dense<[0.0, 1.0]> : tensor<2xf64>
  %tanh = dl.unary tanh %tanh_x : tensor<2xf64>
  // CHECK: tensor<2xf64> [0, 0.7615941559557649]
  %sigmoid_x = dl.constant dense<[0.0, 1000.0]> : tensor<2xf64>
  %sigmoid = dl.unary sigmoid %sigmoid_x : tensor<2xf64>
  // CHECK: tensor<2xf64> [0.5, 1]
  %erf_x = dl.constant dense<[0.0, 1.0]> : tensor<2xf64>
  %erf = dl.unary erf %erf_x : tensor<2xf64>
  // CHECK: tensor<2xf64> [0, 0.8427007929497149]
  %floor_x = dl.constant dense<[1.5, -1.5]> : tensor<2xf64>
  %floor = dl.unary floor %floor_x : tensor<2xf64>
  // CHECK: tensor<2xf64> [1, -2]
  %ceil_x = dl.constant dense<[1.5, -1.5]> : tensor<2xf64>
  %ceil = dl.unary ceil %ceil_x : tensor<2xf64>
  // CHECK: tensor<2xf64> [2, -1]
  %reciprocal_x = dl.constant dense<[4.0, -0.5]> : tensor<2xf64>
  %reciprocal = dl.unary reciprocal %reciprocal_x : tensor<2xf64>
  // CHECK: tensor<2xf64> [0.25, -2]
  %square_x = dl.constant dense<[3.0, -1.5]> : tensor<2xf64>
  %square = dl.unary square %square_x : tensor<2xf64>
  // CHECK: tensor<2xf64> [9, 2.25]
  %add_a = dl.constant dense<[1.0, 2.0]> : tensor<2xf64>
  %add_b = dl.constant dense<[0.5, -2.0]> : tensor<2xf64>
  %add = dl.binary add %add_a, %add_b : tensor<2xf64>
  // CHECK: tensor<2xf64> [1.5, 0]
  %sub_a = dl.constant dense<[1.0, 2.0]> : tensor<2xf64>
  %sub_b = dl.constant dense<[0.5, -2.0]> : tensor<2xf64>
  %sub = dl.binary sub %sub_a, %sub_b : tensor<2xf64>
  // CHECK: tensor<2xf64> [0.5, 4]
  %mul_a = dl.constant dense<[1.5, 2.0]> : tensor<2xf64>
  %mul_b = dl.constant dense<[0.5, -2.0]> : tensor<2xf64>
  %mul = dl.binary mul %mul_a, %mul_b : tensor<2xf64>
  // CHECK: tensor<2xf64> [0.75, -4]
  %div_a = dl.constant dense<[1.0, 2.0]> : tensor<2xf64>
  %div_b = dl.constant dense<[4.0, -4.0]> : tensor<2xf64>
  %div = dl.binary div %div_a, %div_b : tensor<2xf64>
  // CHECK: tensor<2xf64> [0.25, -0.5]
  %pow_a = dl.constant dense<[2.0, 9.0]> : tensor<2xf64>
  %pow_b = dl.constant dense<[10.0, 0.5]> : tensor<2xf64>
  %pow = dl.binary pow %pow_a, %pow_b : tensor<2xf64>
  // CHECK: tensor<2xf64> [1024, 3]
  %atan2_a = dl.constant dense<[0.0, 1.0]> : tensor<2xf64>
  %atan2_b = dl.constant dense<[-1.0, 0.0]> : tensor<2xf64>
  %atan2 = dl.binary atan2 %atan2_a, %atan2_b : tensor<2xf64>
  // CHECK: tensor<2xf64> [3.141592653589793, 1.5707963267948966]
  %max_a = dl.constant dense<[1.0, -2.0]> : tensor<2xf64>
  %max_b = dl.constant dense<[3.0, -4.0]> : tensor<2xf64>
  %max = dl.binary max %max_a, %max_b : tensor<2xf64>
  // CHECK: tensor<2xf64> [3, -2]
  %min_a = dl.constant dense<[1.0, -2.0]> : tensor<2xf64>
  %min_b = dl.constant dense<[3.0, -4.0]> : tensor<2xf64>
  %min = dl.binary min %min_a, %min_b : tensor<2xf64>
  // CHECK: tensor<2xf64> [1, -4]

  // Reductions and running ones; a tie keeps its value.
  %m = dl.constant dense<[3, 1, 2]> : tensor<3xi64>
  %f = dl.constant dense<[true, false, true]> : tensor<3xi1>
  %least = dl.reduce min %m axes [0] : tensor<3xi64> to tensor<i64>
  // CHECK: tensor<i64> 1
  %any = dl.reduce or %f axes [0] : tensor<3xi1> to tensor<i1>
  // CHECK: tensor<i1> true
  %rising = dl.cumulate max %m axis 0 : tensor<3xi64>
  // CHECK: tensor<3xi64> [3, 3, 3]
  %falling = dl.cumulate min %m axis 0 : tensor<3xi64>
  // CHECK: tensor<3xi64> [3, 1, 1]

  // Choosing and passing on.
  %n = dl.constant dense<[-3, -1, -2]> : tensor<3xi64>
  %chosen = dl.select %f, %m, %n : tensor<3xi64>
  // CHECK: tensor<3xi64> [3, -1, 2]
  %same = dl.stop_gradient %m : tensor<3xi64>
  // CHECK: tensor<3xi64> [3, 1, 2]
  %later = dl.barrier %m after(%same, %any) : tensor<3xi64> after(tensor<3xi64>, tensor<i1>)
  // CHECK: tensor<3xi64> [3, 1, 2]
  %copied = dl.copy %m : tensor<3xi64>
  // CHECK: tensor<3xi64> [3, 1, 2]
  dl.return %neg, %abs, %sign, %exp, %expm1, %log, %log1p, %sqrt, %rsqrt, %sin, %cos, %tan, %tanh, %sigmoid,
      %erf, %floor, %ceil, %reciprocal, %square, %add, %sub, %mul, %div, %pow, %atan2, %max, %min, %least,
      %any, %rising, %falling, %chosen, %same, %later, %copied :
      tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>,
      tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>,
      tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>,
      tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<2xf64>,
      tensor<2xf64>, tensor<2xf64>, tensor<2xf64>, tensor<i64>, tensor<i1>, tensor<3xi64>, tensor<3xi64>,
      tensor<3xi64>, tensor<3xi64>, tensor<3xi64>, tensor<3xi64>
}
