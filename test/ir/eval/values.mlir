// REQUIRES: dlc-eval
// RUN: %dlc-eval %s | FileCheck %s
// Each operation on numbers that can be checked by hand; every result is a line.

dl.func @main() -> (
    tensor<4xf32>, tensor<6xf32>, tensor<4xi32>, tensor<4xi32>, tensor<4xf32>, tensor<2xi64>, tensor<2xui8>, tensor<3xi1>, tensor<3xi64>,
    tensor<2x3xf32>, tensor<3x2xi64>, tensor<2x2xi64>, tensor<3x5xi64>, tensor<2x4xi64>, tensor<4xi64>, tensor<3x2xi64>, tensor<6xf32>,
    tensor<2x2xi64>, tensor<3x3xi64>) {
  // Half to even; the sign of zero stays.
  %halves = dl.constant dense<[0.5, 1.5, -0.5, -2.5]> : tensor<4xf32>
  %round = dl.unary round %halves : tensor<4xf32>
  // CHECK: tensor<4xf32> [0, 2, -0, -2]

  %special = dl.constant dense<[-1.0, 0.0, 0x7FC00000, 0x7F800000, 2.0, -0.0]> : tensor<6xf32>
  %relu = dl.unary relu %special : tensor<6xf32>
  // CHECK: tensor<6xf32> [0, 0, nan, inf, 2, -0]

  // Round down, the remainder has the divisor's sign; by zero both are 0.
  %a = dl.constant dense<[7, -7, 7, 5]> : tensor<4xi32>
  %b = dl.constant dense<[2, 2, -2, 0]> : tensor<4xi32>
  %div = dl.binary floordiv %a, %b : tensor<4xi32>
  %mod = dl.binary mod %a, %b : tensor<4xi32>
  // CHECK: tensor<4xi32> [3, -4, -4, 0]
  // CHECK: tensor<4xi32> [1, 1, -1, 0]
  %fa = dl.cast %a : tensor<4xi32> to tensor<4xf32>
  %fb = dl.cast %b : tensor<4xi32> to tensor<4xf32>
  %fm = dl.binary mod %fa, %fb : tensor<4xf32>
  // CHECK: tensor<4xf32> [1, 1, -1, {{-?nan(\(.*\))?}}]

  %wide = dl.constant dense<[9223372036854775807, -9223372036854775808]> : tensor<2xi64>
  %one = dl.constant dense<1> : tensor<2xi64>
  %wrapped = dl.binary add %wide, %one : tensor<2xi64>
  // CHECK: tensor<2xi64> [-9223372036854775808, -9223372036854775807]

  %big = dl.constant dense<[300.7, -2.0]> : tensor<2xf32>
  %bytes = dl.cast %big : tensor<2xf32> to tensor<2xui8>
  // CHECK: tensor<2xui8> [255, 0]

  %nan = dl.constant dense<[0x7FC00000, 1.0, 2.0]> : tensor<3xf32>
  %same = dl.compare eq %nan, %nan : tensor<3xf32>
  // CHECK: tensor<3xi1> [false, true, true]
  %nine = dl.constant dense<9> : tensor<i64>
  %iota = dl.iota 0 from %nine : tensor<3xi64>
  // CHECK: tensor<3xi64> [9, 10, 11]

  %row = dl.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
  %rows = dl.broadcast %row axes [1] : tensor<3xf32> to tensor<2x3xf32>
  // CHECK: tensor<2x3xf32> {{\[\[}}1, 2, 3], [1, 2, 3]]

  %m = dl.constant dense<[[1, 2, 3], [4, 5, 6]]> : tensor<2x3xi64>
  %t = dl.transpose %m [1, 0] : tensor<2x3xi64> to tensor<3x2xi64>
  // CHECK: tensor<3x2xi64> {{\[\[}}1, 4], [2, 5], [3, 6]]
  %slice = dl.slice %m start [0, 0] stride [1, 2] : tensor<2x3xi64> to tensor<2x2xi64>
  // CHECK: tensor<2x2xi64> {{\[\[}}1, 3], [4, 6]]
  %zero = dl.constant dense<0> : tensor<i64>
  %pad = dl.pad %slice, %zero low [0, 1] interior [1, 1] : tensor<2x2xi64> to tensor<3x5xi64>
  // CHECK: tensor<3x5xi64> {{\[\[}}0, 1, 0, 3, 0], [0, 0, 0, 0, 0], [0, 4, 0, 6, 0]]
  %cat = dl.concat %slice, %slice axis 1 : (tensor<2x2xi64>, tensor<2x2xi64>) -> tensor<2x4xi64>
  // CHECK: tensor<2x4xi64> {{\[\[}}1, 3, 1, 3], [4, 6, 4, 6]]
  %flat = dl.reshape %slice : tensor<2x2xi64> to tensor<4xi64>
  %back = dl.reverse %flat axes [0] : tensor<4xi64>
  // CHECK: tensor<4xi64> [6, 4, 3, 1]
  %window = dl.window %flat axes [0] size [2] stride [1] dilation [1] : tensor<4xi64> to tensor<3x2xi64>
  // CHECK: tensor<3x2xi64> {{\[\[}}1, 3], [3, 4], [4, 6]]
  %ones = dl.constant dense<1.0> : tensor<2x3xf32>
  %overlap = dl.overlap_add %ones axes [0] size [3] stride [2] dilation [1] : tensor<2x3xf32> to tensor<6xf32>
  // CHECK: tensor<6xf32> [1, 1, 2, 1, 1, 0]

  // The start 7 is clamped to 1.
  %seven = dl.constant dense<7> : tensor<i64>
  %part = dl.dynamic_slice %m[%zero, %seven] : tensor<2x3xi64> to tensor<2x2xi64>
  // CHECK: tensor<2x2xi64> {{\[\[}}2, 3], [5, 6]]
  %square = dl.constant dense<0> : tensor<3x3xi64>
  %updated = dl.dynamic_update %square, %part[%seven, %zero] : tensor<3x3xi64>, tensor<2x2xi64>
  // CHECK: tensor<3x3xi64> {{\[\[}}0, 0, 0], [2, 3, 0], [5, 6, 0]]

  dl.return %round, %relu, %div, %mod, %fm, %wrapped, %bytes, %same, %iota, %rows, %t, %slice, %pad, %cat, %back, %window, %overlap, %part, %updated :
    tensor<4xf32>, tensor<6xf32>, tensor<4xi32>, tensor<4xi32>, tensor<4xf32>, tensor<2xi64>, tensor<2xui8>, tensor<3xi1>, tensor<3xi64>,
    tensor<2x3xf32>, tensor<3x2xi64>, tensor<2x2xi64>, tensor<3x5xi64>, tensor<2x4xi64>, tensor<4xi64>, tensor<3x2xi64>, tensor<6xf32>,
    tensor<2x2xi64>, tensor<3x3xi64>
}
