// RUN: %dlc-opt %s --dl-expand --split-input-file --verify-diagnostics -o /dev/null

dl.func private @again(%x: tensor<4xf32>) -> (tensor<4xf32>) formulas {
  // expected-error @below {{calls @again, in which it stands: expected calls that end}}
  return @again(%x) : tensor<4xf32>
}
dl.func @f(%x: tensor<4xf32> {dl.input}) -> (tensor<4xf32>) formulas { return @again(%x) : tensor<4xf32> }

// -----

dl.func private @g(%x: tensor<f32>) -> (tensor<f32>) formulas { return exp(%x) }
dl.func private @h(%x: tensor<f32>) -> (tensor<f32>) formulas {
  // expected-error @below {{each_c1: expected element-wise functions in @h}}
  return @g(%x) : tensor<f32>
}
dl.func @f(%w: tuple<tensor<4xf32, "w">> {dl.param}) -> (tuple<tensor<4xf32, "w">>) formulas { return each @h(%w) : tuple<tensor<4xf32, "w">> }

// -----

dl.func private @h(%x: tensor<4xf32>) -> (tensor<4xf32>) formulas { return exp(%x) }
dl.func @f(%x: tensor<5xf32> {dl.input}) -> (tensor<4xf32>) formulas {
  // expected-error @below {{call_c1: expected an operand 'tensor<4xf32>', found 'tensor<5xf32>'}}
  return @h(%x) : tensor<4xf32>
}

// -----

dl.func private @h(%x: tensor<f32>) -> (tensor<f32>) formulas { return exp(%x) }
dl.func @f(%w: tuple<tensor<4xf64, "w">> {dl.param}) -> (tuple<tensor<4xf64, "w">>) formulas {
  // expected-error @below {{each_c1: expected 'f32' as an operand of @h, found 'tensor<4xf64>'}}
  return each @h(%w) : tuple<tensor<4xf64, "w">>
}
