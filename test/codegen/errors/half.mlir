// RUN: not %dlc-kernel-test %s 2>&1 | FileCheck %s

module attributes {dl.stage = "graph", dl.version = 1} {
// CHECK: [[@LINE+1]]:1: error: element type `f16` is not supported on the cpu
dl.func @main(%x: tensor<8xf16>) -> (tensor<8xf16>) {
  %y = dl.binary add %x, %x : tensor<8xf16>
  dl.return %y : tensor<8xf16>
}
}
