// RUN: %dlc-opt --dl-rows=batch=4 --canonicalize --split-input-file %s | FileCheck %s

// What stays with its row is computed in batches, an operation that needs all rows in the metrics; the tail has the rest.
dl.data @points ["x"] [tensor<10x2xf32>] {kind = "npy", files = ["x.npy"]}
dl.test @test {body = @test.body, table = @points, settings = {rows = 10 : i64}}
dl.func @test.body(%w: tensor<2x1xf32> {dl.param = "w"}, %x: tensor<?x2xf32, #dl.sym<rows>> {dl.input = "x"}) -> (tensor<f32> {dl.report = "median"}) attributes {dl.symbols = ["rows"]} {
  %d = dl.dot %x, %w batch [] [] contract [1] [0] : (tensor<?x2xf32, #dl.sym<rows>>, tensor<2x1xf32>) -> tensor<?x1xf32, #dl.sym<rows>>
  %r = dl.reshape %d : tensor<?x1xf32, #dl.sym<rows>> to tensor<?xf32, #dl.sym<rows>>
  %s, %p = dl.sort %r axis 0 : tensor<?xf32, #dl.sym<rows>> to tensor<?xi64, #dl.sym<rows>>
  %zero = dl.constant dense<5> : tensor<i64>
  %m = dl.dynamic_slice %s[%zero] : tensor<?xf32, #dl.sym<rows>> to tensor<1xf32>
  %y = dl.reshape %m : tensor<1xf32> to tensor<f32>
  dl.return %y : tensor<f32>
}
// CHECK: dl.test @test
// CHECK-DAG: tail = @test.body.tail
// CHECK-DAG: metrics = @test.metrics
// CHECK-DAG: batch = 4
// CHECK: dl.func @test.body(
// CHECK: dl.dot {{.*}} -> tensor<4x1xf32>
// CHECK-NOT: dl.sort
// CHECK: dl.func @test.metrics(
// CHECK-NOT: dl.param
// CHECK: tensor<10xf32> {dl.rows =
// CHECK: dl.sort {{.*}} tensor<10xf32>
// CHECK: dl.func @test.body.tail(
// CHECK: dl.dot {{.*}} -> tensor<2x1xf32>

// -----

// Elements of a row that lie along the row axis, the number of all rows, and numbers of rows.
dl.data @points ["x"] [tensor<8x3xf32>] {kind = "npy", files = ["x.npy"]}
dl.test @test {body = @test.body, table = @points, settings = {rows = 8 : i64}}
dl.func @test.body(%x: tensor<?x3xf32, #dl.sym<rows>> {dl.input = "x"}) -> (tensor<f32> {dl.report = "mean"}, tensor<i64> {dl.report = "n"}) attributes {dl.symbols = ["rows"]} {
  %flat = dl.reshape %x : tensor<?x3xf32, #dl.sym<rows>> to tensor<?xf32, #dl.sym<3*rows>>
  %i = dl.iota 0 : tensor<?xi64, #dl.sym<3*rows>>
  %f = dl.cast %i : tensor<?xi64, #dl.sym<3*rows>> to tensor<?xf32, #dl.sym<3*rows>>
  %m = dl.binary mul %flat, %f : tensor<?xf32, #dl.sym<3*rows>>
  %s = dl.reduce max %m axes [0] : tensor<?xf32, #dl.sym<3*rows>> to tensor<f32>
  %n = dl.size <rows> : tensor<i64>
  dl.return %s, %n : tensor<f32>, tensor<i64>
}
// CHECK: dl.func @test.body(
// CHECK: {dl.counter = "row"}
// CHECK: %[[FIRST:.*]] = dl.binary mul {{.*}} : tensor<i64>
// CHECK: dl.iota 0 from %[[FIRST]] : tensor<12xi64>
// CHECK: dl.reduce max {{.*}} axes [1] : tensor<4x3xf32> to tensor<4xf32>
// CHECK: dl.func @test.metrics(
// CHECK: dl.reduce max {{.*}} axes [0] : tensor<8xf32> to tensor<f32>
// CHECK-NOT: dl.symbols

// -----

// A loop that carries one state a row stays with the rows.
dl.data @series ["x"] [tensor<8x5xf32>] {kind = "npy", files = ["x.npy"]}
dl.test @test {body = @test.body, table = @series, settings = {rows = 8 : i64}}
dl.func @test.body(%x: tensor<?x5xf32, #dl.sym<rows>> {dl.input = "x"}) -> (tensor<f32> {dl.report = "sum"}) attributes {dl.symbols = ["rows"]} {
  %zero = dl.constant dense<0.0> : tensor<f32>
  %start = dl.broadcast %zero axes [] : tensor<f32> to tensor<?xf32, #dl.sym<rows>>
  %t = dl.transpose %x [1, 0] : tensor<?x5xf32, #dl.sym<rows>> to tensor<5x?xf32, #dl.sym<rows>>
  %h = dl.loop <5> walk(%e = %t : tensor<5x?xf32, #dl.sym<rows>>) carry(%c = %start : tensor<?xf32, #dl.sym<rows>>) -> tensor<?xf32, #dl.sym<rows>> index %i {
    %u = dl.unary tanh %c : tensor<?xf32, #dl.sym<rows>>
    %n = dl.binary add %u, %e : tensor<?xf32, #dl.sym<rows>>
    dl.yield %n : tensor<?xf32, #dl.sym<rows>>
  }
  %s = dl.reduce sum %h axes [0] : tensor<?xf32, #dl.sym<rows>> to tensor<f32>
  dl.return %s : tensor<f32>
}
// CHECK: dl.func @test.body(
// CHECK: dl.loop <5> {{.*}} tensor<4xf32>
// CHECK: dl.func @test.metrics(
// CHECK-NOT: dl.loop
