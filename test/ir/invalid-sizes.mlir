// Errors of symbolic sizes in types.
// RUN: %dlc-opt %s --split-input-file --verify-diagnostics

// expected-error@below {{sym_c1: a tensor without `?` has no symbolic sizes}}
dl.func @f(%x: tensor<4xf32, #dl.sym<B>>) {
  dl.return
}

// -----

// expected-error@below {{sym_c1: expected 2 sizes, one for each `?`, found 1}}
dl.func @f(%x: tensor<?x?xf32, #dl.sym<B>>) {
  dl.return
}

// -----

// expected-error@below {{sym_c1: the size `5` is a number, expected it in the shape in place of `?`}}
dl.func @f(%x: tensor<?xf32, #dl.sym<5>>) {
  dl.return
}

// -----

// expected-error@below {{sym_c1: the size `5` is a number, expected it in the shape in place of `?`}}
dl.func @f(%x: tensor<?xf32, #dl.sym<N - N + 5>>) {
  dl.return
}

// -----

// expected-error@below {{sym_c2: a size exceeds 64 bits}}
dl.func @f(%x: tensor<?xf32, #dl.sym<9223372036854775807 * N * 2>>) {
  dl.return
}

// -----

// expected-error@below {{sym_c2: a size exceeds 64 bits}}
dl.func @f(%x: tensor<?xf32, #dl.sym<floordiv(N, 0)>>) {
  dl.return
}

// -----

// expected-error@below {{expected a size such as `2*B + 1`}}
dl.func @f(%x: tensor<?xf32, #dl.sym<N +>>) {
  dl.return
}

// -----

// expected-error@below {{expected a size such as `2*B + 1`}}
dl.func @f(%x: tensor<?xf32, #dl.sym<floordiv(N)>>) {
  dl.return
}

// -----

// expected-error@below {{expected tensors with a size for each axis, found 'tensor<4294967296x4294967296xf32>'}}
dl.func @f(%x: tensor<4294967296x4294967296xf32>) {
  dl.return
}
