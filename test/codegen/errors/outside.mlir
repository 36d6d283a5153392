// RUN: not %dlc-kernel-test %s 2>&1 | FileCheck %s

module attributes {dl.stage = "optimized", dl.version = 1} {
dl.func @main(%x: tensor<8xf32>) -> (tensor<8xf32>) {
  // CHECK: [[@LINE+1]]:8: error: operation `dl.unary` stands outside of a kernel; the code generator requires a module of stage `optimized`
  %y = dl.unary neg %x : tensor<8xf32>
  dl.return %y : tensor<8xf32>
}
}
