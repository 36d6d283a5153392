// What trees and applied functions may not be.
// RUN: %dlc-opt %s --split-input-file --verify-diagnostics

dl.func @f(%net: tuple<tensor<4xf32, "weight">, tensor<f32, "bias">>) -> (tensor<4xf32>) {
  // expected-error @+1 {{get_c1: the tree has no leaf "scale"}}
  %w = dl.get %net "scale" : tuple<tensor<4xf32, "weight">, tensor<f32, "bias">>
  dl.return %w : tensor<4xf32>
}

// -----
dl.func @f(%w: tensor<5xf32>) -> (tuple<tensor<4xf32, "w">>) {
  // expected-error @+1 {{tree_c1: expected the leaves of}}
  %net = dl.tree(%w) : (tensor<5xf32>) -> tuple<tensor<4xf32, "w">>
  dl.return %net : tuple<tensor<4xf32, "w">>
}

// -----
dl.func @f(%zero: tensor<i64>) -> (tuple<tensor<4xf32, "w">>) {
  // expected-error @+1 {{fill_c1: expected leaves of type 'i64'}}
  %net = dl.fill %zero : tensor<i64> to tuple<tensor<4xf32, "w">>
  dl.return %net : tuple<tensor<4xf32, "w">>
}

// -----
dl.func @f(%x: tensor<4xf32>) -> (tensor<4xf32>) {
  // expected-error @+1 {{call_c1: expected}}
  %y = dl.call @missing(%x) : (tensor<4xf32>) -> tensor<4xf32>
  dl.return %y : tensor<4xf32>
}

// -----
dl.func private @vector(%x: tensor<4xf32>) -> (tensor<4xf32>) {
  dl.return %x : tensor<4xf32>
}
dl.func @f(%net: tuple<tensor<4xf32, "w">>) -> (tuple<tensor<4xf32, "w">>) {
  // expected-error @+1 {{each_c1: expected a function of scalars}}
  %y = dl.each @vector(%net) : (tuple<tensor<4xf32, "w">>) -> tuple<tensor<4xf32, "w">>
  dl.return %y : tuple<tensor<4xf32, "w">>
}

// -----
dl.func private @sum(%x: tensor<f32>, %y: tensor<f32>) -> (tensor<f32>) {
  %s = dl.binary add %x, %y : tensor<f32>
  dl.return %s : tensor<f32>
}
dl.func @f(%a: tuple<tensor<4xf32, "w">>, %b: tuple<tensor<4xf32, "v">>) -> (tuple<tensor<4xf32, "w">>) {
  // expected-error @+1 {{each_c2: expected trees with leaves of the same names}}
  %y = dl.each @sum(%a, %b) : (tuple<tensor<4xf32, "w">>, tuple<tensor<4xf32, "v">>) -> tuple<tensor<4xf32, "w">>
  dl.return %y : tuple<tensor<4xf32, "w">>
}

// -----
dl.func private @checked(%x: tensor<i1>) -> (tensor<i1>) {
  dl.check %x, "wrong" : tensor<i1>
  dl.return %x : tensor<i1>
}
dl.func @f(%x: tensor<i1>) -> (tensor<i1>) {
  // expected-error @+1 {{call_c2: expected a callee without effects, @checked holds `dl.check`}}
  %y = dl.call @checked(%x) : (tensor<i1>) -> tensor<i1>
  dl.return %y : tensor<i1>
}

// -----
dl.func private @nothing(%x: tensor<f32>) {
  dl.return
}
dl.func @f(%net: tuple<tensor<4xf32, "w">>) {
  // expected-error @+1 {{each_c2: expected at least one tree as a result}}
  dl.each @nothing(%net) : (tuple<tensor<4xf32, "w">>) -> ()
  dl.return
}

// -----
dl.func private @twice(%x: tensor<f32>, %y: tensor<f32>) -> (tensor<f32>) {
  dl.return %x : tensor<f32>
}
dl.func @f(%a: tuple<tensor<4xf32, "w">>, %b: tuple<tensor<5xf32, "w">>) -> (tuple<tensor<4xf32, "w">>) {
  // expected-error @+1 {{each_c3: expected one shape, or a scalar, for the leaf "w" of all trees, found [4] and [5]}}
  %y = dl.each @twice(%a, %b) : (tuple<tensor<4xf32, "w">>, tuple<tensor<5xf32, "w">>) -> tuple<tensor<4xf32, "w">>
  dl.return %y : tuple<tensor<4xf32, "w">>
}
