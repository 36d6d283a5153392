// Errors of the element-wise operations and of sources.
// RUN: %dlc-opt %s --split-input-file --verify-diagnostics

dl.func @f(%x: tensor<4xf32>) {
  // expected-error@below {{unary_c1: `not` takes booleans, found 'f32'}}
  %0 = dl.unary not %x : tensor<4xf32>
  dl.return
}

// -----

dl.func @f(%x: tensor<4xui8>) {
  // expected-error@below {{unary_c1: `neg` takes floats and signed integers, found 'ui8'}}
  %0 = dl.unary neg %x : tensor<4xui8>
  dl.return
}

// -----

dl.func @f(%x: tensor<4xi1>) {
  // expected-error@below {{unary_c1: `relu` takes floats and integers, found 'i1'}}
  %0 = dl.unary relu %x : tensor<4xi1>
  dl.return
}

// -----

dl.func @f(%x: tensor<4xi64>) {
  // expected-error@below {{unary_c1: `exp` takes floats, found 'i64'}}
  %0 = dl.unary exp %x : tensor<4xi64>
  dl.return
}

// -----

dl.func @f(%x: tensor<4xf32>) {
  // expected-error@below {{binary_c1: `and` takes booleans, found 'f32'}}
  %0 = dl.binary and %x, %x : tensor<4xf32>
  dl.return
}

// -----

dl.func @f(%x: tensor<4xi32>) {
  // expected-error@below {{binary_c1: `div` takes floats, found 'i32'}}
  %0 = dl.binary div %x, %x : tensor<4xi32>
  dl.return
}

// -----

dl.func @f(%x: tensor<4xi1>) {
  // expected-error@below {{binary_c1: `add` takes floats and integers, found 'i1'}}
  %0 = dl.binary add %x, %x : tensor<4xi1>
  dl.return
}

// -----

dl.func @f(%x: tensor<4xi1>) {
  // expected-error@below {{compare_c1: `lt` takes floats and integers, found i1}}
  %0 = dl.compare lt %x, %x : tensor<4xi1>
  dl.return
}

// -----

dl.func @f(%c: tensor<5xi1>, %x: tensor<4xf32>) {
  // expected-error@below {{select_c1: the condition has the shape of the result}}
  %0 = "dl.select"(%c, %x, %x) : (tensor<5xi1>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  dl.return
}

// -----

dl.func @f(%x: tensor<4xf32>) {
  // expected-error@below {{cast_c1: expected the operand's shape [4], found [5]}}
  %0 = dl.cast %x : tensor<4xf32> to tensor<5xf64>
  dl.return
}

// -----

dl.func @f(%x: tensor<?xf32, #dl.sym<B>>) {
  // expected-error@below {{cast_c1: expected the operand's shape [B], found [2*B]}}
  %0 = dl.cast %x : tensor<?xf32, #dl.sym<B>> to tensor<?xf64, #dl.sym<2*B>>
  dl.return
}

// -----

dl.func @f(%x: tensor<?xf32, #dl.sym<B>>) {
  // expected-error@below {{expected operands of the result's type 'tensor<4xf32>', found 'tensor<?xf32, #dl.sym<B>>'}}
  %0 = "dl.unary"(%x) {fn = #dl<unary_fn neg>} : (tensor<?xf32, #dl.sym<B>>) -> tensor<4xf32>
  dl.return
}

// -----

dl.func @f(%x: tensor<4xf32>) {
  // expected-error@below {{expected one of [neg, abs, sign, exp, expm1, log, log1p, sqrt, rsqrt, sin, cos, tan, tanh, sigmoid, erf, floor, ceil, round, relu, square, reciprocal, not, round_bf16, round_tf32] for element-wise functions of one argument, got: negate}}
  %0 = dl.unary negate %x : tensor<4xf32>
  dl.return
}

// -----

dl.func @f() {
  // expected-error@below {{size_c1: expected one size, found 2}}
  %0 = dl.size <B, N> : tensor<i64>
  dl.return
}

// -----

dl.func @f() {
  // expected-error@below {{iota_c1: there is no axis 1 in the shape [4]}}
  %0 = dl.iota 1 : tensor<4xi64>
  dl.return
}

// -----

dl.func @f(%s: tensor<i64>) {
  // expected-error@below {{random_c1: expected elements of type f32 or f64 for `normal`, found 'i64'}}
  %0 = dl.random normal %s, %s, %s : tensor<4xi64>
  dl.return
}

// -----

dl.func @f(%s: tensor<i64>) {
  // expected-error@below {{random_c1: expected elements of type i64 for `bits`, found 'f32'}}
  %0 = dl.random bits %s, %s, %s : tensor<4xf32>
  dl.return
}

// -----

dl.func @f(%s: tensor<i64>) {
  // expected-error@below {{random_c2: expected from 0 to 1 lanes, found 2}}
  %0 = dl.random normal %s, %s, %s lanes 2 : tensor<4xf32>
  dl.return
}

// -----

dl.func @f(%of: tensor<2xf32>) {
  // gradient_c1 is the type constraint of the operand.
  // expected-error@below {{operand #0 must be 0D tensor of}}
  %0 = dl.gradient %of wrt(%of) : tensor<2xf32>, (tensor<2xf32>)
  dl.return
}

// -----

dl.func @f(%of: tensor<f32>, %x: tensor<2xf32>) {
  // expected-error@below {{gradient_c2: the results have the types of the values}}
  %0 = "dl.gradient"(%of, %x) : (tensor<f32>, tensor<2xf32>) -> tensor<3xf32>
  dl.return
}

// -----

dl.func @f() {
  // expected-error@below {{expected the elements of a tensor as the constant's value}}
  %0 = dl.constant dense<1.0> : vector<2xf32>
  dl.return
}
