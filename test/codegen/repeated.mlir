// Loops that a device repeats, as their passes are too many for a recording: of an end that only the device knows, forward and backward, within each other,
// with what is walked and collected; and of a fixed number of passes.
// RUN: %dlc-kernel-test %s
// RUN: %dlc-kernel-test --target cuda-emulator %s | FileCheck %s
// RUN: %dlc-kernel-test --target cuda-emulator --remarks %s 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARK

module attributes {dl.stage = "optimized", dl.version = 1} {
dl.func private @half(%x: tensor<4xf32>) -> (tensor<4xf32>) attributes {dl.kernel = "map"} {
  %c = dl.constant dense<0.5> : tensor<4xf32>
  %y = dl.binary mul %x, %c : tensor<4xf32>
  dl.return %y : tensor<4xf32>
}
dl.func private @sum(%x: tensor<4xf32>, %z: tensor<4xf32>) -> (tensor<4xf32>) attributes {dl.kernel = "map"} {
  %y = dl.binary add %x, %z : tensor<4xf32>
  dl.return %y : tensor<4xf32>
}
dl.func private @add3(%x: tensor<3xi1>, %i: tensor<i64>) -> (tensor<3xi1>) attributes {dl.kernel = "map"} {
  %k = dl.constant dense<[3, 5, 290]> : tensor<3xi64>
  %w = dl.broadcast %i axes [] : tensor<i64> to tensor<3xi64>
  %l = dl.compare lt %w, %k : tensor<3xi64>
  %y = dl.compare ne %x, %l : tensor<3xi1>
  dl.return %y : tensor<3xi1>
}
dl.func private @below(%i: tensor<i64>, %n: tensor<i64>) -> (tensor<i1>) attributes {dl.kernel = "map"} {
  %y = dl.compare lt %i, %n : tensor<i64>
  dl.return %y : tensor<i1>
}
dl.func private @reaches(%i: tensor<i64>, %n: tensor<i64>) -> (tensor<i1>) attributes {dl.kernel = "map"} {
  %y = dl.compare ge %i, %n : tensor<i64>
  dl.return %y : tensor<i1>
}
dl.func private @minus1(%i: tensor<i64>) -> (tensor<i64>) attributes {dl.kernel = "map"} {
  %c = dl.constant dense<1> : tensor<i64>
  %y = dl.binary sub %i, %c : tensor<i64>
  dl.return %y : tensor<i64>
}

// Carried and collected values are computed where they belong; slices of 16 bytes and of 3.
// REMARK: repeated.mlir:[[@LINE+4]]:{{.*}} remark: this loop of up to 300 passes is recorded once, as a part that the device repeats, where the driver has such, from CUDA 12.4 on; else the host asks for each pass
// CHECK: with_exit: ok{{$}}
dl.func @with_exit(%n: tensor<i64>, %xs: tensor<300x4xf32>, %bs: tensor<300x3xi1>, %h0: tensor<4xf32>)
    -> (tensor<4xf32>, tensor<300x4xf32>, tensor<300x3xi1>, tensor<300xi64>) attributes {dl.arena = 640, ranges = [[200.0, 201.0]]} {
  %h, %ys, %cs, %is = dl.loop <300> exit walk(%x = %xs : tensor<300x4xf32>, %p = %bs : tensor<300x3xi1>) carry(%c = %h0 : tensor<4xf32>) at [0, -1, -1, -1] into [-1, 1, 2, 3]
      -> tensor<4xf32>, tensor<300x4xf32>, tensor<300x3xi1>, tensor<300xi64> index %i {
    %stop = dl.launch @reaches(%i, %n) at [64] : (tensor<i64>, tensor<i64>) -> tensor<i1>
    %a = dl.launch @half(%c) at [128] : (tensor<4xf32>) -> tensor<4xf32>
    %m = dl.launch @sum(%a, %x) into [1] : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %d = dl.launch @half(%m) into [2] : (tensor<4xf32>) -> tensor<4xf32>
    %q = dl.launch @add3(%p, %i) at [192] : (tensor<3xi1>, tensor<i64>) -> tensor<3xi1>
    dl.yield %stop, %m, %d, %q, %i : tensor<i1>, tensor<4xf32>, tensor<4xf32>, tensor<3xi1>, tensor<i64>
  }
  dl.return %h, %ys, %cs, %is : tensor<4xf32>, tensor<300x4xf32>, tensor<300x3xi1>, tensor<300xi64>
}

// The exit comes in the first pass, or never; a carried value is the flag, which the copies at the end of a pass overwrite.
// CHECK: first_is_last: ok{{$}}
dl.func @first_is_last(%n: tensor<i64>, %b0: tensor<i1>) -> (tensor<i1>, tensor<i64>, tensor<300xi1>) attributes {dl.arena = 320, ranges = [[0.0, 1.0], [1.0, 2.0]]} {
  %b, %k, %bs = dl.loop <300> exit carry(%c = %b0 : tensor<i1>, %d = %n : tensor<i64>) at [0, 64, -1] into [-1, -1, 2] -> tensor<i1>, tensor<i64>, tensor<300xi1> index %i {
    %l = dl.launch @below(%d, %i) at [128] : (tensor<i64>, tensor<i64>) -> tensor<i1>
    dl.yield %c, %l, %i, %c : tensor<i1>, tensor<i1>, tensor<i64>, tensor<i1>
  }
  dl.return %b, %k, %bs : tensor<i1>, tensor<i64>, tensor<300xi1>
}
// CHECK: never_exits: ok{{$}}
dl.func @never_exits(%n: tensor<i64>, %b0: tensor<i1>) -> (tensor<i1>, tensor<i64>, tensor<300xi1>) attributes {dl.arena = 320, ranges = [[-4.0, -3.0], [0.0, 1.0]]} {
  %b, %k, %bs = dl.loop <300> reverse exit carry(%c = %b0 : tensor<i1>, %d = %n : tensor<i64>) at [0, 64, -1] into [-1, -1, 2] -> tensor<i1>, tensor<i64>, tensor<300xi1> index %i {
    %l = dl.launch @below(%i, %d) at [128] : (tensor<i64>, tensor<i64>) -> tensor<i1>
    dl.yield %c, %l, %d, %c : tensor<i1>, tensor<i1>, tensor<i64>, tensor<i1>
  }
  dl.return %b, %k, %bs : tensor<i1>, tensor<i64>, tensor<300xi1>
}
// Backward from a count of the device: some, none, and more than there are. The exit of a loop that has both.
// CHECK: backward: ok{{$}}
dl.func @backward(%n: tensor<i64>, %xs: tensor<300x4xf32>, %h0: tensor<4xf32>) -> (tensor<4xf32>, tensor<300x4xf32>, tensor<300xi64>) attributes {dl.arena = 192, ranges = [[123.0, 124.0]]} {
  %h, %ys, %is = dl.loop <300> reverse count(%n) walk(%x = %xs : tensor<300x4xf32>) carry(%c = %h0 : tensor<4xf32>) at [0, -1, -1] into [-1, 1, 2]
      -> tensor<4xf32>, tensor<300x4xf32>, tensor<300xi64> index %i {
    %a = dl.launch @half(%c) at [64] : (tensor<4xf32>) -> tensor<4xf32>
    %m = dl.launch @sum(%a, %x) at [128] : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    dl.yield %m, %c, %i : tensor<4xf32>, tensor<4xf32>, tensor<i64>
  }
  dl.return %h, %ys, %is : tensor<4xf32>, tensor<300x4xf32>, tensor<300xi64>
}
// CHECK: backward_by_nothing: ok{{$}}
dl.func @backward_by_nothing(%n: tensor<i64>, %h0: tensor<4xf32>) -> (tensor<4xf32>, tensor<300x4xf32>) attributes {dl.arena = 128, ranges = [[-1.0, 0.0]]} {
  %h, %ys = dl.loop <300> reverse count(%n) carry(%c = %h0 : tensor<4xf32>) at [0, -1] into [-1, 1] -> tensor<4xf32>, tensor<300x4xf32> index %i {
    %a = dl.launch @half(%c) at [64] : (tensor<4xf32>) -> tensor<4xf32>
    dl.yield %a, %c : tensor<4xf32>, tensor<4xf32>
  }
  dl.return %h, %ys : tensor<4xf32>, tensor<300x4xf32>
}
// CHECK: backward_by_all: ok{{$}}
dl.func @backward_by_all(%n: tensor<i64>, %m: tensor<i64>, %h0: tensor<4xf32>) -> (tensor<4xf32>, tensor<300x4xf32>) attributes {dl.arena = 192, ranges = [[400.0, 401.0], [-5.0, -4.0]]} {
  %h, %ys = dl.loop <300> reverse exit count(%n) carry(%c = %h0 : tensor<4xf32>) at [0, -1] into [-1, 1] -> tensor<4xf32>, tensor<300x4xf32> index %i {
    %stop = dl.launch @below(%i, %m) at [128] : (tensor<i64>, tensor<i64>) -> tensor<i1>
    %a = dl.launch @half(%c) at [64] : (tensor<4xf32>) -> tensor<4xf32>
    dl.yield %stop, %a, %c : tensor<i1>, tensor<4xf32>, tensor<4xf32>
  }
  dl.return %h, %ys : tensor<4xf32>, tensor<300x4xf32>
}
// More slices than one launch takes, of several sizes, one of them for several blocks.
// CHECK: many_slices: ok{{$}}
dl.func @many_slices(%n: tensor<i64>, %a: tensor<300x1100xf32>, %b: tensor<300x5xf32>, %c: tensor<300xf32>, %d: tensor<300x3xi1>, %e: tensor<300x2xi64>)
    -> (tensor<300x3xi1>, tensor<300xf32>, tensor<300x2xi64>, tensor<300x5xf32>, tensor<300x1100xf32>, tensor<f32>) attributes {dl.arena = 64, ranges = [[70.0, 71.0]]} {
  %z = dl.constant dense<0.0> : tensor<f32>
  %l, %ds, %cs, %es, %bs, %as = dl.loop <300> count(%n) walk(%x = %a : tensor<300x1100xf32>, %y = %b : tensor<300x5xf32>, %p = %c : tensor<300xf32>, %q = %d : tensor<300x3xi1>, %r = %e : tensor<300x2xi64>)
      carry(%s = %z : tensor<f32>) at [-1, -1, -1, -1, -1, -1] into [5, 0, 1, 2, 3, 4]
      -> tensor<f32>, tensor<300x3xi1>, tensor<300xf32>, tensor<300x2xi64>, tensor<300x5xf32>, tensor<300x1100xf32> index %i {
    dl.yield %p, %q, %p, %r, %y, %x : tensor<f32>, tensor<3xi1>, tensor<f32>, tensor<2xi64>, tensor<5xf32>, tensor<1100xf32>
  }
  dl.return %ds, %cs, %es, %bs, %as, %l : tensor<300x3xi1>, tensor<300xf32>, tensor<300x2xi64>, tensor<300x5xf32>, tensor<300x1100xf32>, tensor<f32>
}
// A loop in a loop, each with slices of its own, which are slices of the outer one's; and in the inner one a short one, and a branch.
// CHECK: within_each_other: ok{{$}}
dl.func @within_each_other(%n: tensor<i64>, %xs: tensor<270x260x4xf32>, %h0: tensor<4xf32>) -> (tensor<4xf32>, tensor<270x260x4xf32>)
    attributes {dl.arena = 1024, ranges = [[5.0, 6.0]]} {
  %h, %ys = dl.loop <270> count(%n) walk(%x = %xs : tensor<270x260x4xf32>) carry(%c = %h0 : tensor<4xf32>) at [0, -1] into [-1, 1] -> tensor<4xf32>, tensor<270x260x4xf32> index %i {
    %o, %zs = dl.loop <260> reverse exit count(%n) walk(%z = %x : tensor<260x4xf32>) carry(%d = %c : tensor<4xf32>) at [64, -1] into [-1, 1]
        -> tensor<4xf32>, tensor<260x4xf32> index %j {
      %stop = dl.launch @below(%j, %i) at [128] : (tensor<i64>, tensor<i64>) -> tensor<i1>
      %e = dl.loop <3> exit carry(%f = %d : tensor<4xf32>) at [192] -> tensor<4xf32> index %k {
        %last = dl.launch @reaches(%k, %j) at [256] : (tensor<i64>, tensor<i64>) -> tensor<i1>
        %g = dl.launch @half(%f) at [320] : (tensor<4xf32>) -> tensor<4xf32>
        dl.yield %last, %g : tensor<i1>, tensor<4xf32>
      }
      %p = dl.launch @below(%i, %j) at [384] : (tensor<i64>, tensor<i64>) -> tensor<i1>
      %q = dl.cond %p into [2] -> tensor<4xf32> {
        %r = dl.launch @sum(%e, %z) into [0] : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
        dl.yield %r : tensor<4xf32>
      } else {
        dl.yield %e : tensor<4xf32>
      }
      dl.yield %stop, %q, %q : tensor<i1>, tensor<4xf32>, tensor<4xf32>
    }
    dl.yield %o, %zs : tensor<4xf32>, tensor<260x4xf32>
  }
  dl.return %h, %ys : tensor<4xf32>, tensor<270x260x4xf32>
}
// Too many passes of a fixed number, alone, and of a loop in a loop.
// CHECK: fixed: ok{{$}}
dl.func @fixed(%xs: tensor<6000x4xf32>, %h0: tensor<4xf32>) -> (tensor<4xf32>, tensor<6000x4xf32>) attributes {dl.arena = 192} {
  %h, %ys = dl.loop <6000> reverse walk(%x = %xs : tensor<6000x4xf32>) carry(%c = %h0 : tensor<4xf32>) at [0, -1] into [-1, 1] -> tensor<4xf32>, tensor<6000x4xf32> index %i {
    %a = dl.launch @half(%c) at [64] : (tensor<4xf32>) -> tensor<4xf32>
    %m = dl.launch @sum(%a, %x) into [0] : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    dl.yield %m, %m : tensor<4xf32>, tensor<4xf32>
  }
  dl.return %h, %ys : tensor<4xf32>, tensor<6000x4xf32>
}
// CHECK: fixed_within_fixed: ok{{$}}
dl.func @fixed_within_fixed(%xs: tensor<150x4xf32>, %h0: tensor<4xf32>) -> (tensor<4xf32>) attributes {dl.arena = 192} {
  %h = dl.loop <150> walk(%x = %xs : tensor<150x4xf32>) carry(%c = %h0 : tensor<4xf32>) at [0] -> tensor<4xf32> index %i {
    %o = dl.loop <40> carry(%d = %c : tensor<4xf32>) at [64] -> tensor<4xf32> index %j {
      %a = dl.launch @half(%d) at [128] : (tensor<4xf32>) -> tensor<4xf32>
      %m = dl.launch @sum(%a, %x) into [0] : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
      dl.yield %m : tensor<4xf32>
    }
    dl.yield %o : tensor<4xf32>
  }
  dl.return %h : tensor<4xf32>
}
// Each of these is short enough, and all of them are not; with one less none is repeated.
// REMARK: repeated.mlir:[[@LINE+5]]:{{.*}} remark: this loop of 2900 passes is recorded once
// REMARK-COUNT-5: remark: this loop of 2900 passes is recorded once
// REMARK-NOT: remark: this loop
// CHECK: six: ok{{$}}
dl.func @six(%h0: tensor<4xf32>) -> (tensor<4xf32>) attributes {dl.arena = 448} {
  %h1 = dl.loop <2900> carry(%c = %h0 : tensor<4xf32>) at [0] -> tensor<4xf32> index %i {
    %a = dl.launch @half(%c) at [384] : (tensor<4xf32>) -> tensor<4xf32>
    %m = dl.launch @sum(%a, %a) into [0] : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    dl.yield %m : tensor<4xf32>
  }
  %h2 = dl.loop <2900> carry(%c = %h1 : tensor<4xf32>) at [64] -> tensor<4xf32> index %i {
    %a = dl.launch @half(%c) at [384] : (tensor<4xf32>) -> tensor<4xf32>
    %m = dl.launch @sum(%a, %a) into [0] : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    dl.yield %m : tensor<4xf32>
  }
  %h3 = dl.loop <2900> carry(%c = %h2 : tensor<4xf32>) at [128] -> tensor<4xf32> index %i {
    %a = dl.launch @half(%c) at [384] : (tensor<4xf32>) -> tensor<4xf32>
    %m = dl.launch @sum(%a, %a) into [0] : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    dl.yield %m : tensor<4xf32>
  }
  %h4 = dl.loop <2900> carry(%c = %h3 : tensor<4xf32>) at [192] -> tensor<4xf32> index %i {
    %a = dl.launch @half(%c) at [384] : (tensor<4xf32>) -> tensor<4xf32>
    %m = dl.launch @sum(%a, %a) into [0] : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    dl.yield %m : tensor<4xf32>
  }
  %h5 = dl.loop <2900> carry(%c = %h4 : tensor<4xf32>) at [256] -> tensor<4xf32> index %i {
    %a = dl.launch @half(%c) at [384] : (tensor<4xf32>) -> tensor<4xf32>
    %m = dl.launch @sum(%a, %a) into [0] : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    dl.yield %m : tensor<4xf32>
  }
  %h6 = dl.loop <2900> carry(%c = %h5 : tensor<4xf32>) at [320] -> tensor<4xf32> index %i {
    %a = dl.launch @half(%c) at [384] : (tensor<4xf32>) -> tensor<4xf32>
    %m = dl.launch @sum(%a, %a) into [0] : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    dl.yield %m : tensor<4xf32>
  }
  dl.return %h6 : tensor<4xf32>
}
// CHECK: five: ok{{$}}
dl.func @five(%h0: tensor<4xf32>) -> (tensor<4xf32>) attributes {dl.arena = 448} {
  %h1 = dl.loop <2900> carry(%c = %h0 : tensor<4xf32>) at [0] -> tensor<4xf32> index %i {
    %a = dl.launch @half(%c) at [384] : (tensor<4xf32>) -> tensor<4xf32>
    %m = dl.launch @sum(%a, %a) into [0] : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    dl.yield %m : tensor<4xf32>
  }
  %h2 = dl.loop <2900> carry(%c = %h1 : tensor<4xf32>) at [64] -> tensor<4xf32> index %i {
    %a = dl.launch @half(%c) at [384] : (tensor<4xf32>) -> tensor<4xf32>
    %m = dl.launch @sum(%a, %a) into [0] : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    dl.yield %m : tensor<4xf32>
  }
  %h3 = dl.loop <2900> carry(%c = %h2 : tensor<4xf32>) at [128] -> tensor<4xf32> index %i {
    %a = dl.launch @half(%c) at [384] : (tensor<4xf32>) -> tensor<4xf32>
    %m = dl.launch @sum(%a, %a) into [0] : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    dl.yield %m : tensor<4xf32>
  }
  %h4 = dl.loop <2900> carry(%c = %h3 : tensor<4xf32>) at [192] -> tensor<4xf32> index %i {
    %a = dl.launch @half(%c) at [384] : (tensor<4xf32>) -> tensor<4xf32>
    %m = dl.launch @sum(%a, %a) into [0] : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    dl.yield %m : tensor<4xf32>
  }
  %h5 = dl.loop <2900> carry(%c = %h4 : tensor<4xf32>) at [256] -> tensor<4xf32> index %i {
    %a = dl.launch @half(%c) at [384] : (tensor<4xf32>) -> tensor<4xf32>
    %m = dl.launch @sum(%a, %a) into [0] : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    dl.yield %m : tensor<4xf32>
  }
  dl.return %h5 : tensor<4xf32>
}
}
