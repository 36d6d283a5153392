// Kernels that were wrong once; found by random graphs.
// RUN: %dlc-kernel-test %s
// RUN: %dlc-kernel-test --target cuda-emulator %s
// RUN: %dlc-kernel-test %s --cpu x86-64-v3

module attributes {dl.stage = "graph", dl.version = 1} {
dl.func @scalar_after_running_fold(%a0: tensor<7xf32>, %a1: tensor<i32>) -> (tensor<f32>, tensor<7xf32>, tensor<f32>) attributes {tolerance = 1.0e-3} {
  %v0 = dl.reduce min %a0 axes [0] : tensor<7xf32> to tensor<f32>
  %v1 = dl.unary tanh %v0 : tensor<f32>
  %v2 = dl.broadcast %v1 axes [] : tensor<f32> to tensor<7xf32>
  %v3 = dl.binary sub %a0, %v2 : tensor<7xf32>
  %v4 = dl.reduce max %v3 axes [0] : tensor<7xf32> to tensor<f32>
  %v5 = dl.broadcast %v4 axes [] : tensor<f32> to tensor<7xf32>
  %v6 = dl.binary sub %v3, %v5 : tensor<7xf32>
  %v7 = dl.slice %v2 start [0] stride [1] : tensor<7xf32> to tensor<3xf32>
  %v8 = dl.constant dense<2> : tensor<i64>
  %v9 = dl.dynamic_update %v3, %v7[%v8] : tensor<7xf32>, tensor<3xf32>
  %v10 = dl.gather %v5, %a1 axis 0 batch 0 : (tensor<7xf32>, tensor<i32>) -> tensor<f32>
  %v11 = dl.scatter add %v5, %a1, %v10 axis 0 batch 0 : tensor<7xf32>, tensor<i32>, tensor<f32>
  %v12 = dl.cumulate sum %v11 axis 0 : tensor<7xf32>
  %v13 = dl.reverse %v9 axes [0] : tensor<7xf32>
  %v14 = dl.compare lt %v11, %v13 : tensor<7xf32>
  %v15 = dl.select %v14, %v11, %v11 : tensor<7xf32>
  %v16 = dl.slice %v5 start [4] stride [3] : tensor<7xf32> to tensor<1xf32>
  %v17 = dl.compare ge %v15, %v6 : tensor<7xf32>
  %v18 = dl.select %v17, %v6, %v15 : tensor<7xf32>
  %v19 = dl.arg_reduce max %v15 axis 0 : tensor<7xf32> to tensor<i64>
  %v20 = dl.cast %v19 : tensor<i64> to tensor<f32>
  dl.return %v20, %v12, %v1 : tensor<f32>, tensor<7xf32>, tensor<f32>
}

dl.func @map_of_running_fold(%a0: tensor<64x1xf32>, %a1: tensor<f32>) -> (tensor<3x1xf32>, tensor<3x1xf32>, tensor<3x1xf32>) attributes {tolerance = 1.0e-3, onto = [-1, -1, -1]} {
  %v0 = dl.slice %a0 start [37, 0] stride [1, 1] : tensor<64x1xf32> to tensor<15x1xf32>
  %v1 = dl.slice %a0 start [54, 0] stride [2, 1] : tensor<64x1xf32> to tensor<3x1xf32>
  %v2 = dl.concat %v1 axis 0 : (tensor<3x1xf32>) -> tensor<3x1xf32>
  %v3 = dl.cumulate max %v1 axis 0 reverse : tensor<3x1xf32>
  %v4 = dl.unary sigmoid %v3 : tensor<3x1xf32>
  dl.return %v4, %v3, %v2 : tensor<3x1xf32>, tensor<3x1xf32>, tensor<3x1xf32>
}

dl.func @row_buffer_of_two_axes(%a0: tensor<3x3xf32>, %a1: tensor<3x17x33xf32>) -> (tensor<3x17x33xf32>) attributes {tolerance = 1.0e-3, onto = [1]} {
  %v0 = dl.reverse %a1 axes [0, 1, 2] : tensor<3x17x33xf32>
  %v1 = dl.unary sigmoid %v0 : tensor<3x17x33xf32>
  %v2 = dl.reduce max %a0 axes [0] : tensor<3x3xf32> to tensor<3xf32>
  %v3 = dl.cumulate max %v0 axis 1 reverse : tensor<3x17x33xf32>
  %v4 = dl.reverse %v1 axes [2] : tensor<3x17x33xf32>
  %v5 = dl.reduce max %v1 axes [1, 2] : tensor<3x17x33xf32> to tensor<3xf32>
  %v6 = dl.broadcast %v5 axes [0] : tensor<3xf32> to tensor<3x17x33xf32>
  %v7 = dl.binary sub %v1, %v6 : tensor<3x17x33xf32>
  dl.return %v7 : tensor<3x17x33xf32>
}

dl.func @running_fold_in_place(%a0: tensor<17x2x1x3xf32>) -> (tensor<17x2x1x3xf32>) attributes {tolerance = 1.0e-3, onto = [0]} {
  %v0 = dl.binary max %a0, %a0 : tensor<17x2x1x3xf32>
  %v1 = dl.reduce sum %v0 axes [0, 1, 2, 3] : tensor<17x2x1x3xf32> to tensor<f32>
  %v2 = dl.broadcast %v1 axes [] : tensor<f32> to tensor<17x2x1x3xf32>
  %v3 = dl.binary sub %v0, %v2 : tensor<17x2x1x3xf32>
  %v4 = dl.cumulate sum %v3 axis 0 reverse : tensor<17x2x1x3xf32>
  dl.return %v4 : tensor<17x2x1x3xf32>
}

dl.func @running_fold_of_update_in_place(%a0: tensor<f32>, %a1: tensor<40x40x1x3xf32>) -> (tensor<40x40x1x3xf32>, tensor<40x40x1x3xf32>) attributes {tolerance = 1.0e-3, onto = [1, -1]} {
  %v0 = dl.slice %a1 start [0, 0, 0, 0] stride [1, 1, 1, 1] : tensor<40x40x1x3xf32> to tensor<40x23x1x1xf32>
  %v1 = dl.constant dense<4> : tensor<i64>
  %v2 = dl.constant dense<3> : tensor<i64>
  %v3 = dl.constant dense<1> : tensor<i64>
  %v4 = dl.constant dense<1> : tensor<i64>
  %v5 = dl.dynamic_update %a1, %v0[%v1, %v2, %v3, %v4] : tensor<40x40x1x3xf32>, tensor<40x23x1x1xf32>
  %v6 = dl.reverse %v5 axes [0] : tensor<40x40x1x3xf32>
  %v7 = dl.concat %v5, %a1 axis 0 : (tensor<40x40x1x3xf32>, tensor<40x40x1x3xf32>) -> tensor<80x40x1x3xf32>
  %v8 = dl.cumulate sum %v5 axis 0 : tensor<40x40x1x3xf32>
  dl.return %v8, %v8 : tensor<40x40x1x3xf32>, tensor<40x40x1x3xf32>
}

dl.func @concat_read_outside(%a0: tensor<2x40x8x4xf32>, %a1: tensor<3x17xf32>, %a2: tensor<1xi32>) -> (tensor<3x34xf32>, tensor<3x34xf32>, tensor<3x1xf32>) attributes {tolerance = 1.0e-3} {
  %v0 = dl.concat %a1, %a1 axis 1 : (tensor<3x17xf32>, tensor<3x17xf32>) -> tensor<3x34xf32>
  %v1 = dl.gather %v0, %a2 axis 1 batch 0 : (tensor<3x34xf32>, tensor<1xi32>) -> tensor<3x1xf32>
  %v2 = dl.scatter set %v0, %a2, %v1 axis 1 batch 0 : tensor<3x34xf32>, tensor<1xi32>, tensor<3x1xf32>
  %v3 = dl.constant dense<0.5> : tensor<f32>
  %v4 = dl.pad %a1, %v3 low [0, 0] interior [0, 0] : tensor<3x17xf32> to tensor<3x17xf32>
  %v5 = dl.slice %v0 start [0, 0] stride [1, 1] : tensor<3x34xf32> to tensor<3x10xf32>
  %v6 = dl.constant dense<3> : tensor<i64>
  %v7 = dl.constant dense<1> : tensor<i64>
  %v8 = dl.dynamic_update %v2, %v5[%v6, %v7] : tensor<3x34xf32>, tensor<3x10xf32>
  %v9 = dl.reverse %v8 axes [0, 1] : tensor<3x34xf32>
  dl.return %v9, %v9, %v1 : tensor<3x34xf32>, tensor<3x34xf32>, tensor<3x1xf32>
}

dl.func @update_in_place_from_itself(%a1: tensor<3x4x16xf32>) -> (tensor<3x4x16xf32>) attributes {tolerance = 1.0e-3, onto = [0]} {
  %v0 = dl.slice %a1 start [0, 0, 0] stride [1, 1, 1] : tensor<3x4x16xf32> to tensor<3x2x1xf32>
  %v1 = dl.constant dense<4> : tensor<i64>
  %v2 = dl.constant dense<2> : tensor<i64>
  %v3 = dl.constant dense<3> : tensor<i64>
  %v4 = dl.dynamic_update %a1, %v0[%v1, %v2, %v3] : tensor<3x4x16xf32>, tensor<3x2x1xf32>
  dl.return %v4 : tensor<3x4x16xf32>
}

dl.func @row_fold_under_a_mask_in_place(%a0: tensor<17xf32>, %a1: tensor<3x17x33x3xf32>) -> (tensor<3x17x33x3xf32>, tensor<20xf32>) attributes {tolerance = 1.0e-3, onto = [1, -1]} {
  %v0 = dl.constant dense<0.5> : tensor<f32>
  %v1 = dl.pad %a0, %v0 low [3] interior [0] : tensor<17xf32> to tensor<20xf32>
  %v2 = dl.unary relu %v0 : tensor<f32>
  %v3 = dl.reduce sum %a1 axes [1, 2, 3] : tensor<3x17x33x3xf32> to tensor<3xf32>
  %v4 = dl.broadcast %v3 axes [0] : tensor<3xf32> to tensor<3x17x33x3xf32>
  %v5 = dl.binary sub %a1, %v4 : tensor<3x17x33x3xf32>
  %v6 = dl.unary tanh %v3 : tensor<3xf32>
  %v7 = dl.slice %v4 start [0, 0, 0, 0] stride [1, 1, 1, 1] : tensor<3x17x33x3xf32> to tensor<3x5x6x1xf32>
  %v8 = dl.constant dense<4> : tensor<i64>
  %v9 = dl.constant dense<4> : tensor<i64>
  %v10 = dl.constant dense<5> : tensor<i64>
  %v11 = dl.constant dense<4> : tensor<i64>
  %v12 = dl.dynamic_update %v5, %v7[%v8, %v9, %v10, %v11] : tensor<3x17x33x3xf32>, tensor<3x5x6x1xf32>
  dl.return %v12, %v1 : tensor<3x17x33x3xf32>, tensor<20xf32>
}
}
