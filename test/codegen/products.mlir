// Products and convolutions in every layout.
// RUN: %dlc-kernel-test %s
// RUN: %dlc-kernel-test --target cuda-emulator %s

module attributes {dl.stage = "graph", dl.version = 1} {
dl.func @dot1_f32(%a: tensor<5x7xf32>, %b: tensor<7x9xf32>) -> (tensor<5x9xf32>) attributes {kind = "dot"} {
  %y = dl.dot %a, %b batch [] [] contract [1] [0] : (tensor<5x7xf32>, tensor<7x9xf32>) -> tensor<5x9xf32>
  dl.return %y : tensor<5x9xf32>
}

dl.func @dot1_f64(%a: tensor<5x7xf64>, %b: tensor<7x9xf64>) -> (tensor<5x9xf64>) attributes {kind = "dot"} {
  %y = dl.dot %a, %b batch [] [] contract [1] [0] : (tensor<5x7xf64>, tensor<7x9xf64>) -> tensor<5x9xf64>
  dl.return %y : tensor<5x9xf64>
}

dl.func @dot2_f32(%a: tensor<5x7xf32>, %b: tensor<9x7xf32>) -> (tensor<5x9xf32>) attributes {kind = "dot"} {
  %y = dl.dot %a, %b batch [] [] contract [1] [1] : (tensor<5x7xf32>, tensor<9x7xf32>) -> tensor<5x9xf32>
  dl.return %y : tensor<5x9xf32>
}

dl.func @dot2_f64(%a: tensor<5x7xf64>, %b: tensor<9x7xf64>) -> (tensor<5x9xf64>) attributes {kind = "dot"} {
  %y = dl.dot %a, %b batch [] [] contract [1] [1] : (tensor<5x7xf64>, tensor<9x7xf64>) -> tensor<5x9xf64>
  dl.return %y : tensor<5x9xf64>
}

dl.func @dot3_f32(%a: tensor<7x5xf32>, %b: tensor<7x9xf32>) -> (tensor<5x9xf32>) attributes {kind = "dot"} {
  %y = dl.dot %a, %b batch [] [] contract [0] [0] : (tensor<7x5xf32>, tensor<7x9xf32>) -> tensor<5x9xf32>
  dl.return %y : tensor<5x9xf32>
}

dl.func @dot3_f64(%a: tensor<7x5xf64>, %b: tensor<7x9xf64>) -> (tensor<5x9xf64>) attributes {kind = "dot"} {
  %y = dl.dot %a, %b batch [] [] contract [0] [0] : (tensor<7x5xf64>, tensor<7x9xf64>) -> tensor<5x9xf64>
  dl.return %y : tensor<5x9xf64>
}

dl.func @dot4_f32(%a: tensor<33x40xf32>, %b: tensor<40x64xf32>) -> (tensor<33x64xf32>) attributes {kind = "dot"} {
  %y = dl.dot %a, %b batch [] [] contract [1] [0] : (tensor<33x40xf32>, tensor<40x64xf32>) -> tensor<33x64xf32>
  dl.return %y : tensor<33x64xf32>
}

dl.func @dot4_f64(%a: tensor<33x40xf64>, %b: tensor<40x64xf64>) -> (tensor<33x64xf64>) attributes {kind = "dot"} {
  %y = dl.dot %a, %b batch [] [] contract [1] [0] : (tensor<33x40xf64>, tensor<40x64xf64>) -> tensor<33x64xf64>
  dl.return %y : tensor<33x64xf64>
}

dl.func @dot5_f32(%a: tensor<3x5x7xf32>, %b: tensor<3x7x9xf32>) -> (tensor<3x5x9xf32>) attributes {kind = "dot"} {
  %y = dl.dot %a, %b batch [0] [0] contract [2] [1] : (tensor<3x5x7xf32>, tensor<3x7x9xf32>) -> tensor<3x5x9xf32>
  dl.return %y : tensor<3x5x9xf32>
}

dl.func @dot5_f64(%a: tensor<3x5x7xf64>, %b: tensor<3x7x9xf64>) -> (tensor<3x5x9xf64>) attributes {kind = "dot"} {
  %y = dl.dot %a, %b batch [0] [0] contract [2] [1] : (tensor<3x5x7xf64>, tensor<3x7x9xf64>) -> tensor<3x5x9xf64>
  dl.return %y : tensor<3x5x9xf64>
}

dl.func @dot6_f32(%a: tensor<5xf32>, %b: tensor<5xf32>) -> (tensor<f32>) attributes {kind = "dot"} {
  %y = dl.dot %a, %b batch [] [] contract [0] [0] : (tensor<5xf32>, tensor<5xf32>) -> tensor<f32>
  dl.return %y : tensor<f32>
}

dl.func @dot6_f64(%a: tensor<5xf64>, %b: tensor<5xf64>) -> (tensor<f64>) attributes {kind = "dot"} {
  %y = dl.dot %a, %b batch [] [] contract [0] [0] : (tensor<5xf64>, tensor<5xf64>) -> tensor<f64>
  dl.return %y : tensor<f64>
}

dl.func @dot7_f32(%a: tensor<5xf32>, %b: tensor<7xf32>) -> (tensor<5x7xf32>) attributes {kind = "dot"} {
  %y = dl.dot %a, %b batch [] [] contract [] [] : (tensor<5xf32>, tensor<7xf32>) -> tensor<5x7xf32>
  dl.return %y : tensor<5x7xf32>
}

dl.func @dot7_f64(%a: tensor<5xf64>, %b: tensor<7xf64>) -> (tensor<5x7xf64>) attributes {kind = "dot"} {
  %y = dl.dot %a, %b batch [] [] contract [] [] : (tensor<5xf64>, tensor<7xf64>) -> tensor<5x7xf64>
  dl.return %y : tensor<5x7xf64>
}

dl.func @dot8_f32(%a: tensor<20xf32>, %b: tensor<20x33xf32>) -> (tensor<33xf32>) attributes {kind = "dot"} {
  %y = dl.dot %a, %b batch [] [] contract [0] [0] : (tensor<20xf32>, tensor<20x33xf32>) -> tensor<33xf32>
  dl.return %y : tensor<33xf32>
}

dl.func @dot8_f64(%a: tensor<20xf64>, %b: tensor<20x33xf64>) -> (tensor<33xf64>) attributes {kind = "dot"} {
  %y = dl.dot %a, %b batch [] [] contract [0] [0] : (tensor<20xf64>, tensor<20x33xf64>) -> tensor<33xf64>
  dl.return %y : tensor<33xf64>
}

dl.func @dot9_f32(%a: tensor<33x20xf32>, %b: tensor<20xf32>) -> (tensor<33xf32>) attributes {kind = "dot"} {
  %y = dl.dot %a, %b batch [] [] contract [1] [0] : (tensor<33x20xf32>, tensor<20xf32>) -> tensor<33xf32>
  dl.return %y : tensor<33xf32>
}

dl.func @dot9_f64(%a: tensor<33x20xf64>, %b: tensor<20xf64>) -> (tensor<33xf64>) attributes {kind = "dot"} {
  %y = dl.dot %a, %b batch [] [] contract [1] [0] : (tensor<33x20xf64>, tensor<20xf64>) -> tensor<33xf64>
  dl.return %y : tensor<33xf64>
}

dl.func @dot10_f32(%a: tensor<2x3x4x5xf32>, %b: tensor<4x2x6x5xf32>) -> (tensor<2x3x6xf32>) attributes {kind = "dot"} {
  %y = dl.dot %a, %b batch [0] [1] contract [2, 3] [0, 3] : (tensor<2x3x4x5xf32>, tensor<4x2x6x5xf32>) -> tensor<2x3x6xf32>
  dl.return %y : tensor<2x3x6xf32>
}

dl.func @dot10_f64(%a: tensor<2x3x4x5xf64>, %b: tensor<4x2x6x5xf64>) -> (tensor<2x3x6xf64>) attributes {kind = "dot"} {
  %y = dl.dot %a, %b batch [0] [1] contract [2, 3] [0, 3] : (tensor<2x3x4x5xf64>, tensor<4x2x6x5xf64>) -> tensor<2x3x6xf64>
  dl.return %y : tensor<2x3x6xf64>
}

dl.func @dot11_f32(%a: tensor<4x0xf32>, %b: tensor<0x3xf32>) -> (tensor<4x3xf32>) attributes {kind = "dot"} {
  %y = dl.dot %a, %b batch [] [] contract [1] [0] : (tensor<4x0xf32>, tensor<0x3xf32>) -> tensor<4x3xf32>
  dl.return %y : tensor<4x3xf32>
}

dl.func @dot11_f64(%a: tensor<4x0xf64>, %b: tensor<0x3xf64>) -> (tensor<4x3xf64>) attributes {kind = "dot"} {
  %y = dl.dot %a, %b batch [] [] contract [1] [0] : (tensor<4x0xf64>, tensor<0x3xf64>) -> tensor<4x3xf64>
  dl.return %y : tensor<4x3xf64>
}

dl.func @dot12_f32(%a: tensor<10x64xf32>, %b: tensor<10x64xf32>) -> (tensor<10x10xf32>) attributes {kind = "dot"} {
  %y = dl.dot %a, %b batch [] [] contract [1] [1] : (tensor<10x64xf32>, tensor<10x64xf32>) -> tensor<10x10xf32>
  dl.return %y : tensor<10x10xf32>
}

dl.func @dot12_f64(%a: tensor<10x64xf64>, %b: tensor<10x64xf64>) -> (tensor<10x10xf64>) attributes {kind = "dot"} {
  %y = dl.dot %a, %b batch [] [] contract [1] [1] : (tensor<10x64xf64>, tensor<10x64xf64>) -> tensor<10x10xf64>
  dl.return %y : tensor<10x10xf64>
}

dl.func @dot_epilogue(%a: tensor<33x20xf32>, %b: tensor<20x40xf32>, %c: tensor<40xf32>) -> (tensor<33x40xf32>) attributes {kind = "dot"} {
  %d = dl.dot %a, %b batch [] [] contract [1] [0] : (tensor<33x20xf32>, tensor<20x40xf32>) -> tensor<33x40xf32>
  %cb = dl.broadcast %c axes [1] : tensor<40xf32> to tensor<33x40xf32>
  %s = dl.binary add %d, %cb : tensor<33x40xf32>
  %y = dl.unary relu %s : tensor<33x40xf32>
  dl.return %y : tensor<33x40xf32>
}

dl.func @conv13_forward_f32(%a: tensor<2x8x8x3xf32>, %b: tensor<3x3x3x16xf32>) -> (tensor<2x6x6x16xf32>) attributes {kind = "conv"} {
  %c = dl.conv forward %a, %b stride [1, 1] low [0, 0] high [0, 0] dilation [1, 1] groups 1 : (tensor<2x8x8x3xf32>, tensor<3x3x3x16xf32>) -> tensor<2x6x6x16xf32>
  dl.return %c : tensor<2x6x6x16xf32>
}

dl.func @conv13_input_f32(%a: tensor<2x6x6x16xf32>, %b: tensor<3x3x3x16xf32>) -> (tensor<2x8x8x3xf32>) attributes {kind = "conv"} {
  %c = dl.conv input %a, %b stride [1, 1] low [0, 0] high [0, 0] dilation [1, 1] groups 1 : (tensor<2x6x6x16xf32>, tensor<3x3x3x16xf32>) -> tensor<2x8x8x3xf32>
  dl.return %c : tensor<2x8x8x3xf32>
}

dl.func @conv13_weight_f32(%a: tensor<2x8x8x3xf32>, %b: tensor<2x6x6x16xf32>) -> (tensor<3x3x3x16xf32>) attributes {kind = "conv"} {
  %c = dl.conv weight %a, %b stride [1, 1] low [0, 0] high [0, 0] dilation [1, 1] groups 1 : (tensor<2x8x8x3xf32>, tensor<2x6x6x16xf32>) -> tensor<3x3x3x16xf32>
  dl.return %c : tensor<3x3x3x16xf32>
}

dl.func @conv13_forward_f64(%a: tensor<2x8x8x3xf64>, %b: tensor<3x3x3x16xf64>) -> (tensor<2x6x6x16xf64>) attributes {kind = "conv"} {
  %c = dl.conv forward %a, %b stride [1, 1] low [0, 0] high [0, 0] dilation [1, 1] groups 1 : (tensor<2x8x8x3xf64>, tensor<3x3x3x16xf64>) -> tensor<2x6x6x16xf64>
  dl.return %c : tensor<2x6x6x16xf64>
}

dl.func @conv13_input_f64(%a: tensor<2x6x6x16xf64>, %b: tensor<3x3x3x16xf64>) -> (tensor<2x8x8x3xf64>) attributes {kind = "conv"} {
  %c = dl.conv input %a, %b stride [1, 1] low [0, 0] high [0, 0] dilation [1, 1] groups 1 : (tensor<2x6x6x16xf64>, tensor<3x3x3x16xf64>) -> tensor<2x8x8x3xf64>
  dl.return %c : tensor<2x8x8x3xf64>
}

dl.func @conv13_weight_f64(%a: tensor<2x8x8x3xf64>, %b: tensor<2x6x6x16xf64>) -> (tensor<3x3x3x16xf64>) attributes {kind = "conv"} {
  %c = dl.conv weight %a, %b stride [1, 1] low [0, 0] high [0, 0] dilation [1, 1] groups 1 : (tensor<2x8x8x3xf64>, tensor<2x6x6x16xf64>) -> tensor<3x3x3x16xf64>
  dl.return %c : tensor<3x3x3x16xf64>
}

dl.func @conv14_forward_f32(%a: tensor<2x9x8x4xf32>, %b: tensor<3x2x4x8xf32>) -> (tensor<2x5x7x8xf32>) attributes {kind = "conv"} {
  %c = dl.conv forward %a, %b stride [2, 1] low [1, 0] high [1, 1] dilation [1, 2] groups 1 : (tensor<2x9x8x4xf32>, tensor<3x2x4x8xf32>) -> tensor<2x5x7x8xf32>
  dl.return %c : tensor<2x5x7x8xf32>
}

dl.func @conv14_input_f32(%a: tensor<2x5x7x8xf32>, %b: tensor<3x2x4x8xf32>) -> (tensor<2x9x8x4xf32>) attributes {kind = "conv"} {
  %c = dl.conv input %a, %b stride [2, 1] low [1, 0] high [1, 1] dilation [1, 2] groups 1 : (tensor<2x5x7x8xf32>, tensor<3x2x4x8xf32>) -> tensor<2x9x8x4xf32>
  dl.return %c : tensor<2x9x8x4xf32>
}

dl.func @conv14_weight_f32(%a: tensor<2x9x8x4xf32>, %b: tensor<2x5x7x8xf32>) -> (tensor<3x2x4x8xf32>) attributes {kind = "conv"} {
  %c = dl.conv weight %a, %b stride [2, 1] low [1, 0] high [1, 1] dilation [1, 2] groups 1 : (tensor<2x9x8x4xf32>, tensor<2x5x7x8xf32>) -> tensor<3x2x4x8xf32>
  dl.return %c : tensor<3x2x4x8xf32>
}

dl.func @conv14_forward_f64(%a: tensor<2x9x8x4xf64>, %b: tensor<3x2x4x8xf64>) -> (tensor<2x5x7x8xf64>) attributes {kind = "conv"} {
  %c = dl.conv forward %a, %b stride [2, 1] low [1, 0] high [1, 1] dilation [1, 2] groups 1 : (tensor<2x9x8x4xf64>, tensor<3x2x4x8xf64>) -> tensor<2x5x7x8xf64>
  dl.return %c : tensor<2x5x7x8xf64>
}

dl.func @conv14_input_f64(%a: tensor<2x5x7x8xf64>, %b: tensor<3x2x4x8xf64>) -> (tensor<2x9x8x4xf64>) attributes {kind = "conv"} {
  %c = dl.conv input %a, %b stride [2, 1] low [1, 0] high [1, 1] dilation [1, 2] groups 1 : (tensor<2x5x7x8xf64>, tensor<3x2x4x8xf64>) -> tensor<2x9x8x4xf64>
  dl.return %c : tensor<2x9x8x4xf64>
}

dl.func @conv14_weight_f64(%a: tensor<2x9x8x4xf64>, %b: tensor<2x5x7x8xf64>) -> (tensor<3x2x4x8xf64>) attributes {kind = "conv"} {
  %c = dl.conv weight %a, %b stride [2, 1] low [1, 0] high [1, 1] dilation [1, 2] groups 1 : (tensor<2x9x8x4xf64>, tensor<2x5x7x8xf64>) -> tensor<3x2x4x8xf64>
  dl.return %c : tensor<3x2x4x8xf64>
}

dl.func @conv15_forward_f32(%a: tensor<1x7x7x4xf32>, %b: tensor<3x3x2x8xf32>) -> (tensor<1x7x7x8xf32>) attributes {kind = "conv"} {
  %c = dl.conv forward %a, %b stride [1, 1] low [1, 1] high [1, 1] dilation [1, 1] groups 2 : (tensor<1x7x7x4xf32>, tensor<3x3x2x8xf32>) -> tensor<1x7x7x8xf32>
  dl.return %c : tensor<1x7x7x8xf32>
}

dl.func @conv15_input_f32(%a: tensor<1x7x7x8xf32>, %b: tensor<3x3x2x8xf32>) -> (tensor<1x7x7x4xf32>) attributes {kind = "conv"} {
  %c = dl.conv input %a, %b stride [1, 1] low [1, 1] high [1, 1] dilation [1, 1] groups 2 : (tensor<1x7x7x8xf32>, tensor<3x3x2x8xf32>) -> tensor<1x7x7x4xf32>
  dl.return %c : tensor<1x7x7x4xf32>
}

dl.func @conv15_weight_f32(%a: tensor<1x7x7x4xf32>, %b: tensor<1x7x7x8xf32>) -> (tensor<3x3x2x8xf32>) attributes {kind = "conv"} {
  %c = dl.conv weight %a, %b stride [1, 1] low [1, 1] high [1, 1] dilation [1, 1] groups 2 : (tensor<1x7x7x4xf32>, tensor<1x7x7x8xf32>) -> tensor<3x3x2x8xf32>
  dl.return %c : tensor<3x3x2x8xf32>
}

dl.func @conv15_forward_f64(%a: tensor<1x7x7x4xf64>, %b: tensor<3x3x2x8xf64>) -> (tensor<1x7x7x8xf64>) attributes {kind = "conv"} {
  %c = dl.conv forward %a, %b stride [1, 1] low [1, 1] high [1, 1] dilation [1, 1] groups 2 : (tensor<1x7x7x4xf64>, tensor<3x3x2x8xf64>) -> tensor<1x7x7x8xf64>
  dl.return %c : tensor<1x7x7x8xf64>
}

dl.func @conv15_input_f64(%a: tensor<1x7x7x8xf64>, %b: tensor<3x3x2x8xf64>) -> (tensor<1x7x7x4xf64>) attributes {kind = "conv"} {
  %c = dl.conv input %a, %b stride [1, 1] low [1, 1] high [1, 1] dilation [1, 1] groups 2 : (tensor<1x7x7x8xf64>, tensor<3x3x2x8xf64>) -> tensor<1x7x7x4xf64>
  dl.return %c : tensor<1x7x7x4xf64>
}

dl.func @conv15_weight_f64(%a: tensor<1x7x7x4xf64>, %b: tensor<1x7x7x8xf64>) -> (tensor<3x3x2x8xf64>) attributes {kind = "conv"} {
  %c = dl.conv weight %a, %b stride [1, 1] low [1, 1] high [1, 1] dilation [1, 1] groups 2 : (tensor<1x7x7x4xf64>, tensor<1x7x7x8xf64>) -> tensor<3x3x2x8xf64>
  dl.return %c : tensor<3x3x2x8xf64>
}

dl.func @conv16_forward_f32(%a: tensor<2x12x3xf32>, %b: tensor<4x3x5xf32>) -> (tensor<2x3x5xf32>) attributes {kind = "conv"} {
  %c = dl.conv forward %a, %b stride [3] low [2] high [1] dilation [2] groups 1 : (tensor<2x12x3xf32>, tensor<4x3x5xf32>) -> tensor<2x3x5xf32>
  dl.return %c : tensor<2x3x5xf32>
}

dl.func @conv16_input_f32(%a: tensor<2x3x5xf32>, %b: tensor<4x3x5xf32>) -> (tensor<2x12x3xf32>) attributes {kind = "conv"} {
  %c = dl.conv input %a, %b stride [3] low [2] high [1] dilation [2] groups 1 : (tensor<2x3x5xf32>, tensor<4x3x5xf32>) -> tensor<2x12x3xf32>
  dl.return %c : tensor<2x12x3xf32>
}

dl.func @conv16_weight_f32(%a: tensor<2x12x3xf32>, %b: tensor<2x3x5xf32>) -> (tensor<4x3x5xf32>) attributes {kind = "conv"} {
  %c = dl.conv weight %a, %b stride [3] low [2] high [1] dilation [2] groups 1 : (tensor<2x12x3xf32>, tensor<2x3x5xf32>) -> tensor<4x3x5xf32>
  dl.return %c : tensor<4x3x5xf32>
}

dl.func @conv16_forward_f64(%a: tensor<2x12x3xf64>, %b: tensor<4x3x5xf64>) -> (tensor<2x3x5xf64>) attributes {kind = "conv"} {
  %c = dl.conv forward %a, %b stride [3] low [2] high [1] dilation [2] groups 1 : (tensor<2x12x3xf64>, tensor<4x3x5xf64>) -> tensor<2x3x5xf64>
  dl.return %c : tensor<2x3x5xf64>
}

dl.func @conv16_input_f64(%a: tensor<2x3x5xf64>, %b: tensor<4x3x5xf64>) -> (tensor<2x12x3xf64>) attributes {kind = "conv"} {
  %c = dl.conv input %a, %b stride [3] low [2] high [1] dilation [2] groups 1 : (tensor<2x3x5xf64>, tensor<4x3x5xf64>) -> tensor<2x12x3xf64>
  dl.return %c : tensor<2x12x3xf64>
}

dl.func @conv16_weight_f64(%a: tensor<2x12x3xf64>, %b: tensor<2x3x5xf64>) -> (tensor<4x3x5xf64>) attributes {kind = "conv"} {
  %c = dl.conv weight %a, %b stride [3] low [2] high [1] dilation [2] groups 1 : (tensor<2x12x3xf64>, tensor<2x3x5xf64>) -> tensor<4x3x5xf64>
  dl.return %c : tensor<4x3x5xf64>
}

dl.func @conv17_forward_f32(%a: tensor<1x4x5x6x2xf32>, %b: tensor<2x2x2x2x3xf32>) -> (tensor<1x4x3x5x3xf32>) attributes {kind = "conv"} {
  %c = dl.conv forward %a, %b stride [1, 2, 1] low [1, 0, 0] high [0, 1, 1] dilation [1, 1, 2] groups 1 : (tensor<1x4x5x6x2xf32>, tensor<2x2x2x2x3xf32>) -> tensor<1x4x3x5x3xf32>
  dl.return %c : tensor<1x4x3x5x3xf32>
}

dl.func @conv17_input_f32(%a: tensor<1x4x3x5x3xf32>, %b: tensor<2x2x2x2x3xf32>) -> (tensor<1x4x5x6x2xf32>) attributes {kind = "conv"} {
  %c = dl.conv input %a, %b stride [1, 2, 1] low [1, 0, 0] high [0, 1, 1] dilation [1, 1, 2] groups 1 : (tensor<1x4x3x5x3xf32>, tensor<2x2x2x2x3xf32>) -> tensor<1x4x5x6x2xf32>
  dl.return %c : tensor<1x4x5x6x2xf32>
}

dl.func @conv17_weight_f32(%a: tensor<1x4x5x6x2xf32>, %b: tensor<1x4x3x5x3xf32>) -> (tensor<2x2x2x2x3xf32>) attributes {kind = "conv"} {
  %c = dl.conv weight %a, %b stride [1, 2, 1] low [1, 0, 0] high [0, 1, 1] dilation [1, 1, 2] groups 1 : (tensor<1x4x5x6x2xf32>, tensor<1x4x3x5x3xf32>) -> tensor<2x2x2x2x3xf32>
  dl.return %c : tensor<2x2x2x2x3xf32>
}

dl.func @conv17_forward_f64(%a: tensor<1x4x5x6x2xf64>, %b: tensor<2x2x2x2x3xf64>) -> (tensor<1x4x3x5x3xf64>) attributes {kind = "conv"} {
  %c = dl.conv forward %a, %b stride [1, 2, 1] low [1, 0, 0] high [0, 1, 1] dilation [1, 1, 2] groups 1 : (tensor<1x4x5x6x2xf64>, tensor<2x2x2x2x3xf64>) -> tensor<1x4x3x5x3xf64>
  dl.return %c : tensor<1x4x3x5x3xf64>
}

dl.func @conv17_input_f64(%a: tensor<1x4x3x5x3xf64>, %b: tensor<2x2x2x2x3xf64>) -> (tensor<1x4x5x6x2xf64>) attributes {kind = "conv"} {
  %c = dl.conv input %a, %b stride [1, 2, 1] low [1, 0, 0] high [0, 1, 1] dilation [1, 1, 2] groups 1 : (tensor<1x4x3x5x3xf64>, tensor<2x2x2x2x3xf64>) -> tensor<1x4x5x6x2xf64>
  dl.return %c : tensor<1x4x5x6x2xf64>
}

dl.func @conv17_weight_f64(%a: tensor<1x4x5x6x2xf64>, %b: tensor<1x4x3x5x3xf64>) -> (tensor<2x2x2x2x3xf64>) attributes {kind = "conv"} {
  %c = dl.conv weight %a, %b stride [1, 2, 1] low [1, 0, 0] high [0, 1, 1] dilation [1, 1, 2] groups 1 : (tensor<1x4x5x6x2xf64>, tensor<1x4x3x5x3xf64>) -> tensor<2x2x2x2x3xf64>
  dl.return %c : tensor<2x2x2x2x3xf64>
}

dl.func @conv18_forward_f32(%a: tensor<2x6x6x4xf32>, %b: tensor<3x3x1x4xf32>) -> (tensor<2x6x6x4xf32>) attributes {kind = "conv"} {
  %c = dl.conv forward %a, %b stride [1, 1] low [1, 1] high [1, 1] dilation [1, 1] groups 4 : (tensor<2x6x6x4xf32>, tensor<3x3x1x4xf32>) -> tensor<2x6x6x4xf32>
  dl.return %c : tensor<2x6x6x4xf32>
}

dl.func @conv18_input_f32(%a: tensor<2x6x6x4xf32>, %b: tensor<3x3x1x4xf32>) -> (tensor<2x6x6x4xf32>) attributes {kind = "conv"} {
  %c = dl.conv input %a, %b stride [1, 1] low [1, 1] high [1, 1] dilation [1, 1] groups 4 : (tensor<2x6x6x4xf32>, tensor<3x3x1x4xf32>) -> tensor<2x6x6x4xf32>
  dl.return %c : tensor<2x6x6x4xf32>
}

dl.func @conv18_weight_f32(%a: tensor<2x6x6x4xf32>, %b: tensor<2x6x6x4xf32>) -> (tensor<3x3x1x4xf32>) attributes {kind = "conv"} {
  %c = dl.conv weight %a, %b stride [1, 1] low [1, 1] high [1, 1] dilation [1, 1] groups 4 : (tensor<2x6x6x4xf32>, tensor<2x6x6x4xf32>) -> tensor<3x3x1x4xf32>
  dl.return %c : tensor<3x3x1x4xf32>
}

dl.func @conv18_forward_f64(%a: tensor<2x6x6x4xf64>, %b: tensor<3x3x1x4xf64>) -> (tensor<2x6x6x4xf64>) attributes {kind = "conv"} {
  %c = dl.conv forward %a, %b stride [1, 1] low [1, 1] high [1, 1] dilation [1, 1] groups 4 : (tensor<2x6x6x4xf64>, tensor<3x3x1x4xf64>) -> tensor<2x6x6x4xf64>
  dl.return %c : tensor<2x6x6x4xf64>
}

dl.func @conv18_input_f64(%a: tensor<2x6x6x4xf64>, %b: tensor<3x3x1x4xf64>) -> (tensor<2x6x6x4xf64>) attributes {kind = "conv"} {
  %c = dl.conv input %a, %b stride [1, 1] low [1, 1] high [1, 1] dilation [1, 1] groups 4 : (tensor<2x6x6x4xf64>, tensor<3x3x1x4xf64>) -> tensor<2x6x6x4xf64>
  dl.return %c : tensor<2x6x6x4xf64>
}

dl.func @conv18_weight_f64(%a: tensor<2x6x6x4xf64>, %b: tensor<2x6x6x4xf64>) -> (tensor<3x3x1x4xf64>) attributes {kind = "conv"} {
  %c = dl.conv weight %a, %b stride [1, 1] low [1, 1] high [1, 1] dilation [1, 1] groups 4 : (tensor<2x6x6x4xf64>, tensor<2x6x6x4xf64>) -> tensor<3x3x1x4xf64>
  dl.return %c : tensor<3x3x1x4xf64>
}

dl.func @bf16_rows(%a: tensor<33x40xf32>, %b: tensor<40x64xf32>) -> (tensor<33x64xf32>) attributes {kind = "dot"} {
  %y = dl.dot %a, %b batch [] [] contract [1] [0] precision bf16 : (tensor<33x40xf32>, tensor<40x64xf32>) -> tensor<33x64xf32>
  dl.return %y : tensor<33x64xf32>
}

dl.func @bf16_batched(%a: tensor<3x5x7xf32>, %b: tensor<3x9x7xf32>) -> (tensor<3x5x9xf32>) attributes {kind = "dot"} {
  %y = dl.dot %a, %b batch [0] [0] contract [2] [2] precision bf16 : (tensor<3x5x7xf32>, tensor<3x9x7xf32>) -> tensor<3x5x9xf32>
  dl.return %y : tensor<3x5x9xf32>
}

dl.func @bf16_long(%a: tensor<5x64xf32>, %b: tensor<64x1xf32>) -> (tensor<5x1xf32>) attributes {kind = "dot"} {
  %y = dl.dot %a, %b batch [] [] contract [1] [0] precision bf16 : (tensor<5x64xf32>, tensor<64x1xf32>) -> tensor<5x1xf32>
  dl.return %y : tensor<5x1xf32>
}

dl.func @bf16_forward(%a: tensor<2x6x6x3xf32>, %b: tensor<3x3x3x8xf32>) -> (tensor<2x6x6x8xf32>) attributes {kind = "conv"} {
  %y = dl.conv forward %a, %b stride [1, 1] low [1, 1] high [1, 1] dilation [1, 1] groups 1 precision bf16 : (tensor<2x6x6x3xf32>, tensor<3x3x3x8xf32>) -> tensor<2x6x6x8xf32>
  dl.return %y : tensor<2x6x6x8xf32>
}

dl.func @bf16_input(%a: tensor<2x6x6x8xf32>, %b: tensor<3x3x3x8xf32>) -> (tensor<2x6x6x3xf32>) attributes {kind = "conv"} {
  %y = dl.conv input %a, %b stride [1, 1] low [1, 1] high [1, 1] dilation [1, 1] groups 1 precision bf16 : (tensor<2x6x6x8xf32>, tensor<3x3x3x8xf32>) -> tensor<2x6x6x3xf32>
  dl.return %y : tensor<2x6x6x3xf32>
}

dl.func @bf16_weight(%a: tensor<2x6x6x3xf32>, %b: tensor<2x6x6x8xf32>) -> (tensor<3x3x3x8xf32>) attributes {kind = "conv"} {
  %y = dl.conv weight %a, %b stride [1, 1] low [1, 1] high [1, 1] dilation [1, 1] groups 1 precision bf16 : (tensor<2x6x6x3xf32>, tensor<2x6x6x8xf32>) -> tensor<3x3x3x8xf32>
  dl.return %y : tensor<3x3x3x8xf32>
}

dl.func @tf32_rows(%a: tensor<33x40xf32>, %b: tensor<40x64xf32>) -> (tensor<33x64xf32>) attributes {kind = "dot"} {
  %y = dl.dot %a, %b batch [] [] contract [1] [0] precision tf32 : (tensor<33x40xf32>, tensor<40x64xf32>) -> tensor<33x64xf32>
  dl.return %y : tensor<33x64xf32>
}

dl.func @tf32_batched(%a: tensor<3x5x7xf32>, %b: tensor<3x9x7xf32>) -> (tensor<3x5x9xf32>) attributes {kind = "dot"} {
  %y = dl.dot %a, %b batch [0] [0] contract [2] [2] precision tf32 : (tensor<3x5x7xf32>, tensor<3x9x7xf32>) -> tensor<3x5x9xf32>
  dl.return %y : tensor<3x5x9xf32>
}

dl.func @tf32_long(%a: tensor<5x64xf32>, %b: tensor<64x1xf32>) -> (tensor<5x1xf32>) attributes {kind = "dot"} {
  %y = dl.dot %a, %b batch [] [] contract [1] [0] precision tf32 : (tensor<5x64xf32>, tensor<64x1xf32>) -> tensor<5x1xf32>
  dl.return %y : tensor<5x1xf32>
}

dl.func @tf32_forward(%a: tensor<2x6x6x3xf32>, %b: tensor<3x3x3x8xf32>) -> (tensor<2x6x6x8xf32>) attributes {kind = "conv"} {
  %y = dl.conv forward %a, %b stride [1, 1] low [1, 1] high [1, 1] dilation [1, 1] groups 1 precision tf32 : (tensor<2x6x6x3xf32>, tensor<3x3x3x8xf32>) -> tensor<2x6x6x8xf32>
  dl.return %y : tensor<2x6x6x8xf32>
}

dl.func @tf32_input(%a: tensor<2x6x6x8xf32>, %b: tensor<3x3x3x8xf32>) -> (tensor<2x6x6x3xf32>) attributes {kind = "conv"} {
  %y = dl.conv input %a, %b stride [1, 1] low [1, 1] high [1, 1] dilation [1, 1] groups 1 precision tf32 : (tensor<2x6x6x8xf32>, tensor<3x3x3x8xf32>) -> tensor<2x6x6x3xf32>
  dl.return %y : tensor<2x6x6x3xf32>
}

dl.func @tf32_weight(%a: tensor<2x6x6x3xf32>, %b: tensor<2x6x6x8xf32>) -> (tensor<3x3x3x8xf32>) attributes {kind = "conv"} {
  %y = dl.conv weight %a, %b stride [1, 1] low [1, 1] high [1, 1] dilation [1, 1] groups 1 precision tf32 : (tensor<2x6x6x3xf32>, tensor<2x6x6x8xf32>) -> tensor<3x3x3x8xf32>
  dl.return %y : tensor<3x3x3x8xf32>
}
}
