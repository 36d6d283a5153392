// What the program wrote once stands there once, also where a part reads what the part before it gave; and all of it comes back.
// RUN: %dlc-opt %s --dl-condense | FileCheck %s
// RUN: %dlc-opt %s --dl-condense | %dlc-opt --dl-expand | FileCheck %s --check-prefix=BACK
// RUN: %dlc-opt %s --dl-condense --dl-expand --dl-condense | FileCheck %s

// CHECK: dl.func private @y(%x: tensor<4xf32>, %u: tensor<4xf32>) -> (tensor<4xf32>) formulas {
// CHECK: return
// CHECK-LABEL: dl.func @chain(
// CHECK-COUNT-3: @y(
// CHECK-NOT: exp
// BACK-NOT: private
// BACK-LABEL: dl.func @chain(
// BACK-COUNT-9: dl.unary exp
// BACK-NOT: dl.unary exp
dl.func @chain(%x: tensor<4xf32> {dl.input} loc("x"("a.dl":1:1)), %u: tensor<4xf32> {dl.param} loc("u"("a.dl":1:1)), %v: tensor<4xf32> {dl.param} loc("v"("a.dl":1:1)), %w: tensor<4xf32> {dl.param} loc("w"("a.dl":1:1))) ->
    (tensor<4xf32> {dl.output = "y"}) formulas {
  %a0 = exp(%x * %u) loc("a"("a.dl":2:1))
  %b0 = %a0 + exp(%a0) * %u loc("b"("a.dl":3:1))
  %c0 = %b0 - exp(%a0 - %b0) loc("c"("a.dl":4:1))
  %y0 = %c0 * %c0 loc("y"("a.dl":5:1))
  %a1 = exp(%y0 * %v) loc("a"("a.dl":2:1))
  %b1 = %a1 + exp(%a1) * %v loc("b"("a.dl":3:1))
  %c1 = %b1 - exp(%a1 - %b1) loc("c"("a.dl":4:1))
  %y1 = %c1 * %c1 loc("y"("a.dl":5:1))
  %a2 = exp(%y1 * %w) loc("a"("a.dl":2:1))
  %b2 = %a2 + exp(%a2) * %w loc("b"("a.dl":3:1))
  %c2 = %b2 - exp(%a2 - %b2) loc("c"("a.dl":4:1))
  %y2 = %c2 * %c2 loc("y"("a.dl":5:1))
  return %y2
}
