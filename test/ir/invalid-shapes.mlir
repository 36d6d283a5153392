// Errors of the operations that move elements.
// RUN: %dlc-opt %s --split-input-file --verify-diagnostics

dl.func @f(%x: tensor<4xf32>) {
  // expected-error@below {{broadcast_c1: expected 1 entries of the axes, found 2}}
  %0 = dl.broadcast %x axes [0, 1] : tensor<4xf32> to tensor<4x4xf32>
  dl.return
}

// -----

dl.func @f(%x: tensor<4xf32>) {
  // expected-error@below {{broadcast_c1: there is no axis 2 in the shape [4, 4]}}
  %0 = dl.broadcast %x axes [2] : tensor<4xf32> to tensor<4x4xf32>
  dl.return
}

// -----

dl.func @f(%x: tensor<4x4xf32>) {
  // expected-error@below {{broadcast_c1: expected increasing axes, found 0 after 1}}
  %0 = dl.broadcast %x axes [1, 0] : tensor<4x4xf32> to tensor<4x4xf32>
  dl.return
}

// -----

dl.func @f(%x: tensor<4xf32>) {
  // expected-error@below {{broadcast_c2: axis 0 of size `4` becomes axis 1 of size `5`}}
  %0 = dl.broadcast %x axes [1] : tensor<4xf32> to tensor<4x5xf32>
  dl.return
}

// -----

dl.func @f(%x: tensor<?xf32, #dl.sym<B>>) {
  // expected-error@below {{broadcast_c2: axis 0 of size `B` becomes axis 0 of size `2*B`}}
  %0 = dl.broadcast %x axes [0] : tensor<?xf32, #dl.sym<B>> to tensor<?xf32, #dl.sym<2*B>>
  dl.return
}

// -----

dl.func @f(%x: tensor<4x?xf32, #dl.sym<B>>) {
  // expected-error@below {{reshape_c1: [4, B] has `4*B` elements, [3, B] has `3*B`}}
  %0 = dl.reshape %x : tensor<4x?xf32, #dl.sym<B>> to tensor<3x?xf32, #dl.sym<B>>
  dl.return
}

// -----

dl.func @f(%x: tensor<4xf32>) {
  // expected-error@below {{expected the operand's element type 'f32' in the result, found 'f64'}}
  %0 = dl.reshape %x : tensor<4xf32> to tensor<4xf64>
  dl.return
}

// -----

dl.func @f(%x: tensor<3x4xf32>) {
  // expected-error@below {{failed to infer returned types}}
  // expected-error@below {{transpose_c1: axis 0 is named twice}}
  %0 = dl.transpose %x [0, 0] : tensor<3x4xf32> to tensor<3x3xf32>
  dl.return
}

// -----

dl.func @f(%x: tensor<3x4xf32>) {
  // expected-error@below {{failed to infer returned types}}
  // expected-error@below {{transpose_c1: expected 2 entries of the permutation, found 1}}
  %0 = dl.transpose %x [0] : tensor<3x4xf32> to tensor<3xf32>
  dl.return
}

// -----

dl.func @f(%x: tensor<4x9xf32>) {
  // expected-error@below {{slice_c1: expected 2 entries of start, found 1}}
  %0 = dl.slice %x start [0] stride [1, 1] : tensor<4x9xf32> to tensor<4x9xf32>
  dl.return
}

// -----

dl.func @f(%x: tensor<4xf32>) {
  // expected-error@below {{slice_c1: expected a stride of at least 1, found 0}}
  %0 = dl.slice %x start [0] stride [0] : tensor<4xf32> to tensor<4xf32>
  dl.return
}

// -----

dl.func @f(%x: tensor<9xf32>) {
  // expected-error@below {{slice_c2: element 9 is outside of axis 0 of size `9`}}
  %0 = dl.slice %x start [1] stride [2] : tensor<9xf32> to tensor<5xf32>
  dl.return
}

// -----

dl.func @f(%x: tensor<?xf32, #dl.sym<B>>) {
  // expected-error@below {{slice_c2: element B is outside of axis 0 of size `B`}}
  %0 = dl.slice %x start [1] stride [1] : tensor<?xf32, #dl.sym<B>> to tensor<?xf32, #dl.sym<B>>
  dl.return
}

// -----

dl.func @f(%x: tensor<4xf32>, %v: tensor<f32>) {
  // expected-error@below {{pad_c1: expected a low of at least 0, found -1}}
  %0 = dl.pad %x, %v low [-1] interior [0] : tensor<4xf32> to tensor<6xf32>
  dl.return
}

// -----

dl.func @f(%x: tensor<4xf32>, %v: tensor<f64>) {
  // expected-error@below {{pad_c2: the value has the element type of the operand}}
  %0 = "dl.pad"(%x, %v) {low = array<i64: 0>, interior = array<i64: 0>} : (tensor<4xf32>, tensor<f64>) -> tensor<6xf32>
  dl.return
}

// -----

dl.func @f(%x: tensor<4xf32>, %v: tensor<f32>) {
  // expected-error@below {{pad_c3: axis 0 needs a size of at least `8`, found `6`}}
  %0 = dl.pad %x, %v low [1] interior [1] : tensor<4xf32> to tensor<6xf32>
  dl.return
}

// -----

dl.func @f(%x: tensor<4x2xf32>, %y: tensor<5x2xf32>) {
  // expected-error@below {{failed to infer returned types}}
  // expected-error@below {{concat_c1: axis 0 has the size `5` in operand 1 and `4` in the first one}}
  %0 = dl.concat %x, %y axis 1 : (tensor<4x2xf32>, tensor<5x2xf32>) -> tensor<4x4xf32>
  dl.return
}

// -----

dl.func @f(%x: tensor<4xf32>, %y: tensor<4xf64>) {
  // expected-error@below {{failed to infer returned types}}
  // expected-error@below {{concat_c1: expected one element type, found 'f32' and 'f64'}}
  %0 = dl.concat %x, %y axis 0 : (tensor<4xf32>, tensor<4xf64>) -> tensor<8xf32>
  dl.return
}

// -----

dl.func @f() {
  // expected-error@below {{failed to infer returned types}}
  // expected-error@below {{concat_c1: expected one operand or more, found none}}
  %0 = "dl.concat"() {axis = 0 : i64} : () -> tensor<8xf32>
  dl.return
}

// -----

dl.func @f(%x: tensor<4xf32>) {
  // expected-error@below {{reverse_c1: there is no axis 1 in the shape [4]}}
  %0 = dl.reverse %x axes [1] : tensor<4xf32>
  dl.return
}

// -----

dl.func @f(%x: tensor<4xf32>) {
  // expected-error@below {{reverse_c1: axis 0 is named twice}}
  %0 = dl.reverse %x axes [0, 0] : tensor<4xf32>
  dl.return
}

// -----

dl.func @f(%x: tensor<4xf32>, %i: tensor<i64>) {
  // expected-error@below {{dynamic_slice_c1: expected 1 entries of the start, found 2}}
  %0 = dl.dynamic_slice %x[%i, %i] : tensor<4xf32> to tensor<4xf32>
  dl.return
}

// -----

dl.func @f(%x: tensor<4xf32>, %i: tensor<i64>) {
  // expected-error@below {{dynamic_slice_c2: axis 0 of the part has the size `5`, the whole only `4`}}
  %0 = dl.dynamic_slice %x[%i] : tensor<4xf32> to tensor<5xf32>
  dl.return
}

// -----

dl.func @f(%x: tensor<4xf32>, %i: tensor<i64>) {
  // expected-error@below {{dynamic_update_c1: expected 1 entries of the start, found 0}}
  %0 = dl.dynamic_update %x, %x[] : tensor<4xf32>, tensor<4xf32>
  dl.return
}

// -----

dl.func @f(%x: tensor<4xf32>, %i: tensor<i64>, %u: tensor<5xf32>) {
  // expected-error@below {{dynamic_update_c2: axis 0 of the part has the size `5`, the whole only `4`}}
  %0 = dl.dynamic_update %x, %u[%i] : tensor<4xf32>, tensor<5xf32>
  dl.return
}

// -----

dl.func @f(%x: tensor<8xf32>) {
  // expected-error@below {{failed to infer returned types}}
  // expected-error@below {{window_c1: expected a positive stride, found 0}}
  %0 = dl.window %x axes [0] size [2] stride [0] dilation [1] : tensor<8xf32> to tensor<4x2xf32>
  dl.return
}

// -----

dl.func @f(%x: tensor<8xf32>) {
  // expected-error@below {{failed to infer returned types}}
  // expected-error@below {{window_c1: expected 1 entries of size, found 2}}
  %0 = dl.window %x axes [0] size [2, 2] stride [1] dilation [1] : tensor<8xf32> to tensor<4x2xf32>
  dl.return
}

// -----

dl.func @f(%x: tensor<8xf32>) {
  // expected-error@below {{failed to infer returned types}}
  // expected-error@below {{window_c2: a window of extent `9` does not fit into the size `8`}}
  %0 = dl.window %x axes [0] size [5] stride [1] dilation [2] : tensor<8xf32> to tensor<1x5xf32>
  dl.return
}

// -----

dl.func @f(%x: tensor<4x2xf32>) {
  // expected-error@below {{overlap_add_c1: expected windows of the shape [3, 2], found [4, 2]}}
  %0 = dl.overlap_add %x axes [0] size [2] stride [2] dilation [1] : tensor<4x2xf32> to tensor<6xf32>
  dl.return
}
