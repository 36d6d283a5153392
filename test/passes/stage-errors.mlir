// RUN: %dlc-opt --dl-check-stage --split-input-file --verify-diagnostics %s

// expected-error@+1 {{the module must name its stage in `dl.stage`: graph, specialized, train, optimized, kernels or llvm}}
module {}

// -----

module attributes {dl.stage = "train"} {
  dl.func @f(%x: tensor<f32> {dl.input = "x"}) -> (tensor<f32> {dl.output = "y"}) {
    // expected-error@+1 {{may not stand in stage `train`: derivatives are expanded by then}}
    %v = dl.variable %x : tensor<f32>
    dl.return %v : tensor<f32>
  }
}

// -----

module attributes {dl.stage = "graph"} {
  dl.func @f(%x: tensor<f32> {dl.input = "x"}) -> (tensor<f32> {dl.output = "y"}) {
    // expected-error@+1 {{may not stand in stage `graph`: it comes with fusion}}
    %v = dl.copy %x : tensor<f32>
    dl.return %v : tensor<f32>
  }
}

// -----

module attributes {dl.stage = "optimized"} {
  // expected-error@+1 {{must have a plan (`dl.arena`) in stage `optimized`}}
  dl.func @f(%x: tensor<f32> {dl.input = "x"}) -> (tensor<f32> {dl.output = "y"}) {
    // expected-error@+1 {{may stand only in a kernel in stage `optimized`}}
    %v = dl.unary exp %x : tensor<f32>
    // expected-error@+1 {{must name one place for result 0 in stage `optimized`, but names 0}}
    %w = dl.copy %v : tensor<f32>
    dl.return %w : tensor<f32>
  }
}

// -----

module attributes {dl.stage = "specialized"} {
  dl.data @points ["x"] [tensor<8xf32>] {kind = "npy", files = ["x.npy"]}
  dl.train @train {step = @train.step, table = @points, settings = {rows = 8 : i64}}
  // expected-error@+1 {{must have no open sizes in stage `specialized`: it is a step of `@train`}}
  dl.func @train.step(%x: tensor<?xf32, #dl.sym<batch>> {dl.input = "x"}) attributes {dl.symbols = ["batch"]} {
    dl.return
  }
}
