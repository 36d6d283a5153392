// Convolutions and their two gradients at sizes that no tile divides: one, primes, batches of one, taps beyond the image, gaps between taps and
// pixels, groups, a group for each channel. The names say what is odd; stride, padding, dilation are in the operations.
// RUN: %dlc-kernel-test %s
// RUN: %dlc-kernel-test --target cuda-emulator %s
// RUN: %dlc-kernel-test %s --cpu x86-64-v3
// RUN: %dlc-kernel-test %s --plain-products

module attributes {dl.stage = "train", dl.version = 1} {
dl.func @one_pixel_forward(%a: tensor<1x1x1x1xf32>, %b: tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32> {
  %c = dl.conv forward %a, %b stride [1, 1] low [0, 0] high [0, 0] dilation [1, 1] groups 1 : (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32>
  dl.return %c : tensor<1x1x1x1xf32>
}
dl.func @one_pixel_input(%a: tensor<1x1x1x1xf32>, %b: tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32> {
  %c = dl.conv input %a, %b stride [1, 1] low [0, 0] high [0, 0] dilation [1, 1] groups 1 : (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32>
  dl.return %c : tensor<1x1x1x1xf32>
}
dl.func @one_pixel_weight(%a: tensor<1x1x1x1xf32>, %b: tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32> {
  %c = dl.conv weight %a, %b stride [1, 1] low [0, 0] high [0, 0] dilation [1, 1] groups 1 : (tensor<1x1x1x1xf32>, tensor<1x1x1x1xf32>) -> tensor<1x1x1x1xf32>
  dl.return %c : tensor<1x1x1x1xf32>
}
dl.func @one_by_one_forward(%a: tensor<1x7x5x17xf32>, %b: tensor<1x1x17x19xf32>) -> tensor<1x7x5x19xf32> {
  %c = dl.conv forward %a, %b stride [1, 1] low [0, 0] high [0, 0] dilation [1, 1] groups 1 : (tensor<1x7x5x17xf32>, tensor<1x1x17x19xf32>) -> tensor<1x7x5x19xf32>
  dl.return %c : tensor<1x7x5x19xf32>
}
dl.func @one_by_one_input(%a: tensor<1x7x5x19xf32>, %b: tensor<1x1x17x19xf32>) -> tensor<1x7x5x17xf32> {
  %c = dl.conv input %a, %b stride [1, 1] low [0, 0] high [0, 0] dilation [1, 1] groups 1 : (tensor<1x7x5x19xf32>, tensor<1x1x17x19xf32>) -> tensor<1x7x5x17xf32>
  dl.return %c : tensor<1x7x5x17xf32>
}
dl.func @one_by_one_weight(%a: tensor<1x7x5x17xf32>, %b: tensor<1x7x5x19xf32>) -> tensor<1x1x17x19xf32> {
  %c = dl.conv weight %a, %b stride [1, 1] low [0, 0] high [0, 0] dilation [1, 1] groups 1 : (tensor<1x7x5x17xf32>, tensor<1x7x5x19xf32>) -> tensor<1x1x17x19xf32>
  dl.return %c : tensor<1x1x17x19xf32>
}
dl.func @primes_forward(%a: tensor<1x13x11x7xf32>, %b: tensor<3x5x7x37xf32>) -> tensor<1x11x7x37xf32> {
  %c = dl.conv forward %a, %b stride [1, 1] low [0, 0] high [0, 0] dilation [1, 1] groups 1 : (tensor<1x13x11x7xf32>, tensor<3x5x7x37xf32>) -> tensor<1x11x7x37xf32>
  dl.return %c : tensor<1x11x7x37xf32>
}
dl.func @primes_input(%a: tensor<1x11x7x37xf32>, %b: tensor<3x5x7x37xf32>) -> tensor<1x13x11x7xf32> {
  %c = dl.conv input %a, %b stride [1, 1] low [0, 0] high [0, 0] dilation [1, 1] groups 1 : (tensor<1x11x7x37xf32>, tensor<3x5x7x37xf32>) -> tensor<1x13x11x7xf32>
  dl.return %c : tensor<1x13x11x7xf32>
}
dl.func @primes_weight(%a: tensor<1x13x11x7xf32>, %b: tensor<1x11x7x37xf32>) -> tensor<3x5x7x37xf32> {
  %c = dl.conv weight %a, %b stride [1, 1] low [0, 0] high [0, 0] dilation [1, 1] groups 1 : (tensor<1x13x11x7xf32>, tensor<1x11x7x37xf32>) -> tensor<3x5x7x37xf32>
  dl.return %c : tensor<3x5x7x37xf32>
}
dl.func @same_forward(%a: tensor<3x11x13x5xf32>, %b: tensor<3x3x5x23xf32>) -> tensor<3x11x13x23xf32> {
  %c = dl.conv forward %a, %b stride [1, 1] low [1, 1] high [1, 1] dilation [1, 1] groups 1 : (tensor<3x11x13x5xf32>, tensor<3x3x5x23xf32>) -> tensor<3x11x13x23xf32>
  dl.return %c : tensor<3x11x13x23xf32>
}
dl.func @same_input(%a: tensor<3x11x13x23xf32>, %b: tensor<3x3x5x23xf32>) -> tensor<3x11x13x5xf32> {
  %c = dl.conv input %a, %b stride [1, 1] low [1, 1] high [1, 1] dilation [1, 1] groups 1 : (tensor<3x11x13x23xf32>, tensor<3x3x5x23xf32>) -> tensor<3x11x13x5xf32>
  dl.return %c : tensor<3x11x13x5xf32>
}
dl.func @same_weight(%a: tensor<3x11x13x5xf32>, %b: tensor<3x11x13x23xf32>) -> tensor<3x3x5x23xf32> {
  %c = dl.conv weight %a, %b stride [1, 1] low [1, 1] high [1, 1] dilation [1, 1] groups 1 : (tensor<3x11x13x5xf32>, tensor<3x11x13x23xf32>) -> tensor<3x3x5x23xf32>
  dl.return %c : tensor<3x3x5x23xf32>
}
dl.func @one_sided_forward(%a: tensor<1x7x17x3xf32>, %b: tensor<2x4x3x17xf32>) -> tensor<1x7x17x17xf32> {
  %c = dl.conv forward %a, %b stride [1, 1] low [0, 3] high [1, 0] dilation [1, 1] groups 1 : (tensor<1x7x17x3xf32>, tensor<2x4x3x17xf32>) -> tensor<1x7x17x17xf32>
  dl.return %c : tensor<1x7x17x17xf32>
}
dl.func @one_sided_input(%a: tensor<1x7x17x17xf32>, %b: tensor<2x4x3x17xf32>) -> tensor<1x7x17x3xf32> {
  %c = dl.conv input %a, %b stride [1, 1] low [0, 3] high [1, 0] dilation [1, 1] groups 1 : (tensor<1x7x17x17xf32>, tensor<2x4x3x17xf32>) -> tensor<1x7x17x3xf32>
  dl.return %c : tensor<1x7x17x3xf32>
}
dl.func @one_sided_weight(%a: tensor<1x7x17x3xf32>, %b: tensor<1x7x17x17xf32>) -> tensor<2x4x3x17xf32> {
  %c = dl.conv weight %a, %b stride [1, 1] low [0, 3] high [1, 0] dilation [1, 1] groups 1 : (tensor<1x7x17x3xf32>, tensor<1x7x17x17xf32>) -> tensor<2x4x3x17xf32>
  dl.return %c : tensor<2x4x3x17xf32>
}
dl.func @padded_beyond_taps_forward(%a: tensor<1x5x3x3xf32>, %b: tensor<2x2x3x7xf32>) -> tensor<1x9x8x7xf32> {
  %c = dl.conv forward %a, %b stride [1, 1] low [3, 2] high [2, 4] dilation [1, 1] groups 1 : (tensor<1x5x3x3xf32>, tensor<2x2x3x7xf32>) -> tensor<1x9x8x7xf32>
  dl.return %c : tensor<1x9x8x7xf32>
}
dl.func @padded_beyond_taps_input(%a: tensor<1x9x8x7xf32>, %b: tensor<2x2x3x7xf32>) -> tensor<1x5x3x3xf32> {
  %c = dl.conv input %a, %b stride [1, 1] low [3, 2] high [2, 4] dilation [1, 1] groups 1 : (tensor<1x9x8x7xf32>, tensor<2x2x3x7xf32>) -> tensor<1x5x3x3xf32>
  dl.return %c : tensor<1x5x3x3xf32>
}
dl.func @padded_beyond_taps_weight(%a: tensor<1x5x3x3xf32>, %b: tensor<1x9x8x7xf32>) -> tensor<2x2x3x7xf32> {
  %c = dl.conv weight %a, %b stride [1, 1] low [3, 2] high [2, 4] dilation [1, 1] groups 1 : (tensor<1x5x3x3xf32>, tensor<1x9x8x7xf32>) -> tensor<2x2x3x7xf32>
  dl.return %c : tensor<2x2x3x7xf32>
}
dl.func @strided_forward(%a: tensor<1x17x19x13xf32>, %b: tensor<3x3x13x29xf32>) -> tensor<1x8x6x29xf32> {
  %c = dl.conv forward %a, %b stride [2, 3] low [1, 0] high [0, 1] dilation [1, 1] groups 1 : (tensor<1x17x19x13xf32>, tensor<3x3x13x29xf32>) -> tensor<1x8x6x29xf32>
  dl.return %c : tensor<1x8x6x29xf32>
}
dl.func @strided_input(%a: tensor<1x8x6x29xf32>, %b: tensor<3x3x13x29xf32>) -> tensor<1x17x19x13xf32> {
  %c = dl.conv input %a, %b stride [2, 3] low [1, 0] high [0, 1] dilation [1, 1] groups 1 : (tensor<1x8x6x29xf32>, tensor<3x3x13x29xf32>) -> tensor<1x17x19x13xf32>
  dl.return %c : tensor<1x17x19x13xf32>
}
dl.func @strided_weight(%a: tensor<1x17x19x13xf32>, %b: tensor<1x8x6x29xf32>) -> tensor<3x3x13x29xf32> {
  %c = dl.conv weight %a, %b stride [2, 3] low [1, 0] high [0, 1] dilation [1, 1] groups 1 : (tensor<1x17x19x13xf32>, tensor<1x8x6x29xf32>) -> tensor<3x3x13x29xf32>
  dl.return %c : tensor<3x3x13x29xf32>
}
dl.func @stride_beyond_taps_forward(%a: tensor<2x11x13x5xf32>, %b: tensor<2x1x5x11xf32>) -> tensor<2x4x4x11xf32> {
  %c = dl.conv forward %a, %b stride [3, 4] low [0, 0] high [0, 0] dilation [1, 1] groups 1 : (tensor<2x11x13x5xf32>, tensor<2x1x5x11xf32>) -> tensor<2x4x4x11xf32>
  dl.return %c : tensor<2x4x4x11xf32>
}
dl.func @stride_beyond_taps_input(%a: tensor<2x4x4x11xf32>, %b: tensor<2x1x5x11xf32>) -> tensor<2x11x13x5xf32> {
  %c = dl.conv input %a, %b stride [3, 4] low [0, 0] high [0, 0] dilation [1, 1] groups 1 : (tensor<2x4x4x11xf32>, tensor<2x1x5x11xf32>) -> tensor<2x11x13x5xf32>
  dl.return %c : tensor<2x11x13x5xf32>
}
dl.func @stride_beyond_taps_weight(%a: tensor<2x11x13x5xf32>, %b: tensor<2x4x4x11xf32>) -> tensor<2x1x5x11xf32> {
  %c = dl.conv weight %a, %b stride [3, 4] low [0, 0] high [0, 0] dilation [1, 1] groups 1 : (tensor<2x11x13x5xf32>, tensor<2x4x4x11xf32>) -> tensor<2x1x5x11xf32>
  dl.return %c : tensor<2x1x5x11xf32>
}
dl.func @dilated_forward(%a: tensor<1x17x13x11xf32>, %b: tensor<3x2x11x13xf32>) -> tensor<1x16x11x13xf32> {
  %c = dl.conv forward %a, %b stride [1, 1] low [2, 1] high [3, 2] dilation [3, 5] groups 1 : (tensor<1x17x13x11xf32>, tensor<3x2x11x13xf32>) -> tensor<1x16x11x13xf32>
  dl.return %c : tensor<1x16x11x13xf32>
}
dl.func @dilated_input(%a: tensor<1x16x11x13xf32>, %b: tensor<3x2x11x13xf32>) -> tensor<1x17x13x11xf32> {
  %c = dl.conv input %a, %b stride [1, 1] low [2, 1] high [3, 2] dilation [3, 5] groups 1 : (tensor<1x16x11x13xf32>, tensor<3x2x11x13xf32>) -> tensor<1x17x13x11xf32>
  dl.return %c : tensor<1x17x13x11xf32>
}
dl.func @dilated_weight(%a: tensor<1x17x13x11xf32>, %b: tensor<1x16x11x13xf32>) -> tensor<3x2x11x13xf32> {
  %c = dl.conv weight %a, %b stride [1, 1] low [2, 1] high [3, 2] dilation [3, 5] groups 1 : (tensor<1x17x13x11xf32>, tensor<1x16x11x13xf32>) -> tensor<3x2x11x13xf32>
  dl.return %c : tensor<3x2x11x13xf32>
}
dl.func @all_at_once_forward(%a: tensor<1x19x11x6xf32>, %b: tensor<3x2x3x22xf32>) -> tensor<1x9x4x22xf32> {
  %c = dl.conv forward %a, %b stride [2, 3] low [2, 1] high [1, 3] dilation [2, 3] groups 2 : (tensor<1x19x11x6xf32>, tensor<3x2x3x22xf32>) -> tensor<1x9x4x22xf32>
  dl.return %c : tensor<1x9x4x22xf32>
}
dl.func @all_at_once_input(%a: tensor<1x9x4x22xf32>, %b: tensor<3x2x3x22xf32>) -> tensor<1x19x11x6xf32> {
  %c = dl.conv input %a, %b stride [2, 3] low [2, 1] high [1, 3] dilation [2, 3] groups 2 : (tensor<1x9x4x22xf32>, tensor<3x2x3x22xf32>) -> tensor<1x19x11x6xf32>
  dl.return %c : tensor<1x19x11x6xf32>
}
dl.func @all_at_once_weight(%a: tensor<1x19x11x6xf32>, %b: tensor<1x9x4x22xf32>) -> tensor<3x2x3x22xf32> {
  %c = dl.conv weight %a, %b stride [2, 3] low [2, 1] high [1, 3] dilation [2, 3] groups 2 : (tensor<1x19x11x6xf32>, tensor<1x9x4x22xf32>) -> tensor<3x2x3x22xf32>
  dl.return %c : tensor<3x2x3x22xf32>
}
dl.func @depthwise_forward(%a: tensor<1x7x7x13xf32>, %b: tensor<3x3x1x13xf32>) -> tensor<1x7x7x13xf32> {
  %c = dl.conv forward %a, %b stride [1, 1] low [1, 1] high [1, 1] dilation [1, 1] groups 13 : (tensor<1x7x7x13xf32>, tensor<3x3x1x13xf32>) -> tensor<1x7x7x13xf32>
  dl.return %c : tensor<1x7x7x13xf32>
}
dl.func @depthwise_input(%a: tensor<1x7x7x13xf32>, %b: tensor<3x3x1x13xf32>) -> tensor<1x7x7x13xf32> {
  %c = dl.conv input %a, %b stride [1, 1] low [1, 1] high [1, 1] dilation [1, 1] groups 13 : (tensor<1x7x7x13xf32>, tensor<3x3x1x13xf32>) -> tensor<1x7x7x13xf32>
  dl.return %c : tensor<1x7x7x13xf32>
}
dl.func @depthwise_weight(%a: tensor<1x7x7x13xf32>, %b: tensor<1x7x7x13xf32>) -> tensor<3x3x1x13xf32> {
  %c = dl.conv weight %a, %b stride [1, 1] low [1, 1] high [1, 1] dilation [1, 1] groups 13 : (tensor<1x7x7x13xf32>, tensor<1x7x7x13xf32>) -> tensor<3x3x1x13xf32>
  dl.return %c : tensor<3x3x1x13xf32>
}
dl.func @depthwise_two_forward(%a: tensor<2x9x5x7xf32>, %b: tensor<3x2x1x14xf32>) -> tensor<2x5x4x14xf32> {
  %c = dl.conv forward %a, %b stride [2, 1] low [1, 0] high [1, 1] dilation [1, 2] groups 7 : (tensor<2x9x5x7xf32>, tensor<3x2x1x14xf32>) -> tensor<2x5x4x14xf32>
  dl.return %c : tensor<2x5x4x14xf32>
}
dl.func @depthwise_two_input(%a: tensor<2x5x4x14xf32>, %b: tensor<3x2x1x14xf32>) -> tensor<2x9x5x7xf32> {
  %c = dl.conv input %a, %b stride [2, 1] low [1, 0] high [1, 1] dilation [1, 2] groups 7 : (tensor<2x5x4x14xf32>, tensor<3x2x1x14xf32>) -> tensor<2x9x5x7xf32>
  dl.return %c : tensor<2x9x5x7xf32>
}
dl.func @depthwise_two_weight(%a: tensor<2x9x5x7xf32>, %b: tensor<2x5x4x14xf32>) -> tensor<3x2x1x14xf32> {
  %c = dl.conv weight %a, %b stride [2, 1] low [1, 0] high [1, 1] dilation [1, 2] groups 7 : (tensor<2x9x5x7xf32>, tensor<2x5x4x14xf32>) -> tensor<3x2x1x14xf32>
  dl.return %c : tensor<3x2x1x14xf32>
}
dl.func @three_groups_forward(%a: tensor<1x5x7x21xf32>, %b: tensor<3x3x7x57xf32>) -> tensor<1x5x4x57xf32> {
  %c = dl.conv forward %a, %b stride [1, 2] low [1, 1] high [1, 1] dilation [1, 1] groups 3 : (tensor<1x5x7x21xf32>, tensor<3x3x7x57xf32>) -> tensor<1x5x4x57xf32>
  dl.return %c : tensor<1x5x4x57xf32>
}
dl.func @three_groups_input(%a: tensor<1x5x4x57xf32>, %b: tensor<3x3x7x57xf32>) -> tensor<1x5x7x21xf32> {
  %c = dl.conv input %a, %b stride [1, 2] low [1, 1] high [1, 1] dilation [1, 1] groups 3 : (tensor<1x5x4x57xf32>, tensor<3x3x7x57xf32>) -> tensor<1x5x7x21xf32>
  dl.return %c : tensor<1x5x7x21xf32>
}
dl.func @three_groups_weight(%a: tensor<1x5x7x21xf32>, %b: tensor<1x5x4x57xf32>) -> tensor<3x3x7x57xf32> {
  %c = dl.conv weight %a, %b stride [1, 2] low [1, 1] high [1, 1] dilation [1, 1] groups 3 : (tensor<1x5x7x21xf32>, tensor<1x5x4x57xf32>) -> tensor<3x3x7x57xf32>
  dl.return %c : tensor<3x3x7x57xf32>
}
dl.func @line_forward(%a: tensor<1x31x1xf32>, %b: tensor<7x1x3xf32>) -> tensor<1x16x3xf32> {
  %c = dl.conv forward %a, %b stride [2] low [3] high [3] dilation [1] groups 1 : (tensor<1x31x1xf32>, tensor<7x1x3xf32>) -> tensor<1x16x3xf32>
  dl.return %c : tensor<1x16x3xf32>
}
dl.func @line_input(%a: tensor<1x16x3xf32>, %b: tensor<7x1x3xf32>) -> tensor<1x31x1xf32> {
  %c = dl.conv input %a, %b stride [2] low [3] high [3] dilation [1] groups 1 : (tensor<1x16x3xf32>, tensor<7x1x3xf32>) -> tensor<1x31x1xf32>
  dl.return %c : tensor<1x31x1xf32>
}
dl.func @line_weight(%a: tensor<1x31x1xf32>, %b: tensor<1x16x3xf32>) -> tensor<7x1x3xf32> {
  %c = dl.conv weight %a, %b stride [2] low [3] high [3] dilation [1] groups 1 : (tensor<1x31x1xf32>, tensor<1x16x3xf32>) -> tensor<7x1x3xf32>
  dl.return %c : tensor<7x1x3xf32>
}
dl.func @one_channel_forward(%a: tensor<5x9x9x1xf32>, %b: tensor<3x3x1x31xf32>) -> tensor<5x7x7x31xf32> {
  %c = dl.conv forward %a, %b stride [1, 1] low [0, 0] high [0, 0] dilation [1, 1] groups 1 : (tensor<5x9x9x1xf32>, tensor<3x3x1x31xf32>) -> tensor<5x7x7x31xf32>
  dl.return %c : tensor<5x7x7x31xf32>
}
dl.func @one_channel_input(%a: tensor<5x7x7x31xf32>, %b: tensor<3x3x1x31xf32>) -> tensor<5x9x9x1xf32> {
  %c = dl.conv input %a, %b stride [1, 1] low [0, 0] high [0, 0] dilation [1, 1] groups 1 : (tensor<5x7x7x31xf32>, tensor<3x3x1x31xf32>) -> tensor<5x9x9x1xf32>
  dl.return %c : tensor<5x9x9x1xf32>
}
dl.func @one_channel_weight(%a: tensor<5x9x9x1xf32>, %b: tensor<5x7x7x31xf32>) -> tensor<3x3x1x31xf32> {
  %c = dl.conv weight %a, %b stride [1, 1] low [0, 0] high [0, 0] dilation [1, 1] groups 1 : (tensor<5x9x9x1xf32>, tensor<5x7x7x31xf32>) -> tensor<3x3x1x31xf32>
  dl.return %c : tensor<3x3x1x31xf32>
}
dl.func @to_one_channel_forward(%a: tensor<5x9x9x31xf32>, %b: tensor<3x3x31x1xf32>) -> tensor<5x7x7x1xf32> {
  %c = dl.conv forward %a, %b stride [1, 1] low [0, 0] high [0, 0] dilation [1, 1] groups 1 : (tensor<5x9x9x31xf32>, tensor<3x3x31x1xf32>) -> tensor<5x7x7x1xf32>
  dl.return %c : tensor<5x7x7x1xf32>
}
dl.func @to_one_channel_input(%a: tensor<5x7x7x1xf32>, %b: tensor<3x3x31x1xf32>) -> tensor<5x9x9x31xf32> {
  %c = dl.conv input %a, %b stride [1, 1] low [0, 0] high [0, 0] dilation [1, 1] groups 1 : (tensor<5x7x7x1xf32>, tensor<3x3x31x1xf32>) -> tensor<5x9x9x31xf32>
  dl.return %c : tensor<5x9x9x31xf32>
}
dl.func @to_one_channel_weight(%a: tensor<5x9x9x31xf32>, %b: tensor<5x7x7x1xf32>) -> tensor<3x3x31x1xf32> {
  %c = dl.conv weight %a, %b stride [1, 1] low [0, 0] high [0, 0] dilation [1, 1] groups 1 : (tensor<5x9x9x31xf32>, tensor<5x7x7x1xf32>) -> tensor<3x3x31x1xf32>
  dl.return %c : tensor<3x3x31x1xf32>
}
dl.func @many_terms_forward(%a: tensor<1x3x3x131xf32>, %b: tensor<3x3x131x33xf32>) -> tensor<1x3x3x33xf32> {
  %c = dl.conv forward %a, %b stride [1, 1] low [1, 1] high [1, 1] dilation [1, 1] groups 1 : (tensor<1x3x3x131xf32>, tensor<3x3x131x33xf32>) -> tensor<1x3x3x33xf32>
  dl.return %c : tensor<1x3x3x33xf32>
}
dl.func @many_terms_input(%a: tensor<1x3x3x33xf32>, %b: tensor<3x3x131x33xf32>) -> tensor<1x3x3x131xf32> {
  %c = dl.conv input %a, %b stride [1, 1] low [1, 1] high [1, 1] dilation [1, 1] groups 1 : (tensor<1x3x3x33xf32>, tensor<3x3x131x33xf32>) -> tensor<1x3x3x131xf32>
  dl.return %c : tensor<1x3x3x131xf32>
}
dl.func @many_terms_weight(%a: tensor<1x3x3x131xf32>, %b: tensor<1x3x3x33xf32>) -> tensor<3x3x131x33xf32> {
  %c = dl.conv weight %a, %b stride [1, 1] low [1, 1] high [1, 1] dilation [1, 1] groups 1 : (tensor<1x3x3x131xf32>, tensor<1x3x3x33xf32>) -> tensor<3x3x131x33xf32>
  dl.return %c : tensor<3x3x131x33xf32>
}
dl.func @double_forward(%a: tensor<1x7x11x5xf64>, %b: tensor<3x2x5x19xf64>) -> tensor<1x4x10x19xf64> {
  %c = dl.conv forward %a, %b stride [2, 1] low [1, 1] high [1, 0] dilation [1, 2] groups 1 : (tensor<1x7x11x5xf64>, tensor<3x2x5x19xf64>) -> tensor<1x4x10x19xf64>
  dl.return %c : tensor<1x4x10x19xf64>
}
dl.func @double_input(%a: tensor<1x4x10x19xf64>, %b: tensor<3x2x5x19xf64>) -> tensor<1x7x11x5xf64> {
  %c = dl.conv input %a, %b stride [2, 1] low [1, 1] high [1, 0] dilation [1, 2] groups 1 : (tensor<1x4x10x19xf64>, tensor<3x2x5x19xf64>) -> tensor<1x7x11x5xf64>
  dl.return %c : tensor<1x7x11x5xf64>
}
dl.func @double_weight(%a: tensor<1x7x11x5xf64>, %b: tensor<1x4x10x19xf64>) -> tensor<3x2x5x19xf64> {
  %c = dl.conv weight %a, %b stride [2, 1] low [1, 1] high [1, 0] dilation [1, 2] groups 1 : (tensor<1x7x11x5xf64>, tensor<1x4x10x19xf64>) -> tensor<3x2x5x19xf64>
  dl.return %c : tensor<3x2x5x19xf64>
}
dl.func @volume_forward(%a: tensor<1x3x5x7x3xf32>, %b: tensor<2x3x1x3x11xf32>) -> tensor<1x3x2x3x11xf32> {
  %c = dl.conv forward %a, %b stride [1, 2, 3] low [1, 0, 0] high [0, 1, 0] dilation [1, 1, 1] groups 1 : (tensor<1x3x5x7x3xf32>, tensor<2x3x1x3x11xf32>) -> tensor<1x3x2x3x11xf32>
  dl.return %c : tensor<1x3x2x3x11xf32>
}
dl.func @volume_input(%a: tensor<1x3x2x3x11xf32>, %b: tensor<2x3x1x3x11xf32>) -> tensor<1x3x5x7x3xf32> {
  %c = dl.conv input %a, %b stride [1, 2, 3] low [1, 0, 0] high [0, 1, 0] dilation [1, 1, 1] groups 1 : (tensor<1x3x2x3x11xf32>, tensor<2x3x1x3x11xf32>) -> tensor<1x3x5x7x3xf32>
  dl.return %c : tensor<1x3x5x7x3xf32>
}
dl.func @volume_weight(%a: tensor<1x3x5x7x3xf32>, %b: tensor<1x3x2x3x11xf32>) -> tensor<2x3x1x3x11xf32> {
  %c = dl.conv weight %a, %b stride [1, 2, 3] low [1, 0, 0] high [0, 1, 0] dilation [1, 1, 1] groups 1 : (tensor<1x3x5x7x3xf32>, tensor<1x3x2x3x11xf32>) -> tensor<2x3x1x3x11xf32>
  dl.return %c : tensor<2x3x1x3x11xf32>
}
dl.func @two_volumes_forward(%a: tensor<2x8x8x8x4xf32>, %b: tensor<3x3x3x4x16xf32>) -> tensor<2x8x8x8x16xf32> {
  %c = dl.conv forward %a, %b stride [1, 1, 1] low [1, 1, 1] high [1, 1, 1] dilation [1, 1, 1] groups 1 : (tensor<2x8x8x8x4xf32>, tensor<3x3x3x4x16xf32>) -> tensor<2x8x8x8x16xf32>
  dl.return %c : tensor<2x8x8x8x16xf32>
}
dl.func @two_volumes_input(%a: tensor<2x8x8x8x16xf32>, %b: tensor<3x3x3x4x16xf32>) -> tensor<2x8x8x8x4xf32> {
  %c = dl.conv input %a, %b stride [1, 1, 1] low [1, 1, 1] high [1, 1, 1] dilation [1, 1, 1] groups 1 : (tensor<2x8x8x8x16xf32>, tensor<3x3x3x4x16xf32>) -> tensor<2x8x8x8x4xf32>
  dl.return %c : tensor<2x8x8x8x4xf32>
}
dl.func @two_volumes_weight(%a: tensor<2x8x8x8x4xf32>, %b: tensor<2x8x8x8x16xf32>) -> tensor<3x3x3x4x16xf32> {
  %c = dl.conv weight %a, %b stride [1, 1, 1] low [1, 1, 1] high [1, 1, 1] dilation [1, 1, 1] groups 1 : (tensor<2x8x8x8x4xf32>, tensor<2x8x8x8x16xf32>) -> tensor<3x3x3x4x16xf32>
  dl.return %c : tensor<3x3x3x4x16xf32>
}
dl.func @whole_image_forward(%a: tensor<7x5x5x3xf32>, %b: tensor<5x5x3x17xf32>) -> tensor<7x1x1x17xf32> {
  %c = dl.conv forward %a, %b stride [1, 1] low [0, 0] high [0, 0] dilation [1, 1] groups 1 : (tensor<7x5x5x3xf32>, tensor<5x5x3x17xf32>) -> tensor<7x1x1x17xf32>
  dl.return %c : tensor<7x1x1x17xf32>
}
dl.func @whole_image_input(%a: tensor<7x1x1x17xf32>, %b: tensor<5x5x3x17xf32>) -> tensor<7x5x5x3xf32> {
  %c = dl.conv input %a, %b stride [1, 1] low [0, 0] high [0, 0] dilation [1, 1] groups 1 : (tensor<7x1x1x17xf32>, tensor<5x5x3x17xf32>) -> tensor<7x5x5x3xf32>
  dl.return %c : tensor<7x5x5x3xf32>
}
dl.func @whole_image_weight(%a: tensor<7x5x5x3xf32>, %b: tensor<7x1x1x17xf32>) -> tensor<5x5x3x17xf32> {
  %c = dl.conv weight %a, %b stride [1, 1] low [0, 0] high [0, 0] dilation [1, 1] groups 1 : (tensor<7x5x5x3xf32>, tensor<7x1x1x17xf32>) -> tensor<5x5x3x17xf32>
  dl.return %c : tensor<5x5x3x17xf32>
}
}
