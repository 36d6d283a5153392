// RUN: not %dlc-kernel-test %s 2>&1 | FileCheck %s

module attributes {dl.stage = "optimized", dl.version = 1} {
dl.func private @k(%x: tensor<8xf32>) -> (tensor<8xf32>) attributes {dl.kernel = "map"} {
  %y = dl.unary neg %x : tensor<8xf32>
  dl.return %y : tensor<8xf32>
}
dl.func @main(%x: tensor<8xf32>) -> (tensor<8xf32>) {
  // CHECK: [[@LINE+1]]:8: error: result 0 has no place; the code generator requires a module of stage `optimized`
  %y = dl.launch @k(%x) : (tensor<8xf32>) -> tensor<8xf32>
  dl.return %y : tensor<8xf32>
}
}
