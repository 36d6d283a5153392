// RUN: %dlc-opt --dl-precision %s | FileCheck %s
// RUN: %dlc-opt --dl-precision=all=tf32 %s | FileCheck %s --check-prefix=ALL
// RUN: %dlc-opt --dl-precision=all=f32 %s | FileCheck %s --check-prefix=NONE
// RUN: %dlc-opt --dl-precision --dl-specialize --dl-derive %s | FileCheck %s --check-prefix=DERIVED
// RUN: not %dlc-opt --dl-precision=all=fp16 %s 2>&1 | FileCheck %s --check-prefix=WRONG
// WRONG: error: `fp16` is not a precision; there are f32, tf32 and bf16

// The step of a block gets what its settings say, and nothing else does; an option is for everything but initial values and tables.
// CHECK: dl.train @train {{.*}}precision = #dl<precision bf16>
// ALL: dl.train @train {{.*}}precision = #dl<precision tf32>
// NONE: dl.train @train {{.*}}precision = #dl<precision f32>
// NONE-NOT: precision tf32
// NONE-NOT: precision bf16
module attributes {dl.stage = "graph", dl.version = 1} {
  dl.data @points ["x"] [tensor<10x3xf32>] {kind = "npy", files = ["x.npy"]}
  dl.train @train {step = @train.step, table = @points, end = @train.end, settings = {batch = 4 : i64, rows = 10 : i64, precision = #dl<precision bf16>}}
  dl.train @plain {step = @plain.step, settings = {steps = 9 : i64}}
  dl.test @check {body = @check.body, settings = {}}
  dl.sequence @train.end {
    dl.invoke @train.end.0() : () -> ()
  }

  // CHECK-LABEL: dl.func @init
  // CHECK: dl.dot {{.*}} contract [0] [0] :
  // ALL-LABEL: dl.func @init
  // ALL: dl.dot {{.*}} contract [0] [0] :
  dl.func @init() -> (tensor<3x3xf32> {dl.param = "w"}) {
    %c = dl.constant dense<1.0> : tensor<3x3xf32>
    %w = dl.dot %c, %c batch [] [] contract [0] [0] : (tensor<3x3xf32>, tensor<3x3xf32>) -> tensor<3x3xf32>
    dl.return %w : tensor<3x3xf32>
  }

  // Products of f64 stay; those in loops are products like others. Derivatives follow, in the step for the smaller last batch too.
  // CHECK-LABEL: dl.func @train.step
  // CHECK: dl.dot {{.*}} precision bf16 : (tensor<?x3xf32
  // CHECK: dl.loop
  // CHECK: dl.conv {{.*}} groups 1 precision bf16 :
  // CHECK: dl.dot {{.*}} contract [0] [0] : (tensor<3x3xf64>
  // ALL-LABEL: dl.func @train.step
  // ALL: dl.dot {{.*}} precision tf32 : (tensor<?x3xf32
  // ALL: dl.conv {{.*}} precision tf32 :
  // ALL: dl.dot {{.*}} contract [0] [0] : (tensor<3x3xf64>
  // DERIVED-LABEL: dl.func @train.step(
  // DERIVED-COUNT-2: dl.dot {{.*}} precision bf16 : ({{.*}}tensor<4x3xf32>
  // DERIVED-LABEL: dl.func @train.step.tail(
  // DERIVED-COUNT-2: dl.dot {{.*}} precision bf16 : ({{.*}}tensor<2x3xf32>
  dl.func @train.step(%x: tensor<?x3xf32, #dl.sym<batch>> {dl.input = "x"}, %w: tensor<3x3xf32> {dl.param = "w"}) -> (
      tensor<3x3xf32> {dl.update = "w"}, tensor<1x1x1xf32> {dl.output = "c"}, tensor<3x3xf64> {dl.output = "d"}) attributes {dl.symbols = ["batch"]} {
    %v = dl.variable %w : tensor<3x3xf32>
    %y = dl.dot %x, %v batch [] [] contract [1] [0] : (tensor<?x3xf32, #dl.sym<batch>>, tensor<3x3xf32>) -> tensor<?x3xf32, #dl.sym<batch>>
    %q = dl.unary square %y : tensor<?x3xf32, #dl.sym<batch>>
    %s = dl.reduce sum %q axes [0, 1] : tensor<?x3xf32, #dl.sym<batch>> to tensor<f32>
    %g = dl.gradient %s wrt(%v) : tensor<f32>, (tensor<3x3xf32>)
    %i = dl.constant dense<1.0> : tensor<1x1x1xf32>
    %c = dl.loop <5> carry(%p = %i : tensor<1x1x1xf32>) -> tensor<1x1x1xf32> index %n {
      %o = dl.conv forward %p, %p stride [1] low [0] high [0] dilation [1] groups 1 : (tensor<1x1x1xf32>, tensor<1x1x1xf32>) -> tensor<1x1x1xf32>
      dl.yield %o : tensor<1x1x1xf32>
    }
    %f = dl.cast %g : tensor<3x3xf32> to tensor<3x3xf64>
    %d = dl.dot %f, %f batch [] [] contract [0] [0] : (tensor<3x3xf64>, tensor<3x3xf64>) -> tensor<3x3xf64>
    dl.return %g, %c, %d : tensor<3x3xf32>, tensor<1x1x1xf32>, tensor<3x3xf64>
  }

  // CHECK-LABEL: dl.func @plain.step
  // CHECK: dl.dot {{.*}} contract [0] [0] :
  // ALL-LABEL: dl.func @plain.step
  // ALL: dl.dot {{.*}} precision tf32
  dl.func @plain.step(%w: tensor<3x3xf32> {dl.param = "w"}) -> (tensor<3x3xf32> {dl.update = "w"}) {
    %y = dl.dot %w, %w batch [] [] contract [0] [0] : (tensor<3x3xf32>, tensor<3x3xf32>) -> tensor<3x3xf32>
    dl.return %y : tensor<3x3xf32>
  }

  // CHECK-LABEL: dl.func @train.end.0
  // CHECK: dl.dot {{.*}} contract [0] [0] :
  // ALL-LABEL: dl.func @train.end.0
  // ALL: dl.dot {{.*}} precision tf32
  dl.func @train.end.0(%w: tensor<3x3xf32> {dl.param = "w"}) -> (tensor<3x3xf32> {dl.update = "w"}) {
    %y = dl.dot %w, %w batch [] [] contract [0] [0] : (tensor<3x3xf32>, tensor<3x3xf32>) -> tensor<3x3xf32>
    dl.return %y : tensor<3x3xf32>
  }

  // CHECK-LABEL: dl.func @check.body
  // CHECK: dl.dot {{.*}} contract [0] [0] :
  // ALL-LABEL: dl.func @check.body
  // ALL: dl.dot {{.*}} precision tf32
  dl.func @check.body(%w: tensor<3xf32> {dl.param = "v"}) -> (tensor<f32> {dl.report = "r"}) {
    %y = dl.dot %w, %w batch [] [] contract [0] [0] : (tensor<3xf32>, tensor<3xf32>) -> tensor<f32>
    dl.return %y : tensor<f32>
  }

  // CHECK-LABEL: dl.func @predict
  // CHECK: dl.dot {{.*}} contract [0] [0] :
  // ALL-LABEL: dl.func @predict
  // ALL: dl.dot {{.*}} precision tf32
  dl.func @predict(%w: tensor<3xf32> {dl.param = "v"}) -> (tensor<f32> {dl.output = "r"}) attributes {dl.export} {
    %y = dl.dot %w, %w batch [] [] contract [0] [0] : (tensor<3xf32>, tensor<3xf32>) -> tensor<f32>
    dl.return %y : tensor<f32>
  }
}
