// The formula form, as written and as printed.
// RUN: %dlc-opt %s | FileCheck %s
// RUN: %dlc-opt %s | %dlc-opt | FileCheck %s
// RUN: %dlc-opt %s --mlir-print-op-generic --mlir-print-debuginfo | %dlc-opt | FileCheck %s
// RUN: %dlc-opt %s --mlir-print-op-generic | FileCheck %s --check-prefix=GENERIC
// RUN: %dlc-opt %s --verify-roundtrip -o /dev/null

// CHECK-LABEL: dl.func @nothing() formulas { return }
dl.func @nothing() formulas {
  return
}

// Products bind closer than sums; from the left otherwise.
// CHECK-LABEL: dl.func @signs(%a: tensor<4xf32> {dl.input}, %b: tensor<4xf32> {dl.input}) -> (tensor<4xf32>) formulas {
// CHECK-NEXT: %0 = %a - (%b - %a) * (%a + %b) / %b
// CHECK-NEXT: %y = %0 / (%b / %0) - -0.5
// CHECK-NOT: loc
dl.func @signs(%a: tensor<4xf32> {dl.input}, %b: tensor<4xf32> {dl.input}) -> (tensor<4xf32>) formulas {
  %0 = %a - (%b - %a) * (%a + %b) / (%b)
  %y = (%0 / (%b / %0)) - -0.5
  return %y
}

// A number takes the type of the other operand, a smaller tensor repeats along the axes that it lacks.
// CHECK-LABEL: dl.func @types(
// CHECK: %y = (%x * 0.5 + %row) / max(%column, 1.0e-09)
// CHECK-NEXT: %n = f64(size<#dl.sym<B>>() + 1)
// CHECK-NEXT: %p = pow(0.9, %n)
// CHECK-NEXT: %small = lt(ui8(%y), 255)
// CHECK-NEXT: %flags = or(not(%small), false)
// CHECK-NEXT: return %y, %p, %flags, 7, 0.25
// GENERIC: "dl.func"() <{{.*}}sym_name = "types"
// GENERIC: "dl.broadcast"(%{{.*}}) <{axes = array<i64: 1>}>
// GENERIC: "dl.broadcast"(%{{.*}}) <{axes = array<i64: 0, 1>}>
// GENERIC: "dl.constant"() <{value = dense<9.000000e-01> : tensor<f64>}>
dl.func @types(%x: tensor<?x3xf32, #dl.sym<B>> {dl.input}, %row: tensor<3xf32> {dl.param}, %column: tensor<?x1xf32, #dl.sym<B>> {dl.input}) ->
    (tensor<?x3xf32, #dl.sym<B>>, tensor<f64>, tensor<?x3xi1, #dl.sym<B>>, tensor<i64>, tensor<f32>) formulas {
  %y = (%x * 0.5 + %row) / max(%column, 1.0e-9)
  %n = cast(size<size = #dl.sym<B>>() : tensor<i64> + 1) : tensor<f64>
  %p = pow(0.9, %n)
  %small = lt(ui8(%y), 255)
  %flags = or(not(%small), false)
  return %y, %p, %flags, 7, 0.25
}

// Operations by their names, attributes in angle brackets; several results share a name.
// CHECK-LABEL: dl.func @calls(
// CHECK: %h = dot(%x, %w)
// CHECK-NEXT: %s:2 = sort<axis 0, descending>(%h) : (tensor<4x2xf32>, tensor<4x2xi64>)
// CHECK-NEXT: check<"not \22finite\22">(le(%s#0, 3.0), %s#1)
// CHECK-NEXT: %loss = reduce.sum<axes [0, 1]>(%s#0 + random.normal(%seed, -3, 5) : tensor<4x2xf32>)
// CHECK-NEXT: %g:2 = gradient(%loss, %x, %w)
// CHECK-NEXT: return %g#1, reshape(%g#0) : tensor<12xf32>
dl.func @calls(%x: tensor<4x3xf32> {dl.input}, %w: tensor<3x2xf32> {dl.param}, %seed: tensor<i64> {dl.counter}) ->
    (tensor<3x2xf32>, tensor<12xf32>) formulas {
  %h = dot<lhsBatch [], lhsContract [1], rhsBatch [], rhsContract [0]>(%x, %w)
  %s:2 = sort<axis 0, descending>(%h) : (tensor<4x2xf32>, tensor<4x2xi64>)
  check<"not \"finite\"">(le(%s#0, 3.0), %s#1)
  %loss = reduce.sum<axes [0, 1]>(%s#0 + random.normal(%seed, -3, 5) : tensor<4x2xf32>)
  %g:2 = gradient(%loss, %x, %w)
  return %g#1, reshape(%g#0) : tensor<12xf32>
}

// A long formula is cut where its parts are; locations stand behind their lines, without a table of them.
// CHECK-LABEL: dl.func @located(
// CHECK-SAME: %x: tensor<4xf32> {dl.input}) -> (tensor<4xf32>) formulas at loc("a.dl":1:1 to 4:2) {
// CHECK-NEXT: %0 = exp(exp({{.*}})) loc("a.dl":2:3 to :9)
// CHECK-NEXT: %y = {{.*}}(%0){{.*}} loc("a.dl":2:3 to :9)
// CHECK-NEXT: return %y
dl.func @located(%x: tensor<4xf32> {dl.input} loc("x"("a.dl":1:2 to :3))) -> (tensor<4xf32>) formulas at loc("a.dl":1:1 to 4:2) {
  %y = exp(exp(exp(exp(exp(exp(exp(exp(exp(exp(exp(exp(exp(exp(exp(exp(exp(exp(exp(exp(exp(exp(exp(exp(exp(exp(exp(exp(exp(exp(exp(exp(exp(exp(exp(exp(exp(exp(exp(exp(exp(exp(exp(exp(exp(exp(exp(exp(exp(exp(%x)))))))))))))))))))))))))))))))))))))))))))))))))) loc("y"("a.dl":2:3 to :9))
  return %y
}

// What is left out: the usual strides and axes, names that only the standard library knows, and what a function of the text gives back.
// CHECK-LABEL: dl.func private @layer(
// CHECK-SAME: formulas at loc("a.dl":1:1 to :9) { return conv.forward(%x, %w) : tensor<?x2x2x5xf32, #dl.sym<n>> + 1.0 }
dl.func private @layer(%x: tensor<?x4x4x1xf32, #dl.sym<n>>, %w: tensor<3x3x1x5xf32>) -> (tensor<?x2x2x5xf32, #dl.sym<n>>) formulas at loc("a.dl":1:1 to :9) {
  %y = conv.forward<stride [1, 1], low [0, 0], high [0, 0], dilation [1, 1], groups 1>(%x, %w) : tensor<?x2x2x5xf32, #dl.sym<n>> loc("y"(callsite("std/layers.dl":1:1 to :2 at "a.dl":2:2 to :4)))
  %z = %y + 1.0 loc("a.dl":3:1 to :5)
  return %z
}
// CHECK-LABEL: dl.func @applied(
// CHECK: %mine = conv.forward<high [1, 1], low [1, 1], stride [2, 2]>(%x, %w) : tensor<8x2x2x5xf32> loc("a.dl":5:2 to :4)
// CHECK-NEXT: return @layer(%x, %w) : tensor<8x2x2x5xf32> - %mine, reduce.max<axes [3]>(window<axes [1], size [2], stride [2]>(%z)), dot<lhsBatch [0], rhsBatch [0], rhsContract [1]>(%z, %z)
// GENERIC: sym_name = "applied"
// GENERIC: "dl.call"(%{{.*}}, %{{.*}}) <{callee = @layer}>
// GENERIC: "dl.window"(%{{.*}}) <{axes = array<i64: 1>, dilation = array<i64: 1>, size = array<i64: 2>, stride = array<i64: 2>}>
// GENERIC: "dl.dot"({{.*}}) <{lhsBatch = array<i64: 0>, lhsContract = array<i64: 2>, precision = #dl<precision f32>, rhsBatch = array<i64: 0>, rhsContract = array<i64: 1>}>
dl.func @applied(%x: tensor<8x4x4x1xf32> {dl.input}, %w: tensor<3x3x1x5xf32> {dl.param}, %z: tensor<3x6x6xf32> {dl.param}) ->
    (tensor<8x2x2x5xf32>, tensor<3x3x6xf32>, tensor<3x6x6xf32>) formulas at loc("a.dl":4:1 to 8:2) {
  %mine = conv.forward<stride [2, 2], low [1, 1], high [1, 1]>(%x, %w) : tensor<8x2x2x5xf32> loc("a.dl":5:2 to :4)
  return @layer(%x, %w) : tensor<8x2x2x5xf32> - %mine, reduce.max<axes [3]>(window<axes [1], size [2], stride [2]>(%z)), dot<lhsBatch [0], rhsBatch [0], rhsContract [1]>(%z, %z)
}

// The precision of a product is a word among its attributes.
// CHECK-LABEL: dl.func @rounded(
// CHECK: return dot<precision bf16>(%x, round_tf32(%x)), conv.forward<precision tf32>(%image, %image) : tensor<1x1x1xf32>
// GENERIC: sym_name = "rounded"
// GENERIC: "dl.dot"({{.*}}) <{{.*}}precision = #dl<precision bf16>
dl.func @rounded(%x: tensor<3x3xf32> {dl.input}, %image: tensor<1x1x1xf32> {dl.input}) -> (tensor<3x3xf32>, tensor<1x1x1xf32>) formulas {
  return dot<precision bf16>(%x, round_tf32(%x)), conv.forward<precision = #dl<precision tf32>>(%image, %image) : tensor<1x1x1xf32>
}
