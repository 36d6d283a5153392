// The custom forms, as written and as printed.
// RUN: %dlc-opt %s | FileCheck %s
// RUN: %dlc-opt %s | %dlc-opt | FileCheck %s
// RUN: %dlc-opt %s --mlir-print-op-generic | %dlc-opt | FileCheck %s
// RUN: %dlc-opt %s --verify-roundtrip -o /dev/null

// CHECK: module attributes {dl.stage = "graph", dl.version = 1 : i64}
module attributes {dl.stage = "graph", dl.version = 1} {

// CHECK-LABEL: dl.func @none() {
dl.func @none() {
  dl.return
}

// CHECK-LABEL: dl.func @step(
// CHECK-NEXT:      %arg0: tensor<3x2xf32> {dl.param = "w"}, %arg1: tensor<?x3xf32, #dl.sym<batch>> {dl.input = "x"},
// CHECK-NEXT:      %arg2: tensor<i64> {dl.counter = "step"}) -> (
// CHECK-NEXT:      tensor<3x2xf32> {dl.update = "w"}, tensor<f32> {dl.loss, dl.part = "sum", dl.report = "loss"},
// CHECK-NEXT:      tensor<f32> {dl.part = "weight", dl.report = "loss"}, tensor<i1> {dl.stop}) attributes {dl.symbols = ["batch"]} {
dl.func @step(%w: tensor<3x2xf32> {dl.param = "w"}, %x: tensor<?x3xf32, #dl.sym<batch>> {dl.input = "x"}, %t: tensor<i64> {dl.counter = "step"}) ->
    (tensor<3x2xf32> {dl.update = "w"}, tensor<f32> {dl.report = "loss", dl.part = "sum", dl.loss},
     tensor<f32> {dl.report = "loss", dl.part = "weight"}, tensor<i1> {dl.stop}) attributes {dl.symbols = ["batch"]} {
  // CHECK: dl.dot %arg1, %arg0 batch [] [] contract [1] [0] : (tensor<?x3xf32, #dl.sym<batch>>, tensor<3x2xf32>) -> tensor<?x2xf32, #dl.sym<batch>>
  %y = dl.dot %x, %w batch [] [] contract [1] [0] : (tensor<?x3xf32, #dl.sym<batch>>, tensor<3x2xf32>) -> tensor<?x2xf32, #dl.sym<batch>>
  // CHECK: dl.size <batch> : tensor<i64>
  %n = dl.size <batch> : tensor<i64>
  // CHECK: dl.cast %{{.*}} : tensor<i64> to tensor<f32>
  %weight = dl.cast %n : tensor<i64> to tensor<f32>
  // CHECK: dl.reduce sum %{{.*}} axes [0, 1] : tensor<?x2xf32, #dl.sym<batch>> to tensor<f32>
  %sum = dl.reduce sum %y axes [0, 1] : tensor<?x2xf32, #dl.sym<batch>> to tensor<f32>
  // CHECK: dl.unary not %{{.*}} : tensor<i1>
  %stop = dl.compare lt %sum, %weight : tensor<f32>
  %go = dl.unary not %stop : tensor<i1>
  // CHECK: dl.binary or %{{.*}}, %{{.*}} : tensor<i1>
  %either = dl.binary or %stop, %go : tensor<i1>
  // CHECK: dl.select %{{.*}}, %{{.*}}, %{{.*}} : tensor<f32>
  %s = dl.select %either, %sum, %weight : tensor<f32>
  // CHECK: %{{.*}} = dl.gradient %{{.*}} wrt(%arg0) : tensor<f32>, (tensor<3x2xf32>)
  %g = dl.gradient %s wrt(%w) : tensor<f32>, (tensor<3x2xf32>)
  // CHECK: dl.binary sub %arg0, %{{.*}} : tensor<3x2xf32>
  %new = dl.binary sub %w, %g : tensor<3x2xf32>
  dl.return %new, %sum, %weight, %either : tensor<3x2xf32>, tensor<f32>, tensor<f32>, tensor<i1>
}

// CHECK-LABEL: dl.func private @add(
// CHECK-NEXT:      %arg0: tensor<8xf32>, %arg1: tensor<8xf32>) -> (tensor<8xf32>, tensor<8xf32>) attributes {dl.kernel = "map"} {
dl.func private @add(%a: tensor<8xf32>, %b: tensor<8xf32>) -> (tensor<8xf32>, tensor<8xf32>) attributes {dl.kernel = "map"} {
  %c = dl.binary add %a, %b : tensor<8xf32>
  dl.return %c, %a : tensor<8xf32>, tensor<8xf32>
}

// CHECK-LABEL: dl.func @planned(
// CHECK:       attributes {dl.arena = 128 : i64} {
dl.func @planned(%x: tensor<8xf32>, %p: tensor<i1>) -> tensor<8xf32> attributes {dl.arena = 128} {
  // CHECK: dl.launch @add(%arg0, %arg0) at [0, 64] onto [-1, -1] into [-1, -1] : (tensor<8xf32>, tensor<8xf32>) -> (tensor<8xf32>, tensor<8xf32>)
  %y:2 = dl.launch @add(%x, %x) at [0, 64] onto [-1, -1] into [-1, -1] : (tensor<8xf32>, tensor<8xf32>) -> (tensor<8xf32>, tensor<8xf32>)
  // CHECK: dl.copy %{{.*}} at [64] : tensor<8xf32>
  %z = dl.copy %y#0 at [64] : tensor<8xf32>
  // CHECK: dl.check %arg1, "{0} is bad"(%{{.*}}) : tensor<i1>, tensor<8xf32>
  dl.check %p, "{0} is bad"(%z) : tensor<i1>, tensor<8xf32>
  // CHECK: dl.check %arg1, "bad" : tensor<i1>
  dl.check %p, "bad" : tensor<i1>
  // CHECK: dl.host "print" {format = "{0}"}(%{{.*}}) : tensor<8xf32>
  dl.host "print" {format = "{0}"} (%z) : tensor<8xf32>
  // CHECK: dl.host "print" {format = "hello"}()
  dl.host "print" {format = "hello"} ()
  // CHECK: dl.cond %arg1 at [-1] into [0] -> tensor<8xf32> {
  // CHECK-NEXT: dl.yield
  // CHECK-NEXT: } else {
  // CHECK-NEXT: dl.yield
  // CHECK-NEXT: }
  %r = dl.cond %p at [-1] into [0] -> tensor<8xf32> { dl.yield %y#0 : tensor<8xf32> } else { dl.yield %z : tensor<8xf32> }
  // CHECK: dl.cond %arg1 attributes {dl.note = "x"} {
  // CHECK-NEXT: dl.host
  // CHECK-NEXT: } else {
  // CHECK-NEXT: }
  dl.cond %p attributes {dl.note = "x"} { dl.host "print" {format = ""} () } else {}
  dl.return %r : tensor<8xf32>
}

// CHECK-LABEL: dl.func @loops(
dl.func @loops(%xs: tensor<?x8xf32, #dl.sym<2*T>>, %h0: tensor<8xf32>, %n: tensor<i64>, %p: tensor<i1>) attributes {dl.symbols = ["T"]} {
  // CHECK: dl.loop <2*T> reverse exit count(%arg2) walk(%[[X:.*]] = %arg0 : tensor<?x8xf32, #dl.sym<2*T>>) carry(%[[H:.*]] = %arg1 : tensor<8xf32>) at [0, 0] into [-1, 0] -> tensor<8xf32>, tensor<?xi64, #dl.sym<2*T>> attributes {dl.checkpoint = array<i64: 0>} index %[[I:.*]] {
  // CHECK-NEXT: %[[N:.*]] = dl.binary add %[[H]], %[[X]] : tensor<8xf32>
  // CHECK-NEXT: dl.yield %arg3, %[[N]], %[[I]] : tensor<i1>, tensor<8xf32>, tensor<i64>
  %h, %is = dl.loop <2*T> reverse exit count(%n) walk(%x = %xs : tensor<?x8xf32, #dl.sym<2*T>>) carry(%c = %h0 : tensor<8xf32>) at [0, 0] into [-1, 0]
      -> tensor<8xf32>, tensor<?xi64, #dl.sym<2*T>> attributes {dl.checkpoint = array<i64: 0>} index %i {
    %next = dl.binary add %c, %x : tensor<8xf32>
    dl.yield %p, %next, %i : tensor<i1>, tensor<8xf32>, tensor<i64>
  }
  // CHECK: dl.loop <3> index %[[I:.*]] {
  // CHECK-NEXT: dl.host "print" {format = "{0}"}(%[[I]]) : tensor<i64>
  // CHECK-NEXT: }
  dl.loop <3> index %i { dl.host "print" {format = "{0}"} (%i) : tensor<i64> }
  dl.return
}

// CHECK-LABEL: dl.func @misc(
dl.func @misc(%s: tensor<i64>, %x: tensor<6x4xf32>, %f: tensor<f32>, %v: tensor<2x2xf32>) {
  // CHECK: dl.random uniform %arg0, %arg0, %arg0 : tensor<4x3xf32>
  %u = dl.random uniform %s, %s, %s : tensor<4x3xf32>
  // CHECK: dl.random bits %arg0, %arg0, %arg0 indices(%arg0, %arg0) lanes 1 from %arg0 : tensor<4x3xi64>
  %b = dl.random bits %s, %s, %s indices(%s, %s) lanes 1 from %s : tensor<4x3xi64>
  // CHECK: dl.iota 1 from %arg0 : tensor<4x3xui8>
  %i = dl.iota 1 from %s : tensor<4x3xui8>
  // CHECK: dl.cumulate max %arg1 axis 1 reverse exclusive : tensor<6x4xf32>
  %c = dl.cumulate max %x axis 1 reverse exclusive : tensor<6x4xf32>
  // CHECK: dl.sort %arg1 axis 0 descending : tensor<6x4xf32> to tensor<6x4xi64>
  %o:2 = dl.sort %x axis 0 descending : tensor<6x4xf32> to tensor<6x4xi64>
  // CHECK: dl.pad %arg1, %arg2 low [1, 0] interior [0, 1] : tensor<6x4xf32> to tensor<8x7xf32>
  %p = dl.pad %x, %f low [1, 0] interior [0, 1] : tensor<6x4xf32> to tensor<8x7xf32>
  // CHECK: dl.dynamic_update %arg1, %arg3[%arg0, %arg0] : tensor<6x4xf32>, tensor<2x2xf32>
  %d = dl.dynamic_update %x, %v[%s, %s] : tensor<6x4xf32>, tensor<2x2xf32>
  // CHECK: dl.constant dense<[1, 2, 3]> : tensor<3xi64>
  %k = dl.constant dense<[1, 2, 3]> : tensor<3xi64>
  // CHECK: dl.constant dense_resource<blob> : tensor<2xf32>
  %r = dl.constant dense_resource<blob> : tensor<2xf32>
  dl.return
}

// CHECK: dl.data @seen ["x", "y"] [tensor<10x1xf32>, tensor<10xi64>] {files = ["a.csv"], kind = "csv"}
dl.data @seen ["x", "y"] [tensor<10x1xf32>, tensor<10xi64>] {kind = "csv", files = ["a.csv"]}
// CHECK: dl.load @load "m.safetensors" {{\[}}["a", "b"]]
dl.load @load "m.safetensors" [["a", "b"]]
// CHECK: dl.train @train {end = @hooks, settings = {batch = 5 : i64, epochs = 2 : i64, rows = 10 : i64}, step = @none, table = @seen}
dl.train @train {step = @none, table = @seen, end = @hooks, settings = {batch = 5, rows = 10, epochs = 2}}
// CHECK: dl.test @test {body = @none, settings = {}}
dl.test @test {body = @none, settings = {}}
// CHECK: dl.sequence @hooks {
// CHECK-NEXT: dl.invoke @none() : () -> ()
dl.sequence @hooks {
  dl.invoke @none() : () -> ()
}
}

{-# dialect_resources: { builtin: { blob: "0x040000000000803F00000040" } } #-}
