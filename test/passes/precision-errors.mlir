// RUN: %dlc-opt --dl-precision --verify-diagnostics %s
// What is not understood is not taken for f32.

// expected-error@+1 {{the precision of `train` must be written as `#dl<precision bf16>`, found "bf16"}}
dl.train @train {step = @train.step, settings = {precision = "bf16", steps = 9 : i64}}
dl.func @train.step(%w: tensor<3x3xf32> {dl.param = "w"}) -> (tensor<3x3xf32> {dl.update = "w"}) {
  %y = dl.dot %w, %w batch [] [] contract [0] [0] : (tensor<3x3xf32>, tensor<3x3xf32>) -> tensor<3x3xf32>
  dl.return %y : tensor<3x3xf32>
}
