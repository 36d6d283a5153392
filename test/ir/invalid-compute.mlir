// Errors of reductions, products and indexing.
// RUN: %dlc-opt %s --split-input-file --verify-diagnostics

dl.func @f(%x: tensor<4x4xf32>) {
  // expected-error@below {{failed to infer returned types}}
  // expected-error@below {{reduce_c1: expected increasing axes, found 0 after 1}}
  %0 = dl.reduce sum %x axes [1, 0] : tensor<4x4xf32> to tensor<f32>
  dl.return
}

// -----

dl.func @f(%x: tensor<4x4xf32>) {
  // expected-error@below {{failed to infer returned types}}
  // expected-error@below {{reduce_c1: there is no axis 2 in the shape [4, 4]}}
  %0 = dl.reduce sum %x axes [2] : tensor<4x4xf32> to tensor<4xf32>
  dl.return
}

// -----

dl.func @f(%x: tensor<4xf32>) {
  // expected-error@below {{reduce_c2: `or` takes booleans, found 'f32'}}
  %0 = dl.reduce or %x axes [0] : tensor<4xf32> to tensor<f32>
  dl.return
}

// -----

dl.func @f(%x: tensor<4xi1>) {
  // expected-error@below {{reduce_c2: `sum` takes floats and integers, found 'i1'}}
  %0 = dl.reduce sum %x axes [0] : tensor<4xi1> to tensor<i1>
  dl.return
}

// -----

dl.func @f(%x: tensor<4x5xf32>) {
  // expected-error@below {{failed to infer returned types}}
  // expected-error@below {{inferred type(s) 'tensor<5xf32>' are incompatible with return type(s) of operation 'tensor<4xf32>'}}
  %0 = dl.reduce sum %x axes [0] : tensor<4x5xf32> to tensor<4xf32>
  dl.return
}

// -----

dl.func @f(%x: tensor<4xf32>) {
  // expected-error@below {{arg_reduce_c1: expected `max` or `min`, found `sum`}}
  %0 = dl.arg_reduce sum %x axis 0 : tensor<4xf32> to tensor<i64>
  dl.return
}

// -----

dl.func @f(%x: tensor<0xf32>) {
  // expected-error@below {{failed to infer returned types}}
  // expected-error@below {{arg_reduce_c1: axis 0 is empty in the shape [0]}}
  %0 = dl.arg_reduce max %x axis 0 : tensor<0xf32> to tensor<i64>
  dl.return
}

// -----

dl.func @f(%x: tensor<4xf32>) {
  // expected-error@below {{cumulate_c1: there is no axis 1 in the shape [4]}}
  %0 = dl.cumulate sum %x axis 1 : tensor<4xf32>
  dl.return
}

// -----

dl.func @f(%x: tensor<4xi1>) {
  // expected-error@below {{cumulate_c1: expected `sum`, `prod`, `max` or `min` of floats or integers, found `or` of 'i1'}}
  %0 = dl.cumulate or %x axis 0 : tensor<4xi1>
  dl.return
}

// -----

dl.func @f(%x: tensor<4x3xf32>, %y: tensor<3x2xf64>) {
  // expected-error@below {{failed to infer returned types}}
  // expected-error@below {{dot_c1: expected operands of one element type, found 'f32' and 'f64'}}
  %0 = dl.dot %x, %y batch [] [] contract [1] [0] : (tensor<4x3xf32>, tensor<3x2xf64>) -> tensor<4x2xf32>
  dl.return
}

// -----

dl.func @f(%x: tensor<4x3xf32>, %y: tensor<5x2xf32>) {
  // expected-error@below {{failed to infer returned types}}
  // expected-error@below {{dot_c2: contracted axis 1 of the left operand has the size `3`, axis 0 of the right one `5`}}
  %0 = dl.dot %x, %y batch [] [] contract [1] [0] : (tensor<4x3xf32>, tensor<5x2xf32>) -> tensor<4x2xf32>
  dl.return
}

// -----

dl.func @f(%x: tensor<4x3xf32>, %y: tensor<3x2xf32>) {
  // expected-error@below {{failed to infer returned types}}
  // expected-error@below {{dot_c2: 0 batch axes on the left, 1 on the right}}
  %0 = dl.dot %x, %y batch [] [1] contract [1] [0] : (tensor<4x3xf32>, tensor<3x2xf32>) -> tensor<4x2xf32>
  dl.return
}

// -----

dl.func @f(%x: tensor<4x3xf32>, %y: tensor<4x3xf32>) {
  // expected-error@below {{failed to infer returned types}}
  // expected-error@below {{dot_c3: axis 1 is named twice}}
  %0 = dl.dot %x, %y batch [1] [0] contract [1] [1] : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x2xf32>
  dl.return
}

// -----

dl.func @f(%x: tensor<2x8x8x4xf32>, %w: tensor<3x3x4x6xf32>) {
  // expected-error@below {{conv_c1: expected 2 entries of stride, found 1}}
  %0 = dl.conv forward %x, %w stride [1] low [0, 0] high [0, 0] dilation [1, 1] groups 1 : (tensor<2x8x8x4xf32>, tensor<3x3x4x6xf32>) -> tensor<2x6x6x6xf32>
  dl.return
}

// -----

dl.func @f(%x: tensor<2x8x8x4xf32>, %w: tensor<3x3x4x6xf32>) {
  // expected-error@below {{conv_c1: expected a positive dilation, found 0}}
  %0 = dl.conv forward %x, %w stride [1, 1] low [0, 0] high [0, 0] dilation [1, 0] groups 1 : (tensor<2x8x8x4xf32>, tensor<3x3x4x6xf32>) -> tensor<2x6x6x6xf32>
  dl.return
}

// -----

dl.func @f(%x: tensor<2x8x8x4xf32>, %w: tensor<3x3x4x6xf32>) {
  // expected-error@below {{conv_c2: 2 groups of `4` channels of the weight do not make the image's `4`}}
  %0 = dl.conv forward %x, %w stride [1, 1] low [0, 0] high [0, 0] dilation [1, 1] groups 2 : (tensor<2x8x8x4xf32>, tensor<3x3x4x6xf32>) -> tensor<2x6x6x6xf32>
  dl.return
}

// -----

dl.func @f(%x: tensor<2x8x8x4xf32>, %w: tensor<3x3x1x6xf32>) {
  // expected-error@below {{conv_c2: 4 groups do not divide the `6` filters}}
  %0 = dl.conv forward %x, %w stride [1, 1] low [0, 0] high [0, 0] dilation [1, 1] groups 4 : (tensor<2x8x8x4xf32>, tensor<3x3x1x6xf32>) -> tensor<2x6x6x6xf32>
  dl.return
}

// -----

dl.func @f(%x: tensor<2x8x8x4xf32>, %w: tensor<3x3x4x6xf32>) {
  // expected-error@below {{conv_c3: expected the shape [2, 6, 6, 6] of y, found [2, 7, 6, 6]}}
  %0 = dl.conv forward %x, %w stride [1, 1] low [0, 0] high [0, 0] dilation [1, 1] groups 1 : (tensor<2x8x8x4xf32>, tensor<3x3x4x6xf32>) -> tensor<2x7x6x6xf32>
  dl.return
}

// -----

dl.func @f(%x: tensor<2x8x8x4xf32>, %w: tensor<3x3x4x6xf32>) {
  // expected-error@below {{conv_c3: a window of extent `3` does not fit into the size `2`}}
  %0 = dl.conv forward %x, %w stride [1, 1] low [-6, 0] high [0, 0] dilation [1, 1] groups 1 : (tensor<2x8x8x4xf32>, tensor<3x3x4x6xf32>) -> tensor<2x6x6x6xf32>
  dl.return
}

// -----

dl.func @f(%x: tensor<4x3xf64>, %y: tensor<3x2xf64>) {
  // expected-error@below {{dot_c4: precision `bf16` is for f32, found 'f64'}}
  %0 = dl.dot %x, %y batch [] [] contract [1] [0] precision bf16 : (tensor<4x3xf64>, tensor<3x2xf64>) -> tensor<4x2xf64>
  dl.return
}

// -----

dl.func @f(%x: tensor<4x3xf32>, %y: tensor<3x2xf32>) {
  // expected-error@below {{expected one of [f32, tf32, bf16] for the format that a product takes its operands in, got: fp16}}
  %0 = dl.dot %x, %y batch [] [] contract [1] [0] precision fp16 : (tensor<4x3xf32>, tensor<3x2xf32>) -> tensor<4x2xf32>
  dl.return
}

// -----

dl.func @f(%x: tensor<2x8x8x4xbf16>, %w: tensor<3x3x4x6xbf16>) {
  // expected-error@below {{conv_c5: precision `tf32` is for f32, found 'bf16'}}
  %0 = dl.conv forward %x, %w stride [1, 1] low [0, 0] high [0, 0] dilation [1, 1] groups 1 precision tf32 : (tensor<2x8x8x4xbf16>, tensor<3x3x4x6xbf16>) -> tensor<2x6x6x6xbf16>
  dl.return
}

// -----

dl.func @f(%x: tensor<2x8x8x4xf32>, %w: tensor<3x3x4x6xf64>) {
  // expected-error@below {{conv_c4: expected one element type, found 'f32' and 'f64'}}
  %0 = dl.conv forward %x, %w stride [1, 1] low [0, 0] high [0, 0] dilation [1, 1] groups 1 : (tensor<2x8x8x4xf32>, tensor<3x3x4x6xf64>) -> tensor<2x6x6x6xf32>
  dl.return
}

// -----

dl.func @f(%x: tensor<2x6x6x6xf32>, %w: tensor<3x3x4x6xf32>) {
  // expected-error@below {{conv_c3: expected the shape [2, 7, 8, 6] of y, found [2, 6, 6, 6]}}
  %0 = dl.conv input %x, %w stride [1, 1] low [0, 0] high [0, 0] dilation [1, 1] groups 1 : (tensor<2x6x6x6xf32>, tensor<3x3x4x6xf32>) -> tensor<2x9x10x4xf32>
  dl.return
}

// -----

dl.func @f(%x: tensor<4x3xf32>, %i: tensor<2xi64>) {
  // expected-error@below {{failed to infer returned types}}
  // expected-error@below {{gather_c1: axis 2 and 0 batch axes do not suit the shapes [4, 3] and [2]}}
  %0 = dl.gather %x, %i axis 2 batch 0 : (tensor<4x3xf32>, tensor<2xi64>) -> tensor<2x3xf32>
  dl.return
}

// -----

dl.func @f(%x: tensor<4x3xf32>, %i: tensor<2xi64>) {
  // expected-error@below {{failed to infer returned types}}
  // expected-error@below {{gather_c1: batch axis 0 has the size `4` in the operand and `2` in the indices}}
  %0 = dl.gather %x, %i axis 1 batch 1 : (tensor<4x3xf32>, tensor<2xi64>) -> tensor<4xf32>
  dl.return
}

// -----

dl.func @f(%x: tensor<4x3xf32>, %i: tensor<2xi64>, %u: tensor<2x4xf32>) {
  // expected-error@below {{scatter_c1: expected updates of type 'tensor<2x3xf32>', found 'tensor<2x4xf32>'}}
  %0 = dl.scatter add %x, %i, %u axis 0 batch 0 : tensor<4x3xf32>, tensor<2xi64>, tensor<2x4xf32>
  dl.return
}

// -----

dl.func @f(%x: tensor<4xi1>, %i: tensor<2xi64>, %u: tensor<2xi1>) {
  // expected-error@below {{scatter_c2: `add` takes floats and integers, found i1}}
  %0 = dl.scatter add %x, %i, %u axis 0 batch 0 : tensor<4xi1>, tensor<2xi64>, tensor<2xi1>
  dl.return
}

// -----

dl.func @f(%x: tensor<4xf32>) {
  // expected-error@below {{sort_c1: there is no axis 1 in the shape [4]}}
  %0:2 = dl.sort %x axis 1 : tensor<4xf32> to tensor<4xi64>
  dl.return
}

// -----

dl.func @f(%x: tensor<4xf32>) {
  // expected-error@below {{sort_c1: expected a permutation of type 'tensor<4xi64>', found 'tensor<4xi32>'}}
  %0:2 = dl.sort %x axis 0 : tensor<4xf32> to tensor<4xi32>
  dl.return
}
