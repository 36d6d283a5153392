// Every unary function on every element type it takes.
// RUN: %dlc-kernel-test %s
// RUN: %dlc-kernel-test --target cuda-emulator %s

module attributes {dl.stage = "graph", dl.version = 1} {
dl.func @neg_f32(%x: tensor<77xf32>) -> (tensor<77xf32>) {
  %y = dl.unary neg %x : tensor<77xf32>
  dl.return %y : tensor<77xf32>
}

dl.func @neg_f64(%x: tensor<5x9xf64>) -> (tensor<5x9xf64>) {
  %y = dl.unary neg %x : tensor<5x9xf64>
  dl.return %y : tensor<5x9xf64>
}

dl.func @abs_f32(%x: tensor<77xf32>) -> (tensor<77xf32>) {
  %y = dl.unary abs %x : tensor<77xf32>
  dl.return %y : tensor<77xf32>
}

dl.func @abs_f64(%x: tensor<5x9xf64>) -> (tensor<5x9xf64>) {
  %y = dl.unary abs %x : tensor<5x9xf64>
  dl.return %y : tensor<5x9xf64>
}

dl.func @sign_f32(%x: tensor<77xf32>) -> (tensor<77xf32>) {
  %y = dl.unary sign %x : tensor<77xf32>
  dl.return %y : tensor<77xf32>
}

dl.func @sign_f64(%x: tensor<5x9xf64>) -> (tensor<5x9xf64>) {
  %y = dl.unary sign %x : tensor<5x9xf64>
  dl.return %y : tensor<5x9xf64>
}

dl.func @exp_f32(%x: tensor<77xf32>) -> (tensor<77xf32>) attributes {ranges = [[-90.0, 89.0]]} {
  %y = dl.unary exp %x : tensor<77xf32>
  dl.return %y : tensor<77xf32>
}

dl.func @exp_f64(%x: tensor<5x9xf64>) -> (tensor<5x9xf64>) attributes {ranges = [[-700.0, 700.0]]} {
  %y = dl.unary exp %x : tensor<5x9xf64>
  dl.return %y : tensor<5x9xf64>
}

dl.func @expm1_f32(%x: tensor<77xf32>) -> (tensor<77xf32>) attributes {ranges = [[-20.0, 20.0]]} {
  %y = dl.unary expm1 %x : tensor<77xf32>
  dl.return %y : tensor<77xf32>
}

dl.func @expm1_f64(%x: tensor<5x9xf64>) -> (tensor<5x9xf64>) attributes {ranges = [[-20.0, 20.0]]} {
  %y = dl.unary expm1 %x : tensor<5x9xf64>
  dl.return %y : tensor<5x9xf64>
}

dl.func @log_f32(%x: tensor<77xf32>) -> (tensor<77xf32>) attributes {ranges = [[0.001, 100.0]]} {
  %y = dl.unary log %x : tensor<77xf32>
  dl.return %y : tensor<77xf32>
}

dl.func @log_f64(%x: tensor<5x9xf64>) -> (tensor<5x9xf64>) attributes {ranges = [[0.001, 100.0]]} {
  %y = dl.unary log %x : tensor<5x9xf64>
  dl.return %y : tensor<5x9xf64>
}

dl.func @log1p_f32(%x: tensor<77xf32>) -> (tensor<77xf32>) attributes {ranges = [[-0.9, 50.0]]} {
  %y = dl.unary log1p %x : tensor<77xf32>
  dl.return %y : tensor<77xf32>
}

dl.func @log1p_f64(%x: tensor<5x9xf64>) -> (tensor<5x9xf64>) attributes {ranges = [[-0.9, 50.0]]} {
  %y = dl.unary log1p %x : tensor<5x9xf64>
  dl.return %y : tensor<5x9xf64>
}

dl.func @sqrt_f32(%x: tensor<77xf32>) -> (tensor<77xf32>) attributes {ranges = [[0.0, 9.0]]} {
  %y = dl.unary sqrt %x : tensor<77xf32>
  dl.return %y : tensor<77xf32>
}

dl.func @sqrt_f64(%x: tensor<5x9xf64>) -> (tensor<5x9xf64>) attributes {ranges = [[0.0, 9.0]]} {
  %y = dl.unary sqrt %x : tensor<5x9xf64>
  dl.return %y : tensor<5x9xf64>
}

dl.func @rsqrt_f32(%x: tensor<77xf32>) -> (tensor<77xf32>) attributes {ranges = [[0.1, 9.0]]} {
  %y = dl.unary rsqrt %x : tensor<77xf32>
  dl.return %y : tensor<77xf32>
}

dl.func @rsqrt_f64(%x: tensor<5x9xf64>) -> (tensor<5x9xf64>) attributes {ranges = [[0.1, 9.0]]} {
  %y = dl.unary rsqrt %x : tensor<5x9xf64>
  dl.return %y : tensor<5x9xf64>
}

dl.func @sin_f32(%x: tensor<77xf32>) -> (tensor<77xf32>) attributes {ranges = [[-50.0, 50.0]]} {
  %y = dl.unary sin %x : tensor<77xf32>
  dl.return %y : tensor<77xf32>
}

dl.func @sin_f64(%x: tensor<5x9xf64>) -> (tensor<5x9xf64>) attributes {ranges = [[-50.0, 50.0]]} {
  %y = dl.unary sin %x : tensor<5x9xf64>
  dl.return %y : tensor<5x9xf64>
}

dl.func @cos_f32(%x: tensor<77xf32>) -> (tensor<77xf32>) attributes {ranges = [[-50.0, 50.0]]} {
  %y = dl.unary cos %x : tensor<77xf32>
  dl.return %y : tensor<77xf32>
}

dl.func @cos_f64(%x: tensor<5x9xf64>) -> (tensor<5x9xf64>) attributes {ranges = [[-50.0, 50.0]]} {
  %y = dl.unary cos %x : tensor<5x9xf64>
  dl.return %y : tensor<5x9xf64>
}

dl.func @tan_f32(%x: tensor<77xf32>) -> (tensor<77xf32>) attributes {ranges = [[-1.4, 1.4]], tolerance = 1.0e-5} {
  %y = dl.unary tan %x : tensor<77xf32>
  dl.return %y : tensor<77xf32>
}

dl.func @tan_f64(%x: tensor<5x9xf64>) -> (tensor<5x9xf64>) attributes {ranges = [[-1.4, 1.4]], tolerance = 1.0e-5} {
  %y = dl.unary tan %x : tensor<5x9xf64>
  dl.return %y : tensor<5x9xf64>
}

dl.func @tanh_f32(%x: tensor<77xf32>) -> (tensor<77xf32>) attributes {ranges = [[-12.0, 12.0]]} {
  %y = dl.unary tanh %x : tensor<77xf32>
  dl.return %y : tensor<77xf32>
}

dl.func @tanh_f64(%x: tensor<5x9xf64>) -> (tensor<5x9xf64>) attributes {ranges = [[-12.0, 12.0]]} {
  %y = dl.unary tanh %x : tensor<5x9xf64>
  dl.return %y : tensor<5x9xf64>
}

dl.func @sigmoid_f32(%x: tensor<77xf32>) -> (tensor<77xf32>) attributes {ranges = [[-30.0, 30.0]]} {
  %y = dl.unary sigmoid %x : tensor<77xf32>
  dl.return %y : tensor<77xf32>
}

dl.func @sigmoid_f64(%x: tensor<5x9xf64>) -> (tensor<5x9xf64>) attributes {ranges = [[-30.0, 30.0]]} {
  %y = dl.unary sigmoid %x : tensor<5x9xf64>
  dl.return %y : tensor<5x9xf64>
}

dl.func @erf_f32(%x: tensor<77xf32>) -> (tensor<77xf32>) attributes {ranges = [[-4.0, 4.0]]} {
  %y = dl.unary erf %x : tensor<77xf32>
  dl.return %y : tensor<77xf32>
}

dl.func @erf_f64(%x: tensor<5x9xf64>) -> (tensor<5x9xf64>) attributes {ranges = [[-4.0, 4.0]]} {
  %y = dl.unary erf %x : tensor<5x9xf64>
  dl.return %y : tensor<5x9xf64>
}

dl.func @floor_f32(%x: tensor<77xf32>) -> (tensor<77xf32>) attributes {ranges = [[-9.0, 9.0]]} {
  %y = dl.unary floor %x : tensor<77xf32>
  dl.return %y : tensor<77xf32>
}

dl.func @floor_f64(%x: tensor<5x9xf64>) -> (tensor<5x9xf64>) attributes {ranges = [[-9.0, 9.0]]} {
  %y = dl.unary floor %x : tensor<5x9xf64>
  dl.return %y : tensor<5x9xf64>
}

dl.func @ceil_f32(%x: tensor<77xf32>) -> (tensor<77xf32>) attributes {ranges = [[-9.0, 9.0]]} {
  %y = dl.unary ceil %x : tensor<77xf32>
  dl.return %y : tensor<77xf32>
}

dl.func @ceil_f64(%x: tensor<5x9xf64>) -> (tensor<5x9xf64>) attributes {ranges = [[-9.0, 9.0]]} {
  %y = dl.unary ceil %x : tensor<5x9xf64>
  dl.return %y : tensor<5x9xf64>
}

dl.func @round_f32(%x: tensor<77xf32>) -> (tensor<77xf32>) attributes {ranges = [[-9.0, 9.0]]} {
  %y = dl.unary round %x : tensor<77xf32>
  dl.return %y : tensor<77xf32>
}

dl.func @round_f64(%x: tensor<5x9xf64>) -> (tensor<5x9xf64>) attributes {ranges = [[-9.0, 9.0]]} {
  %y = dl.unary round %x : tensor<5x9xf64>
  dl.return %y : tensor<5x9xf64>
}

dl.func @relu_f32(%x: tensor<77xf32>) -> (tensor<77xf32>) {
  %y = dl.unary relu %x : tensor<77xf32>
  dl.return %y : tensor<77xf32>
}

dl.func @relu_f64(%x: tensor<5x9xf64>) -> (tensor<5x9xf64>) {
  %y = dl.unary relu %x : tensor<5x9xf64>
  dl.return %y : tensor<5x9xf64>
}

dl.func @square_f32(%x: tensor<77xf32>) -> (tensor<77xf32>) {
  %y = dl.unary square %x : tensor<77xf32>
  dl.return %y : tensor<77xf32>
}

dl.func @square_f64(%x: tensor<5x9xf64>) -> (tensor<5x9xf64>) {
  %y = dl.unary square %x : tensor<5x9xf64>
  dl.return %y : tensor<5x9xf64>
}

dl.func @reciprocal_f32(%x: tensor<77xf32>) -> (tensor<77xf32>) attributes {ranges = [[0.1, 3.0]]} {
  %y = dl.unary reciprocal %x : tensor<77xf32>
  dl.return %y : tensor<77xf32>
}

dl.func @reciprocal_f64(%x: tensor<5x9xf64>) -> (tensor<5x9xf64>) attributes {ranges = [[0.1, 3.0]]} {
  %y = dl.unary reciprocal %x : tensor<5x9xf64>
  dl.return %y : tensor<5x9xf64>
}

dl.func @neg_i64(%x: tensor<67xi64>) -> (tensor<67xi64>) {
  %y = dl.unary neg %x : tensor<67xi64>
  dl.return %y : tensor<67xi64>
}

dl.func @abs_i64(%x: tensor<67xi64>) -> (tensor<67xi64>) {
  %y = dl.unary abs %x : tensor<67xi64>
  dl.return %y : tensor<67xi64>
}

dl.func @sign_i64(%x: tensor<67xi64>) -> (tensor<67xi64>) {
  %y = dl.unary sign %x : tensor<67xi64>
  dl.return %y : tensor<67xi64>
}

dl.func @square_i64(%x: tensor<67xi64>) -> (tensor<67xi64>) {
  %y = dl.unary square %x : tensor<67xi64>
  dl.return %y : tensor<67xi64>
}

dl.func @relu_i64(%x: tensor<67xi64>) -> (tensor<67xi64>) {
  %y = dl.unary relu %x : tensor<67xi64>
  dl.return %y : tensor<67xi64>
}

dl.func @neg_i32(%x: tensor<67xi32>) -> (tensor<67xi32>) {
  %y = dl.unary neg %x : tensor<67xi32>
  dl.return %y : tensor<67xi32>
}

dl.func @abs_i32(%x: tensor<67xi32>) -> (tensor<67xi32>) {
  %y = dl.unary abs %x : tensor<67xi32>
  dl.return %y : tensor<67xi32>
}

dl.func @sign_i32(%x: tensor<67xi32>) -> (tensor<67xi32>) {
  %y = dl.unary sign %x : tensor<67xi32>
  dl.return %y : tensor<67xi32>
}

dl.func @square_i32(%x: tensor<67xi32>) -> (tensor<67xi32>) {
  %y = dl.unary square %x : tensor<67xi32>
  dl.return %y : tensor<67xi32>
}

dl.func @relu_i32(%x: tensor<67xi32>) -> (tensor<67xi32>) {
  %y = dl.unary relu %x : tensor<67xi32>
  dl.return %y : tensor<67xi32>
}

dl.func @neg_i16(%x: tensor<67xi16>) -> (tensor<67xi16>) {
  %y = dl.unary neg %x : tensor<67xi16>
  dl.return %y : tensor<67xi16>
}

dl.func @abs_i16(%x: tensor<67xi16>) -> (tensor<67xi16>) {
  %y = dl.unary abs %x : tensor<67xi16>
  dl.return %y : tensor<67xi16>
}

dl.func @sign_i16(%x: tensor<67xi16>) -> (tensor<67xi16>) {
  %y = dl.unary sign %x : tensor<67xi16>
  dl.return %y : tensor<67xi16>
}

dl.func @square_i16(%x: tensor<67xi16>) -> (tensor<67xi16>) {
  %y = dl.unary square %x : tensor<67xi16>
  dl.return %y : tensor<67xi16>
}

dl.func @relu_i16(%x: tensor<67xi16>) -> (tensor<67xi16>) {
  %y = dl.unary relu %x : tensor<67xi16>
  dl.return %y : tensor<67xi16>
}

dl.func @neg_i8(%x: tensor<67xi8>) -> (tensor<67xi8>) {
  %y = dl.unary neg %x : tensor<67xi8>
  dl.return %y : tensor<67xi8>
}

dl.func @abs_i8(%x: tensor<67xi8>) -> (tensor<67xi8>) {
  %y = dl.unary abs %x : tensor<67xi8>
  dl.return %y : tensor<67xi8>
}

dl.func @sign_i8(%x: tensor<67xi8>) -> (tensor<67xi8>) {
  %y = dl.unary sign %x : tensor<67xi8>
  dl.return %y : tensor<67xi8>
}

dl.func @square_i8(%x: tensor<67xi8>) -> (tensor<67xi8>) {
  %y = dl.unary square %x : tensor<67xi8>
  dl.return %y : tensor<67xi8>
}

dl.func @relu_i8(%x: tensor<67xi8>) -> (tensor<67xi8>) {
  %y = dl.unary relu %x : tensor<67xi8>
  dl.return %y : tensor<67xi8>
}

dl.func @abs_ui8(%x: tensor<67xui8>) -> (tensor<67xui8>) {
  %y = dl.unary abs %x : tensor<67xui8>
  dl.return %y : tensor<67xui8>
}

dl.func @sign_ui8(%x: tensor<67xui8>) -> (tensor<67xui8>) {
  %y = dl.unary sign %x : tensor<67xui8>
  dl.return %y : tensor<67xui8>
}

dl.func @square_ui8(%x: tensor<67xui8>) -> (tensor<67xui8>) {
  %y = dl.unary square %x : tensor<67xui8>
  dl.return %y : tensor<67xui8>
}

dl.func @relu_ui8(%x: tensor<67xui8>) -> (tensor<67xui8>) {
  %y = dl.unary relu %x : tensor<67xui8>
  dl.return %y : tensor<67xui8>
}

dl.func @not(%x: tensor<35xi1>) -> (tensor<35xi1>) {
  %y = dl.unary not %x : tensor<35xi1>
  dl.return %y : tensor<35xi1>
}

dl.func @round_bf16_f32(%x: tensor<77xf32>) -> (tensor<77xf32>) attributes {ranges = [[-9.0, 9.0]]} {
  %y = dl.unary round_bf16 %x : tensor<77xf32>
  dl.return %y : tensor<77xf32>
}

dl.func @round_bf16_f64(%x: tensor<5x9xf64>) -> (tensor<5x9xf64>) attributes {ranges = [[-9.0, 9.0]]} {
  %y = dl.unary round_bf16 %x : tensor<5x9xf64>
  dl.return %y : tensor<5x9xf64>
}

dl.func @round_tf32_f32(%x: tensor<77xf32>) -> (tensor<77xf32>) attributes {ranges = [[-9.0, 9.0]]} {
  %y = dl.unary round_tf32 %x : tensor<77xf32>
  dl.return %y : tensor<77xf32>
}

dl.func @round_tf32_f64(%x: tensor<5x9xf64>) -> (tensor<5x9xf64>) attributes {ranges = [[-9.0, 9.0]]} {
  %y = dl.unary round_tf32 %x : tensor<5x9xf64>
  dl.return %y : tensor<5x9xf64>
}
}
