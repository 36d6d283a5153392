// What the stages after `optimized` look like: folds over a row stand before the pass that uses them, and each is computed once.
// RUN: %dlc-kernel-test %s --emit kernels --cpu x86-64-v3 | FileCheck %s
// RUN: %dlc-kernel-test %s --emit llvm --cpu x86-64-v3 | FileCheck %s --check-prefix=LLVM
// RUN: %dlc-kernel-test %s --emit assembly --cpu x86-64-v3 | FileCheck %s --check-prefix=ASM

module attributes {dl.stage = "graph", dl.version = 1} {
// CHECK-LABEL: llvm.func @kernel.main_kernel
// CHECK: scf.for
// CHECK:   scf.for {{.*}} iter_args
// CHECK:     arith.maximumf
// CHECK:   scf.for {{.*}} iter_args
// CHECK:     math.fma
// CHECK:     llvm.store
// CHECK:   scf.for
// CHECK-NOT: math.fma
// CHECK:     arith.divf
// CHECK:     llvm.store
// CHECK: module @dlc.program
// CHECK: llvm.func @dlc.main
// CHECK: llvm.call @kernel.main_kernel
// CHECK: llvm.func @dlc.main.steps
// LLVM: llvm.func @kernel.main_kernel
// LLVM-NOT: scf.
// LLVM: llvm.func @dlc.main
// ASM: kernel.main_kernel:
// ASM: vfmadd
// ASM: dlc.main.steps:
dl.func @main(%x: tensor<2x64xf32>) -> (tensor<2x64xf32>) {
  %m = dl.reduce max %x axes [1] : tensor<2x64xf32> to tensor<2xf32>
  %mb = dl.broadcast %m axes [0] : tensor<2xf32> to tensor<2x64xf32>
  %s = dl.binary sub %x, %mb : tensor<2x64xf32>
  %e = dl.unary exp %s : tensor<2x64xf32>
  %t = dl.reduce sum %e axes [1] : tensor<2x64xf32> to tensor<2xf32>
  %tb = dl.broadcast %t axes [0] : tensor<2xf32> to tensor<2x64xf32>
  %y = dl.binary div %e, %tb : tensor<2x64xf32>
  dl.return %y : tensor<2x64xf32>
}
}
