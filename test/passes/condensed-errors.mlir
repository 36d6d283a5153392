// Passes behind `dl-expand` know plain operations only, and say so.
// RUN: not %dlc-opt %s --dl-order 2>&1 | FileCheck %s
// RUN: not %dlc-opt %s --dl-rows 2>&1 | FileCheck %s
// RUN: not %dlc-opt %s --dl-specialize 2>&1 | FileCheck %s
// RUN: not %dlc-opt %s --dl-check-stage 2>&1 | FileCheck %s
// CHECK: error: {{.*}}has a tree in its signature: only stage `graph` may be condensed; `dl-expand` makes plain operations of it
module attributes {dl.stage = "specialized", dl.version = 1} {
  dl.func @f(%w: tuple<tensor<4xf32, "w">> {dl.param}) -> (tensor<4xf32>) formulas { return %w.w }
}
