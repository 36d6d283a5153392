// RUN: %dlc-opt --dl-rows=max-bytes=64 --split-input-file --verify-diagnostics %s

dl.data @points ["x"] [tensor<20xf32>] {kind = "npy", files = ["x.npy"]}
dl.test @test {body = @test.body, table = @points, settings = {rows = 20 : i64}}
dl.func @test.body(%x: tensor<?xf32, #dl.sym<rows>> {dl.input = "x"}) -> (tensor<?xf32, #dl.sym<rows>> {dl.report = "sorted"}) attributes {dl.symbols = ["rows"]} {
  // expected-note@+1 {{computed here}}
  %e = dl.unary exp %x : tensor<?xf32, #dl.sym<rows>>
  // expected-error@+1 {{is needed for all 20 rows at once because of `sort`: 80 bytes, and at most 64 may be collected}}
  %s, %p = dl.sort %e axis 0 : tensor<?xf32, #dl.sym<rows>> to tensor<?xi64, #dl.sym<rows>>
  dl.return %s : tensor<?xf32, #dl.sym<rows>>
}

// -----

dl.data @none ["x"] [tensor<0xf32>] {kind = "npy", files = ["x.npy"]}
// expected-error@+1 {{`test` tests on a table without rows}}
dl.test @test {body = @test.body, table = @none, settings = {rows = 0 : i64}}
dl.func @test.body(%x: tensor<?xf32, #dl.sym<rows>> {dl.input = "x"}) -> (tensor<f32> {dl.report = "sum"}) attributes {dl.symbols = ["rows"]} {
  %s = dl.reduce sum %x axes [0] : tensor<?xf32, #dl.sym<rows>> to tensor<f32>
  dl.return %s : tensor<f32>
}
