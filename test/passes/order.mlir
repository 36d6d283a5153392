// RUN: %dlc-opt --dl-order --split-input-file --verify-diagnostics %s | FileCheck %s

dl.func private @sub(%a: tensor<8xf32>, %b: tensor<8xf32>) -> (tensor<8xf32>) attributes {dl.kernel = "map"} {
  %r = dl.binary sub %a, %b : tensor<8xf32>
  dl.return %r : tensor<8xf32>
}
dl.func private @exp(%a: tensor<8xf32>) -> (tensor<8xf32>) attributes {dl.kernel = "map"} {
  %r = dl.unary exp %a : tensor<8xf32>
  dl.return %r : tensor<8xf32>
}
// The reader of the old value goes first; nothing is copied.
// CHECK-LABEL: dl.func @readers_first
// CHECK: dl.launch @exp(%arg0)
// CHECK-NEXT: dl.launch @sub(%arg0, %arg1)
// CHECK-NOT: dl.copy
// CHECK: dl.return
dl.func @readers_first(%w: tensor<8xf32> {dl.param = "w"}, %g: tensor<8xf32> {dl.input = "g"}) -> (tensor<8xf32> {dl.update = "w"}, tensor<8xf32> {dl.output = "e"}) {
  %n = dl.launch @sub(%w, %g) : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  %e = dl.launch @exp(%w) : (tensor<8xf32>) -> tensor<8xf32>
  dl.return %n, %e : tensor<8xf32>, tensor<8xf32>
}
// Two places that change their values: one of them is kept aside.
// CHECK-LABEL: dl.func @swap
// CHECK-COUNT-3: dl.copy
// CHECK-NOT: dl.copy
// CHECK: dl.return
// expected-remark@+1 {{the old value of `b` is copied: it is read after the new one is made}}
dl.func @swap(%a: tensor<8xf32> {dl.state = "a"}, %b: tensor<8xf32> {dl.state = "b"}) -> (tensor<8xf32> {dl.update = "a"}, tensor<8xf32> {dl.update = "b"}) {
  dl.return %b, %a : tensor<8xf32>, tensor<8xf32>
}
// A carried value that is also collected is copied in each pass, without a word: it has no name in a checkpoint.
// CHECK-LABEL: dl.func @carried
// CHECK: dl.loop
// CHECK: %[[C:.*]] = dl.copy %[[H:.*]] :
// CHECK: %[[N:.*]] = dl.launch @exp(%[[H]])
// CHECK: dl.yield %[[N]], %[[C]]
dl.func @carried(%h: tensor<8xf32> {dl.input = "h"}) -> (tensor<8xf32> {dl.output = "y"}, tensor<3x8xf32> {dl.output = "all"}) {
  %y, %all = dl.loop <3> carry(%c = %h : tensor<8xf32>) -> tensor<8xf32>, tensor<3x8xf32> index %i {
    %n = dl.launch @exp(%c) : (tensor<8xf32>) -> tensor<8xf32>
    dl.yield %n, %c : tensor<8xf32>, tensor<8xf32>
  }
  dl.return %y, %all : tensor<8xf32>, tensor<3x8xf32>
}
// What is needed late is computed late.
// CHECK-LABEL: dl.func @late
// CHECK: %[[A:.*]] = dl.launch @exp(%arg0)
// CHECK-NEXT: %[[B:.*]] = dl.launch @sub(%[[A]], %arg0)
// CHECK-NEXT: %[[C:.*]] = dl.launch @exp(%arg0)
// CHECK-NEXT: dl.launch @sub(%[[B]], %[[C]])
dl.func @late(%x: tensor<8xf32> {dl.input = "x"}) -> (tensor<8xf32> {dl.output = "y"}) {
  %a = dl.launch @exp(%x) : (tensor<8xf32>) -> tensor<8xf32>
  %c = dl.launch @exp(%x) : (tensor<8xf32>) -> tensor<8xf32>
  %d = dl.launch @exp(%x) : (tensor<8xf32>) -> tensor<8xf32>
  %b = dl.launch @sub(%a, %x) : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  %s = dl.launch @sub(%b, %c) : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  %t = dl.launch @sub(%s, %d) : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  dl.return %t : tensor<8xf32>
}
// What waits behind a barrier stays behind what it waits for, though the order of the text would let it come first; the barrier goes.
// CHECK-LABEL: dl.func @barrier
// CHECK: %[[G:.*]] = dl.launch @exp(%arg1)
// CHECK-NEXT: %[[A:.*]] = dl.launch @exp(%arg0)
// CHECK-NEXT: dl.launch @sub(%[[A]], %[[G]])
// CHECK-NOT: dl.barrier
// CHECK: dl.return
dl.func @barrier(%x: tensor<8xf32> {dl.input = "x"}, %d: tensor<8xf32> {dl.input = "d"}) -> (tensor<8xf32> {dl.output = "y"}) {
  %g = dl.launch @exp(%d) : (tensor<8xf32>) -> tensor<8xf32>
  %b = dl.barrier %x after(%g) : tensor<8xf32> after(tensor<8xf32>)
  %a = dl.launch @exp(%b) : (tensor<8xf32>) -> tensor<8xf32>
  %y = dl.launch @sub(%a, %g) : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  dl.return %y : tensor<8xf32>
}
// A barrier is a view: the writer of a place comes after those who read the old value behind one.
// CHECK-LABEL: dl.func @barrier_on_a_place
// CHECK: %[[G:.*]] = dl.launch @exp(%arg1)
// CHECK-NEXT: dl.launch @exp(%arg0)
// CHECK-NEXT: dl.launch @sub(%arg0, %[[G]])
// CHECK-NOT: dl.copy
// CHECK: dl.return
dl.func @barrier_on_a_place(%w: tensor<8xf32> {dl.param = "w"}, %d: tensor<8xf32> {dl.input = "d"}) -> (tensor<8xf32> {dl.update = "w"}, tensor<8xf32> {dl.output = "e"}) {
  %g = dl.launch @exp(%d) : (tensor<8xf32>) -> tensor<8xf32>
  %n = dl.launch @sub(%w, %g) : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  %b = dl.barrier %w after(%g) : tensor<8xf32> after(tensor<8xf32>)
  %e = dl.launch @exp(%b) : (tensor<8xf32>) -> tensor<8xf32>
  dl.return %n, %e : tensor<8xf32>, tensor<8xf32>
}
