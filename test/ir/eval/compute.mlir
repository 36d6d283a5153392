// REQUIRES: dlc-eval
// RUN: %dlc-eval %s | FileCheck %s
// Reductions, products, indexing, sorting and control on numbers that can be checked by hand.

dl.func @main() -> (
    tensor<2xf32>, tensor<f32>, tensor<2xf32>, tensor<2xi1>, tensor<2xi64>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x2xf32>,
    tensor<1x2x1xf32>, tensor<1x5x1xf32>, tensor<3x1x1xf32>, tensor<3x2xi64>, tensor<3xi64>, tensor<3xi64>, tensor<4xf32>, tensor<4xi64>,
    tensor<i64>, tensor<4xi64>, tensor<4xi64>, tensor<i64>, tensor<i64>) {
  %m = dl.constant dense<[[1.0, 5.0, 2.0], [-1.0, 0.5, 4.0]]> : tensor<2x3xf32>
  %sum = dl.reduce sum %m axes [1] : tensor<2x3xf32> to tensor<2xf32>
  // CHECK: tensor<2xf32> [8, 3.5]
  %prod = dl.reduce prod %m axes [0, 1] : tensor<2x3xf32> to tensor<f32>
  // CHECK: tensor<f32> -20
  %none = dl.constant dense<> : tensor<2x0xf32>
  %least = dl.reduce max %none axes [1] : tensor<2x0xf32> to tensor<2xf32>
  // CHECK: tensor<2xf32> [-inf, -inf]
  %empty = dl.constant dense<> : tensor<2x0xi1>
  %all = dl.reduce and %empty axes [1] : tensor<2x0xi1> to tensor<2xi1>
  // CHECK: tensor<2xi1> [true, true]
  %ties = dl.constant dense<[[1.0, 5.0, 5.0], [7.0, 0x7FC00000, 9.0]]> : tensor<2x3xf32>
  %arg = dl.arg_reduce max %ties axis 1 : tensor<2x3xf32> to tensor<2xi64>
  // CHECK: tensor<2xi64> [1, 1]
  %running = dl.cumulate sum %m axis 1 : tensor<2x3xf32>
  // CHECK: tensor<2x3xf32> {{\[\[}}1, 6, 8], [-1, -0.5, 3.5]]
  %before = dl.cumulate prod %m axis 1 reverse exclusive : tensor<2x3xf32>
  // CHECK: tensor<2x3xf32> {{\[\[}}10, 2, 1], [2, 4, 1]]

  %dot = dl.dot %m, %m batch [] [] contract [1] [1] : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x2xf32>
  // CHECK: tensor<2x2xf32> {{\[\[}}30, 9.5], [9.5, 17.25]]

  // y[o] = Σ x[2o + k - 1] w[k]: over the padded 0 1 2 3 4 5.
  %x = dl.constant dense<[[[1.0], [2.0], [3.0], [4.0], [5.0]]]> : tensor<1x5x1xf32>
  %w = dl.constant dense<[[[1.0]], [[10.0]], [[100.0]]]> : tensor<3x1x1xf32>
  %conv = dl.conv forward %x, %w stride [2] low [1] high [0] dilation [1] groups 1 : (tensor<1x5x1xf32>, tensor<3x1x1xf32>) -> tensor<1x2x1xf32>
  // CHECK: tensor<1x2x1xf32> {{\[\[\[}}210], [432]]]
  %g = dl.constant dense<[[[1.0], [2.0]]]> : tensor<1x2x1xf32>
  %dx = dl.conv input %g, %w stride [2] low [1] high [0] dilation [1] groups 1 : (tensor<1x2x1xf32>, tensor<3x1x1xf32>) -> tensor<1x5x1xf32>
  // CHECK: tensor<1x5x1xf32> {{\[\[\[}}10], [102], [20], [200], [0]]]
  %dw = dl.conv weight %x, %g stride [2] low [1] high [0] dilation [1] groups 1 : (tensor<1x5x1xf32>, tensor<1x2x1xf32>) -> tensor<3x1x1xf32>
  // CHECK: tensor<3x1x1xf32> {{\[\[\[}}4]], {{\[\[}}7]], {{\[\[}}10]]]

  // Outside of the axis: 0 when read, dropped when written; of equal indices the last stays.
  %table = dl.constant dense<[[1, 2], [3, 4]]> : tensor<2x2xi64>
  %ids = dl.constant dense<[1, 5, 0]> : tensor<3xi64>
  %taken = dl.gather %table, %ids axis 0 batch 0 : (tensor<2x2xi64>, tensor<3xi64>) -> tensor<3x2xi64>
  // CHECK: tensor<3x2xi64> {{\[\[}}3, 4], [0, 0], [1, 2]]
  %base = dl.constant dense<[100, 200, 300]> : tensor<3xi64>
  %at = dl.constant dense<[2, 2, -1]> : tensor<3xi64>
  %news = dl.constant dense<[7, 8, 9]> : tensor<3xi64>
  %added = dl.scatter add %base, %at, %news axis 0 batch 0 : tensor<3xi64>, tensor<3xi64>, tensor<3xi64>
  // CHECK: tensor<3xi64> [100, 200, 315]
  %set = dl.scatter set %base, %at, %news axis 0 batch 0 : tensor<3xi64>, tensor<3xi64>, tensor<3xi64>
  // CHECK: tensor<3xi64> [100, 200, 8]

  // NaN stands last; equal elements keep their order.
  %mixed = dl.constant dense<[2.0, 0x7FC00000, 3.0, 2.0]> : tensor<4xf32>
  %sorted, %from = dl.sort %mixed axis 0 descending : tensor<4xf32> to tensor<4xi64>
  // CHECK: tensor<4xf32> [3, 2, 2, nan]
  // CHECK: tensor<4xi64> [2, 0, 3, 1]

  // Backwards, until the sum passes 12: the passes with index 3 and 2.
  %xs = dl.constant dense<[1, 2, 9, 4]> : tensor<4xi64>
  %zero = dl.constant dense<0> : tensor<i64>
  %twelve = dl.constant dense<12> : tensor<i64>
  %last, %sums = dl.loop <4> reverse exit walk(%e = %xs : tensor<4xi64>) carry(%s = %zero : tensor<i64>) -> tensor<i64>, tensor<4xi64> index %i {
    %n = dl.binary add %s, %e : tensor<i64>
    %stop = dl.compare gt %n, %twelve : tensor<i64>
    dl.yield %stop, %n, %n : tensor<i1>, tensor<i64>, tensor<i64>
  }
  // CHECK: tensor<i64> 13
  // CHECK: tensor<4xi64> [0, 0, 13, 4]
  %two = dl.constant dense<2> : tensor<i64>
  %indices = dl.loop <4> reverse count(%two) -> tensor<4xi64> index %i {
    %j = dl.binary add %i, %twelve : tensor<i64>
    dl.yield %j : tensor<i64>
  }
  // CHECK: tensor<4xi64> [12, 13, 0, 0]
  %yes = dl.constant dense<true> : tensor<i1>
  %taken2 = dl.cond %yes -> tensor<i64> {
    dl.yield %two : tensor<i64>
  } else {
    dl.yield %twelve : tensor<i64>
  }
  // CHECK: tensor<i64> 2
  %kernel = dl.kernel map (%p = %two : tensor<i64>) -> (tensor<i64>) {
    %q = dl.unary square %p : tensor<i64>
    dl.yield %q : tensor<i64>
  }
  // CHECK: tensor<i64> 4

  dl.return %sum, %prod, %least, %all, %arg, %running, %before, %dot, %conv, %dx, %dw, %taken, %added, %set, %sorted, %from, %last, %sums, %indices,
    %taken2, %kernel :
    tensor<2xf32>, tensor<f32>, tensor<2xf32>, tensor<2xi1>, tensor<2xi64>, tensor<2x3xf32>, tensor<2x3xf32>, tensor<2x2xf32>,
    tensor<1x2x1xf32>, tensor<1x5x1xf32>, tensor<3x1x1xf32>, tensor<3x2xi64>, tensor<3xi64>, tensor<3xi64>, tensor<4xf32>, tensor<4xi64>,
    tensor<i64>, tensor<4xi64>, tensor<4xi64>, tensor<i64>, tensor<i64>
}
