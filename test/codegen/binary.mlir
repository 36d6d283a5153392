// Every binary function, comparison and selection on every element type it takes.
// RUN: %dlc-kernel-test %s
// RUN: %dlc-kernel-test --target cuda-emulator %s

module attributes {dl.stage = "graph", dl.version = 1} {
dl.func @add_f32(%a: tensor<4x19xf32>, %b: tensor<4x19xf32>) -> (tensor<4x19xf32>) {
  %y = dl.binary add %a, %b : tensor<4x19xf32>
  dl.return %y : tensor<4x19xf32>
}

dl.func @add_f64(%a: tensor<4x19xf64>, %b: tensor<4x19xf64>) -> (tensor<4x19xf64>) {
  %y = dl.binary add %a, %b : tensor<4x19xf64>
  dl.return %y : tensor<4x19xf64>
}

dl.func @sub_f32(%a: tensor<4x19xf32>, %b: tensor<4x19xf32>) -> (tensor<4x19xf32>) {
  %y = dl.binary sub %a, %b : tensor<4x19xf32>
  dl.return %y : tensor<4x19xf32>
}

dl.func @sub_f64(%a: tensor<4x19xf64>, %b: tensor<4x19xf64>) -> (tensor<4x19xf64>) {
  %y = dl.binary sub %a, %b : tensor<4x19xf64>
  dl.return %y : tensor<4x19xf64>
}

dl.func @mul_f32(%a: tensor<4x19xf32>, %b: tensor<4x19xf32>) -> (tensor<4x19xf32>) {
  %y = dl.binary mul %a, %b : tensor<4x19xf32>
  dl.return %y : tensor<4x19xf32>
}

dl.func @mul_f64(%a: tensor<4x19xf64>, %b: tensor<4x19xf64>) -> (tensor<4x19xf64>) {
  %y = dl.binary mul %a, %b : tensor<4x19xf64>
  dl.return %y : tensor<4x19xf64>
}

dl.func @div_f32(%a: tensor<4x19xf32>, %b: tensor<4x19xf32>) -> (tensor<4x19xf32>) {
  %y = dl.binary div %a, %b : tensor<4x19xf32>
  dl.return %y : tensor<4x19xf32>
}

dl.func @div_f64(%a: tensor<4x19xf64>, %b: tensor<4x19xf64>) -> (tensor<4x19xf64>) {
  %y = dl.binary div %a, %b : tensor<4x19xf64>
  dl.return %y : tensor<4x19xf64>
}

dl.func @floordiv_f32(%a: tensor<4x19xf32>, %b: tensor<4x19xf32>) -> (tensor<4x19xf32>) attributes {ranges = [[-9.0, 9.0], [0.5, 3.0]]} {
  %y = dl.binary floordiv %a, %b : tensor<4x19xf32>
  dl.return %y : tensor<4x19xf32>
}

dl.func @floordiv_f64(%a: tensor<4x19xf64>, %b: tensor<4x19xf64>) -> (tensor<4x19xf64>) attributes {ranges = [[-9.0, 9.0], [0.5, 3.0]]} {
  %y = dl.binary floordiv %a, %b : tensor<4x19xf64>
  dl.return %y : tensor<4x19xf64>
}

dl.func @mod_f32(%a: tensor<4x19xf32>, %b: tensor<4x19xf32>) -> (tensor<4x19xf32>) attributes {ranges = [[-9.0, 9.0], [0.5, 3.0]]} {
  %y = dl.binary mod %a, %b : tensor<4x19xf32>
  dl.return %y : tensor<4x19xf32>
}

dl.func @mod_f64(%a: tensor<4x19xf64>, %b: tensor<4x19xf64>) -> (tensor<4x19xf64>) attributes {ranges = [[-9.0, 9.0], [0.5, 3.0]]} {
  %y = dl.binary mod %a, %b : tensor<4x19xf64>
  dl.return %y : tensor<4x19xf64>
}

dl.func @pow_f32(%a: tensor<4x19xf32>, %b: tensor<4x19xf32>) -> (tensor<4x19xf32>) attributes {ranges = [[0.1, 4.0], [-3.0, 3.0]]} {
  %y = dl.binary pow %a, %b : tensor<4x19xf32>
  dl.return %y : tensor<4x19xf32>
}

dl.func @pow_f64(%a: tensor<4x19xf64>, %b: tensor<4x19xf64>) -> (tensor<4x19xf64>) attributes {ranges = [[0.1, 4.0], [-3.0, 3.0]]} {
  %y = dl.binary pow %a, %b : tensor<4x19xf64>
  dl.return %y : tensor<4x19xf64>
}

dl.func @atan2_f32(%a: tensor<4x19xf32>, %b: tensor<4x19xf32>) -> (tensor<4x19xf32>) {
  %y = dl.binary atan2 %a, %b : tensor<4x19xf32>
  dl.return %y : tensor<4x19xf32>
}

dl.func @atan2_f64(%a: tensor<4x19xf64>, %b: tensor<4x19xf64>) -> (tensor<4x19xf64>) {
  %y = dl.binary atan2 %a, %b : tensor<4x19xf64>
  dl.return %y : tensor<4x19xf64>
}

dl.func @max_f32(%a: tensor<4x19xf32>, %b: tensor<4x19xf32>) -> (tensor<4x19xf32>) {
  %y = dl.binary max %a, %b : tensor<4x19xf32>
  dl.return %y : tensor<4x19xf32>
}

dl.func @max_f64(%a: tensor<4x19xf64>, %b: tensor<4x19xf64>) -> (tensor<4x19xf64>) {
  %y = dl.binary max %a, %b : tensor<4x19xf64>
  dl.return %y : tensor<4x19xf64>
}

dl.func @min_f32(%a: tensor<4x19xf32>, %b: tensor<4x19xf32>) -> (tensor<4x19xf32>) {
  %y = dl.binary min %a, %b : tensor<4x19xf32>
  dl.return %y : tensor<4x19xf32>
}

dl.func @min_f64(%a: tensor<4x19xf64>, %b: tensor<4x19xf64>) -> (tensor<4x19xf64>) {
  %y = dl.binary min %a, %b : tensor<4x19xf64>
  dl.return %y : tensor<4x19xf64>
}

dl.func @add_i64(%a: tensor<83xi64>, %b: tensor<83xi64>) -> (tensor<83xi64>) {
  %y = dl.binary add %a, %b : tensor<83xi64>
  dl.return %y : tensor<83xi64>
}

dl.func @add_i32(%a: tensor<83xi32>, %b: tensor<83xi32>) -> (tensor<83xi32>) {
  %y = dl.binary add %a, %b : tensor<83xi32>
  dl.return %y : tensor<83xi32>
}

dl.func @add_i16(%a: tensor<83xi16>, %b: tensor<83xi16>) -> (tensor<83xi16>) {
  %y = dl.binary add %a, %b : tensor<83xi16>
  dl.return %y : tensor<83xi16>
}

dl.func @add_i8(%a: tensor<83xi8>, %b: tensor<83xi8>) -> (tensor<83xi8>) {
  %y = dl.binary add %a, %b : tensor<83xi8>
  dl.return %y : tensor<83xi8>
}

dl.func @add_ui8(%a: tensor<83xui8>, %b: tensor<83xui8>) -> (tensor<83xui8>) {
  %y = dl.binary add %a, %b : tensor<83xui8>
  dl.return %y : tensor<83xui8>
}

dl.func @sub_i64(%a: tensor<83xi64>, %b: tensor<83xi64>) -> (tensor<83xi64>) {
  %y = dl.binary sub %a, %b : tensor<83xi64>
  dl.return %y : tensor<83xi64>
}

dl.func @sub_i32(%a: tensor<83xi32>, %b: tensor<83xi32>) -> (tensor<83xi32>) {
  %y = dl.binary sub %a, %b : tensor<83xi32>
  dl.return %y : tensor<83xi32>
}

dl.func @sub_i16(%a: tensor<83xi16>, %b: tensor<83xi16>) -> (tensor<83xi16>) {
  %y = dl.binary sub %a, %b : tensor<83xi16>
  dl.return %y : tensor<83xi16>
}

dl.func @sub_i8(%a: tensor<83xi8>, %b: tensor<83xi8>) -> (tensor<83xi8>) {
  %y = dl.binary sub %a, %b : tensor<83xi8>
  dl.return %y : tensor<83xi8>
}

dl.func @sub_ui8(%a: tensor<83xui8>, %b: tensor<83xui8>) -> (tensor<83xui8>) {
  %y = dl.binary sub %a, %b : tensor<83xui8>
  dl.return %y : tensor<83xui8>
}

dl.func @mul_i64(%a: tensor<83xi64>, %b: tensor<83xi64>) -> (tensor<83xi64>) {
  %y = dl.binary mul %a, %b : tensor<83xi64>
  dl.return %y : tensor<83xi64>
}

dl.func @mul_i32(%a: tensor<83xi32>, %b: tensor<83xi32>) -> (tensor<83xi32>) {
  %y = dl.binary mul %a, %b : tensor<83xi32>
  dl.return %y : tensor<83xi32>
}

dl.func @mul_i16(%a: tensor<83xi16>, %b: tensor<83xi16>) -> (tensor<83xi16>) {
  %y = dl.binary mul %a, %b : tensor<83xi16>
  dl.return %y : tensor<83xi16>
}

dl.func @mul_i8(%a: tensor<83xi8>, %b: tensor<83xi8>) -> (tensor<83xi8>) {
  %y = dl.binary mul %a, %b : tensor<83xi8>
  dl.return %y : tensor<83xi8>
}

dl.func @mul_ui8(%a: tensor<83xui8>, %b: tensor<83xui8>) -> (tensor<83xui8>) {
  %y = dl.binary mul %a, %b : tensor<83xui8>
  dl.return %y : tensor<83xui8>
}

dl.func @floordiv_i64(%a: tensor<83xi64>, %b: tensor<83xi64>) -> (tensor<83xi64>) attributes {ranges = [[-100.0, 100.0], [1.0, 7.0]]} {
  %y = dl.binary floordiv %a, %b : tensor<83xi64>
  dl.return %y : tensor<83xi64>
}

dl.func @floordiv_i32(%a: tensor<83xi32>, %b: tensor<83xi32>) -> (tensor<83xi32>) attributes {ranges = [[-100.0, 100.0], [1.0, 7.0]]} {
  %y = dl.binary floordiv %a, %b : tensor<83xi32>
  dl.return %y : tensor<83xi32>
}

dl.func @floordiv_i16(%a: tensor<83xi16>, %b: tensor<83xi16>) -> (tensor<83xi16>) attributes {ranges = [[-100.0, 100.0], [1.0, 7.0]]} {
  %y = dl.binary floordiv %a, %b : tensor<83xi16>
  dl.return %y : tensor<83xi16>
}

dl.func @floordiv_i8(%a: tensor<83xi8>, %b: tensor<83xi8>) -> (tensor<83xi8>) attributes {ranges = [[-100.0, 100.0], [1.0, 7.0]]} {
  %y = dl.binary floordiv %a, %b : tensor<83xi8>
  dl.return %y : tensor<83xi8>
}

dl.func @floordiv_ui8(%a: tensor<83xui8>, %b: tensor<83xui8>) -> (tensor<83xui8>) attributes {ranges = [[0.0, 255.0], [1.0, 200.0]]} {
  %y = dl.binary floordiv %a, %b : tensor<83xui8>
  dl.return %y : tensor<83xui8>
}

dl.func @mod_i64(%a: tensor<83xi64>, %b: tensor<83xi64>) -> (tensor<83xi64>) attributes {ranges = [[-100.0, 100.0], [1.0, 7.0]]} {
  %y = dl.binary mod %a, %b : tensor<83xi64>
  dl.return %y : tensor<83xi64>
}

dl.func @mod_i32(%a: tensor<83xi32>, %b: tensor<83xi32>) -> (tensor<83xi32>) attributes {ranges = [[-100.0, 100.0], [1.0, 7.0]]} {
  %y = dl.binary mod %a, %b : tensor<83xi32>
  dl.return %y : tensor<83xi32>
}

dl.func @mod_i16(%a: tensor<83xi16>, %b: tensor<83xi16>) -> (tensor<83xi16>) attributes {ranges = [[-100.0, 100.0], [1.0, 7.0]]} {
  %y = dl.binary mod %a, %b : tensor<83xi16>
  dl.return %y : tensor<83xi16>
}

dl.func @mod_i8(%a: tensor<83xi8>, %b: tensor<83xi8>) -> (tensor<83xi8>) attributes {ranges = [[-100.0, 100.0], [1.0, 7.0]]} {
  %y = dl.binary mod %a, %b : tensor<83xi8>
  dl.return %y : tensor<83xi8>
}

dl.func @mod_ui8(%a: tensor<83xui8>, %b: tensor<83xui8>) -> (tensor<83xui8>) attributes {ranges = [[0.0, 255.0], [1.0, 200.0]]} {
  %y = dl.binary mod %a, %b : tensor<83xui8>
  dl.return %y : tensor<83xui8>
}

dl.func @max_i64(%a: tensor<83xi64>, %b: tensor<83xi64>) -> (tensor<83xi64>) {
  %y = dl.binary max %a, %b : tensor<83xi64>
  dl.return %y : tensor<83xi64>
}

dl.func @max_i32(%a: tensor<83xi32>, %b: tensor<83xi32>) -> (tensor<83xi32>) {
  %y = dl.binary max %a, %b : tensor<83xi32>
  dl.return %y : tensor<83xi32>
}

dl.func @max_i16(%a: tensor<83xi16>, %b: tensor<83xi16>) -> (tensor<83xi16>) {
  %y = dl.binary max %a, %b : tensor<83xi16>
  dl.return %y : tensor<83xi16>
}

dl.func @max_i8(%a: tensor<83xi8>, %b: tensor<83xi8>) -> (tensor<83xi8>) {
  %y = dl.binary max %a, %b : tensor<83xi8>
  dl.return %y : tensor<83xi8>
}

dl.func @max_ui8(%a: tensor<83xui8>, %b: tensor<83xui8>) -> (tensor<83xui8>) {
  %y = dl.binary max %a, %b : tensor<83xui8>
  dl.return %y : tensor<83xui8>
}

dl.func @min_i64(%a: tensor<83xi64>, %b: tensor<83xi64>) -> (tensor<83xi64>) {
  %y = dl.binary min %a, %b : tensor<83xi64>
  dl.return %y : tensor<83xi64>
}

dl.func @min_i32(%a: tensor<83xi32>, %b: tensor<83xi32>) -> (tensor<83xi32>) {
  %y = dl.binary min %a, %b : tensor<83xi32>
  dl.return %y : tensor<83xi32>
}

dl.func @min_i16(%a: tensor<83xi16>, %b: tensor<83xi16>) -> (tensor<83xi16>) {
  %y = dl.binary min %a, %b : tensor<83xi16>
  dl.return %y : tensor<83xi16>
}

dl.func @min_i8(%a: tensor<83xi8>, %b: tensor<83xi8>) -> (tensor<83xi8>) {
  %y = dl.binary min %a, %b : tensor<83xi8>
  dl.return %y : tensor<83xi8>
}

dl.func @min_ui8(%a: tensor<83xui8>, %b: tensor<83xui8>) -> (tensor<83xui8>) {
  %y = dl.binary min %a, %b : tensor<83xui8>
  dl.return %y : tensor<83xui8>
}

dl.func @floordiv_i32_negative(%a: tensor<83xi32>, %b: tensor<83xi32>) -> (tensor<83xi32>) attributes {ranges = [[-100.0, 100.0], [-9.0, -1.0]]} {
  %y = dl.binary floordiv %a, %b : tensor<83xi32>
  dl.return %y : tensor<83xi32>
}

dl.func @mod_i32_negative(%a: tensor<83xi32>, %b: tensor<83xi32>) -> (tensor<83xi32>) attributes {ranges = [[-100.0, 100.0], [-9.0, -1.0]]} {
  %y = dl.binary mod %a, %b : tensor<83xi32>
  dl.return %y : tensor<83xi32>
}

dl.func @floordiv_i8_negative(%a: tensor<83xi8>, %b: tensor<83xi8>) -> (tensor<83xi8>) attributes {ranges = [[-100.0, 100.0], [-9.0, -1.0]]} {
  %y = dl.binary floordiv %a, %b : tensor<83xi8>
  dl.return %y : tensor<83xi8>
}

dl.func @mod_i8_negative(%a: tensor<83xi8>, %b: tensor<83xi8>) -> (tensor<83xi8>) attributes {ranges = [[-100.0, 100.0], [-9.0, -1.0]]} {
  %y = dl.binary mod %a, %b : tensor<83xi8>
  dl.return %y : tensor<83xi8>
}

dl.func @and_i1(%a: tensor<83xi1>, %b: tensor<83xi1>) -> (tensor<83xi1>) {
  %y = dl.binary and %a, %b : tensor<83xi1>
  dl.return %y : tensor<83xi1>
}

dl.func @or_i1(%a: tensor<83xi1>, %b: tensor<83xi1>) -> (tensor<83xi1>) {
  %y = dl.binary or %a, %b : tensor<83xi1>
  dl.return %y : tensor<83xi1>
}

dl.func @eq_f32(%a: tensor<3x23xf32>, %b: tensor<3x23xf32>) -> (tensor<3x23xi1>) {
  %y = dl.compare eq %a, %b : tensor<3x23xf32>
  dl.return %y : tensor<3x23xi1>
}

dl.func @eq_f64(%a: tensor<3x23xf64>, %b: tensor<3x23xf64>) -> (tensor<3x23xi1>) {
  %y = dl.compare eq %a, %b : tensor<3x23xf64>
  dl.return %y : tensor<3x23xi1>
}

dl.func @eq_i64(%a: tensor<3x23xi64>, %b: tensor<3x23xi64>) -> (tensor<3x23xi1>) {
  %y = dl.compare eq %a, %b : tensor<3x23xi64>
  dl.return %y : tensor<3x23xi1>
}

dl.func @eq_i32(%a: tensor<3x23xi32>, %b: tensor<3x23xi32>) -> (tensor<3x23xi1>) {
  %y = dl.compare eq %a, %b : tensor<3x23xi32>
  dl.return %y : tensor<3x23xi1>
}

dl.func @eq_i16(%a: tensor<3x23xi16>, %b: tensor<3x23xi16>) -> (tensor<3x23xi1>) {
  %y = dl.compare eq %a, %b : tensor<3x23xi16>
  dl.return %y : tensor<3x23xi1>
}

dl.func @eq_i8(%a: tensor<3x23xi8>, %b: tensor<3x23xi8>) -> (tensor<3x23xi1>) {
  %y = dl.compare eq %a, %b : tensor<3x23xi8>
  dl.return %y : tensor<3x23xi1>
}

dl.func @eq_ui8(%a: tensor<3x23xui8>, %b: tensor<3x23xui8>) -> (tensor<3x23xi1>) {
  %y = dl.compare eq %a, %b : tensor<3x23xui8>
  dl.return %y : tensor<3x23xi1>
}

dl.func @ne_f32(%a: tensor<3x23xf32>, %b: tensor<3x23xf32>) -> (tensor<3x23xi1>) {
  %y = dl.compare ne %a, %b : tensor<3x23xf32>
  dl.return %y : tensor<3x23xi1>
}

dl.func @ne_f64(%a: tensor<3x23xf64>, %b: tensor<3x23xf64>) -> (tensor<3x23xi1>) {
  %y = dl.compare ne %a, %b : tensor<3x23xf64>
  dl.return %y : tensor<3x23xi1>
}

dl.func @ne_i64(%a: tensor<3x23xi64>, %b: tensor<3x23xi64>) -> (tensor<3x23xi1>) {
  %y = dl.compare ne %a, %b : tensor<3x23xi64>
  dl.return %y : tensor<3x23xi1>
}

dl.func @ne_i32(%a: tensor<3x23xi32>, %b: tensor<3x23xi32>) -> (tensor<3x23xi1>) {
  %y = dl.compare ne %a, %b : tensor<3x23xi32>
  dl.return %y : tensor<3x23xi1>
}

dl.func @ne_i16(%a: tensor<3x23xi16>, %b: tensor<3x23xi16>) -> (tensor<3x23xi1>) {
  %y = dl.compare ne %a, %b : tensor<3x23xi16>
  dl.return %y : tensor<3x23xi1>
}

dl.func @ne_i8(%a: tensor<3x23xi8>, %b: tensor<3x23xi8>) -> (tensor<3x23xi1>) {
  %y = dl.compare ne %a, %b : tensor<3x23xi8>
  dl.return %y : tensor<3x23xi1>
}

dl.func @ne_ui8(%a: tensor<3x23xui8>, %b: tensor<3x23xui8>) -> (tensor<3x23xi1>) {
  %y = dl.compare ne %a, %b : tensor<3x23xui8>
  dl.return %y : tensor<3x23xi1>
}

dl.func @lt_f32(%a: tensor<3x23xf32>, %b: tensor<3x23xf32>) -> (tensor<3x23xi1>) {
  %y = dl.compare lt %a, %b : tensor<3x23xf32>
  dl.return %y : tensor<3x23xi1>
}

dl.func @lt_f64(%a: tensor<3x23xf64>, %b: tensor<3x23xf64>) -> (tensor<3x23xi1>) {
  %y = dl.compare lt %a, %b : tensor<3x23xf64>
  dl.return %y : tensor<3x23xi1>
}

dl.func @lt_i64(%a: tensor<3x23xi64>, %b: tensor<3x23xi64>) -> (tensor<3x23xi1>) {
  %y = dl.compare lt %a, %b : tensor<3x23xi64>
  dl.return %y : tensor<3x23xi1>
}

dl.func @lt_i32(%a: tensor<3x23xi32>, %b: tensor<3x23xi32>) -> (tensor<3x23xi1>) {
  %y = dl.compare lt %a, %b : tensor<3x23xi32>
  dl.return %y : tensor<3x23xi1>
}

dl.func @lt_i16(%a: tensor<3x23xi16>, %b: tensor<3x23xi16>) -> (tensor<3x23xi1>) {
  %y = dl.compare lt %a, %b : tensor<3x23xi16>
  dl.return %y : tensor<3x23xi1>
}

dl.func @lt_i8(%a: tensor<3x23xi8>, %b: tensor<3x23xi8>) -> (tensor<3x23xi1>) {
  %y = dl.compare lt %a, %b : tensor<3x23xi8>
  dl.return %y : tensor<3x23xi1>
}

dl.func @lt_ui8(%a: tensor<3x23xui8>, %b: tensor<3x23xui8>) -> (tensor<3x23xi1>) {
  %y = dl.compare lt %a, %b : tensor<3x23xui8>
  dl.return %y : tensor<3x23xi1>
}

dl.func @le_f32(%a: tensor<3x23xf32>, %b: tensor<3x23xf32>) -> (tensor<3x23xi1>) {
  %y = dl.compare le %a, %b : tensor<3x23xf32>
  dl.return %y : tensor<3x23xi1>
}

dl.func @le_f64(%a: tensor<3x23xf64>, %b: tensor<3x23xf64>) -> (tensor<3x23xi1>) {
  %y = dl.compare le %a, %b : tensor<3x23xf64>
  dl.return %y : tensor<3x23xi1>
}

dl.func @le_i64(%a: tensor<3x23xi64>, %b: tensor<3x23xi64>) -> (tensor<3x23xi1>) {
  %y = dl.compare le %a, %b : tensor<3x23xi64>
  dl.return %y : tensor<3x23xi1>
}

dl.func @le_i32(%a: tensor<3x23xi32>, %b: tensor<3x23xi32>) -> (tensor<3x23xi1>) {
  %y = dl.compare le %a, %b : tensor<3x23xi32>
  dl.return %y : tensor<3x23xi1>
}

dl.func @le_i16(%a: tensor<3x23xi16>, %b: tensor<3x23xi16>) -> (tensor<3x23xi1>) {
  %y = dl.compare le %a, %b : tensor<3x23xi16>
  dl.return %y : tensor<3x23xi1>
}

dl.func @le_i8(%a: tensor<3x23xi8>, %b: tensor<3x23xi8>) -> (tensor<3x23xi1>) {
  %y = dl.compare le %a, %b : tensor<3x23xi8>
  dl.return %y : tensor<3x23xi1>
}

dl.func @le_ui8(%a: tensor<3x23xui8>, %b: tensor<3x23xui8>) -> (tensor<3x23xi1>) {
  %y = dl.compare le %a, %b : tensor<3x23xui8>
  dl.return %y : tensor<3x23xi1>
}

dl.func @gt_f32(%a: tensor<3x23xf32>, %b: tensor<3x23xf32>) -> (tensor<3x23xi1>) {
  %y = dl.compare gt %a, %b : tensor<3x23xf32>
  dl.return %y : tensor<3x23xi1>
}

dl.func @gt_f64(%a: tensor<3x23xf64>, %b: tensor<3x23xf64>) -> (tensor<3x23xi1>) {
  %y = dl.compare gt %a, %b : tensor<3x23xf64>
  dl.return %y : tensor<3x23xi1>
}

dl.func @gt_i64(%a: tensor<3x23xi64>, %b: tensor<3x23xi64>) -> (tensor<3x23xi1>) {
  %y = dl.compare gt %a, %b : tensor<3x23xi64>
  dl.return %y : tensor<3x23xi1>
}

dl.func @gt_i32(%a: tensor<3x23xi32>, %b: tensor<3x23xi32>) -> (tensor<3x23xi1>) {
  %y = dl.compare gt %a, %b : tensor<3x23xi32>
  dl.return %y : tensor<3x23xi1>
}

dl.func @gt_i16(%a: tensor<3x23xi16>, %b: tensor<3x23xi16>) -> (tensor<3x23xi1>) {
  %y = dl.compare gt %a, %b : tensor<3x23xi16>
  dl.return %y : tensor<3x23xi1>
}

dl.func @gt_i8(%a: tensor<3x23xi8>, %b: tensor<3x23xi8>) -> (tensor<3x23xi1>) {
  %y = dl.compare gt %a, %b : tensor<3x23xi8>
  dl.return %y : tensor<3x23xi1>
}

dl.func @gt_ui8(%a: tensor<3x23xui8>, %b: tensor<3x23xui8>) -> (tensor<3x23xi1>) {
  %y = dl.compare gt %a, %b : tensor<3x23xui8>
  dl.return %y : tensor<3x23xi1>
}

dl.func @ge_f32(%a: tensor<3x23xf32>, %b: tensor<3x23xf32>) -> (tensor<3x23xi1>) {
  %y = dl.compare ge %a, %b : tensor<3x23xf32>
  dl.return %y : tensor<3x23xi1>
}

dl.func @ge_f64(%a: tensor<3x23xf64>, %b: tensor<3x23xf64>) -> (tensor<3x23xi1>) {
  %y = dl.compare ge %a, %b : tensor<3x23xf64>
  dl.return %y : tensor<3x23xi1>
}

dl.func @ge_i64(%a: tensor<3x23xi64>, %b: tensor<3x23xi64>) -> (tensor<3x23xi1>) {
  %y = dl.compare ge %a, %b : tensor<3x23xi64>
  dl.return %y : tensor<3x23xi1>
}

dl.func @ge_i32(%a: tensor<3x23xi32>, %b: tensor<3x23xi32>) -> (tensor<3x23xi1>) {
  %y = dl.compare ge %a, %b : tensor<3x23xi32>
  dl.return %y : tensor<3x23xi1>
}

dl.func @ge_i16(%a: tensor<3x23xi16>, %b: tensor<3x23xi16>) -> (tensor<3x23xi1>) {
  %y = dl.compare ge %a, %b : tensor<3x23xi16>
  dl.return %y : tensor<3x23xi1>
}

dl.func @ge_i8(%a: tensor<3x23xi8>, %b: tensor<3x23xi8>) -> (tensor<3x23xi1>) {
  %y = dl.compare ge %a, %b : tensor<3x23xi8>
  dl.return %y : tensor<3x23xi1>
}

dl.func @ge_ui8(%a: tensor<3x23xui8>, %b: tensor<3x23xui8>) -> (tensor<3x23xi1>) {
  %y = dl.compare ge %a, %b : tensor<3x23xui8>
  dl.return %y : tensor<3x23xi1>
}

dl.func @eq_i1(%a: tensor<40xi1>, %b: tensor<40xi1>) -> (tensor<40xi1>) {
  %y = dl.compare eq %a, %b : tensor<40xi1>
  dl.return %y : tensor<40xi1>
}

dl.func @ne_i1(%a: tensor<40xi1>, %b: tensor<40xi1>) -> (tensor<40xi1>) {
  %y = dl.compare ne %a, %b : tensor<40xi1>
  dl.return %y : tensor<40xi1>
}

dl.func @select_f32(%c: tensor<41xi1>, %a: tensor<41xf32>, %b: tensor<41xf32>) -> (tensor<41xf32>) {
  %y = dl.select %c, %a, %b : tensor<41xf32>
  dl.return %y : tensor<41xf32>
}

dl.func @select_f64(%c: tensor<41xi1>, %a: tensor<41xf64>, %b: tensor<41xf64>) -> (tensor<41xf64>) {
  %y = dl.select %c, %a, %b : tensor<41xf64>
  dl.return %y : tensor<41xf64>
}

dl.func @select_i64(%c: tensor<41xi1>, %a: tensor<41xi64>, %b: tensor<41xi64>) -> (tensor<41xi64>) {
  %y = dl.select %c, %a, %b : tensor<41xi64>
  dl.return %y : tensor<41xi64>
}

dl.func @select_i32(%c: tensor<41xi1>, %a: tensor<41xi32>, %b: tensor<41xi32>) -> (tensor<41xi32>) {
  %y = dl.select %c, %a, %b : tensor<41xi32>
  dl.return %y : tensor<41xi32>
}

dl.func @select_i16(%c: tensor<41xi1>, %a: tensor<41xi16>, %b: tensor<41xi16>) -> (tensor<41xi16>) {
  %y = dl.select %c, %a, %b : tensor<41xi16>
  dl.return %y : tensor<41xi16>
}

dl.func @select_i8(%c: tensor<41xi1>, %a: tensor<41xi8>, %b: tensor<41xi8>) -> (tensor<41xi8>) {
  %y = dl.select %c, %a, %b : tensor<41xi8>
  dl.return %y : tensor<41xi8>
}

dl.func @select_ui8(%c: tensor<41xi1>, %a: tensor<41xui8>, %b: tensor<41xui8>) -> (tensor<41xui8>) {
  %y = dl.select %c, %a, %b : tensor<41xui8>
  dl.return %y : tensor<41xui8>
}

dl.func @select_i1(%c: tensor<41xi1>, %a: tensor<41xi1>, %b: tensor<41xi1>) -> (tensor<41xi1>) {
  %y = dl.select %c, %a, %b : tensor<41xi1>
  dl.return %y : tensor<41xi1>
}
}
