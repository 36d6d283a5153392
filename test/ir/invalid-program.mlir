// Errors of what surrounds the graphs.
// RUN: %dlc-opt %s --split-input-file --verify-diagnostics

// expected-error@below {{data_c1: expected a type for each of 2 columns, found 1}}
dl.data @d ["x", "y"] [tensor<2x1xf32>] {kind = "npy", files = []}

// -----

// expected-error@below {{data_c1: expected tensors with a size for each axis, found 'f32'}}
dl.data @d [""] [f32] {kind = "npy", files = []}

// -----

// expected-error@below {{data_c2: expected `kind` to be one of idx, csv, tsv, npy, compute, split, map, filter, zip, found "xml"}}
dl.data @d [""] [tensor<2xf32>] {kind = "xml"}

// -----

// expected-error@below {{data_c2: a source of kind "map" needs `function`}}
dl.data @d ["x"] [tensor<2xf32>] {kind = "map", of = @e}

// -----

// expected-error@below {{data_c3: expected columns with one number of rows, found [tensor<2xf32>, tensor<3xf32>]}}
dl.data @d ["x", "y"] [tensor<2xf32>, tensor<3xf32>] {kind = "npy", files = []}

// -----

// expected-error@below {{load_c1: expected pairs of names, found ["a"]}}
dl.load @l "m" [["a"]]

// -----

// expected-error@below {{expected a `dl.func` as `step`, found no operation of the name @step}}
dl.train @t {step = @step, settings = {}}

// -----

dl.func @step() {
  dl.return
}
// expected-error@below {{expected a `dl.data` as `table`, found @step, a `dl.func`}}
dl.train @t {step = @step, table = @step, settings = {}}

// -----

// expected-error@below {{expected a `dl.func` as `body`, found no operation of the name @body}}
dl.test @t {body = @body, settings = {}}

// -----

dl.sequence @s {
  // expected-error@below {{expected a `dl.func` or a `dl.test` as `callee`, found no operation of the name @body}}
  dl.invoke @body() : () -> ()
}

// -----

// expected-note@below {{the function is here}}
dl.func @body(%x: tensor<f32> {dl.input = "x"}) -> (tensor<f32> {dl.output = "y"}) {
  dl.return %x : tensor<f32>
}
dl.sequence @s {
  // expected-error@below {{expected the inputs and outputs of @body, ('tensor<f32>') -> ('tensor<f32>'), found () -> ()}}
  dl.invoke @body() : () -> ()
}
