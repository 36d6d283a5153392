// Reductions over all kinds of axes, in rows, columns and chunks.
// RUN: %dlc-kernel-test %s
// RUN: %dlc-kernel-test --target cuda-emulator %s

module attributes {dl.stage = "graph", dl.version = 1} {
dl.func @sum1_f32(%x: tensor<7xf32>) -> (tensor<f32>) {
  %y = dl.reduce sum %x axes [0] : tensor<7xf32> to tensor<f32>
  dl.return %y : tensor<f32>
}

dl.func @sum1_f64(%x: tensor<7xf64>) -> (tensor<f64>) {
  %y = dl.reduce sum %x axes [0] : tensor<7xf64> to tensor<f64>
  dl.return %y : tensor<f64>
}

dl.func @sum1_i32(%x: tensor<7xi32>) -> (tensor<i32>) {
  %y = dl.reduce sum %x axes [0] : tensor<7xi32> to tensor<i32>
  dl.return %y : tensor<i32>
}

dl.func @prod1_f32(%x: tensor<7xf32>) -> (tensor<f32>) attributes {ranges = [[0.8, 1.2]]} {
  %y = dl.reduce prod %x axes [0] : tensor<7xf32> to tensor<f32>
  dl.return %y : tensor<f32>
}

dl.func @max1_f32(%x: tensor<7xf32>) -> (tensor<f32>) {
  %y = dl.reduce max %x axes [0] : tensor<7xf32> to tensor<f32>
  dl.return %y : tensor<f32>
}

dl.func @max1_f64(%x: tensor<7xf64>) -> (tensor<f64>) {
  %y = dl.reduce max %x axes [0] : tensor<7xf64> to tensor<f64>
  dl.return %y : tensor<f64>
}

dl.func @max1_i32(%x: tensor<7xi32>) -> (tensor<i32>) {
  %y = dl.reduce max %x axes [0] : tensor<7xi32> to tensor<i32>
  dl.return %y : tensor<i32>
}

dl.func @min1_f32(%x: tensor<7xf32>) -> (tensor<f32>) {
  %y = dl.reduce min %x axes [0] : tensor<7xf32> to tensor<f32>
  dl.return %y : tensor<f32>
}

dl.func @min1_i64(%x: tensor<7xi64>) -> (tensor<i64>) {
  %y = dl.reduce min %x axes [0] : tensor<7xi64> to tensor<i64>
  dl.return %y : tensor<i64>
}

dl.func @and1(%x: tensor<7xi1>) -> (tensor<i1>) {
  %y = dl.reduce and %x axes [0] : tensor<7xi1> to tensor<i1>
  dl.return %y : tensor<i1>
}

dl.func @or1(%x: tensor<7xi1>) -> (tensor<i1>) {
  %y = dl.reduce or %x axes [0] : tensor<7xi1> to tensor<i1>
  dl.return %y : tensor<i1>
}

dl.func @sum2_f32(%x: tensor<33xf32>) -> (tensor<f32>) {
  %y = dl.reduce sum %x axes [0] : tensor<33xf32> to tensor<f32>
  dl.return %y : tensor<f32>
}

dl.func @sum2_f64(%x: tensor<33xf64>) -> (tensor<f64>) {
  %y = dl.reduce sum %x axes [0] : tensor<33xf64> to tensor<f64>
  dl.return %y : tensor<f64>
}

dl.func @sum2_i32(%x: tensor<33xi32>) -> (tensor<i32>) {
  %y = dl.reduce sum %x axes [0] : tensor<33xi32> to tensor<i32>
  dl.return %y : tensor<i32>
}

dl.func @prod2_f32(%x: tensor<33xf32>) -> (tensor<f32>) attributes {ranges = [[0.8, 1.2]]} {
  %y = dl.reduce prod %x axes [0] : tensor<33xf32> to tensor<f32>
  dl.return %y : tensor<f32>
}

dl.func @max2_f32(%x: tensor<33xf32>) -> (tensor<f32>) {
  %y = dl.reduce max %x axes [0] : tensor<33xf32> to tensor<f32>
  dl.return %y : tensor<f32>
}

dl.func @max2_f64(%x: tensor<33xf64>) -> (tensor<f64>) {
  %y = dl.reduce max %x axes [0] : tensor<33xf64> to tensor<f64>
  dl.return %y : tensor<f64>
}

dl.func @max2_i32(%x: tensor<33xi32>) -> (tensor<i32>) {
  %y = dl.reduce max %x axes [0] : tensor<33xi32> to tensor<i32>
  dl.return %y : tensor<i32>
}

dl.func @min2_f32(%x: tensor<33xf32>) -> (tensor<f32>) {
  %y = dl.reduce min %x axes [0] : tensor<33xf32> to tensor<f32>
  dl.return %y : tensor<f32>
}

dl.func @min2_i64(%x: tensor<33xi64>) -> (tensor<i64>) {
  %y = dl.reduce min %x axes [0] : tensor<33xi64> to tensor<i64>
  dl.return %y : tensor<i64>
}

dl.func @and2(%x: tensor<33xi1>) -> (tensor<i1>) {
  %y = dl.reduce and %x axes [0] : tensor<33xi1> to tensor<i1>
  dl.return %y : tensor<i1>
}

dl.func @or2(%x: tensor<33xi1>) -> (tensor<i1>) {
  %y = dl.reduce or %x axes [0] : tensor<33xi1> to tensor<i1>
  dl.return %y : tensor<i1>
}

dl.func @sum3_f32(%x: tensor<5x33xf32>) -> (tensor<5xf32>) {
  %y = dl.reduce sum %x axes [1] : tensor<5x33xf32> to tensor<5xf32>
  dl.return %y : tensor<5xf32>
}

dl.func @sum3_f64(%x: tensor<5x33xf64>) -> (tensor<5xf64>) {
  %y = dl.reduce sum %x axes [1] : tensor<5x33xf64> to tensor<5xf64>
  dl.return %y : tensor<5xf64>
}

dl.func @sum3_i32(%x: tensor<5x33xi32>) -> (tensor<5xi32>) {
  %y = dl.reduce sum %x axes [1] : tensor<5x33xi32> to tensor<5xi32>
  dl.return %y : tensor<5xi32>
}

dl.func @prod3_f32(%x: tensor<5x33xf32>) -> (tensor<5xf32>) attributes {ranges = [[0.8, 1.2]]} {
  %y = dl.reduce prod %x axes [1] : tensor<5x33xf32> to tensor<5xf32>
  dl.return %y : tensor<5xf32>
}

dl.func @max3_f32(%x: tensor<5x33xf32>) -> (tensor<5xf32>) {
  %y = dl.reduce max %x axes [1] : tensor<5x33xf32> to tensor<5xf32>
  dl.return %y : tensor<5xf32>
}

dl.func @max3_f64(%x: tensor<5x33xf64>) -> (tensor<5xf64>) {
  %y = dl.reduce max %x axes [1] : tensor<5x33xf64> to tensor<5xf64>
  dl.return %y : tensor<5xf64>
}

dl.func @max3_i32(%x: tensor<5x33xi32>) -> (tensor<5xi32>) {
  %y = dl.reduce max %x axes [1] : tensor<5x33xi32> to tensor<5xi32>
  dl.return %y : tensor<5xi32>
}

dl.func @min3_f32(%x: tensor<5x33xf32>) -> (tensor<5xf32>) {
  %y = dl.reduce min %x axes [1] : tensor<5x33xf32> to tensor<5xf32>
  dl.return %y : tensor<5xf32>
}

dl.func @min3_i64(%x: tensor<5x33xi64>) -> (tensor<5xi64>) {
  %y = dl.reduce min %x axes [1] : tensor<5x33xi64> to tensor<5xi64>
  dl.return %y : tensor<5xi64>
}

dl.func @and3(%x: tensor<5x33xi1>) -> (tensor<5xi1>) {
  %y = dl.reduce and %x axes [1] : tensor<5x33xi1> to tensor<5xi1>
  dl.return %y : tensor<5xi1>
}

dl.func @or3(%x: tensor<5x33xi1>) -> (tensor<5xi1>) {
  %y = dl.reduce or %x axes [1] : tensor<5x33xi1> to tensor<5xi1>
  dl.return %y : tensor<5xi1>
}

dl.func @sum4_f32(%x: tensor<33x5xf32>) -> (tensor<5xf32>) {
  %y = dl.reduce sum %x axes [0] : tensor<33x5xf32> to tensor<5xf32>
  dl.return %y : tensor<5xf32>
}

dl.func @sum4_f64(%x: tensor<33x5xf64>) -> (tensor<5xf64>) {
  %y = dl.reduce sum %x axes [0] : tensor<33x5xf64> to tensor<5xf64>
  dl.return %y : tensor<5xf64>
}

dl.func @sum4_i32(%x: tensor<33x5xi32>) -> (tensor<5xi32>) {
  %y = dl.reduce sum %x axes [0] : tensor<33x5xi32> to tensor<5xi32>
  dl.return %y : tensor<5xi32>
}

dl.func @prod4_f32(%x: tensor<33x5xf32>) -> (tensor<5xf32>) attributes {ranges = [[0.8, 1.2]]} {
  %y = dl.reduce prod %x axes [0] : tensor<33x5xf32> to tensor<5xf32>
  dl.return %y : tensor<5xf32>
}

dl.func @max4_f32(%x: tensor<33x5xf32>) -> (tensor<5xf32>) {
  %y = dl.reduce max %x axes [0] : tensor<33x5xf32> to tensor<5xf32>
  dl.return %y : tensor<5xf32>
}

dl.func @max4_f64(%x: tensor<33x5xf64>) -> (tensor<5xf64>) {
  %y = dl.reduce max %x axes [0] : tensor<33x5xf64> to tensor<5xf64>
  dl.return %y : tensor<5xf64>
}

dl.func @max4_i32(%x: tensor<33x5xi32>) -> (tensor<5xi32>) {
  %y = dl.reduce max %x axes [0] : tensor<33x5xi32> to tensor<5xi32>
  dl.return %y : tensor<5xi32>
}

dl.func @min4_f32(%x: tensor<33x5xf32>) -> (tensor<5xf32>) {
  %y = dl.reduce min %x axes [0] : tensor<33x5xf32> to tensor<5xf32>
  dl.return %y : tensor<5xf32>
}

dl.func @min4_i64(%x: tensor<33x5xi64>) -> (tensor<5xi64>) {
  %y = dl.reduce min %x axes [0] : tensor<33x5xi64> to tensor<5xi64>
  dl.return %y : tensor<5xi64>
}

dl.func @and4(%x: tensor<33x5xi1>) -> (tensor<5xi1>) {
  %y = dl.reduce and %x axes [0] : tensor<33x5xi1> to tensor<5xi1>
  dl.return %y : tensor<5xi1>
}

dl.func @or4(%x: tensor<33x5xi1>) -> (tensor<5xi1>) {
  %y = dl.reduce or %x axes [0] : tensor<33x5xi1> to tensor<5xi1>
  dl.return %y : tensor<5xi1>
}

dl.func @sum5_f32(%x: tensor<64x40xf32>) -> (tensor<40xf32>) {
  %y = dl.reduce sum %x axes [0] : tensor<64x40xf32> to tensor<40xf32>
  dl.return %y : tensor<40xf32>
}

dl.func @sum5_f64(%x: tensor<64x40xf64>) -> (tensor<40xf64>) {
  %y = dl.reduce sum %x axes [0] : tensor<64x40xf64> to tensor<40xf64>
  dl.return %y : tensor<40xf64>
}

dl.func @sum5_i32(%x: tensor<64x40xi32>) -> (tensor<40xi32>) {
  %y = dl.reduce sum %x axes [0] : tensor<64x40xi32> to tensor<40xi32>
  dl.return %y : tensor<40xi32>
}

dl.func @prod5_f32(%x: tensor<64x40xf32>) -> (tensor<40xf32>) attributes {ranges = [[0.8, 1.2]]} {
  %y = dl.reduce prod %x axes [0] : tensor<64x40xf32> to tensor<40xf32>
  dl.return %y : tensor<40xf32>
}

dl.func @max5_f32(%x: tensor<64x40xf32>) -> (tensor<40xf32>) {
  %y = dl.reduce max %x axes [0] : tensor<64x40xf32> to tensor<40xf32>
  dl.return %y : tensor<40xf32>
}

dl.func @max5_f64(%x: tensor<64x40xf64>) -> (tensor<40xf64>) {
  %y = dl.reduce max %x axes [0] : tensor<64x40xf64> to tensor<40xf64>
  dl.return %y : tensor<40xf64>
}

dl.func @max5_i32(%x: tensor<64x40xi32>) -> (tensor<40xi32>) {
  %y = dl.reduce max %x axes [0] : tensor<64x40xi32> to tensor<40xi32>
  dl.return %y : tensor<40xi32>
}

dl.func @min5_f32(%x: tensor<64x40xf32>) -> (tensor<40xf32>) {
  %y = dl.reduce min %x axes [0] : tensor<64x40xf32> to tensor<40xf32>
  dl.return %y : tensor<40xf32>
}

dl.func @min5_i64(%x: tensor<64x40xi64>) -> (tensor<40xi64>) {
  %y = dl.reduce min %x axes [0] : tensor<64x40xi64> to tensor<40xi64>
  dl.return %y : tensor<40xi64>
}

dl.func @and5(%x: tensor<64x40xi1>) -> (tensor<40xi1>) {
  %y = dl.reduce and %x axes [0] : tensor<64x40xi1> to tensor<40xi1>
  dl.return %y : tensor<40xi1>
}

dl.func @or5(%x: tensor<64x40xi1>) -> (tensor<40xi1>) {
  %y = dl.reduce or %x axes [0] : tensor<64x40xi1> to tensor<40xi1>
  dl.return %y : tensor<40xi1>
}

dl.func @sum6_f32(%x: tensor<3x4x5xf32>) -> (tensor<4xf32>) {
  %y = dl.reduce sum %x axes [0, 2] : tensor<3x4x5xf32> to tensor<4xf32>
  dl.return %y : tensor<4xf32>
}

dl.func @sum6_f64(%x: tensor<3x4x5xf64>) -> (tensor<4xf64>) {
  %y = dl.reduce sum %x axes [0, 2] : tensor<3x4x5xf64> to tensor<4xf64>
  dl.return %y : tensor<4xf64>
}

dl.func @sum6_i32(%x: tensor<3x4x5xi32>) -> (tensor<4xi32>) {
  %y = dl.reduce sum %x axes [0, 2] : tensor<3x4x5xi32> to tensor<4xi32>
  dl.return %y : tensor<4xi32>
}

dl.func @prod6_f32(%x: tensor<3x4x5xf32>) -> (tensor<4xf32>) attributes {ranges = [[0.8, 1.2]]} {
  %y = dl.reduce prod %x axes [0, 2] : tensor<3x4x5xf32> to tensor<4xf32>
  dl.return %y : tensor<4xf32>
}

dl.func @max6_f32(%x: tensor<3x4x5xf32>) -> (tensor<4xf32>) {
  %y = dl.reduce max %x axes [0, 2] : tensor<3x4x5xf32> to tensor<4xf32>
  dl.return %y : tensor<4xf32>
}

dl.func @max6_f64(%x: tensor<3x4x5xf64>) -> (tensor<4xf64>) {
  %y = dl.reduce max %x axes [0, 2] : tensor<3x4x5xf64> to tensor<4xf64>
  dl.return %y : tensor<4xf64>
}

dl.func @max6_i32(%x: tensor<3x4x5xi32>) -> (tensor<4xi32>) {
  %y = dl.reduce max %x axes [0, 2] : tensor<3x4x5xi32> to tensor<4xi32>
  dl.return %y : tensor<4xi32>
}

dl.func @min6_f32(%x: tensor<3x4x5xf32>) -> (tensor<4xf32>) {
  %y = dl.reduce min %x axes [0, 2] : tensor<3x4x5xf32> to tensor<4xf32>
  dl.return %y : tensor<4xf32>
}

dl.func @min6_i64(%x: tensor<3x4x5xi64>) -> (tensor<4xi64>) {
  %y = dl.reduce min %x axes [0, 2] : tensor<3x4x5xi64> to tensor<4xi64>
  dl.return %y : tensor<4xi64>
}

dl.func @and6(%x: tensor<3x4x5xi1>) -> (tensor<4xi1>) {
  %y = dl.reduce and %x axes [0, 2] : tensor<3x4x5xi1> to tensor<4xi1>
  dl.return %y : tensor<4xi1>
}

dl.func @or6(%x: tensor<3x4x5xi1>) -> (tensor<4xi1>) {
  %y = dl.reduce or %x axes [0, 2] : tensor<3x4x5xi1> to tensor<4xi1>
  dl.return %y : tensor<4xi1>
}

dl.func @sum7_f32(%x: tensor<3x4x5xf32>) -> (tensor<3xf32>) {
  %y = dl.reduce sum %x axes [1, 2] : tensor<3x4x5xf32> to tensor<3xf32>
  dl.return %y : tensor<3xf32>
}

dl.func @sum7_f64(%x: tensor<3x4x5xf64>) -> (tensor<3xf64>) {
  %y = dl.reduce sum %x axes [1, 2] : tensor<3x4x5xf64> to tensor<3xf64>
  dl.return %y : tensor<3xf64>
}

dl.func @sum7_i32(%x: tensor<3x4x5xi32>) -> (tensor<3xi32>) {
  %y = dl.reduce sum %x axes [1, 2] : tensor<3x4x5xi32> to tensor<3xi32>
  dl.return %y : tensor<3xi32>
}

dl.func @prod7_f32(%x: tensor<3x4x5xf32>) -> (tensor<3xf32>) attributes {ranges = [[0.8, 1.2]]} {
  %y = dl.reduce prod %x axes [1, 2] : tensor<3x4x5xf32> to tensor<3xf32>
  dl.return %y : tensor<3xf32>
}

dl.func @max7_f32(%x: tensor<3x4x5xf32>) -> (tensor<3xf32>) {
  %y = dl.reduce max %x axes [1, 2] : tensor<3x4x5xf32> to tensor<3xf32>
  dl.return %y : tensor<3xf32>
}

dl.func @max7_f64(%x: tensor<3x4x5xf64>) -> (tensor<3xf64>) {
  %y = dl.reduce max %x axes [1, 2] : tensor<3x4x5xf64> to tensor<3xf64>
  dl.return %y : tensor<3xf64>
}

dl.func @max7_i32(%x: tensor<3x4x5xi32>) -> (tensor<3xi32>) {
  %y = dl.reduce max %x axes [1, 2] : tensor<3x4x5xi32> to tensor<3xi32>
  dl.return %y : tensor<3xi32>
}

dl.func @min7_f32(%x: tensor<3x4x5xf32>) -> (tensor<3xf32>) {
  %y = dl.reduce min %x axes [1, 2] : tensor<3x4x5xf32> to tensor<3xf32>
  dl.return %y : tensor<3xf32>
}

dl.func @min7_i64(%x: tensor<3x4x5xi64>) -> (tensor<3xi64>) {
  %y = dl.reduce min %x axes [1, 2] : tensor<3x4x5xi64> to tensor<3xi64>
  dl.return %y : tensor<3xi64>
}

dl.func @and7(%x: tensor<3x4x5xi1>) -> (tensor<3xi1>) {
  %y = dl.reduce and %x axes [1, 2] : tensor<3x4x5xi1> to tensor<3xi1>
  dl.return %y : tensor<3xi1>
}

dl.func @or7(%x: tensor<3x4x5xi1>) -> (tensor<3xi1>) {
  %y = dl.reduce or %x axes [1, 2] : tensor<3x4x5xi1> to tensor<3xi1>
  dl.return %y : tensor<3xi1>
}

dl.func @sum8_f32(%x: tensor<4x8x8x16xf32>) -> (tensor<4x16xf32>) {
  %y = dl.reduce sum %x axes [1, 2] : tensor<4x8x8x16xf32> to tensor<4x16xf32>
  dl.return %y : tensor<4x16xf32>
}

dl.func @sum8_f64(%x: tensor<4x8x8x16xf64>) -> (tensor<4x16xf64>) {
  %y = dl.reduce sum %x axes [1, 2] : tensor<4x8x8x16xf64> to tensor<4x16xf64>
  dl.return %y : tensor<4x16xf64>
}

dl.func @sum8_i32(%x: tensor<4x8x8x16xi32>) -> (tensor<4x16xi32>) {
  %y = dl.reduce sum %x axes [1, 2] : tensor<4x8x8x16xi32> to tensor<4x16xi32>
  dl.return %y : tensor<4x16xi32>
}

dl.func @prod8_f32(%x: tensor<4x8x8x16xf32>) -> (tensor<4x16xf32>) attributes {ranges = [[0.8, 1.2]]} {
  %y = dl.reduce prod %x axes [1, 2] : tensor<4x8x8x16xf32> to tensor<4x16xf32>
  dl.return %y : tensor<4x16xf32>
}

dl.func @max8_f32(%x: tensor<4x8x8x16xf32>) -> (tensor<4x16xf32>) {
  %y = dl.reduce max %x axes [1, 2] : tensor<4x8x8x16xf32> to tensor<4x16xf32>
  dl.return %y : tensor<4x16xf32>
}

dl.func @max8_f64(%x: tensor<4x8x8x16xf64>) -> (tensor<4x16xf64>) {
  %y = dl.reduce max %x axes [1, 2] : tensor<4x8x8x16xf64> to tensor<4x16xf64>
  dl.return %y : tensor<4x16xf64>
}

dl.func @max8_i32(%x: tensor<4x8x8x16xi32>) -> (tensor<4x16xi32>) {
  %y = dl.reduce max %x axes [1, 2] : tensor<4x8x8x16xi32> to tensor<4x16xi32>
  dl.return %y : tensor<4x16xi32>
}

dl.func @min8_f32(%x: tensor<4x8x8x16xf32>) -> (tensor<4x16xf32>) {
  %y = dl.reduce min %x axes [1, 2] : tensor<4x8x8x16xf32> to tensor<4x16xf32>
  dl.return %y : tensor<4x16xf32>
}

dl.func @min8_i64(%x: tensor<4x8x8x16xi64>) -> (tensor<4x16xi64>) {
  %y = dl.reduce min %x axes [1, 2] : tensor<4x8x8x16xi64> to tensor<4x16xi64>
  dl.return %y : tensor<4x16xi64>
}

dl.func @and8(%x: tensor<4x8x8x16xi1>) -> (tensor<4x16xi1>) {
  %y = dl.reduce and %x axes [1, 2] : tensor<4x8x8x16xi1> to tensor<4x16xi1>
  dl.return %y : tensor<4x16xi1>
}

dl.func @or8(%x: tensor<4x8x8x16xi1>) -> (tensor<4x16xi1>) {
  %y = dl.reduce or %x axes [1, 2] : tensor<4x8x8x16xi1> to tensor<4x16xi1>
  dl.return %y : tensor<4x16xi1>
}

dl.func @sum9_f32(%x: tensor<4x8x8x16xf32>) -> (tensor<16xf32>) {
  %y = dl.reduce sum %x axes [0, 1, 2] : tensor<4x8x8x16xf32> to tensor<16xf32>
  dl.return %y : tensor<16xf32>
}

dl.func @sum9_f64(%x: tensor<4x8x8x16xf64>) -> (tensor<16xf64>) {
  %y = dl.reduce sum %x axes [0, 1, 2] : tensor<4x8x8x16xf64> to tensor<16xf64>
  dl.return %y : tensor<16xf64>
}

dl.func @sum9_i32(%x: tensor<4x8x8x16xi32>) -> (tensor<16xi32>) {
  %y = dl.reduce sum %x axes [0, 1, 2] : tensor<4x8x8x16xi32> to tensor<16xi32>
  dl.return %y : tensor<16xi32>
}

dl.func @prod9_f32(%x: tensor<4x8x8x16xf32>) -> (tensor<16xf32>) attributes {ranges = [[0.8, 1.2]]} {
  %y = dl.reduce prod %x axes [0, 1, 2] : tensor<4x8x8x16xf32> to tensor<16xf32>
  dl.return %y : tensor<16xf32>
}

dl.func @max9_f32(%x: tensor<4x8x8x16xf32>) -> (tensor<16xf32>) {
  %y = dl.reduce max %x axes [0, 1, 2] : tensor<4x8x8x16xf32> to tensor<16xf32>
  dl.return %y : tensor<16xf32>
}

dl.func @max9_f64(%x: tensor<4x8x8x16xf64>) -> (tensor<16xf64>) {
  %y = dl.reduce max %x axes [0, 1, 2] : tensor<4x8x8x16xf64> to tensor<16xf64>
  dl.return %y : tensor<16xf64>
}

dl.func @max9_i32(%x: tensor<4x8x8x16xi32>) -> (tensor<16xi32>) {
  %y = dl.reduce max %x axes [0, 1, 2] : tensor<4x8x8x16xi32> to tensor<16xi32>
  dl.return %y : tensor<16xi32>
}

dl.func @min9_f32(%x: tensor<4x8x8x16xf32>) -> (tensor<16xf32>) {
  %y = dl.reduce min %x axes [0, 1, 2] : tensor<4x8x8x16xf32> to tensor<16xf32>
  dl.return %y : tensor<16xf32>
}

dl.func @min9_i64(%x: tensor<4x8x8x16xi64>) -> (tensor<16xi64>) {
  %y = dl.reduce min %x axes [0, 1, 2] : tensor<4x8x8x16xi64> to tensor<16xi64>
  dl.return %y : tensor<16xi64>
}

dl.func @and9(%x: tensor<4x8x8x16xi1>) -> (tensor<16xi1>) {
  %y = dl.reduce and %x axes [0, 1, 2] : tensor<4x8x8x16xi1> to tensor<16xi1>
  dl.return %y : tensor<16xi1>
}

dl.func @or9(%x: tensor<4x8x8x16xi1>) -> (tensor<16xi1>) {
  %y = dl.reduce or %x axes [0, 1, 2] : tensor<4x8x8x16xi1> to tensor<16xi1>
  dl.return %y : tensor<16xi1>
}

dl.func @sum10_f32(%x: tensor<2x3x64xf32>) -> (tensor<f32>) {
  %y = dl.reduce sum %x axes [0, 1, 2] : tensor<2x3x64xf32> to tensor<f32>
  dl.return %y : tensor<f32>
}

dl.func @sum10_f64(%x: tensor<2x3x64xf64>) -> (tensor<f64>) {
  %y = dl.reduce sum %x axes [0, 1, 2] : tensor<2x3x64xf64> to tensor<f64>
  dl.return %y : tensor<f64>
}

dl.func @sum10_i32(%x: tensor<2x3x64xi32>) -> (tensor<i32>) {
  %y = dl.reduce sum %x axes [0, 1, 2] : tensor<2x3x64xi32> to tensor<i32>
  dl.return %y : tensor<i32>
}

dl.func @prod10_f32(%x: tensor<2x3x64xf32>) -> (tensor<f32>) attributes {ranges = [[0.8, 1.2]]} {
  %y = dl.reduce prod %x axes [0, 1, 2] : tensor<2x3x64xf32> to tensor<f32>
  dl.return %y : tensor<f32>
}

dl.func @max10_f32(%x: tensor<2x3x64xf32>) -> (tensor<f32>) {
  %y = dl.reduce max %x axes [0, 1, 2] : tensor<2x3x64xf32> to tensor<f32>
  dl.return %y : tensor<f32>
}

dl.func @max10_f64(%x: tensor<2x3x64xf64>) -> (tensor<f64>) {
  %y = dl.reduce max %x axes [0, 1, 2] : tensor<2x3x64xf64> to tensor<f64>
  dl.return %y : tensor<f64>
}

dl.func @max10_i32(%x: tensor<2x3x64xi32>) -> (tensor<i32>) {
  %y = dl.reduce max %x axes [0, 1, 2] : tensor<2x3x64xi32> to tensor<i32>
  dl.return %y : tensor<i32>
}

dl.func @min10_f32(%x: tensor<2x3x64xf32>) -> (tensor<f32>) {
  %y = dl.reduce min %x axes [0, 1, 2] : tensor<2x3x64xf32> to tensor<f32>
  dl.return %y : tensor<f32>
}

dl.func @min10_i64(%x: tensor<2x3x64xi64>) -> (tensor<i64>) {
  %y = dl.reduce min %x axes [0, 1, 2] : tensor<2x3x64xi64> to tensor<i64>
  dl.return %y : tensor<i64>
}

dl.func @and10(%x: tensor<2x3x64xi1>) -> (tensor<i1>) {
  %y = dl.reduce and %x axes [0, 1, 2] : tensor<2x3x64xi1> to tensor<i1>
  dl.return %y : tensor<i1>
}

dl.func @or10(%x: tensor<2x3x64xi1>) -> (tensor<i1>) {
  %y = dl.reduce or %x axes [0, 1, 2] : tensor<2x3x64xi1> to tensor<i1>
  dl.return %y : tensor<i1>
}

dl.func @sum11_f32(%x: tensor<0x5xf32>) -> (tensor<5xf32>) {
  %y = dl.reduce sum %x axes [0] : tensor<0x5xf32> to tensor<5xf32>
  dl.return %y : tensor<5xf32>
}

dl.func @sum11_f64(%x: tensor<0x5xf64>) -> (tensor<5xf64>) {
  %y = dl.reduce sum %x axes [0] : tensor<0x5xf64> to tensor<5xf64>
  dl.return %y : tensor<5xf64>
}

dl.func @sum11_i32(%x: tensor<0x5xi32>) -> (tensor<5xi32>) {
  %y = dl.reduce sum %x axes [0] : tensor<0x5xi32> to tensor<5xi32>
  dl.return %y : tensor<5xi32>
}

dl.func @prod11_f32(%x: tensor<0x5xf32>) -> (tensor<5xf32>) attributes {ranges = [[0.8, 1.2]]} {
  %y = dl.reduce prod %x axes [0] : tensor<0x5xf32> to tensor<5xf32>
  dl.return %y : tensor<5xf32>
}

dl.func @max11_f32(%x: tensor<0x5xf32>) -> (tensor<5xf32>) {
  %y = dl.reduce max %x axes [0] : tensor<0x5xf32> to tensor<5xf32>
  dl.return %y : tensor<5xf32>
}

dl.func @max11_f64(%x: tensor<0x5xf64>) -> (tensor<5xf64>) {
  %y = dl.reduce max %x axes [0] : tensor<0x5xf64> to tensor<5xf64>
  dl.return %y : tensor<5xf64>
}

dl.func @max11_i32(%x: tensor<0x5xi32>) -> (tensor<5xi32>) {
  %y = dl.reduce max %x axes [0] : tensor<0x5xi32> to tensor<5xi32>
  dl.return %y : tensor<5xi32>
}

dl.func @min11_f32(%x: tensor<0x5xf32>) -> (tensor<5xf32>) {
  %y = dl.reduce min %x axes [0] : tensor<0x5xf32> to tensor<5xf32>
  dl.return %y : tensor<5xf32>
}

dl.func @min11_i64(%x: tensor<0x5xi64>) -> (tensor<5xi64>) {
  %y = dl.reduce min %x axes [0] : tensor<0x5xi64> to tensor<5xi64>
  dl.return %y : tensor<5xi64>
}

dl.func @and11(%x: tensor<0x5xi1>) -> (tensor<5xi1>) {
  %y = dl.reduce and %x axes [0] : tensor<0x5xi1> to tensor<5xi1>
  dl.return %y : tensor<5xi1>
}

dl.func @or11(%x: tensor<0x5xi1>) -> (tensor<5xi1>) {
  %y = dl.reduce or %x axes [0] : tensor<0x5xi1> to tensor<5xi1>
  dl.return %y : tensor<5xi1>
}

dl.func @sum12_f32(%x: tensor<5x0xf32>) -> (tensor<5xf32>) {
  %y = dl.reduce sum %x axes [1] : tensor<5x0xf32> to tensor<5xf32>
  dl.return %y : tensor<5xf32>
}

dl.func @sum12_f64(%x: tensor<5x0xf64>) -> (tensor<5xf64>) {
  %y = dl.reduce sum %x axes [1] : tensor<5x0xf64> to tensor<5xf64>
  dl.return %y : tensor<5xf64>
}

dl.func @sum12_i32(%x: tensor<5x0xi32>) -> (tensor<5xi32>) {
  %y = dl.reduce sum %x axes [1] : tensor<5x0xi32> to tensor<5xi32>
  dl.return %y : tensor<5xi32>
}

dl.func @prod12_f32(%x: tensor<5x0xf32>) -> (tensor<5xf32>) attributes {ranges = [[0.8, 1.2]]} {
  %y = dl.reduce prod %x axes [1] : tensor<5x0xf32> to tensor<5xf32>
  dl.return %y : tensor<5xf32>
}

dl.func @max12_f32(%x: tensor<5x0xf32>) -> (tensor<5xf32>) {
  %y = dl.reduce max %x axes [1] : tensor<5x0xf32> to tensor<5xf32>
  dl.return %y : tensor<5xf32>
}

dl.func @max12_f64(%x: tensor<5x0xf64>) -> (tensor<5xf64>) {
  %y = dl.reduce max %x axes [1] : tensor<5x0xf64> to tensor<5xf64>
  dl.return %y : tensor<5xf64>
}

dl.func @max12_i32(%x: tensor<5x0xi32>) -> (tensor<5xi32>) {
  %y = dl.reduce max %x axes [1] : tensor<5x0xi32> to tensor<5xi32>
  dl.return %y : tensor<5xi32>
}

dl.func @min12_f32(%x: tensor<5x0xf32>) -> (tensor<5xf32>) {
  %y = dl.reduce min %x axes [1] : tensor<5x0xf32> to tensor<5xf32>
  dl.return %y : tensor<5xf32>
}

dl.func @min12_i64(%x: tensor<5x0xi64>) -> (tensor<5xi64>) {
  %y = dl.reduce min %x axes [1] : tensor<5x0xi64> to tensor<5xi64>
  dl.return %y : tensor<5xi64>
}

dl.func @and12(%x: tensor<5x0xi1>) -> (tensor<5xi1>) {
  %y = dl.reduce and %x axes [1] : tensor<5x0xi1> to tensor<5xi1>
  dl.return %y : tensor<5xi1>
}

dl.func @or12(%x: tensor<5x0xi1>) -> (tensor<5xi1>) {
  %y = dl.reduce or %x axes [1] : tensor<5x0xi1> to tensor<5xi1>
  dl.return %y : tensor<5xi1>
}

dl.func @sum13_f32(%x: tensor<3x1x9xf32>) -> (tensor<3x9xf32>) {
  %y = dl.reduce sum %x axes [1] : tensor<3x1x9xf32> to tensor<3x9xf32>
  dl.return %y : tensor<3x9xf32>
}

dl.func @sum13_f64(%x: tensor<3x1x9xf64>) -> (tensor<3x9xf64>) {
  %y = dl.reduce sum %x axes [1] : tensor<3x1x9xf64> to tensor<3x9xf64>
  dl.return %y : tensor<3x9xf64>
}

dl.func @sum13_i32(%x: tensor<3x1x9xi32>) -> (tensor<3x9xi32>) {
  %y = dl.reduce sum %x axes [1] : tensor<3x1x9xi32> to tensor<3x9xi32>
  dl.return %y : tensor<3x9xi32>
}

dl.func @prod13_f32(%x: tensor<3x1x9xf32>) -> (tensor<3x9xf32>) attributes {ranges = [[0.8, 1.2]]} {
  %y = dl.reduce prod %x axes [1] : tensor<3x1x9xf32> to tensor<3x9xf32>
  dl.return %y : tensor<3x9xf32>
}

dl.func @max13_f32(%x: tensor<3x1x9xf32>) -> (tensor<3x9xf32>) {
  %y = dl.reduce max %x axes [1] : tensor<3x1x9xf32> to tensor<3x9xf32>
  dl.return %y : tensor<3x9xf32>
}

dl.func @max13_f64(%x: tensor<3x1x9xf64>) -> (tensor<3x9xf64>) {
  %y = dl.reduce max %x axes [1] : tensor<3x1x9xf64> to tensor<3x9xf64>
  dl.return %y : tensor<3x9xf64>
}

dl.func @max13_i32(%x: tensor<3x1x9xi32>) -> (tensor<3x9xi32>) {
  %y = dl.reduce max %x axes [1] : tensor<3x1x9xi32> to tensor<3x9xi32>
  dl.return %y : tensor<3x9xi32>
}

dl.func @min13_f32(%x: tensor<3x1x9xf32>) -> (tensor<3x9xf32>) {
  %y = dl.reduce min %x axes [1] : tensor<3x1x9xf32> to tensor<3x9xf32>
  dl.return %y : tensor<3x9xf32>
}

dl.func @min13_i64(%x: tensor<3x1x9xi64>) -> (tensor<3x9xi64>) {
  %y = dl.reduce min %x axes [1] : tensor<3x1x9xi64> to tensor<3x9xi64>
  dl.return %y : tensor<3x9xi64>
}

dl.func @and13(%x: tensor<3x1x9xi1>) -> (tensor<3x9xi1>) {
  %y = dl.reduce and %x axes [1] : tensor<3x1x9xi1> to tensor<3x9xi1>
  dl.return %y : tensor<3x9xi1>
}

dl.func @or13(%x: tensor<3x1x9xi1>) -> (tensor<3x9xi1>) {
  %y = dl.reduce or %x axes [1] : tensor<3x1x9xi1> to tensor<3x9xi1>
  dl.return %y : tensor<3x9xi1>
}

dl.func @sum14_f32(%x: tensor<40x10xf32>) -> (tensor<40xf32>) {
  %y = dl.reduce sum %x axes [1] : tensor<40x10xf32> to tensor<40xf32>
  dl.return %y : tensor<40xf32>
}

dl.func @sum14_f64(%x: tensor<40x10xf64>) -> (tensor<40xf64>) {
  %y = dl.reduce sum %x axes [1] : tensor<40x10xf64> to tensor<40xf64>
  dl.return %y : tensor<40xf64>
}

dl.func @sum14_i32(%x: tensor<40x10xi32>) -> (tensor<40xi32>) {
  %y = dl.reduce sum %x axes [1] : tensor<40x10xi32> to tensor<40xi32>
  dl.return %y : tensor<40xi32>
}

dl.func @prod14_f32(%x: tensor<40x10xf32>) -> (tensor<40xf32>) attributes {ranges = [[0.8, 1.2]]} {
  %y = dl.reduce prod %x axes [1] : tensor<40x10xf32> to tensor<40xf32>
  dl.return %y : tensor<40xf32>
}

dl.func @max14_f32(%x: tensor<40x10xf32>) -> (tensor<40xf32>) {
  %y = dl.reduce max %x axes [1] : tensor<40x10xf32> to tensor<40xf32>
  dl.return %y : tensor<40xf32>
}

dl.func @max14_f64(%x: tensor<40x10xf64>) -> (tensor<40xf64>) {
  %y = dl.reduce max %x axes [1] : tensor<40x10xf64> to tensor<40xf64>
  dl.return %y : tensor<40xf64>
}

dl.func @max14_i32(%x: tensor<40x10xi32>) -> (tensor<40xi32>) {
  %y = dl.reduce max %x axes [1] : tensor<40x10xi32> to tensor<40xi32>
  dl.return %y : tensor<40xi32>
}

dl.func @min14_f32(%x: tensor<40x10xf32>) -> (tensor<40xf32>) {
  %y = dl.reduce min %x axes [1] : tensor<40x10xf32> to tensor<40xf32>
  dl.return %y : tensor<40xf32>
}

dl.func @min14_i64(%x: tensor<40x10xi64>) -> (tensor<40xi64>) {
  %y = dl.reduce min %x axes [1] : tensor<40x10xi64> to tensor<40xi64>
  dl.return %y : tensor<40xi64>
}

dl.func @and14(%x: tensor<40x10xi1>) -> (tensor<40xi1>) {
  %y = dl.reduce and %x axes [1] : tensor<40x10xi1> to tensor<40xi1>
  dl.return %y : tensor<40xi1>
}

dl.func @or14(%x: tensor<40x10xi1>) -> (tensor<40xi1>) {
  %y = dl.reduce or %x axes [1] : tensor<40x10xi1> to tensor<40xi1>
  dl.return %y : tensor<40xi1>
}

dl.func @sum15_f32(%x: tensor<100x17xf32>) -> (tensor<17xf32>) {
  %y = dl.reduce sum %x axes [0] : tensor<100x17xf32> to tensor<17xf32>
  dl.return %y : tensor<17xf32>
}

dl.func @sum15_f64(%x: tensor<100x17xf64>) -> (tensor<17xf64>) {
  %y = dl.reduce sum %x axes [0] : tensor<100x17xf64> to tensor<17xf64>
  dl.return %y : tensor<17xf64>
}

dl.func @sum15_i32(%x: tensor<100x17xi32>) -> (tensor<17xi32>) {
  %y = dl.reduce sum %x axes [0] : tensor<100x17xi32> to tensor<17xi32>
  dl.return %y : tensor<17xi32>
}

dl.func @prod15_f32(%x: tensor<100x17xf32>) -> (tensor<17xf32>) attributes {ranges = [[0.8, 1.2]]} {
  %y = dl.reduce prod %x axes [0] : tensor<100x17xf32> to tensor<17xf32>
  dl.return %y : tensor<17xf32>
}

dl.func @max15_f32(%x: tensor<100x17xf32>) -> (tensor<17xf32>) {
  %y = dl.reduce max %x axes [0] : tensor<100x17xf32> to tensor<17xf32>
  dl.return %y : tensor<17xf32>
}

dl.func @max15_f64(%x: tensor<100x17xf64>) -> (tensor<17xf64>) {
  %y = dl.reduce max %x axes [0] : tensor<100x17xf64> to tensor<17xf64>
  dl.return %y : tensor<17xf64>
}

dl.func @max15_i32(%x: tensor<100x17xi32>) -> (tensor<17xi32>) {
  %y = dl.reduce max %x axes [0] : tensor<100x17xi32> to tensor<17xi32>
  dl.return %y : tensor<17xi32>
}

dl.func @min15_f32(%x: tensor<100x17xf32>) -> (tensor<17xf32>) {
  %y = dl.reduce min %x axes [0] : tensor<100x17xf32> to tensor<17xf32>
  dl.return %y : tensor<17xf32>
}

dl.func @min15_i64(%x: tensor<100x17xi64>) -> (tensor<17xi64>) {
  %y = dl.reduce min %x axes [0] : tensor<100x17xi64> to tensor<17xi64>
  dl.return %y : tensor<17xi64>
}

dl.func @and15(%x: tensor<100x17xi1>) -> (tensor<17xi1>) {
  %y = dl.reduce and %x axes [0] : tensor<100x17xi1> to tensor<17xi1>
  dl.return %y : tensor<17xi1>
}

dl.func @or15(%x: tensor<100x17xi1>) -> (tensor<17xi1>) {
  %y = dl.reduce or %x axes [0] : tensor<100x17xi1> to tensor<17xi1>
  dl.return %y : tensor<17xi1>
}

dl.func @sum16_f32(%x: tensor<4x5xf32>) -> (tensor<5xf32>) {
  %y = dl.reduce sum %x axes [0] : tensor<4x5xf32> to tensor<5xf32>
  dl.return %y : tensor<5xf32>
}

dl.func @sum16_f64(%x: tensor<4x5xf64>) -> (tensor<5xf64>) {
  %y = dl.reduce sum %x axes [0] : tensor<4x5xf64> to tensor<5xf64>
  dl.return %y : tensor<5xf64>
}

dl.func @sum16_i32(%x: tensor<4x5xi32>) -> (tensor<5xi32>) {
  %y = dl.reduce sum %x axes [0] : tensor<4x5xi32> to tensor<5xi32>
  dl.return %y : tensor<5xi32>
}

dl.func @prod16_f32(%x: tensor<4x5xf32>) -> (tensor<5xf32>) attributes {ranges = [[0.8, 1.2]]} {
  %y = dl.reduce prod %x axes [0] : tensor<4x5xf32> to tensor<5xf32>
  dl.return %y : tensor<5xf32>
}

dl.func @max16_f32(%x: tensor<4x5xf32>) -> (tensor<5xf32>) {
  %y = dl.reduce max %x axes [0] : tensor<4x5xf32> to tensor<5xf32>
  dl.return %y : tensor<5xf32>
}

dl.func @max16_f64(%x: tensor<4x5xf64>) -> (tensor<5xf64>) {
  %y = dl.reduce max %x axes [0] : tensor<4x5xf64> to tensor<5xf64>
  dl.return %y : tensor<5xf64>
}

dl.func @max16_i32(%x: tensor<4x5xi32>) -> (tensor<5xi32>) {
  %y = dl.reduce max %x axes [0] : tensor<4x5xi32> to tensor<5xi32>
  dl.return %y : tensor<5xi32>
}

dl.func @min16_f32(%x: tensor<4x5xf32>) -> (tensor<5xf32>) {
  %y = dl.reduce min %x axes [0] : tensor<4x5xf32> to tensor<5xf32>
  dl.return %y : tensor<5xf32>
}

dl.func @min16_i64(%x: tensor<4x5xi64>) -> (tensor<5xi64>) {
  %y = dl.reduce min %x axes [0] : tensor<4x5xi64> to tensor<5xi64>
  dl.return %y : tensor<5xi64>
}

dl.func @and16(%x: tensor<4x5xi1>) -> (tensor<5xi1>) {
  %y = dl.reduce and %x axes [0] : tensor<4x5xi1> to tensor<5xi1>
  dl.return %y : tensor<5xi1>
}

dl.func @or16(%x: tensor<4x5xi1>) -> (tensor<5xi1>) {
  %y = dl.reduce or %x axes [0] : tensor<4x5xi1> to tensor<5xi1>
  dl.return %y : tensor<5xi1>
}

dl.func @sum17_f32(%x: tensor<f32>) -> (tensor<f32>) {
  %y = dl.reduce sum %x axes [] : tensor<f32> to tensor<f32>
  dl.return %y : tensor<f32>
}

dl.func @prod17_f32(%x: tensor<f32>) -> (tensor<f32>) attributes {ranges = [[0.8, 1.2]]} {
  %y = dl.reduce prod %x axes [] : tensor<f32> to tensor<f32>
  dl.return %y : tensor<f32>
}

dl.func @max17_f32(%x: tensor<f32>) -> (tensor<f32>) {
  %y = dl.reduce max %x axes [] : tensor<f32> to tensor<f32>
  dl.return %y : tensor<f32>
}

dl.func @min17_f32(%x: tensor<f32>) -> (tensor<f32>) {
  %y = dl.reduce min %x axes [] : tensor<f32> to tensor<f32>
  dl.return %y : tensor<f32>
}

dl.func @and17(%x: tensor<i1>) -> (tensor<i1>) {
  %y = dl.reduce and %x axes [] : tensor<i1> to tensor<i1>
  dl.return %y : tensor<i1>
}

dl.func @or17(%x: tensor<i1>) -> (tensor<i1>) {
  %y = dl.reduce or %x axes [] : tensor<i1> to tensor<i1>
  dl.return %y : tensor<i1>
}

dl.func @max_i8(%x: tensor<9x45xi8>) -> (tensor<9xi8>) {
  %y = dl.reduce max %x axes [1] : tensor<9x45xi8> to tensor<9xi8>
  dl.return %y : tensor<9xi8>
}

dl.func @min_i8(%x: tensor<9x45xi8>) -> (tensor<45xi8>) {
  %y = dl.reduce min %x axes [0] : tensor<9x45xi8> to tensor<45xi8>
  dl.return %y : tensor<45xi8>
}

dl.func @max_i16(%x: tensor<9x45xi16>) -> (tensor<9xi16>) {
  %y = dl.reduce max %x axes [1] : tensor<9x45xi16> to tensor<9xi16>
  dl.return %y : tensor<9xi16>
}

dl.func @min_i16(%x: tensor<9x45xi16>) -> (tensor<45xi16>) {
  %y = dl.reduce min %x axes [0] : tensor<9x45xi16> to tensor<45xi16>
  dl.return %y : tensor<45xi16>
}

dl.func @max_ui8(%x: tensor<9x45xui8>) -> (tensor<9xui8>) {
  %y = dl.reduce max %x axes [1] : tensor<9x45xui8> to tensor<9xui8>
  dl.return %y : tensor<9xui8>
}

dl.func @min_ui8(%x: tensor<9x45xui8>) -> (tensor<45xui8>) {
  %y = dl.reduce min %x axes [0] : tensor<9x45xui8> to tensor<45xui8>
  dl.return %y : tensor<45xui8>
}

dl.func @split18(%x: tensor<300000xf32>) -> (tensor<f32>) attributes {tolerance = 2.0e-4} {
  %y = dl.reduce sum %x axes [0] : tensor<300000xf32> to tensor<f32>
  dl.return %y : tensor<f32>
}

dl.func @split19(%x: tensor<70000x7xf32>) -> (tensor<7xf32>) attributes {tolerance = 2.0e-4} {
  %y = dl.reduce sum %x axes [0] : tensor<70000x7xf32> to tensor<7xf32>
  dl.return %y : tensor<7xf32>
}

dl.func @split20(%x: tensor<20000x32xf32>) -> (tensor<32xf32>) attributes {tolerance = 2.0e-4} {
  %y = dl.reduce sum %x axes [0] : tensor<20000x32xf32> to tensor<32xf32>
  dl.return %y : tensor<32xf32>
}

dl.func @split21(%x: tensor<40x30x50x16xf32>) -> (tensor<16xf32>) attributes {tolerance = 2.0e-4} {
  %y = dl.reduce sum %x axes [0, 1, 2] : tensor<40x30x50x16xf32> to tensor<16xf32>
  dl.return %y : tensor<16xf32>
}

dl.func @split_product(%x: tensor<300x1000xf32>, %z: tensor<300x1000xf32>) -> (tensor<f32>, tensor<f32>) attributes {tolerance = 2.0e-4} {
  %p = dl.binary mul %x, %z : tensor<300x1000xf32>
  %y = dl.reduce sum %p axes [0, 1] : tensor<300x1000xf32> to tensor<f32>
  %c = dl.constant dense<3.0e-6> : tensor<f32>
  %m = dl.binary mul %y, %c : tensor<f32>
  dl.return %y, %m : tensor<f32>, tensor<f32>
}

dl.func @arg_max22_f32(%x: tensor<10xf32>) -> (tensor<i64>) {
  %y = dl.arg_reduce max %x axis 0 : tensor<10xf32> to tensor<i64>
  dl.return %y : tensor<i64>
}

dl.func @arg_max22_i32(%x: tensor<10xi32>) -> (tensor<i64>) {
  %y = dl.arg_reduce max %x axis 0 : tensor<10xi32> to tensor<i64>
  dl.return %y : tensor<i64>
}

dl.func @arg_max22_ui8(%x: tensor<10xui8>) -> (tensor<i64>) {
  %y = dl.arg_reduce max %x axis 0 : tensor<10xui8> to tensor<i64>
  dl.return %y : tensor<i64>
}

dl.func @arg_min22_f32(%x: tensor<10xf32>) -> (tensor<i64>) {
  %y = dl.arg_reduce min %x axis 0 : tensor<10xf32> to tensor<i64>
  dl.return %y : tensor<i64>
}

dl.func @arg_min22_i32(%x: tensor<10xi32>) -> (tensor<i64>) {
  %y = dl.arg_reduce min %x axis 0 : tensor<10xi32> to tensor<i64>
  dl.return %y : tensor<i64>
}

dl.func @arg_min22_ui8(%x: tensor<10xui8>) -> (tensor<i64>) {
  %y = dl.arg_reduce min %x axis 0 : tensor<10xui8> to tensor<i64>
  dl.return %y : tensor<i64>
}

dl.func @arg_max23_f32(%x: tensor<6x45xf32>) -> (tensor<6xi64>) {
  %y = dl.arg_reduce max %x axis 1 : tensor<6x45xf32> to tensor<6xi64>
  dl.return %y : tensor<6xi64>
}

dl.func @arg_max23_i32(%x: tensor<6x45xi32>) -> (tensor<6xi64>) {
  %y = dl.arg_reduce max %x axis 1 : tensor<6x45xi32> to tensor<6xi64>
  dl.return %y : tensor<6xi64>
}

dl.func @arg_max23_ui8(%x: tensor<6x45xui8>) -> (tensor<6xi64>) {
  %y = dl.arg_reduce max %x axis 1 : tensor<6x45xui8> to tensor<6xi64>
  dl.return %y : tensor<6xi64>
}

dl.func @arg_min23_f32(%x: tensor<6x45xf32>) -> (tensor<6xi64>) {
  %y = dl.arg_reduce min %x axis 1 : tensor<6x45xf32> to tensor<6xi64>
  dl.return %y : tensor<6xi64>
}

dl.func @arg_min23_i32(%x: tensor<6x45xi32>) -> (tensor<6xi64>) {
  %y = dl.arg_reduce min %x axis 1 : tensor<6x45xi32> to tensor<6xi64>
  dl.return %y : tensor<6xi64>
}

dl.func @arg_min23_ui8(%x: tensor<6x45xui8>) -> (tensor<6xi64>) {
  %y = dl.arg_reduce min %x axis 1 : tensor<6x45xui8> to tensor<6xi64>
  dl.return %y : tensor<6xi64>
}

dl.func @arg_max24_f32(%x: tensor<45x6xf32>) -> (tensor<6xi64>) {
  %y = dl.arg_reduce max %x axis 0 : tensor<45x6xf32> to tensor<6xi64>
  dl.return %y : tensor<6xi64>
}

dl.func @arg_max24_i32(%x: tensor<45x6xi32>) -> (tensor<6xi64>) {
  %y = dl.arg_reduce max %x axis 0 : tensor<45x6xi32> to tensor<6xi64>
  dl.return %y : tensor<6xi64>
}

dl.func @arg_max24_ui8(%x: tensor<45x6xui8>) -> (tensor<6xi64>) {
  %y = dl.arg_reduce max %x axis 0 : tensor<45x6xui8> to tensor<6xi64>
  dl.return %y : tensor<6xi64>
}

dl.func @arg_min24_f32(%x: tensor<45x6xf32>) -> (tensor<6xi64>) {
  %y = dl.arg_reduce min %x axis 0 : tensor<45x6xf32> to tensor<6xi64>
  dl.return %y : tensor<6xi64>
}

dl.func @arg_min24_i32(%x: tensor<45x6xi32>) -> (tensor<6xi64>) {
  %y = dl.arg_reduce min %x axis 0 : tensor<45x6xi32> to tensor<6xi64>
  dl.return %y : tensor<6xi64>
}

dl.func @arg_min24_ui8(%x: tensor<45x6xui8>) -> (tensor<6xi64>) {
  %y = dl.arg_reduce min %x axis 0 : tensor<45x6xui8> to tensor<6xi64>
  dl.return %y : tensor<6xi64>
}

dl.func @arg_max25_f32(%x: tensor<3x4x5xf32>) -> (tensor<3x5xi64>) {
  %y = dl.arg_reduce max %x axis 1 : tensor<3x4x5xf32> to tensor<3x5xi64>
  dl.return %y : tensor<3x5xi64>
}

dl.func @arg_max25_i32(%x: tensor<3x4x5xi32>) -> (tensor<3x5xi64>) {
  %y = dl.arg_reduce max %x axis 1 : tensor<3x4x5xi32> to tensor<3x5xi64>
  dl.return %y : tensor<3x5xi64>
}

dl.func @arg_max25_ui8(%x: tensor<3x4x5xui8>) -> (tensor<3x5xi64>) {
  %y = dl.arg_reduce max %x axis 1 : tensor<3x4x5xui8> to tensor<3x5xi64>
  dl.return %y : tensor<3x5xi64>
}

dl.func @arg_min25_f32(%x: tensor<3x4x5xf32>) -> (tensor<3x5xi64>) {
  %y = dl.arg_reduce min %x axis 1 : tensor<3x4x5xf32> to tensor<3x5xi64>
  dl.return %y : tensor<3x5xi64>
}

dl.func @arg_min25_i32(%x: tensor<3x4x5xi32>) -> (tensor<3x5xi64>) {
  %y = dl.arg_reduce min %x axis 1 : tensor<3x4x5xi32> to tensor<3x5xi64>
  dl.return %y : tensor<3x5xi64>
}

dl.func @arg_min25_ui8(%x: tensor<3x4x5xui8>) -> (tensor<3x5xi64>) {
  %y = dl.arg_reduce min %x axis 1 : tensor<3x4x5xui8> to tensor<3x5xi64>
  dl.return %y : tensor<3x5xi64>
}

dl.func @arg_max26_f32(%x: tensor<32x10xf32>) -> (tensor<32xi64>) {
  %y = dl.arg_reduce max %x axis 1 : tensor<32x10xf32> to tensor<32xi64>
  dl.return %y : tensor<32xi64>
}

dl.func @arg_max26_i32(%x: tensor<32x10xi32>) -> (tensor<32xi64>) {
  %y = dl.arg_reduce max %x axis 1 : tensor<32x10xi32> to tensor<32xi64>
  dl.return %y : tensor<32xi64>
}

dl.func @arg_max26_ui8(%x: tensor<32x10xui8>) -> (tensor<32xi64>) {
  %y = dl.arg_reduce max %x axis 1 : tensor<32x10xui8> to tensor<32xi64>
  dl.return %y : tensor<32xi64>
}

dl.func @arg_min26_f32(%x: tensor<32x10xf32>) -> (tensor<32xi64>) {
  %y = dl.arg_reduce min %x axis 1 : tensor<32x10xf32> to tensor<32xi64>
  dl.return %y : tensor<32xi64>
}

dl.func @arg_min26_i32(%x: tensor<32x10xi32>) -> (tensor<32xi64>) {
  %y = dl.arg_reduce min %x axis 1 : tensor<32x10xi32> to tensor<32xi64>
  dl.return %y : tensor<32xi64>
}

dl.func @arg_min26_ui8(%x: tensor<32x10xui8>) -> (tensor<32xi64>) {
  %y = dl.arg_reduce min %x axis 1 : tensor<32x10xui8> to tensor<32xi64>
  dl.return %y : tensor<32xi64>
}

dl.func @arg_max27_f32(%x: tensor<1x1xf32>) -> (tensor<1xi64>) {
  %y = dl.arg_reduce max %x axis 0 : tensor<1x1xf32> to tensor<1xi64>
  dl.return %y : tensor<1xi64>
}

dl.func @arg_max27_i32(%x: tensor<1x1xi32>) -> (tensor<1xi64>) {
  %y = dl.arg_reduce max %x axis 0 : tensor<1x1xi32> to tensor<1xi64>
  dl.return %y : tensor<1xi64>
}

dl.func @arg_max27_ui8(%x: tensor<1x1xui8>) -> (tensor<1xi64>) {
  %y = dl.arg_reduce max %x axis 0 : tensor<1x1xui8> to tensor<1xi64>
  dl.return %y : tensor<1xi64>
}

dl.func @arg_min27_f32(%x: tensor<1x1xf32>) -> (tensor<1xi64>) {
  %y = dl.arg_reduce min %x axis 0 : tensor<1x1xf32> to tensor<1xi64>
  dl.return %y : tensor<1xi64>
}

dl.func @arg_min27_i32(%x: tensor<1x1xi32>) -> (tensor<1xi64>) {
  %y = dl.arg_reduce min %x axis 0 : tensor<1x1xi32> to tensor<1xi64>
  dl.return %y : tensor<1xi64>
}

dl.func @arg_min27_ui8(%x: tensor<1x1xui8>) -> (tensor<1xi64>) {
  %y = dl.arg_reduce min %x axis 0 : tensor<1x1xui8> to tensor<1xi64>
  dl.return %y : tensor<1xi64>
}
}
