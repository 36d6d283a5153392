// RUN: %dlc-opt --dl-specialize=bind=f:N=6 --split-input-file --verify-diagnostics %s

// expected-error@+1 {{the size `N` must have the form `4*n`, but is 6}}
dl.func @f(%x: tensor<?xf32, #dl.sym<4*n>> {dl.input = "x"}) attributes {dl.symbols = ["N = 4*n"]} {
  dl.return
}

// -----

// expected-error@+1 {{the size `N - 8` becomes negative}}
dl.func @f(%x: tensor<?xf32, #dl.sym<N - 8>> {dl.input = "x"}) attributes {dl.symbols = ["N"]} {
  dl.return
}

// -----

dl.data @none ["x"] [tensor<0xf32>] {kind = "npy", files = ["x.npy"]}
// expected-error@+1 {{`train` trains on a table without rows}}
dl.train @train {step = @train.step, table = @none, settings = {rows = 0 : i64}}
dl.func @train.step(%x: tensor<?xf32, #dl.sym<batch>> {dl.input = "x"}) attributes {dl.symbols = ["batch"]} {
  dl.return
}

// -----

dl.data @some ["x"] [tensor<8xf32>] {kind = "npy", files = ["x.npy"]}
// expected-error@+1 {{the batch of `train` must have at least one row, but is 0}}
dl.train @train {step = @train.step, table = @some, settings = {batch = 0 : i64, rows = 8 : i64}}
dl.func @train.step(%x: tensor<?xf32, #dl.sym<batch>> {dl.input = "x"}) attributes {dl.symbols = ["batch"]} {
  dl.return
}
