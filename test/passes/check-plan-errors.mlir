// RUN: %dlc-opt --dl-check-plan --split-input-file --verify-diagnostics %s

// Two values that live at once in one place.
dl.func private @exp(%p: tensor<32xf32>) -> (tensor<32xf32>) attributes {dl.kernel = "map"} {
  %r = dl.unary exp %p : tensor<32xf32>
  dl.return %r : tensor<32xf32>
}
dl.func private @add(%p: tensor<32xf32>, %q: tensor<32xf32>) -> (tensor<32xf32>) attributes {dl.kernel = "map"} {
  %r = dl.binary add %p, %q : tensor<32xf32>
  dl.return %r : tensor<32xf32>
}
dl.func @overlap(%x: tensor<32xf32> {dl.input = "x"}) -> (tensor<32xf32> {dl.output = "y"}) attributes {dl.arena = 256 : i64} {
  // expected-note@+1 {{made here}}
  %a = dl.launch @exp(%x) at [0] onto [-1] into [-1] : (tensor<32xf32>) -> tensor<32xf32>
  // expected-note@+1 {{overwritten here}}
  %b = dl.launch @exp(%x) at [64] onto [-1] into [-1] : (tensor<32xf32>) -> tensor<32xf32>
  // expected-error@+1 {{reads a value, which was overwritten}}
  %c = dl.launch @add(%a, %b) at [-1] onto [-1] into [0] : (tensor<32xf32>, tensor<32xf32>) -> tensor<32xf32>
  dl.return %c : tensor<32xf32>
}

// -----

dl.func private @total(%p: tensor<32xf32>) -> (tensor<f32>) attributes {dl.kernel = "reduce"} {
  %r = dl.reduce sum %p axes [0] : tensor<32xf32> to tensor<f32>
  dl.return %r : tensor<f32>
}
dl.func private @add(%p: tensor<32xf32>, %q: tensor<32xf32>) -> (tensor<32xf32>) attributes {dl.kernel = "map"} {
  %r = dl.binary add %p, %q : tensor<32xf32>
  dl.return %r : tensor<32xf32>
}
// A place that is updated before its last reader.
// expected-note@+1 {{made here}}
dl.func @early(%w: tensor<32xf32> {dl.param = "w"}, %g: tensor<32xf32> {dl.input = "g"}) -> (tensor<32xf32> {dl.update = "w"}, tensor<f32> {dl.output = "s"}) attributes {dl.arena = 0 : i64} {
  // expected-note@+1 {{overwritten here}}
  %n = dl.launch @add(%w, %g) at [-1] onto [-1] into [0] : (tensor<32xf32>, tensor<32xf32>) -> tensor<32xf32>
  // expected-error@+1 {{which was overwritten}}
  %s = dl.launch @total(%w) at [-1] onto [-1] into [1] : (tensor<32xf32>) -> tensor<f32>
  dl.return %n, %s : tensor<32xf32>, tensor<f32>
}

// -----

dl.func private @reversed(%p: tensor<32xf32>) -> (tensor<32xf32>) attributes {dl.kernel = "map"} {
  %r = dl.reverse %p axes [0] : tensor<32xf32>
  dl.return %r : tensor<32xf32>
}
// A kernel that reads at another index than it writes may not write over what it reads.
dl.func @aliased(%w: tensor<32xf32> {dl.param = "w"}) -> (tensor<32xf32> {dl.update = "w"}) attributes {dl.arena = 0 : i64} {
  // expected-error@+1 {{puts result 0 over a value, which it still reads}}
  %n = dl.launch @reversed(%w) at [-1] onto [-1] into [0] : (tensor<32xf32>) -> tensor<32xf32>
  dl.return %n : tensor<32xf32>
}

// -----

dl.func private @exp(%p: tensor<32xf32>) -> (tensor<32xf32>) attributes {dl.kernel = "map"} {
  %r = dl.unary exp %p : tensor<32xf32>
  dl.return %r : tensor<32xf32>
}
dl.func @beyond(%x: tensor<32xf32> {dl.input = "x"}) -> (tensor<32xf32> {dl.output = "y"}) attributes {dl.arena = 64 : i64} {
  // expected-error@+1 {{puts result 0 at [0], beyond the end of the arena of 64 bytes}}
  %a = dl.launch @exp(%x) at [0] onto [-1] into [-1] : (tensor<32xf32>) -> tensor<32xf32>
  dl.return %a : tensor<32xf32>
}

// -----

dl.func private @exp(%p: tensor<32xf32>) -> (tensor<32xf32>) attributes {dl.kernel = "map"} {
  %r = dl.unary exp %p : tensor<32xf32>
  dl.return %r : tensor<32xf32>
}
// The second pass of the loop misses what the first one wrote over.
dl.func @second_pass(%x: tensor<32xf32> {dl.input = "x"}) -> (tensor<32xf32> {dl.output = "y"}) attributes {dl.arena = 128 : i64} {
  // expected-note@+1 {{made here}}
  %a = dl.launch @exp(%x) at [0] onto [-1] into [-1] : (tensor<32xf32>) -> tensor<32xf32>
  %l = dl.loop <3> carry(%c = %x : tensor<32xf32>) at [-1] into [0] -> tensor<32xf32> index %i {
    // expected-error@+1 {{which was overwritten}}
    %n = dl.launch @exp(%a) at [-1] onto [-1] into [0] : (tensor<32xf32>) -> tensor<32xf32>
    // expected-note@+1 {{overwritten here}}
    %m = dl.launch @exp(%n) at [0] onto [-1] into [-1] : (tensor<32xf32>) -> tensor<32xf32>
    dl.yield %n : tensor<32xf32>
  }
  dl.return %l : tensor<32xf32>
}

// -----

// expected-error@+1 {{has no plan: `dl.arena` is missing}}
dl.func @unplanned(%x: tensor<32xf32> {dl.input = "x"}) -> (tensor<32xf32> {dl.output = "y"}) {
  dl.return %x : tensor<32xf32>
}

// -----

dl.func private @both(%p: tensor<32xf32>) -> (tensor<32xf32>, tensor<32xf32>) attributes {dl.kernel = "map"} {
  %r = dl.unary exp %p : tensor<32xf32>
  %s = dl.unary neg %p : tensor<32xf32>
  dl.return %r, %s : tensor<32xf32>, tensor<32xf32>
}
// Two results of one launch.
dl.func @results(%x: tensor<32xf32> {dl.input = "x"}) -> (tensor<32xf32> {dl.output = "y"}, tensor<32xf32> {dl.output = "z"}) attributes {dl.arena = 256 : i64} {
  // expected-error@+1 {{puts two results over each other}}
  %a:2 = dl.launch @both(%x) at [0, 64] onto [-1, -1] into [-1, -1] : (tensor<32xf32>) -> (tensor<32xf32>, tensor<32xf32>)
  dl.return %a#0, %a#1 : tensor<32xf32>, tensor<32xf32>
}

// -----

dl.func private @exp(%p: tensor<32xf32>) -> (tensor<32xf32>) attributes {dl.kernel = "map"} {
  %r = dl.unary exp %p : tensor<32xf32>
  dl.return %r : tensor<32xf32>
}
// One branch writes over what is read behind it.
dl.func @branch(%x: tensor<32xf32> {dl.input = "x"}, %q: tensor<i1> {dl.input = "q"}) -> (tensor<32xf32> {dl.output = "y"}, tensor<32xf32> {dl.output = "z"}) attributes {dl.arena = 128 : i64} {
  // expected-note@+1 {{made here}}
  %a = dl.launch @exp(%x) at [0] onto [-1] into [-1] : (tensor<32xf32>) -> tensor<32xf32>
  %c = dl.cond %q at [-1] into [0] -> tensor<32xf32> {
    // expected-note@+1 {{overwritten here}}
    %t = dl.launch @exp(%x) at [0] onto [-1] into [-1] : (tensor<32xf32>) -> tensor<32xf32>
    dl.yield %t : tensor<32xf32>
  } else {
    dl.yield %x : tensor<32xf32>
  }
  // expected-error@+1 {{reads a value, which was overwritten}}
  %d = dl.launch @exp(%a) at [-1] onto [-1] into [1] : (tensor<32xf32>) -> tensor<32xf32>
  dl.return %c, %d : tensor<32xf32>, tensor<32xf32>
}

// -----

dl.func private @total(%p: tensor<32xf32>) -> (tensor<f32>) attributes {dl.kernel = "reduce"} {
  %r = dl.reduce sum %p axes [0] : tensor<32xf32> to tensor<f32>
  dl.return %r : tensor<f32>
}
dl.func private @add(%p: tensor<32xf32>, %q: tensor<32xf32>) -> (tensor<32xf32>) attributes {dl.kernel = "map"} {
  %r = dl.binary add %p, %q : tensor<32xf32>
  dl.return %r : tensor<32xf32>
}
// A view shares the buffer that is taken over.
dl.func @view(%x: tensor<32xf32> {dl.input = "x"}) -> (tensor<32xf32> {dl.output = "y"}, tensor<f32> {dl.output = "z"}) attributes {dl.arena = 128 : i64} {
  // expected-note@+1 {{made here}}
  %a = dl.launch @add(%x, %x) at [0] onto [-1] into [-1] : (tensor<32xf32>, tensor<32xf32>) -> tensor<32xf32>
  %v = dl.reshape %a : tensor<32xf32> to tensor<4x8xf32>
  %w = dl.reshape %v : tensor<4x8xf32> to tensor<32xf32>
  // expected-note@+1 {{overwritten here}}
  %b = dl.launch @add(%a, %x) at [-1] onto [0] into [-1] : (tensor<32xf32>, tensor<32xf32>) -> tensor<32xf32>
  // expected-error@+1 {{reads a value, which was overwritten}}
  %s = dl.launch @total(%w) at [-1] onto [-1] into [1] : (tensor<32xf32>) -> tensor<f32>
  dl.return %b, %s : tensor<32xf32>, tensor<f32>
}

// -----

dl.func private @exp(%p: tensor<32xf32>) -> (tensor<32xf32>) attributes {dl.kernel = "map"} {
  %r = dl.unary exp %p : tensor<32xf32>
  dl.return %r : tensor<32xf32>
}
// An offset that vectors cannot be aligned to.
dl.func @odd(%x: tensor<32xf32> {dl.input = "x"}) -> (tensor<32xf32> {dl.output = "y"}) attributes {dl.arena = 192 : i64} {
  // expected-error@+1 {{which is not a multiple of 64}}
  %a = dl.launch @exp(%x) at [4] onto [-1] into [-1] : (tensor<32xf32>) -> tensor<32xf32>
  dl.return %a : tensor<32xf32>
}
