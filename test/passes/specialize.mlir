// RUN: %dlc-opt --dl-specialize --split-input-file %s | FileCheck %s
// RUN: %dlc-opt --dl-specialize=bind=predict:N=6 --split-input-file %s | FileCheck %s --check-prefix=BIND

// A batch is never larger than the table; without a remainder there is no tail.
dl.data @few ["x"] [tensor<3xf32>] {kind = "npy", files = ["x.npy"]}
dl.train @train {step = @train.step, table = @few, settings = {batch = 32 : i64, rows = 3 : i64}}
dl.func @train.step(%x: tensor<?xf32, #dl.sym<batch>> {dl.input = "x"}) -> (tensor<?xf32, #dl.sym<2*batch>> {dl.output = "y"}) attributes {dl.symbols = ["batch"]} {
  %y = dl.concat %x, %x axis 0 : (tensor<?xf32, #dl.sym<batch>>, tensor<?xf32, #dl.sym<batch>>) -> tensor<?xf32, #dl.sym<2*batch>>
  dl.return %y : tensor<?xf32, #dl.sym<2*batch>>
}
// CHECK-LABEL: dl.train @train
// CHECK-NOT: tail
// CHECK: dl.func @train.step(
// CHECK-NEXT: tensor<3xf32>
// CHECK-NEXT: tensor<6xf32>
// CHECK-NOT: dl.symbols

// -----

// A remainder that is dropped makes no tail, a batch that is not given is the whole table.
dl.data @some ["x"] [tensor<10xf32>] {kind = "npy", files = ["x.npy"]}
dl.train @dropped {step = @dropped.step, table = @some, settings = {batch = 4 : i64, rows = 10 : i64, drop_remainder = true}}
dl.func @dropped.step(%x: tensor<?xf32, #dl.sym<batch>> {dl.input = "x"}) attributes {dl.symbols = ["batch"]} {
  dl.return
}
dl.train @whole {step = @whole.step, table = @some, settings = {rows = 10 : i64}}
dl.func @whole.step(%x: tensor<?xf32, #dl.sym<batch>> {dl.input = "x"}) attributes {dl.symbols = ["batch"]} {
  dl.return
}
// CHECK-LABEL: dl.train @dropped
// CHECK-NOT: tail
// CHECK: dl.func @dropped.step(
// CHECK-NEXT: tensor<4xf32>
// CHECK: dl.func @whole.step(
// CHECK-NEXT: tensor<10xf32>
// CHECK-NOT: @whole.step.tail

// -----

// The bound of a loop and a size in a message-free value are bound too; exports only when asked.
dl.func @predict(%x: tensor<?x2xf32, #dl.sym<N>> {dl.input = "x"}) -> (tensor<2xf32> {dl.output = "y"}, tensor<i64> {dl.output = "n"}) attributes {dl.export, dl.symbols = ["N"]} {
  %zero = dl.constant dense<0.0> : tensor<2xf32>
  %y = dl.loop <N> walk(%e = %x : tensor<?x2xf32, #dl.sym<N>>) carry(%c = %zero : tensor<2xf32>) -> tensor<2xf32> index %i {
    %s = dl.binary add %c, %e : tensor<2xf32>
    dl.yield %s : tensor<2xf32>
  }
  %n = dl.size <N> : tensor<i64>
  dl.return %y, %n : tensor<2xf32>, tensor<i64>
}
// CHECK-LABEL: dl.func @predict
// CHECK: tensor<?x2xf32, #dl.sym<N>>
// CHECK: dl.symbols = ["N"]
// BIND-LABEL: dl.func @predict
// BIND: dl.loop <6> walk({{.*}}tensor<6x2xf32>
// BIND: dl.constant dense<6> : tensor<i64>
// BIND-NOT: #dl.sym

// -----

// The text of a check has a number where it had a size, unless that has a format; what stands behind it moves up.
dl.func @predict(%i: tensor<i64> {dl.input = "i"}, %ok: tensor<i1> {dl.input = "ok"}) attributes {dl.symbols = ["N", "M"]} {
  %n = dl.size <N> : tensor<i64>
  %m = dl.size <M> : tensor<i64>
  dl.check %ok, "{{{1}}} of {0:3} and {2}, {1}"(%i, %n, %m) : tensor<i1>, tensor<i64>, tensor<i64>, tensor<i64>
  dl.check %ok, "{1:4} of {0}"(%i, %n) : tensor<i1>, tensor<i64>, tensor<i64>
  dl.return
}
// BIND-LABEL: dl.func @predict
// BIND: dl.size <M>
// BIND: dl.check %{{.*}}, "{{[{][{]6[}][}]}} of {0:3} and {1}, 6"(%{{[^,]*}}, %{{[^,]*}}) :
// BIND: dl.check %{{.*}}, "{1:4} of {0}"(%{{[^,]*}}, %{{[^,]*}}) :
