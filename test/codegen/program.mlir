// Launches, copies, branches, loops, checks and effects of the stage `optimized`, with their places.
// RUN: %dlc-kernel-test %s | FileCheck %s
// RUN: %dlc-kernel-test --target cuda-emulator %s | FileCheck %s

module attributes {dl.stage = "optimized", dl.version = 1} {
dl.func private @double(%x: tensor<8xf32>) -> (tensor<8xf32>) attributes {dl.kernel = "map"} {
  %y = dl.binary add %x, %x : tensor<8xf32>
  dl.return %y : tensor<8xf32>
}
dl.func private @sum2(%x: tensor<8xf32>, %z: tensor<8xf32>) -> (tensor<8xf32>) attributes {dl.kernel = "map"} {
  %y = dl.binary add %x, %z : tensor<8xf32>
  dl.return %y : tensor<8xf32>
}
dl.func private @positive(%x: tensor<8xf32>) -> (tensor<i1>) attributes {dl.kernel = "reduce"} {
  %s = dl.reduce sum %x axes [0] : tensor<8xf32> to tensor<f32>
  %z = dl.constant dense<0.0> : tensor<f32>
  %y = dl.compare gt %s, %z : tensor<f32>
  dl.return %y : tensor<i1>
}
dl.func private @late(%i: tensor<i64>) -> (tensor<i1>) attributes {dl.kernel = "map"} {
  %c = dl.constant dense<3> : tensor<i64>
  %y = dl.compare ge %i, %c : tensor<i64>
  dl.return %y : tensor<i1>
}
dl.func private @finite(%x: tensor<8xf32>) -> (tensor<8xi1>) attributes {dl.kernel = "map"} {
  %c = dl.constant dense<100.0> : tensor<8xf32>
  %y = dl.compare lt %x, %c : tensor<8xf32>
  dl.return %y : tensor<8xi1>
}

// CHECK: straight: ok
dl.func @straight(%x: tensor<8xf32>) -> (tensor<8xf32>, tensor<2x4xf32>, tensor<8xf32>, tensor<8xf32>) attributes {dl.arena = 128} {
  %a = dl.launch @double(%x) at [0] : (tensor<8xf32>) -> tensor<8xf32>
  %b = dl.launch @double(%a) onto [0] : (tensor<8xf32>) -> tensor<8xf32>
  %c = dl.launch @sum2(%b, %x) at [-1] into [0] : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  %v = dl.reshape %c : tensor<8xf32> to tensor<2x4xf32>
  %k = dl.constant dense<[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]> : tensor<8xf32>
  %d = dl.copy %k at [64] : tensor<8xf32>
  %e = dl.launch @sum2(%d, %k) onto [0] : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  dl.return %c, %v, %e, %x : tensor<8xf32>, tensor<2x4xf32>, tensor<8xf32>, tensor<8xf32>
}
// CHECK: updates: ok
dl.func @updates(%x: tensor<8xf32> {dl.param = "x"}, %z: tensor<8xf32> {dl.state = "z"}) -> (tensor<8xf32> {dl.update = "x"}, tensor<8xf32> {dl.update = "z"}) attributes {dl.arena = 64} {
  %a = dl.launch @double(%x) at [0] : (tensor<8xf32>) -> tensor<8xf32>
  %b = dl.launch @sum2(%x, %z) into [0] : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
  dl.return %b, %a : tensor<8xf32>, tensor<8xf32>
}
// CHECK: swapped: ok
dl.func @swapped(%x: tensor<8xf32> {dl.param = "x"}, %z: tensor<8xf32> {dl.state = "z"}) -> (tensor<8xf32> {dl.update = "x"}, tensor<8xf32> {dl.update = "z"}) attributes {dl.arena = 0} {
  dl.return %z, %x : tensor<8xf32>, tensor<8xf32>
}
// CHECK: branch: ok
dl.func @branch(%x: tensor<8xf32>, %z: tensor<8xf32>) -> (tensor<8xf32>, tensor<8xf32>) attributes {dl.arena = 256} {
  %p = dl.launch @positive(%x) at [0] : (tensor<8xf32>) -> tensor<i1>
  %y = dl.cond %p at [64] -> tensor<8xf32> {
    %a = dl.launch @double(%x) into [0] : (tensor<8xf32>) -> tensor<8xf32>
    dl.yield %a : tensor<8xf32>
  } else {
    dl.yield %z : tensor<8xf32>
  }
  %q = dl.launch @positive(%z) at [0] : (tensor<8xf32>) -> tensor<i1>
  %w = dl.cond %q into [1] -> tensor<8xf32> {
    %a = dl.launch @double(%y) at [128] : (tensor<8xf32>) -> tensor<8xf32>
    dl.yield %a : tensor<8xf32>
  } else {
    dl.yield %y : tensor<8xf32>
  }
  dl.return %y, %w : tensor<8xf32>, tensor<8xf32>
}
// CHECK: loop: ok
dl.func @loop(%xs: tensor<5x8xf32>, %h0: tensor<8xf32>) -> (tensor<8xf32>, tensor<5x8xf32>, tensor<5x8xf32>) attributes {dl.arena = 512} {
  %h, %ys, %zs = dl.loop <5> walk(%x = %xs : tensor<5x8xf32>) carry(%c = %h0 : tensor<8xf32>) at [0, 64, -1] into [-1, -1, 2] -> tensor<8xf32>, tensor<5x8xf32>, tensor<5x8xf32> index %i {
    %n = dl.launch @sum2(%c, %x) into [0] : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
    %d = dl.launch @double(%n) into [2] : (tensor<8xf32>) -> tensor<8xf32>
    dl.yield %n, %x, %d : tensor<8xf32>, tensor<8xf32>, tensor<8xf32>
  }
  dl.return %h, %ys, %zs : tensor<8xf32>, tensor<5x8xf32>, tensor<5x8xf32>
}
// CHECK: carries_swap: ok
dl.func @carries_swap(%a0: tensor<8xf32>, %b0: tensor<8xf32>) -> (tensor<8xf32>, tensor<8xf32>) attributes {dl.arena = 128} {
  %a, %b = dl.loop <3> carry(%x = %a0 : tensor<8xf32>, %y = %b0 : tensor<8xf32>) at [0, 64] -> tensor<8xf32>, tensor<8xf32> index %i {
    dl.yield %y, %x : tensor<8xf32>, tensor<8xf32>
  }
  dl.return %a, %b : tensor<8xf32>, tensor<8xf32>
}
// CHECK: backward_with_exit: ok
dl.func @backward_with_exit(%n: tensor<i64>, %h0: tensor<8xf32>) -> (tensor<8xf32>, tensor<6x8xf32>) attributes {dl.arena = 512, ranges = [[4.0, 5.0], [-1.0, 1.0]]} {
  %h, %ys = dl.loop <6> reverse exit count(%n) carry(%c = %h0 : tensor<8xf32>) at [0, 64] -> tensor<8xf32>, tensor<6x8xf32> index %i {
    %stop = dl.launch @late(%i) at [448] : (tensor<i64>) -> tensor<i1>
    %m = dl.launch @double(%c) at [384] : (tensor<8xf32>) -> tensor<8xf32>
    dl.yield %stop, %m, %c : tensor<i1>, tensor<8xf32>, tensor<8xf32>
  }
  dl.return %h, %ys : tensor<8xf32>, tensor<6x8xf32>
}
// Counts that are none, or too great.
// CHECK: backward_by_nothing: ok
dl.func @backward_by_nothing(%n: tensor<i64>, %h0: tensor<8xf32>) -> (tensor<8xf32>, tensor<6x8xf32>) attributes {dl.arena = 512, ranges = [[-1.0, 0.0], [-1.0, 1.0]]} {
  %h, %ys = dl.loop <6> reverse count(%n) carry(%c = %h0 : tensor<8xf32>) at [0, 64] -> tensor<8xf32>, tensor<6x8xf32> index %i {
    %m = dl.launch @double(%c) at [384] : (tensor<8xf32>) -> tensor<8xf32>
    dl.yield %m, %c : tensor<8xf32>, tensor<8xf32>
  }
  dl.return %h, %ys : tensor<8xf32>, tensor<6x8xf32>
}
// CHECK: backward_by_all: ok
dl.func @backward_by_all(%n: tensor<i64>, %h0: tensor<8xf32>) -> (tensor<8xf32>, tensor<6x8xf32>) attributes {dl.arena = 512, ranges = [[9.0, 10.0], [-1.0, 1.0]]} {
  %h, %ys = dl.loop <6> reverse count(%n) carry(%c = %h0 : tensor<8xf32>) at [0, 64] -> tensor<8xf32>, tensor<6x8xf32> index %i {
    %m = dl.launch @double(%c) at [384] : (tensor<8xf32>) -> tensor<8xf32>
    dl.yield %m, %c : tensor<8xf32>, tensor<8xf32>
  }
  dl.return %h, %ys : tensor<8xf32>, tensor<6x8xf32>
}
// CHECK: within_each_other: ok
dl.func @within_each_other(%n: tensor<i64>, %h0: tensor<8xf32>) -> (tensor<8xf32>, tensor<4x8xf32>) attributes {dl.arena = 1024, ranges = [[2.0, 3.0], [-1.0, 1.0]]} {
  %h, %ys = dl.loop <4> count(%n) carry(%c = %h0 : tensor<8xf32>) at [0, 64] -> tensor<8xf32>, tensor<4x8xf32> index %i {
    %o = dl.loop <5> reverse exit count(%i) carry(%d = %c : tensor<8xf32>) at [576] -> tensor<8xf32> index %j {
      %stop = dl.launch @late(%j) at [640] : (tensor<i64>) -> tensor<i1>
      %m = dl.launch @double(%d) at [704] : (tensor<8xf32>) -> tensor<8xf32>
      dl.yield %stop, %m : tensor<i1>, tensor<8xf32>
    }
    %s = dl.launch @sum2(%o, %c) at [768] : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
    dl.yield %s, %o : tensor<8xf32>, tensor<8xf32>
  }
  dl.return %h, %ys : tensor<8xf32>, tensor<4x8xf32>
}
// CHECK: checked: [0] ok
dl.func @checked(%x: tensor<8xf32>) -> (tensor<8xf32>) attributes {dl.arena = 128} {
  %ok = dl.launch @finite(%x) at [0] : (tensor<8xf32>) -> tensor<8xi1>
  dl.host "print" {format = "here"} (%x) : tensor<8xf32>
  dl.check %ok, "too great"(%x) : tensor<8xi1>, tensor<8xf32>
  %a = dl.launch @double(%x) at [64] : (tensor<8xf32>) -> tensor<8xf32>
  dl.return %a : tensor<8xf32>
}
// CHECK: stops: [check 2] stopped
dl.func @stops(%x: tensor<8xf32>) -> (tensor<8xf32>) attributes {dl.arena = 128, ranges = [[90.0, 110.0]]} {
  %ok = dl.launch @finite(%x) at [0] : (tensor<8xf32>) -> tensor<8xi1>
  dl.check %ok, "too great"(%x) : tensor<8xi1>, tensor<8xf32>
  %a = dl.launch @double(%x) at [64] : (tensor<8xf32>) -> tensor<8xf32>
  dl.return %a : tensor<8xf32>
}
}
