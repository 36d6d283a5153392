// Casts between all element types; out of range ones saturate or wrap.
// RUN: %dlc-kernel-test %s
// RUN: %dlc-kernel-test --target cuda-emulator %s

module attributes {dl.stage = "graph", dl.version = 1} {
dl.func @f64_to_f32(%x: tensor<53xf64>) -> (tensor<53xf32>) attributes {ranges = [[-300.0, 300.0]]} {
  %y = dl.cast %x : tensor<53xf64> to tensor<53xf32>
  dl.return %y : tensor<53xf32>
}

dl.func @f64_to_i64(%x: tensor<53xf64>) -> (tensor<53xi64>) attributes {ranges = [[-300.0, 300.0]]} {
  %y = dl.cast %x : tensor<53xf64> to tensor<53xi64>
  dl.return %y : tensor<53xi64>
}

dl.func @f64_to_i32(%x: tensor<53xf64>) -> (tensor<53xi32>) attributes {ranges = [[-300.0, 300.0]]} {
  %y = dl.cast %x : tensor<53xf64> to tensor<53xi32>
  dl.return %y : tensor<53xi32>
}

dl.func @f64_to_i16(%x: tensor<53xf64>) -> (tensor<53xi16>) attributes {ranges = [[-300.0, 300.0]]} {
  %y = dl.cast %x : tensor<53xf64> to tensor<53xi16>
  dl.return %y : tensor<53xi16>
}

dl.func @f64_to_i8(%x: tensor<53xf64>) -> (tensor<53xi8>) attributes {ranges = [[-300.0, 300.0]]} {
  %y = dl.cast %x : tensor<53xf64> to tensor<53xi8>
  dl.return %y : tensor<53xi8>
}

dl.func @f64_to_ui8(%x: tensor<53xf64>) -> (tensor<53xui8>) attributes {ranges = [[-300.0, 300.0]]} {
  %y = dl.cast %x : tensor<53xf64> to tensor<53xui8>
  dl.return %y : tensor<53xui8>
}

dl.func @f64_to_i1(%x: tensor<53xf64>) -> (tensor<53xi1>) attributes {ranges = [[-300.0, 300.0]]} {
  %y = dl.cast %x : tensor<53xf64> to tensor<53xi1>
  dl.return %y : tensor<53xi1>
}

dl.func @f32_to_f64(%x: tensor<53xf32>) -> (tensor<53xf64>) attributes {ranges = [[-300.0, 300.0]]} {
  %y = dl.cast %x : tensor<53xf32> to tensor<53xf64>
  dl.return %y : tensor<53xf64>
}

dl.func @f32_to_i64(%x: tensor<53xf32>) -> (tensor<53xi64>) attributes {ranges = [[-300.0, 300.0]]} {
  %y = dl.cast %x : tensor<53xf32> to tensor<53xi64>
  dl.return %y : tensor<53xi64>
}

dl.func @f32_to_i32(%x: tensor<53xf32>) -> (tensor<53xi32>) attributes {ranges = [[-300.0, 300.0]]} {
  %y = dl.cast %x : tensor<53xf32> to tensor<53xi32>
  dl.return %y : tensor<53xi32>
}

dl.func @f32_to_i16(%x: tensor<53xf32>) -> (tensor<53xi16>) attributes {ranges = [[-300.0, 300.0]]} {
  %y = dl.cast %x : tensor<53xf32> to tensor<53xi16>
  dl.return %y : tensor<53xi16>
}

dl.func @f32_to_i8(%x: tensor<53xf32>) -> (tensor<53xi8>) attributes {ranges = [[-300.0, 300.0]]} {
  %y = dl.cast %x : tensor<53xf32> to tensor<53xi8>
  dl.return %y : tensor<53xi8>
}

dl.func @f32_to_ui8(%x: tensor<53xf32>) -> (tensor<53xui8>) attributes {ranges = [[-300.0, 300.0]]} {
  %y = dl.cast %x : tensor<53xf32> to tensor<53xui8>
  dl.return %y : tensor<53xui8>
}

dl.func @f32_to_i1(%x: tensor<53xf32>) -> (tensor<53xi1>) attributes {ranges = [[-300.0, 300.0]]} {
  %y = dl.cast %x : tensor<53xf32> to tensor<53xi1>
  dl.return %y : tensor<53xi1>
}

dl.func @i64_to_f64(%x: tensor<53xi64>) -> (tensor<53xf64>) attributes {ranges = [[-20000.0, 20000.0]]} {
  %y = dl.cast %x : tensor<53xi64> to tensor<53xf64>
  dl.return %y : tensor<53xf64>
}

dl.func @i64_to_f32(%x: tensor<53xi64>) -> (tensor<53xf32>) attributes {ranges = [[-20000.0, 20000.0]]} {
  %y = dl.cast %x : tensor<53xi64> to tensor<53xf32>
  dl.return %y : tensor<53xf32>
}

dl.func @i64_to_i32(%x: tensor<53xi64>) -> (tensor<53xi32>) attributes {ranges = [[-20000.0, 20000.0]]} {
  %y = dl.cast %x : tensor<53xi64> to tensor<53xi32>
  dl.return %y : tensor<53xi32>
}

dl.func @i64_to_i16(%x: tensor<53xi64>) -> (tensor<53xi16>) attributes {ranges = [[-20000.0, 20000.0]]} {
  %y = dl.cast %x : tensor<53xi64> to tensor<53xi16>
  dl.return %y : tensor<53xi16>
}

dl.func @i64_to_i8(%x: tensor<53xi64>) -> (tensor<53xi8>) attributes {ranges = [[-20000.0, 20000.0]]} {
  %y = dl.cast %x : tensor<53xi64> to tensor<53xi8>
  dl.return %y : tensor<53xi8>
}

dl.func @i64_to_ui8(%x: tensor<53xi64>) -> (tensor<53xui8>) attributes {ranges = [[-20000.0, 20000.0]]} {
  %y = dl.cast %x : tensor<53xi64> to tensor<53xui8>
  dl.return %y : tensor<53xui8>
}

dl.func @i64_to_i1(%x: tensor<53xi64>) -> (tensor<53xi1>) attributes {ranges = [[-20000.0, 20000.0]]} {
  %y = dl.cast %x : tensor<53xi64> to tensor<53xi1>
  dl.return %y : tensor<53xi1>
}

dl.func @i32_to_f64(%x: tensor<53xi32>) -> (tensor<53xf64>) attributes {ranges = [[-20000.0, 20000.0]]} {
  %y = dl.cast %x : tensor<53xi32> to tensor<53xf64>
  dl.return %y : tensor<53xf64>
}

dl.func @i32_to_f32(%x: tensor<53xi32>) -> (tensor<53xf32>) attributes {ranges = [[-20000.0, 20000.0]]} {
  %y = dl.cast %x : tensor<53xi32> to tensor<53xf32>
  dl.return %y : tensor<53xf32>
}

dl.func @i32_to_i64(%x: tensor<53xi32>) -> (tensor<53xi64>) attributes {ranges = [[-20000.0, 20000.0]]} {
  %y = dl.cast %x : tensor<53xi32> to tensor<53xi64>
  dl.return %y : tensor<53xi64>
}

dl.func @i32_to_i16(%x: tensor<53xi32>) -> (tensor<53xi16>) attributes {ranges = [[-20000.0, 20000.0]]} {
  %y = dl.cast %x : tensor<53xi32> to tensor<53xi16>
  dl.return %y : tensor<53xi16>
}

dl.func @i32_to_i8(%x: tensor<53xi32>) -> (tensor<53xi8>) attributes {ranges = [[-20000.0, 20000.0]]} {
  %y = dl.cast %x : tensor<53xi32> to tensor<53xi8>
  dl.return %y : tensor<53xi8>
}

dl.func @i32_to_ui8(%x: tensor<53xi32>) -> (tensor<53xui8>) attributes {ranges = [[-20000.0, 20000.0]]} {
  %y = dl.cast %x : tensor<53xi32> to tensor<53xui8>
  dl.return %y : tensor<53xui8>
}

dl.func @i32_to_i1(%x: tensor<53xi32>) -> (tensor<53xi1>) attributes {ranges = [[-20000.0, 20000.0]]} {
  %y = dl.cast %x : tensor<53xi32> to tensor<53xi1>
  dl.return %y : tensor<53xi1>
}

dl.func @i16_to_f64(%x: tensor<53xi16>) -> (tensor<53xf64>) attributes {ranges = [[-20000.0, 20000.0]]} {
  %y = dl.cast %x : tensor<53xi16> to tensor<53xf64>
  dl.return %y : tensor<53xf64>
}

dl.func @i16_to_f32(%x: tensor<53xi16>) -> (tensor<53xf32>) attributes {ranges = [[-20000.0, 20000.0]]} {
  %y = dl.cast %x : tensor<53xi16> to tensor<53xf32>
  dl.return %y : tensor<53xf32>
}

dl.func @i16_to_i64(%x: tensor<53xi16>) -> (tensor<53xi64>) attributes {ranges = [[-20000.0, 20000.0]]} {
  %y = dl.cast %x : tensor<53xi16> to tensor<53xi64>
  dl.return %y : tensor<53xi64>
}

dl.func @i16_to_i32(%x: tensor<53xi16>) -> (tensor<53xi32>) attributes {ranges = [[-20000.0, 20000.0]]} {
  %y = dl.cast %x : tensor<53xi16> to tensor<53xi32>
  dl.return %y : tensor<53xi32>
}

dl.func @i16_to_i8(%x: tensor<53xi16>) -> (tensor<53xi8>) attributes {ranges = [[-20000.0, 20000.0]]} {
  %y = dl.cast %x : tensor<53xi16> to tensor<53xi8>
  dl.return %y : tensor<53xi8>
}

dl.func @i16_to_ui8(%x: tensor<53xi16>) -> (tensor<53xui8>) attributes {ranges = [[-20000.0, 20000.0]]} {
  %y = dl.cast %x : tensor<53xi16> to tensor<53xui8>
  dl.return %y : tensor<53xui8>
}

dl.func @i16_to_i1(%x: tensor<53xi16>) -> (tensor<53xi1>) attributes {ranges = [[-20000.0, 20000.0]]} {
  %y = dl.cast %x : tensor<53xi16> to tensor<53xi1>
  dl.return %y : tensor<53xi1>
}

dl.func @i8_to_f64(%x: tensor<53xi8>) -> (tensor<53xf64>) {
  %y = dl.cast %x : tensor<53xi8> to tensor<53xf64>
  dl.return %y : tensor<53xf64>
}

dl.func @i8_to_f32(%x: tensor<53xi8>) -> (tensor<53xf32>) {
  %y = dl.cast %x : tensor<53xi8> to tensor<53xf32>
  dl.return %y : tensor<53xf32>
}

dl.func @i8_to_i64(%x: tensor<53xi8>) -> (tensor<53xi64>) {
  %y = dl.cast %x : tensor<53xi8> to tensor<53xi64>
  dl.return %y : tensor<53xi64>
}

dl.func @i8_to_i32(%x: tensor<53xi8>) -> (tensor<53xi32>) {
  %y = dl.cast %x : tensor<53xi8> to tensor<53xi32>
  dl.return %y : tensor<53xi32>
}

dl.func @i8_to_i16(%x: tensor<53xi8>) -> (tensor<53xi16>) {
  %y = dl.cast %x : tensor<53xi8> to tensor<53xi16>
  dl.return %y : tensor<53xi16>
}

dl.func @i8_to_ui8(%x: tensor<53xi8>) -> (tensor<53xui8>) {
  %y = dl.cast %x : tensor<53xi8> to tensor<53xui8>
  dl.return %y : tensor<53xui8>
}

dl.func @i8_to_i1(%x: tensor<53xi8>) -> (tensor<53xi1>) {
  %y = dl.cast %x : tensor<53xi8> to tensor<53xi1>
  dl.return %y : tensor<53xi1>
}

dl.func @ui8_to_f64(%x: tensor<53xui8>) -> (tensor<53xf64>) {
  %y = dl.cast %x : tensor<53xui8> to tensor<53xf64>
  dl.return %y : tensor<53xf64>
}

dl.func @ui8_to_f32(%x: tensor<53xui8>) -> (tensor<53xf32>) {
  %y = dl.cast %x : tensor<53xui8> to tensor<53xf32>
  dl.return %y : tensor<53xf32>
}

dl.func @ui8_to_i64(%x: tensor<53xui8>) -> (tensor<53xi64>) {
  %y = dl.cast %x : tensor<53xui8> to tensor<53xi64>
  dl.return %y : tensor<53xi64>
}

dl.func @ui8_to_i32(%x: tensor<53xui8>) -> (tensor<53xi32>) {
  %y = dl.cast %x : tensor<53xui8> to tensor<53xi32>
  dl.return %y : tensor<53xi32>
}

dl.func @ui8_to_i16(%x: tensor<53xui8>) -> (tensor<53xi16>) {
  %y = dl.cast %x : tensor<53xui8> to tensor<53xi16>
  dl.return %y : tensor<53xi16>
}

dl.func @ui8_to_i8(%x: tensor<53xui8>) -> (tensor<53xi8>) {
  %y = dl.cast %x : tensor<53xui8> to tensor<53xi8>
  dl.return %y : tensor<53xi8>
}

dl.func @ui8_to_i1(%x: tensor<53xui8>) -> (tensor<53xi1>) {
  %y = dl.cast %x : tensor<53xui8> to tensor<53xi1>
  dl.return %y : tensor<53xi1>
}

dl.func @i1_to_f64(%x: tensor<53xi1>) -> (tensor<53xf64>) {
  %y = dl.cast %x : tensor<53xi1> to tensor<53xf64>
  dl.return %y : tensor<53xf64>
}

dl.func @i1_to_f32(%x: tensor<53xi1>) -> (tensor<53xf32>) {
  %y = dl.cast %x : tensor<53xi1> to tensor<53xf32>
  dl.return %y : tensor<53xf32>
}

dl.func @i1_to_i64(%x: tensor<53xi1>) -> (tensor<53xi64>) {
  %y = dl.cast %x : tensor<53xi1> to tensor<53xi64>
  dl.return %y : tensor<53xi64>
}

dl.func @i1_to_i32(%x: tensor<53xi1>) -> (tensor<53xi32>) {
  %y = dl.cast %x : tensor<53xi1> to tensor<53xi32>
  dl.return %y : tensor<53xi32>
}

dl.func @i1_to_i16(%x: tensor<53xi1>) -> (tensor<53xi16>) {
  %y = dl.cast %x : tensor<53xi1> to tensor<53xi16>
  dl.return %y : tensor<53xi16>
}

dl.func @i1_to_i8(%x: tensor<53xi1>) -> (tensor<53xi8>) {
  %y = dl.cast %x : tensor<53xi1> to tensor<53xi8>
  dl.return %y : tensor<53xi8>
}

dl.func @i1_to_ui8(%x: tensor<53xi1>) -> (tensor<53xui8>) {
  %y = dl.cast %x : tensor<53xi1> to tensor<53xui8>
  dl.return %y : tensor<53xui8>
}

dl.func @far_i64(%x: tensor<53xf64>) -> (tensor<53xi64>) attributes {ranges = [[-1.0e19, 1.0e19]]} {
  %y = dl.cast %x : tensor<53xf64> to tensor<53xi64>
  dl.return %y : tensor<53xi64>
}

dl.func @far_i32(%x: tensor<53xf64>) -> (tensor<53xi32>) attributes {ranges = [[-1.0e19, 1.0e19]]} {
  %y = dl.cast %x : tensor<53xf64> to tensor<53xi32>
  dl.return %y : tensor<53xi32>
}
}
