// RUN: %dlc-opt --dl-optimize %s | FileCheck %s
// RUN: %dlc-opt --dl-optimize=round-trip=true %s | FileCheck %s
// RUN: %dlc-opt --dl-optimize=to=train %s | FileCheck %s --check-prefix=TRAIN
// RUN: %dlc-opt --dl-optimize=to=train %s | %dlc-opt --dl-optimize | FileCheck %s
// RUN: not %dlc-opt --dl-optimize=to=fast %s 2>&1 | FileCheck %s --check-prefix=WRONG

module attributes {dl.stage = "graph", dl.version = 1 : i64} {
  dl.func @step(%w: tensor<4xf32> {dl.param = "w"}, %x: tensor<4xf32> {dl.input = "x"}) -> (tensor<4xf32> {dl.update = "w"}) {
    %v = dl.variable %w : tensor<4xf32>
    %p = dl.binary mul %v, %x : tensor<4xf32>
    %l = dl.reduce sum %p axes [0] : tensor<4xf32> to tensor<f32>
    %g = dl.gradient %l wrt(%v) : tensor<f32>, (tensor<4xf32>)
    %n = dl.binary sub %w, %g : tensor<4xf32>
    dl.return %n : tensor<4xf32>
  }
}
// CHECK: dl.stage = "optimized"
// CHECK: dl.func @step
// CHECK: dl.arena = 0
// CHECK: dl.launch @[[K:.*]](%arg0, {{.*}}into [0]
// CHECK: dl.func private @[[K]](
// CHECK: dl.kernel = "map"
// TRAIN: dl.stage = "train"
// TRAIN-NOT: dl.gradient
// TRAIN-NOT: dl.kernel
// WRONG: `fast` is not a stage; stages are graph, specialized, train, optimized
