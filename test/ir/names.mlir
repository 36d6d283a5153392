// Values take their names from locations, and a dump that has locations keeps them.
// RUN: %dlc-opt %s --mlir-use-nameloc-as-prefix | FileCheck %s
// RUN: %dlc-opt %s --mlir-print-debuginfo | %dlc-opt --mlir-use-nameloc-as-prefix | FileCheck %s

// CHECK-LABEL: dl.func @named(
// CHECK-NEXT:      %weight: tensor<3x2xf32> {dl.param = "net.weight"}, %x: tensor<4x3xf32> {dl.input},
// CHECK-NEXT:      %net$m: tensor<f32> {dl.state}) -> (
// CHECK-NEXT:      tensor<4x2xf32> {dl.output = "y"}) {
dl.func @named(%arg0: tensor<3x2xf32> {dl.param = "net.weight"} loc("weight"("net.dl":1:1)),
               %arg1: tensor<4x3xf32> {dl.input = "x"} loc("x"), %net$m: tensor<f32> {dl.state} loc("net$m")) -> (tensor<4x2xf32> {dl.output = "y"}) {
  // CHECK: %logits = dl.dot %x, %weight
  %0 = dl.dot %arg1, %arg0 batch [] [] contract [1] [0] : (tensor<4x3xf32>, tensor<3x2xf32>) -> tensor<4x2xf32> loc("logits")
  // CHECK: dl.loop <4> walk(%row = %logits : tensor<4x2xf32>) carry(%sum = %zero : tensor<2xf32>) -> tensor<2xf32> index %i {
  %zero = dl.constant dense<0.0> : tensor<2xf32> loc("zero")
  %l = dl.loop <4> walk(%a = %0 : tensor<4x2xf32> loc("row")) carry(%b = %zero : tensor<2xf32> loc("sum")) -> tensor<2xf32> index %k loc("i") {
    // CHECK-NEXT: %next = dl.binary add %sum, %row
    %n = dl.binary add %b, %a : tensor<2xf32> loc("next")
    dl.yield %n : tensor<2xf32>
  }
  // CHECK: dl.kernel map (%in = %logits : tensor<4x2xf32>) -> (tensor<4x2xf32>) {
  %y = dl.kernel map (%a = %0 : tensor<4x2xf32> loc("in")) -> (tensor<4x2xf32>) {
    %r = dl.unary relu %a : tensor<4x2xf32>
    dl.yield %r : tensor<4x2xf32>
  }
  dl.return %y : tensor<4x2xf32>
}
