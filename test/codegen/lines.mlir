// Running folds, sorts and scatters.
// RUN: %dlc-kernel-test %s
// RUN: %dlc-kernel-test --target cuda-emulator %s

module attributes {dl.stage = "graph", dl.version = 1} {
dl.func @cumsum1(%x: tensor<10xf32>) -> (tensor<10xf32>) {
  %y = dl.cumulate sum %x axis 0 : tensor<10xf32>
  dl.return %y : tensor<10xf32>
}

dl.func @cumsum1_reverse(%x: tensor<10xf32>) -> (tensor<10xf32>) {
  %y = dl.cumulate sum %x axis 0 reverse : tensor<10xf32>
  dl.return %y : tensor<10xf32>
}

dl.func @cumsum1_exclusive(%x: tensor<10xf32>) -> (tensor<10xf32>) {
  %y = dl.cumulate sum %x axis 0 exclusive : tensor<10xf32>
  dl.return %y : tensor<10xf32>
}

dl.func @cumsum1_reverse_exclusive(%x: tensor<10xf32>) -> (tensor<10xf32>) {
  %y = dl.cumulate sum %x axis 0 reverse exclusive : tensor<10xf32>
  dl.return %y : tensor<10xf32>
}

dl.func @cumprod1(%x: tensor<10xf32>) -> (tensor<10xf32>) attributes {ranges = [[0.5, 1.5]]} {
  %y = dl.cumulate prod %x axis 0 : tensor<10xf32>
  dl.return %y : tensor<10xf32>
}

dl.func @cumprod1_reverse(%x: tensor<10xf32>) -> (tensor<10xf32>) attributes {ranges = [[0.5, 1.5]]} {
  %y = dl.cumulate prod %x axis 0 reverse : tensor<10xf32>
  dl.return %y : tensor<10xf32>
}

dl.func @cumprod1_exclusive(%x: tensor<10xf32>) -> (tensor<10xf32>) attributes {ranges = [[0.5, 1.5]]} {
  %y = dl.cumulate prod %x axis 0 exclusive : tensor<10xf32>
  dl.return %y : tensor<10xf32>
}

dl.func @cumprod1_reverse_exclusive(%x: tensor<10xf32>) -> (tensor<10xf32>) attributes {ranges = [[0.5, 1.5]]} {
  %y = dl.cumulate prod %x axis 0 reverse exclusive : tensor<10xf32>
  dl.return %y : tensor<10xf32>
}

dl.func @cummax1(%x: tensor<10xf32>) -> (tensor<10xf32>) {
  %y = dl.cumulate max %x axis 0 : tensor<10xf32>
  dl.return %y : tensor<10xf32>
}

dl.func @cummax1_reverse(%x: tensor<10xf32>) -> (tensor<10xf32>) {
  %y = dl.cumulate max %x axis 0 reverse : tensor<10xf32>
  dl.return %y : tensor<10xf32>
}

dl.func @cummax1_exclusive(%x: tensor<10xf32>) -> (tensor<10xf32>) {
  %y = dl.cumulate max %x axis 0 exclusive : tensor<10xf32>
  dl.return %y : tensor<10xf32>
}

dl.func @cummax1_reverse_exclusive(%x: tensor<10xf32>) -> (tensor<10xf32>) {
  %y = dl.cumulate max %x axis 0 reverse exclusive : tensor<10xf32>
  dl.return %y : tensor<10xf32>
}

dl.func @cummin1(%x: tensor<10xf32>) -> (tensor<10xf32>) {
  %y = dl.cumulate min %x axis 0 : tensor<10xf32>
  dl.return %y : tensor<10xf32>
}

dl.func @cummin1_reverse(%x: tensor<10xf32>) -> (tensor<10xf32>) {
  %y = dl.cumulate min %x axis 0 reverse : tensor<10xf32>
  dl.return %y : tensor<10xf32>
}

dl.func @cummin1_exclusive(%x: tensor<10xf32>) -> (tensor<10xf32>) {
  %y = dl.cumulate min %x axis 0 exclusive : tensor<10xf32>
  dl.return %y : tensor<10xf32>
}

dl.func @cummin1_reverse_exclusive(%x: tensor<10xf32>) -> (tensor<10xf32>) {
  %y = dl.cumulate min %x axis 0 reverse exclusive : tensor<10xf32>
  dl.return %y : tensor<10xf32>
}

dl.func @cum_i64_1(%x: tensor<10xi64>) -> (tensor<10xi64>) {
  %y = dl.cumulate sum %x axis 0 : tensor<10xi64>
  dl.return %y : tensor<10xi64>
}

dl.func @cumsum2(%x: tensor<6x17xf32>) -> (tensor<6x17xf32>) {
  %y = dl.cumulate sum %x axis 1 : tensor<6x17xf32>
  dl.return %y : tensor<6x17xf32>
}

dl.func @cumsum2_reverse(%x: tensor<6x17xf32>) -> (tensor<6x17xf32>) {
  %y = dl.cumulate sum %x axis 1 reverse : tensor<6x17xf32>
  dl.return %y : tensor<6x17xf32>
}

dl.func @cumsum2_exclusive(%x: tensor<6x17xf32>) -> (tensor<6x17xf32>) {
  %y = dl.cumulate sum %x axis 1 exclusive : tensor<6x17xf32>
  dl.return %y : tensor<6x17xf32>
}

dl.func @cumsum2_reverse_exclusive(%x: tensor<6x17xf32>) -> (tensor<6x17xf32>) {
  %y = dl.cumulate sum %x axis 1 reverse exclusive : tensor<6x17xf32>
  dl.return %y : tensor<6x17xf32>
}

dl.func @cumprod2(%x: tensor<6x17xf32>) -> (tensor<6x17xf32>) attributes {ranges = [[0.5, 1.5]]} {
  %y = dl.cumulate prod %x axis 1 : tensor<6x17xf32>
  dl.return %y : tensor<6x17xf32>
}

dl.func @cumprod2_reverse(%x: tensor<6x17xf32>) -> (tensor<6x17xf32>) attributes {ranges = [[0.5, 1.5]]} {
  %y = dl.cumulate prod %x axis 1 reverse : tensor<6x17xf32>
  dl.return %y : tensor<6x17xf32>
}

dl.func @cumprod2_exclusive(%x: tensor<6x17xf32>) -> (tensor<6x17xf32>) attributes {ranges = [[0.5, 1.5]]} {
  %y = dl.cumulate prod %x axis 1 exclusive : tensor<6x17xf32>
  dl.return %y : tensor<6x17xf32>
}

dl.func @cumprod2_reverse_exclusive(%x: tensor<6x17xf32>) -> (tensor<6x17xf32>) attributes {ranges = [[0.5, 1.5]]} {
  %y = dl.cumulate prod %x axis 1 reverse exclusive : tensor<6x17xf32>
  dl.return %y : tensor<6x17xf32>
}

dl.func @cummax2(%x: tensor<6x17xf32>) -> (tensor<6x17xf32>) {
  %y = dl.cumulate max %x axis 1 : tensor<6x17xf32>
  dl.return %y : tensor<6x17xf32>
}

dl.func @cummax2_reverse(%x: tensor<6x17xf32>) -> (tensor<6x17xf32>) {
  %y = dl.cumulate max %x axis 1 reverse : tensor<6x17xf32>
  dl.return %y : tensor<6x17xf32>
}

dl.func @cummax2_exclusive(%x: tensor<6x17xf32>) -> (tensor<6x17xf32>) {
  %y = dl.cumulate max %x axis 1 exclusive : tensor<6x17xf32>
  dl.return %y : tensor<6x17xf32>
}

dl.func @cummax2_reverse_exclusive(%x: tensor<6x17xf32>) -> (tensor<6x17xf32>) {
  %y = dl.cumulate max %x axis 1 reverse exclusive : tensor<6x17xf32>
  dl.return %y : tensor<6x17xf32>
}

dl.func @cummin2(%x: tensor<6x17xf32>) -> (tensor<6x17xf32>) {
  %y = dl.cumulate min %x axis 1 : tensor<6x17xf32>
  dl.return %y : tensor<6x17xf32>
}

dl.func @cummin2_reverse(%x: tensor<6x17xf32>) -> (tensor<6x17xf32>) {
  %y = dl.cumulate min %x axis 1 reverse : tensor<6x17xf32>
  dl.return %y : tensor<6x17xf32>
}

dl.func @cummin2_exclusive(%x: tensor<6x17xf32>) -> (tensor<6x17xf32>) {
  %y = dl.cumulate min %x axis 1 exclusive : tensor<6x17xf32>
  dl.return %y : tensor<6x17xf32>
}

dl.func @cummin2_reverse_exclusive(%x: tensor<6x17xf32>) -> (tensor<6x17xf32>) {
  %y = dl.cumulate min %x axis 1 reverse exclusive : tensor<6x17xf32>
  dl.return %y : tensor<6x17xf32>
}

dl.func @cum_i64_2(%x: tensor<6x17xi64>) -> (tensor<6x17xi64>) {
  %y = dl.cumulate sum %x axis 1 : tensor<6x17xi64>
  dl.return %y : tensor<6x17xi64>
}

dl.func @cumsum3(%x: tensor<17x6xf32>) -> (tensor<17x6xf32>) {
  %y = dl.cumulate sum %x axis 0 : tensor<17x6xf32>
  dl.return %y : tensor<17x6xf32>
}

dl.func @cumsum3_reverse(%x: tensor<17x6xf32>) -> (tensor<17x6xf32>) {
  %y = dl.cumulate sum %x axis 0 reverse : tensor<17x6xf32>
  dl.return %y : tensor<17x6xf32>
}

dl.func @cumsum3_exclusive(%x: tensor<17x6xf32>) -> (tensor<17x6xf32>) {
  %y = dl.cumulate sum %x axis 0 exclusive : tensor<17x6xf32>
  dl.return %y : tensor<17x6xf32>
}

dl.func @cumsum3_reverse_exclusive(%x: tensor<17x6xf32>) -> (tensor<17x6xf32>) {
  %y = dl.cumulate sum %x axis 0 reverse exclusive : tensor<17x6xf32>
  dl.return %y : tensor<17x6xf32>
}

dl.func @cumprod3(%x: tensor<17x6xf32>) -> (tensor<17x6xf32>) attributes {ranges = [[0.5, 1.5]]} {
  %y = dl.cumulate prod %x axis 0 : tensor<17x6xf32>
  dl.return %y : tensor<17x6xf32>
}

dl.func @cumprod3_reverse(%x: tensor<17x6xf32>) -> (tensor<17x6xf32>) attributes {ranges = [[0.5, 1.5]]} {
  %y = dl.cumulate prod %x axis 0 reverse : tensor<17x6xf32>
  dl.return %y : tensor<17x6xf32>
}

dl.func @cumprod3_exclusive(%x: tensor<17x6xf32>) -> (tensor<17x6xf32>) attributes {ranges = [[0.5, 1.5]]} {
  %y = dl.cumulate prod %x axis 0 exclusive : tensor<17x6xf32>
  dl.return %y : tensor<17x6xf32>
}

dl.func @cumprod3_reverse_exclusive(%x: tensor<17x6xf32>) -> (tensor<17x6xf32>) attributes {ranges = [[0.5, 1.5]]} {
  %y = dl.cumulate prod %x axis 0 reverse exclusive : tensor<17x6xf32>
  dl.return %y : tensor<17x6xf32>
}

dl.func @cummax3(%x: tensor<17x6xf32>) -> (tensor<17x6xf32>) {
  %y = dl.cumulate max %x axis 0 : tensor<17x6xf32>
  dl.return %y : tensor<17x6xf32>
}

dl.func @cummax3_reverse(%x: tensor<17x6xf32>) -> (tensor<17x6xf32>) {
  %y = dl.cumulate max %x axis 0 reverse : tensor<17x6xf32>
  dl.return %y : tensor<17x6xf32>
}

dl.func @cummax3_exclusive(%x: tensor<17x6xf32>) -> (tensor<17x6xf32>) {
  %y = dl.cumulate max %x axis 0 exclusive : tensor<17x6xf32>
  dl.return %y : tensor<17x6xf32>
}

dl.func @cummax3_reverse_exclusive(%x: tensor<17x6xf32>) -> (tensor<17x6xf32>) {
  %y = dl.cumulate max %x axis 0 reverse exclusive : tensor<17x6xf32>
  dl.return %y : tensor<17x6xf32>
}

dl.func @cummin3(%x: tensor<17x6xf32>) -> (tensor<17x6xf32>) {
  %y = dl.cumulate min %x axis 0 : tensor<17x6xf32>
  dl.return %y : tensor<17x6xf32>
}

dl.func @cummin3_reverse(%x: tensor<17x6xf32>) -> (tensor<17x6xf32>) {
  %y = dl.cumulate min %x axis 0 reverse : tensor<17x6xf32>
  dl.return %y : tensor<17x6xf32>
}

dl.func @cummin3_exclusive(%x: tensor<17x6xf32>) -> (tensor<17x6xf32>) {
  %y = dl.cumulate min %x axis 0 exclusive : tensor<17x6xf32>
  dl.return %y : tensor<17x6xf32>
}

dl.func @cummin3_reverse_exclusive(%x: tensor<17x6xf32>) -> (tensor<17x6xf32>) {
  %y = dl.cumulate min %x axis 0 reverse exclusive : tensor<17x6xf32>
  dl.return %y : tensor<17x6xf32>
}

dl.func @cum_i64_3(%x: tensor<17x6xi64>) -> (tensor<17x6xi64>) {
  %y = dl.cumulate sum %x axis 0 : tensor<17x6xi64>
  dl.return %y : tensor<17x6xi64>
}

dl.func @cumsum4(%x: tensor<5x9x64xf32>) -> (tensor<5x9x64xf32>) {
  %y = dl.cumulate sum %x axis 1 : tensor<5x9x64xf32>
  dl.return %y : tensor<5x9x64xf32>
}

dl.func @cumsum4_reverse(%x: tensor<5x9x64xf32>) -> (tensor<5x9x64xf32>) {
  %y = dl.cumulate sum %x axis 1 reverse : tensor<5x9x64xf32>
  dl.return %y : tensor<5x9x64xf32>
}

dl.func @cumsum4_exclusive(%x: tensor<5x9x64xf32>) -> (tensor<5x9x64xf32>) {
  %y = dl.cumulate sum %x axis 1 exclusive : tensor<5x9x64xf32>
  dl.return %y : tensor<5x9x64xf32>
}

dl.func @cumsum4_reverse_exclusive(%x: tensor<5x9x64xf32>) -> (tensor<5x9x64xf32>) {
  %y = dl.cumulate sum %x axis 1 reverse exclusive : tensor<5x9x64xf32>
  dl.return %y : tensor<5x9x64xf32>
}

dl.func @cumprod4(%x: tensor<5x9x64xf32>) -> (tensor<5x9x64xf32>) attributes {ranges = [[0.5, 1.5]]} {
  %y = dl.cumulate prod %x axis 1 : tensor<5x9x64xf32>
  dl.return %y : tensor<5x9x64xf32>
}

dl.func @cumprod4_reverse(%x: tensor<5x9x64xf32>) -> (tensor<5x9x64xf32>) attributes {ranges = [[0.5, 1.5]]} {
  %y = dl.cumulate prod %x axis 1 reverse : tensor<5x9x64xf32>
  dl.return %y : tensor<5x9x64xf32>
}

dl.func @cumprod4_exclusive(%x: tensor<5x9x64xf32>) -> (tensor<5x9x64xf32>) attributes {ranges = [[0.5, 1.5]]} {
  %y = dl.cumulate prod %x axis 1 exclusive : tensor<5x9x64xf32>
  dl.return %y : tensor<5x9x64xf32>
}

dl.func @cumprod4_reverse_exclusive(%x: tensor<5x9x64xf32>) -> (tensor<5x9x64xf32>) attributes {ranges = [[0.5, 1.5]]} {
  %y = dl.cumulate prod %x axis 1 reverse exclusive : tensor<5x9x64xf32>
  dl.return %y : tensor<5x9x64xf32>
}

dl.func @cummax4(%x: tensor<5x9x64xf32>) -> (tensor<5x9x64xf32>) {
  %y = dl.cumulate max %x axis 1 : tensor<5x9x64xf32>
  dl.return %y : tensor<5x9x64xf32>
}

dl.func @cummax4_reverse(%x: tensor<5x9x64xf32>) -> (tensor<5x9x64xf32>) {
  %y = dl.cumulate max %x axis 1 reverse : tensor<5x9x64xf32>
  dl.return %y : tensor<5x9x64xf32>
}

dl.func @cummax4_exclusive(%x: tensor<5x9x64xf32>) -> (tensor<5x9x64xf32>) {
  %y = dl.cumulate max %x axis 1 exclusive : tensor<5x9x64xf32>
  dl.return %y : tensor<5x9x64xf32>
}

dl.func @cummax4_reverse_exclusive(%x: tensor<5x9x64xf32>) -> (tensor<5x9x64xf32>) {
  %y = dl.cumulate max %x axis 1 reverse exclusive : tensor<5x9x64xf32>
  dl.return %y : tensor<5x9x64xf32>
}

dl.func @cummin4(%x: tensor<5x9x64xf32>) -> (tensor<5x9x64xf32>) {
  %y = dl.cumulate min %x axis 1 : tensor<5x9x64xf32>
  dl.return %y : tensor<5x9x64xf32>
}

dl.func @cummin4_reverse(%x: tensor<5x9x64xf32>) -> (tensor<5x9x64xf32>) {
  %y = dl.cumulate min %x axis 1 reverse : tensor<5x9x64xf32>
  dl.return %y : tensor<5x9x64xf32>
}

dl.func @cummin4_exclusive(%x: tensor<5x9x64xf32>) -> (tensor<5x9x64xf32>) {
  %y = dl.cumulate min %x axis 1 exclusive : tensor<5x9x64xf32>
  dl.return %y : tensor<5x9x64xf32>
}

dl.func @cummin4_reverse_exclusive(%x: tensor<5x9x64xf32>) -> (tensor<5x9x64xf32>) {
  %y = dl.cumulate min %x axis 1 reverse exclusive : tensor<5x9x64xf32>
  dl.return %y : tensor<5x9x64xf32>
}

dl.func @cum_i64_4(%x: tensor<5x9x64xi64>) -> (tensor<5x9x64xi64>) {
  %y = dl.cumulate sum %x axis 1 : tensor<5x9x64xi64>
  dl.return %y : tensor<5x9x64xi64>
}

dl.func @cumsum5(%x: tensor<3x0xf32>) -> (tensor<3x0xf32>) {
  %y = dl.cumulate sum %x axis 1 : tensor<3x0xf32>
  dl.return %y : tensor<3x0xf32>
}

dl.func @cumsum5_reverse(%x: tensor<3x0xf32>) -> (tensor<3x0xf32>) {
  %y = dl.cumulate sum %x axis 1 reverse : tensor<3x0xf32>
  dl.return %y : tensor<3x0xf32>
}

dl.func @cumsum5_exclusive(%x: tensor<3x0xf32>) -> (tensor<3x0xf32>) {
  %y = dl.cumulate sum %x axis 1 exclusive : tensor<3x0xf32>
  dl.return %y : tensor<3x0xf32>
}

dl.func @cumsum5_reverse_exclusive(%x: tensor<3x0xf32>) -> (tensor<3x0xf32>) {
  %y = dl.cumulate sum %x axis 1 reverse exclusive : tensor<3x0xf32>
  dl.return %y : tensor<3x0xf32>
}

dl.func @cumprod5(%x: tensor<3x0xf32>) -> (tensor<3x0xf32>) attributes {ranges = [[0.5, 1.5]]} {
  %y = dl.cumulate prod %x axis 1 : tensor<3x0xf32>
  dl.return %y : tensor<3x0xf32>
}

dl.func @cumprod5_reverse(%x: tensor<3x0xf32>) -> (tensor<3x0xf32>) attributes {ranges = [[0.5, 1.5]]} {
  %y = dl.cumulate prod %x axis 1 reverse : tensor<3x0xf32>
  dl.return %y : tensor<3x0xf32>
}

dl.func @cumprod5_exclusive(%x: tensor<3x0xf32>) -> (tensor<3x0xf32>) attributes {ranges = [[0.5, 1.5]]} {
  %y = dl.cumulate prod %x axis 1 exclusive : tensor<3x0xf32>
  dl.return %y : tensor<3x0xf32>
}

dl.func @cumprod5_reverse_exclusive(%x: tensor<3x0xf32>) -> (tensor<3x0xf32>) attributes {ranges = [[0.5, 1.5]]} {
  %y = dl.cumulate prod %x axis 1 reverse exclusive : tensor<3x0xf32>
  dl.return %y : tensor<3x0xf32>
}

dl.func @cummax5(%x: tensor<3x0xf32>) -> (tensor<3x0xf32>) {
  %y = dl.cumulate max %x axis 1 : tensor<3x0xf32>
  dl.return %y : tensor<3x0xf32>
}

dl.func @cummax5_reverse(%x: tensor<3x0xf32>) -> (tensor<3x0xf32>) {
  %y = dl.cumulate max %x axis 1 reverse : tensor<3x0xf32>
  dl.return %y : tensor<3x0xf32>
}

dl.func @cummax5_exclusive(%x: tensor<3x0xf32>) -> (tensor<3x0xf32>) {
  %y = dl.cumulate max %x axis 1 exclusive : tensor<3x0xf32>
  dl.return %y : tensor<3x0xf32>
}

dl.func @cummax5_reverse_exclusive(%x: tensor<3x0xf32>) -> (tensor<3x0xf32>) {
  %y = dl.cumulate max %x axis 1 reverse exclusive : tensor<3x0xf32>
  dl.return %y : tensor<3x0xf32>
}

dl.func @cummin5(%x: tensor<3x0xf32>) -> (tensor<3x0xf32>) {
  %y = dl.cumulate min %x axis 1 : tensor<3x0xf32>
  dl.return %y : tensor<3x0xf32>
}

dl.func @cummin5_reverse(%x: tensor<3x0xf32>) -> (tensor<3x0xf32>) {
  %y = dl.cumulate min %x axis 1 reverse : tensor<3x0xf32>
  dl.return %y : tensor<3x0xf32>
}

dl.func @cummin5_exclusive(%x: tensor<3x0xf32>) -> (tensor<3x0xf32>) {
  %y = dl.cumulate min %x axis 1 exclusive : tensor<3x0xf32>
  dl.return %y : tensor<3x0xf32>
}

dl.func @cummin5_reverse_exclusive(%x: tensor<3x0xf32>) -> (tensor<3x0xf32>) {
  %y = dl.cumulate min %x axis 1 reverse exclusive : tensor<3x0xf32>
  dl.return %y : tensor<3x0xf32>
}

dl.func @cum_i64_5(%x: tensor<3x0xi64>) -> (tensor<3x0xi64>) {
  %y = dl.cumulate sum %x axis 1 : tensor<3x0xi64>
  dl.return %y : tensor<3x0xi64>
}

dl.func @cumsum6(%x: tensor<2x40xf32>) -> (tensor<2x40xf32>) {
  %y = dl.cumulate sum %x axis 0 : tensor<2x40xf32>
  dl.return %y : tensor<2x40xf32>
}

dl.func @cumsum6_reverse(%x: tensor<2x40xf32>) -> (tensor<2x40xf32>) {
  %y = dl.cumulate sum %x axis 0 reverse : tensor<2x40xf32>
  dl.return %y : tensor<2x40xf32>
}

dl.func @cumsum6_exclusive(%x: tensor<2x40xf32>) -> (tensor<2x40xf32>) {
  %y = dl.cumulate sum %x axis 0 exclusive : tensor<2x40xf32>
  dl.return %y : tensor<2x40xf32>
}

dl.func @cumsum6_reverse_exclusive(%x: tensor<2x40xf32>) -> (tensor<2x40xf32>) {
  %y = dl.cumulate sum %x axis 0 reverse exclusive : tensor<2x40xf32>
  dl.return %y : tensor<2x40xf32>
}

dl.func @cumprod6(%x: tensor<2x40xf32>) -> (tensor<2x40xf32>) attributes {ranges = [[0.5, 1.5]]} {
  %y = dl.cumulate prod %x axis 0 : tensor<2x40xf32>
  dl.return %y : tensor<2x40xf32>
}

dl.func @cumprod6_reverse(%x: tensor<2x40xf32>) -> (tensor<2x40xf32>) attributes {ranges = [[0.5, 1.5]]} {
  %y = dl.cumulate prod %x axis 0 reverse : tensor<2x40xf32>
  dl.return %y : tensor<2x40xf32>
}

dl.func @cumprod6_exclusive(%x: tensor<2x40xf32>) -> (tensor<2x40xf32>) attributes {ranges = [[0.5, 1.5]]} {
  %y = dl.cumulate prod %x axis 0 exclusive : tensor<2x40xf32>
  dl.return %y : tensor<2x40xf32>
}

dl.func @cumprod6_reverse_exclusive(%x: tensor<2x40xf32>) -> (tensor<2x40xf32>) attributes {ranges = [[0.5, 1.5]]} {
  %y = dl.cumulate prod %x axis 0 reverse exclusive : tensor<2x40xf32>
  dl.return %y : tensor<2x40xf32>
}

dl.func @cummax6(%x: tensor<2x40xf32>) -> (tensor<2x40xf32>) {
  %y = dl.cumulate max %x axis 0 : tensor<2x40xf32>
  dl.return %y : tensor<2x40xf32>
}

dl.func @cummax6_reverse(%x: tensor<2x40xf32>) -> (tensor<2x40xf32>) {
  %y = dl.cumulate max %x axis 0 reverse : tensor<2x40xf32>
  dl.return %y : tensor<2x40xf32>
}

dl.func @cummax6_exclusive(%x: tensor<2x40xf32>) -> (tensor<2x40xf32>) {
  %y = dl.cumulate max %x axis 0 exclusive : tensor<2x40xf32>
  dl.return %y : tensor<2x40xf32>
}

dl.func @cummax6_reverse_exclusive(%x: tensor<2x40xf32>) -> (tensor<2x40xf32>) {
  %y = dl.cumulate max %x axis 0 reverse exclusive : tensor<2x40xf32>
  dl.return %y : tensor<2x40xf32>
}

dl.func @cummin6(%x: tensor<2x40xf32>) -> (tensor<2x40xf32>) {
  %y = dl.cumulate min %x axis 0 : tensor<2x40xf32>
  dl.return %y : tensor<2x40xf32>
}

dl.func @cummin6_reverse(%x: tensor<2x40xf32>) -> (tensor<2x40xf32>) {
  %y = dl.cumulate min %x axis 0 reverse : tensor<2x40xf32>
  dl.return %y : tensor<2x40xf32>
}

dl.func @cummin6_exclusive(%x: tensor<2x40xf32>) -> (tensor<2x40xf32>) {
  %y = dl.cumulate min %x axis 0 exclusive : tensor<2x40xf32>
  dl.return %y : tensor<2x40xf32>
}

dl.func @cummin6_reverse_exclusive(%x: tensor<2x40xf32>) -> (tensor<2x40xf32>) {
  %y = dl.cumulate min %x axis 0 reverse exclusive : tensor<2x40xf32>
  dl.return %y : tensor<2x40xf32>
}

dl.func @cum_i64_6(%x: tensor<2x40xi64>) -> (tensor<2x40xi64>) {
  %y = dl.cumulate sum %x axis 0 : tensor<2x40xi64>
  dl.return %y : tensor<2x40xi64>
}

dl.func @sort7_f32(%x: tensor<1xf32>) -> (tensor<1xf32>, tensor<1xi64>) {
  %s, %p = dl.sort %x axis 0 : tensor<1xf32> to tensor<1xi64>
  dl.return %s, %p : tensor<1xf32>, tensor<1xi64>
}

dl.func @sort7_f32descending(%x: tensor<1xf32>) -> (tensor<1xf32>, tensor<1xi64>) {
  %s, %p = dl.sort %x axis 0 descending : tensor<1xf32> to tensor<1xi64>
  dl.return %s, %p : tensor<1xf32>, tensor<1xi64>
}

dl.func @sort7_i32(%x: tensor<1xi32>) -> (tensor<1xi32>, tensor<1xi64>) {
  %s, %p = dl.sort %x axis 0 : tensor<1xi32> to tensor<1xi64>
  dl.return %s, %p : tensor<1xi32>, tensor<1xi64>
}

dl.func @sort7_i32descending(%x: tensor<1xi32>) -> (tensor<1xi32>, tensor<1xi64>) {
  %s, %p = dl.sort %x axis 0 descending : tensor<1xi32> to tensor<1xi64>
  dl.return %s, %p : tensor<1xi32>, tensor<1xi64>
}

dl.func @sort7_ui8(%x: tensor<1xui8>) -> (tensor<1xui8>, tensor<1xi64>) {
  %s, %p = dl.sort %x axis 0 : tensor<1xui8> to tensor<1xi64>
  dl.return %s, %p : tensor<1xui8>, tensor<1xi64>
}

dl.func @sort7_ui8descending(%x: tensor<1xui8>) -> (tensor<1xui8>, tensor<1xi64>) {
  %s, %p = dl.sort %x axis 0 descending : tensor<1xui8> to tensor<1xi64>
  dl.return %s, %p : tensor<1xui8>, tensor<1xi64>
}

dl.func @sort7_i1(%x: tensor<1xi1>) -> (tensor<1xi1>, tensor<1xi64>) {
  %s, %p = dl.sort %x axis 0 : tensor<1xi1> to tensor<1xi64>
  dl.return %s, %p : tensor<1xi1>, tensor<1xi64>
}

dl.func @sort7_i1descending(%x: tensor<1xi1>) -> (tensor<1xi1>, tensor<1xi64>) {
  %s, %p = dl.sort %x axis 0 descending : tensor<1xi1> to tensor<1xi64>
  dl.return %s, %p : tensor<1xi1>, tensor<1xi64>
}

dl.func @sort7_f64(%x: tensor<1xf64>) -> (tensor<1xf64>, tensor<1xi64>) {
  %s, %p = dl.sort %x axis 0 : tensor<1xf64> to tensor<1xi64>
  dl.return %s, %p : tensor<1xf64>, tensor<1xi64>
}

dl.func @sort7_f64descending(%x: tensor<1xf64>) -> (tensor<1xf64>, tensor<1xi64>) {
  %s, %p = dl.sort %x axis 0 descending : tensor<1xf64> to tensor<1xi64>
  dl.return %s, %p : tensor<1xf64>, tensor<1xi64>
}

dl.func @sort8_f32(%x: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xi64>) {
  %s, %p = dl.sort %x axis 0 : tensor<2xf32> to tensor<2xi64>
  dl.return %s, %p : tensor<2xf32>, tensor<2xi64>
}

dl.func @sort8_f32descending(%x: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xi64>) {
  %s, %p = dl.sort %x axis 0 descending : tensor<2xf32> to tensor<2xi64>
  dl.return %s, %p : tensor<2xf32>, tensor<2xi64>
}

dl.func @sort8_i32(%x: tensor<2xi32>) -> (tensor<2xi32>, tensor<2xi64>) {
  %s, %p = dl.sort %x axis 0 : tensor<2xi32> to tensor<2xi64>
  dl.return %s, %p : tensor<2xi32>, tensor<2xi64>
}

dl.func @sort8_i32descending(%x: tensor<2xi32>) -> (tensor<2xi32>, tensor<2xi64>) {
  %s, %p = dl.sort %x axis 0 descending : tensor<2xi32> to tensor<2xi64>
  dl.return %s, %p : tensor<2xi32>, tensor<2xi64>
}

dl.func @sort8_ui8(%x: tensor<2xui8>) -> (tensor<2xui8>, tensor<2xi64>) {
  %s, %p = dl.sort %x axis 0 : tensor<2xui8> to tensor<2xi64>
  dl.return %s, %p : tensor<2xui8>, tensor<2xi64>
}

dl.func @sort8_ui8descending(%x: tensor<2xui8>) -> (tensor<2xui8>, tensor<2xi64>) {
  %s, %p = dl.sort %x axis 0 descending : tensor<2xui8> to tensor<2xi64>
  dl.return %s, %p : tensor<2xui8>, tensor<2xi64>
}

dl.func @sort8_i1(%x: tensor<2xi1>) -> (tensor<2xi1>, tensor<2xi64>) {
  %s, %p = dl.sort %x axis 0 : tensor<2xi1> to tensor<2xi64>
  dl.return %s, %p : tensor<2xi1>, tensor<2xi64>
}

dl.func @sort8_i1descending(%x: tensor<2xi1>) -> (tensor<2xi1>, tensor<2xi64>) {
  %s, %p = dl.sort %x axis 0 descending : tensor<2xi1> to tensor<2xi64>
  dl.return %s, %p : tensor<2xi1>, tensor<2xi64>
}

dl.func @sort8_f64(%x: tensor<2xf64>) -> (tensor<2xf64>, tensor<2xi64>) {
  %s, %p = dl.sort %x axis 0 : tensor<2xf64> to tensor<2xi64>
  dl.return %s, %p : tensor<2xf64>, tensor<2xi64>
}

dl.func @sort8_f64descending(%x: tensor<2xf64>) -> (tensor<2xf64>, tensor<2xi64>) {
  %s, %p = dl.sort %x axis 0 descending : tensor<2xf64> to tensor<2xi64>
  dl.return %s, %p : tensor<2xf64>, tensor<2xi64>
}

dl.func @sort9_f32(%x: tensor<7xf32>) -> (tensor<7xf32>, tensor<7xi64>) {
  %s, %p = dl.sort %x axis 0 : tensor<7xf32> to tensor<7xi64>
  dl.return %s, %p : tensor<7xf32>, tensor<7xi64>
}

dl.func @sort9_f32descending(%x: tensor<7xf32>) -> (tensor<7xf32>, tensor<7xi64>) {
  %s, %p = dl.sort %x axis 0 descending : tensor<7xf32> to tensor<7xi64>
  dl.return %s, %p : tensor<7xf32>, tensor<7xi64>
}

dl.func @sort9_i32(%x: tensor<7xi32>) -> (tensor<7xi32>, tensor<7xi64>) {
  %s, %p = dl.sort %x axis 0 : tensor<7xi32> to tensor<7xi64>
  dl.return %s, %p : tensor<7xi32>, tensor<7xi64>
}

dl.func @sort9_i32descending(%x: tensor<7xi32>) -> (tensor<7xi32>, tensor<7xi64>) {
  %s, %p = dl.sort %x axis 0 descending : tensor<7xi32> to tensor<7xi64>
  dl.return %s, %p : tensor<7xi32>, tensor<7xi64>
}

dl.func @sort9_ui8(%x: tensor<7xui8>) -> (tensor<7xui8>, tensor<7xi64>) {
  %s, %p = dl.sort %x axis 0 : tensor<7xui8> to tensor<7xi64>
  dl.return %s, %p : tensor<7xui8>, tensor<7xi64>
}

dl.func @sort9_ui8descending(%x: tensor<7xui8>) -> (tensor<7xui8>, tensor<7xi64>) {
  %s, %p = dl.sort %x axis 0 descending : tensor<7xui8> to tensor<7xi64>
  dl.return %s, %p : tensor<7xui8>, tensor<7xi64>
}

dl.func @sort9_i1(%x: tensor<7xi1>) -> (tensor<7xi1>, tensor<7xi64>) {
  %s, %p = dl.sort %x axis 0 : tensor<7xi1> to tensor<7xi64>
  dl.return %s, %p : tensor<7xi1>, tensor<7xi64>
}

dl.func @sort9_i1descending(%x: tensor<7xi1>) -> (tensor<7xi1>, tensor<7xi64>) {
  %s, %p = dl.sort %x axis 0 descending : tensor<7xi1> to tensor<7xi64>
  dl.return %s, %p : tensor<7xi1>, tensor<7xi64>
}

dl.func @sort9_f64(%x: tensor<7xf64>) -> (tensor<7xf64>, tensor<7xi64>) {
  %s, %p = dl.sort %x axis 0 : tensor<7xf64> to tensor<7xi64>
  dl.return %s, %p : tensor<7xf64>, tensor<7xi64>
}

dl.func @sort9_f64descending(%x: tensor<7xf64>) -> (tensor<7xf64>, tensor<7xi64>) {
  %s, %p = dl.sort %x axis 0 descending : tensor<7xf64> to tensor<7xi64>
  dl.return %s, %p : tensor<7xf64>, tensor<7xi64>
}

dl.func @sort10_f32(%x: tensor<100xf32>) -> (tensor<100xf32>, tensor<100xi64>) {
  %s, %p = dl.sort %x axis 0 : tensor<100xf32> to tensor<100xi64>
  dl.return %s, %p : tensor<100xf32>, tensor<100xi64>
}

dl.func @sort10_f32descending(%x: tensor<100xf32>) -> (tensor<100xf32>, tensor<100xi64>) {
  %s, %p = dl.sort %x axis 0 descending : tensor<100xf32> to tensor<100xi64>
  dl.return %s, %p : tensor<100xf32>, tensor<100xi64>
}

dl.func @sort10_i32(%x: tensor<100xi32>) -> (tensor<100xi32>, tensor<100xi64>) {
  %s, %p = dl.sort %x axis 0 : tensor<100xi32> to tensor<100xi64>
  dl.return %s, %p : tensor<100xi32>, tensor<100xi64>
}

dl.func @sort10_i32descending(%x: tensor<100xi32>) -> (tensor<100xi32>, tensor<100xi64>) {
  %s, %p = dl.sort %x axis 0 descending : tensor<100xi32> to tensor<100xi64>
  dl.return %s, %p : tensor<100xi32>, tensor<100xi64>
}

dl.func @sort10_ui8(%x: tensor<100xui8>) -> (tensor<100xui8>, tensor<100xi64>) {
  %s, %p = dl.sort %x axis 0 : tensor<100xui8> to tensor<100xi64>
  dl.return %s, %p : tensor<100xui8>, tensor<100xi64>
}

dl.func @sort10_ui8descending(%x: tensor<100xui8>) -> (tensor<100xui8>, tensor<100xi64>) {
  %s, %p = dl.sort %x axis 0 descending : tensor<100xui8> to tensor<100xi64>
  dl.return %s, %p : tensor<100xui8>, tensor<100xi64>
}

dl.func @sort10_i1(%x: tensor<100xi1>) -> (tensor<100xi1>, tensor<100xi64>) {
  %s, %p = dl.sort %x axis 0 : tensor<100xi1> to tensor<100xi64>
  dl.return %s, %p : tensor<100xi1>, tensor<100xi64>
}

dl.func @sort10_i1descending(%x: tensor<100xi1>) -> (tensor<100xi1>, tensor<100xi64>) {
  %s, %p = dl.sort %x axis 0 descending : tensor<100xi1> to tensor<100xi64>
  dl.return %s, %p : tensor<100xi1>, tensor<100xi64>
}

dl.func @sort10_f64(%x: tensor<100xf64>) -> (tensor<100xf64>, tensor<100xi64>) {
  %s, %p = dl.sort %x axis 0 : tensor<100xf64> to tensor<100xi64>
  dl.return %s, %p : tensor<100xf64>, tensor<100xi64>
}

dl.func @sort10_f64descending(%x: tensor<100xf64>) -> (tensor<100xf64>, tensor<100xi64>) {
  %s, %p = dl.sort %x axis 0 descending : tensor<100xf64> to tensor<100xi64>
  dl.return %s, %p : tensor<100xf64>, tensor<100xi64>
}

dl.func @sort11_f32(%x: tensor<5x33xf32>) -> (tensor<5x33xf32>, tensor<5x33xi64>) {
  %s, %p = dl.sort %x axis 1 : tensor<5x33xf32> to tensor<5x33xi64>
  dl.return %s, %p : tensor<5x33xf32>, tensor<5x33xi64>
}

dl.func @sort11_f32descending(%x: tensor<5x33xf32>) -> (tensor<5x33xf32>, tensor<5x33xi64>) {
  %s, %p = dl.sort %x axis 1 descending : tensor<5x33xf32> to tensor<5x33xi64>
  dl.return %s, %p : tensor<5x33xf32>, tensor<5x33xi64>
}

dl.func @sort11_i32(%x: tensor<5x33xi32>) -> (tensor<5x33xi32>, tensor<5x33xi64>) {
  %s, %p = dl.sort %x axis 1 : tensor<5x33xi32> to tensor<5x33xi64>
  dl.return %s, %p : tensor<5x33xi32>, tensor<5x33xi64>
}

dl.func @sort11_i32descending(%x: tensor<5x33xi32>) -> (tensor<5x33xi32>, tensor<5x33xi64>) {
  %s, %p = dl.sort %x axis 1 descending : tensor<5x33xi32> to tensor<5x33xi64>
  dl.return %s, %p : tensor<5x33xi32>, tensor<5x33xi64>
}

dl.func @sort11_ui8(%x: tensor<5x33xui8>) -> (tensor<5x33xui8>, tensor<5x33xi64>) {
  %s, %p = dl.sort %x axis 1 : tensor<5x33xui8> to tensor<5x33xi64>
  dl.return %s, %p : tensor<5x33xui8>, tensor<5x33xi64>
}

dl.func @sort11_ui8descending(%x: tensor<5x33xui8>) -> (tensor<5x33xui8>, tensor<5x33xi64>) {
  %s, %p = dl.sort %x axis 1 descending : tensor<5x33xui8> to tensor<5x33xi64>
  dl.return %s, %p : tensor<5x33xui8>, tensor<5x33xi64>
}

dl.func @sort11_i1(%x: tensor<5x33xi1>) -> (tensor<5x33xi1>, tensor<5x33xi64>) {
  %s, %p = dl.sort %x axis 1 : tensor<5x33xi1> to tensor<5x33xi64>
  dl.return %s, %p : tensor<5x33xi1>, tensor<5x33xi64>
}

dl.func @sort11_i1descending(%x: tensor<5x33xi1>) -> (tensor<5x33xi1>, tensor<5x33xi64>) {
  %s, %p = dl.sort %x axis 1 descending : tensor<5x33xi1> to tensor<5x33xi64>
  dl.return %s, %p : tensor<5x33xi1>, tensor<5x33xi64>
}

dl.func @sort11_f64(%x: tensor<5x33xf64>) -> (tensor<5x33xf64>, tensor<5x33xi64>) {
  %s, %p = dl.sort %x axis 1 : tensor<5x33xf64> to tensor<5x33xi64>
  dl.return %s, %p : tensor<5x33xf64>, tensor<5x33xi64>
}

dl.func @sort11_f64descending(%x: tensor<5x33xf64>) -> (tensor<5x33xf64>, tensor<5x33xi64>) {
  %s, %p = dl.sort %x axis 1 descending : tensor<5x33xf64> to tensor<5x33xi64>
  dl.return %s, %p : tensor<5x33xf64>, tensor<5x33xi64>
}

dl.func @sort12_f32(%x: tensor<33x5xf32>) -> (tensor<33x5xf32>, tensor<33x5xi64>) {
  %s, %p = dl.sort %x axis 0 : tensor<33x5xf32> to tensor<33x5xi64>
  dl.return %s, %p : tensor<33x5xf32>, tensor<33x5xi64>
}

dl.func @sort12_f32descending(%x: tensor<33x5xf32>) -> (tensor<33x5xf32>, tensor<33x5xi64>) {
  %s, %p = dl.sort %x axis 0 descending : tensor<33x5xf32> to tensor<33x5xi64>
  dl.return %s, %p : tensor<33x5xf32>, tensor<33x5xi64>
}

dl.func @sort12_i32(%x: tensor<33x5xi32>) -> (tensor<33x5xi32>, tensor<33x5xi64>) {
  %s, %p = dl.sort %x axis 0 : tensor<33x5xi32> to tensor<33x5xi64>
  dl.return %s, %p : tensor<33x5xi32>, tensor<33x5xi64>
}

dl.func @sort12_i32descending(%x: tensor<33x5xi32>) -> (tensor<33x5xi32>, tensor<33x5xi64>) {
  %s, %p = dl.sort %x axis 0 descending : tensor<33x5xi32> to tensor<33x5xi64>
  dl.return %s, %p : tensor<33x5xi32>, tensor<33x5xi64>
}

dl.func @sort12_ui8(%x: tensor<33x5xui8>) -> (tensor<33x5xui8>, tensor<33x5xi64>) {
  %s, %p = dl.sort %x axis 0 : tensor<33x5xui8> to tensor<33x5xi64>
  dl.return %s, %p : tensor<33x5xui8>, tensor<33x5xi64>
}

dl.func @sort12_ui8descending(%x: tensor<33x5xui8>) -> (tensor<33x5xui8>, tensor<33x5xi64>) {
  %s, %p = dl.sort %x axis 0 descending : tensor<33x5xui8> to tensor<33x5xi64>
  dl.return %s, %p : tensor<33x5xui8>, tensor<33x5xi64>
}

dl.func @sort12_i1(%x: tensor<33x5xi1>) -> (tensor<33x5xi1>, tensor<33x5xi64>) {
  %s, %p = dl.sort %x axis 0 : tensor<33x5xi1> to tensor<33x5xi64>
  dl.return %s, %p : tensor<33x5xi1>, tensor<33x5xi64>
}

dl.func @sort12_i1descending(%x: tensor<33x5xi1>) -> (tensor<33x5xi1>, tensor<33x5xi64>) {
  %s, %p = dl.sort %x axis 0 descending : tensor<33x5xi1> to tensor<33x5xi64>
  dl.return %s, %p : tensor<33x5xi1>, tensor<33x5xi64>
}

dl.func @sort12_f64(%x: tensor<33x5xf64>) -> (tensor<33x5xf64>, tensor<33x5xi64>) {
  %s, %p = dl.sort %x axis 0 : tensor<33x5xf64> to tensor<33x5xi64>
  dl.return %s, %p : tensor<33x5xf64>, tensor<33x5xi64>
}

dl.func @sort12_f64descending(%x: tensor<33x5xf64>) -> (tensor<33x5xf64>, tensor<33x5xi64>) {
  %s, %p = dl.sort %x axis 0 descending : tensor<33x5xf64> to tensor<33x5xi64>
  dl.return %s, %p : tensor<33x5xf64>, tensor<33x5xi64>
}

dl.func @sort13_f32(%x: tensor<4x0xf32>) -> (tensor<4x0xf32>, tensor<4x0xi64>) {
  %s, %p = dl.sort %x axis 1 : tensor<4x0xf32> to tensor<4x0xi64>
  dl.return %s, %p : tensor<4x0xf32>, tensor<4x0xi64>
}

dl.func @sort13_f32descending(%x: tensor<4x0xf32>) -> (tensor<4x0xf32>, tensor<4x0xi64>) {
  %s, %p = dl.sort %x axis 1 descending : tensor<4x0xf32> to tensor<4x0xi64>
  dl.return %s, %p : tensor<4x0xf32>, tensor<4x0xi64>
}

dl.func @sort13_i32(%x: tensor<4x0xi32>) -> (tensor<4x0xi32>, tensor<4x0xi64>) {
  %s, %p = dl.sort %x axis 1 : tensor<4x0xi32> to tensor<4x0xi64>
  dl.return %s, %p : tensor<4x0xi32>, tensor<4x0xi64>
}

dl.func @sort13_i32descending(%x: tensor<4x0xi32>) -> (tensor<4x0xi32>, tensor<4x0xi64>) {
  %s, %p = dl.sort %x axis 1 descending : tensor<4x0xi32> to tensor<4x0xi64>
  dl.return %s, %p : tensor<4x0xi32>, tensor<4x0xi64>
}

dl.func @sort13_ui8(%x: tensor<4x0xui8>) -> (tensor<4x0xui8>, tensor<4x0xi64>) {
  %s, %p = dl.sort %x axis 1 : tensor<4x0xui8> to tensor<4x0xi64>
  dl.return %s, %p : tensor<4x0xui8>, tensor<4x0xi64>
}

dl.func @sort13_ui8descending(%x: tensor<4x0xui8>) -> (tensor<4x0xui8>, tensor<4x0xi64>) {
  %s, %p = dl.sort %x axis 1 descending : tensor<4x0xui8> to tensor<4x0xi64>
  dl.return %s, %p : tensor<4x0xui8>, tensor<4x0xi64>
}

dl.func @sort13_i1(%x: tensor<4x0xi1>) -> (tensor<4x0xi1>, tensor<4x0xi64>) {
  %s, %p = dl.sort %x axis 1 : tensor<4x0xi1> to tensor<4x0xi64>
  dl.return %s, %p : tensor<4x0xi1>, tensor<4x0xi64>
}

dl.func @sort13_i1descending(%x: tensor<4x0xi1>) -> (tensor<4x0xi1>, tensor<4x0xi64>) {
  %s, %p = dl.sort %x axis 1 descending : tensor<4x0xi1> to tensor<4x0xi64>
  dl.return %s, %p : tensor<4x0xi1>, tensor<4x0xi64>
}

dl.func @sort13_f64(%x: tensor<4x0xf64>) -> (tensor<4x0xf64>, tensor<4x0xi64>) {
  %s, %p = dl.sort %x axis 1 : tensor<4x0xf64> to tensor<4x0xi64>
  dl.return %s, %p : tensor<4x0xf64>, tensor<4x0xi64>
}

dl.func @sort13_f64descending(%x: tensor<4x0xf64>) -> (tensor<4x0xf64>, tensor<4x0xi64>) {
  %s, %p = dl.sort %x axis 1 descending : tensor<4x0xf64> to tensor<4x0xi64>
  dl.return %s, %p : tensor<4x0xf64>, tensor<4x0xi64>
}

dl.func @sort14_f32(%x: tensor<3x4x6xf32>) -> (tensor<3x4x6xf32>, tensor<3x4x6xi64>) {
  %s, %p = dl.sort %x axis 1 : tensor<3x4x6xf32> to tensor<3x4x6xi64>
  dl.return %s, %p : tensor<3x4x6xf32>, tensor<3x4x6xi64>
}

dl.func @sort14_f32descending(%x: tensor<3x4x6xf32>) -> (tensor<3x4x6xf32>, tensor<3x4x6xi64>) {
  %s, %p = dl.sort %x axis 1 descending : tensor<3x4x6xf32> to tensor<3x4x6xi64>
  dl.return %s, %p : tensor<3x4x6xf32>, tensor<3x4x6xi64>
}

dl.func @sort14_i32(%x: tensor<3x4x6xi32>) -> (tensor<3x4x6xi32>, tensor<3x4x6xi64>) {
  %s, %p = dl.sort %x axis 1 : tensor<3x4x6xi32> to tensor<3x4x6xi64>
  dl.return %s, %p : tensor<3x4x6xi32>, tensor<3x4x6xi64>
}

dl.func @sort14_i32descending(%x: tensor<3x4x6xi32>) -> (tensor<3x4x6xi32>, tensor<3x4x6xi64>) {
  %s, %p = dl.sort %x axis 1 descending : tensor<3x4x6xi32> to tensor<3x4x6xi64>
  dl.return %s, %p : tensor<3x4x6xi32>, tensor<3x4x6xi64>
}

dl.func @sort14_ui8(%x: tensor<3x4x6xui8>) -> (tensor<3x4x6xui8>, tensor<3x4x6xi64>) {
  %s, %p = dl.sort %x axis 1 : tensor<3x4x6xui8> to tensor<3x4x6xi64>
  dl.return %s, %p : tensor<3x4x6xui8>, tensor<3x4x6xi64>
}

dl.func @sort14_ui8descending(%x: tensor<3x4x6xui8>) -> (tensor<3x4x6xui8>, tensor<3x4x6xi64>) {
  %s, %p = dl.sort %x axis 1 descending : tensor<3x4x6xui8> to tensor<3x4x6xi64>
  dl.return %s, %p : tensor<3x4x6xui8>, tensor<3x4x6xi64>
}

dl.func @sort14_i1(%x: tensor<3x4x6xi1>) -> (tensor<3x4x6xi1>, tensor<3x4x6xi64>) {
  %s, %p = dl.sort %x axis 1 : tensor<3x4x6xi1> to tensor<3x4x6xi64>
  dl.return %s, %p : tensor<3x4x6xi1>, tensor<3x4x6xi64>
}

dl.func @sort14_i1descending(%x: tensor<3x4x6xi1>) -> (tensor<3x4x6xi1>, tensor<3x4x6xi64>) {
  %s, %p = dl.sort %x axis 1 descending : tensor<3x4x6xi1> to tensor<3x4x6xi64>
  dl.return %s, %p : tensor<3x4x6xi1>, tensor<3x4x6xi64>
}

dl.func @sort14_f64(%x: tensor<3x4x6xf64>) -> (tensor<3x4x6xf64>, tensor<3x4x6xi64>) {
  %s, %p = dl.sort %x axis 1 : tensor<3x4x6xf64> to tensor<3x4x6xi64>
  dl.return %s, %p : tensor<3x4x6xf64>, tensor<3x4x6xi64>
}

dl.func @sort14_f64descending(%x: tensor<3x4x6xf64>) -> (tensor<3x4x6xf64>, tensor<3x4x6xi64>) {
  %s, %p = dl.sort %x axis 1 descending : tensor<3x4x6xf64> to tensor<3x4x6xi64>
  dl.return %s, %p : tensor<3x4x6xf64>, tensor<3x4x6xi64>
}

dl.func @scatter_set15_f32(%x: tensor<10x6xf32>, %i: tensor<4xi64>, %u: tensor<4x6xf32>) -> (tensor<10x6xf32>) attributes {ranges = [[-4.0, 4.0], [-2.0, 12.0], [-4.0, 4.0]]} {
  %y = dl.scatter set %x, %i, %u axis 0 batch 0 : tensor<10x6xf32>, tensor<4xi64>, tensor<4x6xf32>
  dl.return %y : tensor<10x6xf32>
}

dl.func @scatter_set15_i32(%x: tensor<10x6xi32>, %i: tensor<4xi64>, %u: tensor<4x6xi32>) -> (tensor<10x6xi32>) attributes {ranges = [[-4.0, 4.0], [-2.0, 12.0], [-4.0, 4.0]]} {
  %y = dl.scatter set %x, %i, %u axis 0 batch 0 : tensor<10x6xi32>, tensor<4xi64>, tensor<4x6xi32>
  dl.return %y : tensor<10x6xi32>
}

dl.func @scatter_add15_f32(%x: tensor<10x6xf32>, %i: tensor<4xi64>, %u: tensor<4x6xf32>) -> (tensor<10x6xf32>) attributes {ranges = [[-4.0, 4.0], [-2.0, 12.0], [-4.0, 4.0]]} {
  %y = dl.scatter add %x, %i, %u axis 0 batch 0 : tensor<10x6xf32>, tensor<4xi64>, tensor<4x6xf32>
  dl.return %y : tensor<10x6xf32>
}

dl.func @scatter_add15_i32(%x: tensor<10x6xi32>, %i: tensor<4xi64>, %u: tensor<4x6xi32>) -> (tensor<10x6xi32>) attributes {ranges = [[-4.0, 4.0], [-2.0, 12.0], [-4.0, 4.0]]} {
  %y = dl.scatter add %x, %i, %u axis 0 batch 0 : tensor<10x6xi32>, tensor<4xi64>, tensor<4x6xi32>
  dl.return %y : tensor<10x6xi32>
}

dl.func @scatter_onto15(%x: tensor<10x6xf32>, %i: tensor<4xi32>, %u: tensor<4x6xf32>) -> (tensor<10x6xf32>) attributes {onto = [0], ranges = [[-4.0, 4.0], [-2.0, 12.0], [-4.0, 4.0]]} {
  %y = dl.scatter add %x, %i, %u axis 0 batch 0 : tensor<10x6xf32>, tensor<4xi32>, tensor<4x6xf32>
  dl.return %y : tensor<10x6xf32>
}

dl.func @scatter_set16_f32(%x: tensor<10x40xf32>, %i: tensor<3x5xi64>, %u: tensor<3x5x40xf32>) -> (tensor<10x40xf32>) attributes {ranges = [[-4.0, 4.0], [-2.0, 12.0], [-4.0, 4.0]]} {
  %y = dl.scatter set %x, %i, %u axis 0 batch 0 : tensor<10x40xf32>, tensor<3x5xi64>, tensor<3x5x40xf32>
  dl.return %y : tensor<10x40xf32>
}

dl.func @scatter_set16_i32(%x: tensor<10x40xi32>, %i: tensor<3x5xi64>, %u: tensor<3x5x40xi32>) -> (tensor<10x40xi32>) attributes {ranges = [[-4.0, 4.0], [-2.0, 12.0], [-4.0, 4.0]]} {
  %y = dl.scatter set %x, %i, %u axis 0 batch 0 : tensor<10x40xi32>, tensor<3x5xi64>, tensor<3x5x40xi32>
  dl.return %y : tensor<10x40xi32>
}

dl.func @scatter_add16_f32(%x: tensor<10x40xf32>, %i: tensor<3x5xi64>, %u: tensor<3x5x40xf32>) -> (tensor<10x40xf32>) attributes {ranges = [[-4.0, 4.0], [-2.0, 12.0], [-4.0, 4.0]]} {
  %y = dl.scatter add %x, %i, %u axis 0 batch 0 : tensor<10x40xf32>, tensor<3x5xi64>, tensor<3x5x40xf32>
  dl.return %y : tensor<10x40xf32>
}

dl.func @scatter_add16_i32(%x: tensor<10x40xi32>, %i: tensor<3x5xi64>, %u: tensor<3x5x40xi32>) -> (tensor<10x40xi32>) attributes {ranges = [[-4.0, 4.0], [-2.0, 12.0], [-4.0, 4.0]]} {
  %y = dl.scatter add %x, %i, %u axis 0 batch 0 : tensor<10x40xi32>, tensor<3x5xi64>, tensor<3x5x40xi32>
  dl.return %y : tensor<10x40xi32>
}

dl.func @scatter_onto16(%x: tensor<10x40xf32>, %i: tensor<3x5xi32>, %u: tensor<3x5x40xf32>) -> (tensor<10x40xf32>) attributes {onto = [0], ranges = [[-4.0, 4.0], [-2.0, 12.0], [-4.0, 4.0]]} {
  %y = dl.scatter add %x, %i, %u axis 0 batch 0 : tensor<10x40xf32>, tensor<3x5xi32>, tensor<3x5x40xf32>
  dl.return %y : tensor<10x40xf32>
}

dl.func @scatter_set17_f32(%x: tensor<4x10x33xf32>, %i: tensor<7xi64>, %u: tensor<4x7x33xf32>) -> (tensor<4x10x33xf32>) attributes {ranges = [[-4.0, 4.0], [-2.0, 12.0], [-4.0, 4.0]]} {
  %y = dl.scatter set %x, %i, %u axis 1 batch 0 : tensor<4x10x33xf32>, tensor<7xi64>, tensor<4x7x33xf32>
  dl.return %y : tensor<4x10x33xf32>
}

dl.func @scatter_set17_i32(%x: tensor<4x10x33xi32>, %i: tensor<7xi64>, %u: tensor<4x7x33xi32>) -> (tensor<4x10x33xi32>) attributes {ranges = [[-4.0, 4.0], [-2.0, 12.0], [-4.0, 4.0]]} {
  %y = dl.scatter set %x, %i, %u axis 1 batch 0 : tensor<4x10x33xi32>, tensor<7xi64>, tensor<4x7x33xi32>
  dl.return %y : tensor<4x10x33xi32>
}

dl.func @scatter_add17_f32(%x: tensor<4x10x33xf32>, %i: tensor<7xi64>, %u: tensor<4x7x33xf32>) -> (tensor<4x10x33xf32>) attributes {ranges = [[-4.0, 4.0], [-2.0, 12.0], [-4.0, 4.0]]} {
  %y = dl.scatter add %x, %i, %u axis 1 batch 0 : tensor<4x10x33xf32>, tensor<7xi64>, tensor<4x7x33xf32>
  dl.return %y : tensor<4x10x33xf32>
}

dl.func @scatter_add17_i32(%x: tensor<4x10x33xi32>, %i: tensor<7xi64>, %u: tensor<4x7x33xi32>) -> (tensor<4x10x33xi32>) attributes {ranges = [[-4.0, 4.0], [-2.0, 12.0], [-4.0, 4.0]]} {
  %y = dl.scatter add %x, %i, %u axis 1 batch 0 : tensor<4x10x33xi32>, tensor<7xi64>, tensor<4x7x33xi32>
  dl.return %y : tensor<4x10x33xi32>
}

dl.func @scatter_onto17(%x: tensor<4x10x33xf32>, %i: tensor<7xi32>, %u: tensor<4x7x33xf32>) -> (tensor<4x10x33xf32>) attributes {onto = [0], ranges = [[-4.0, 4.0], [-2.0, 12.0], [-4.0, 4.0]]} {
  %y = dl.scatter add %x, %i, %u axis 1 batch 0 : tensor<4x10x33xf32>, tensor<7xi32>, tensor<4x7x33xf32>
  dl.return %y : tensor<4x10x33xf32>
}

dl.func @scatter_set18_f32(%x: tensor<4x10xf32>, %i: tensor<4x3xi64>, %u: tensor<4x3xf32>) -> (tensor<4x10xf32>) attributes {ranges = [[-4.0, 4.0], [-2.0, 12.0], [-4.0, 4.0]]} {
  %y = dl.scatter set %x, %i, %u axis 1 batch 1 : tensor<4x10xf32>, tensor<4x3xi64>, tensor<4x3xf32>
  dl.return %y : tensor<4x10xf32>
}

dl.func @scatter_set18_i32(%x: tensor<4x10xi32>, %i: tensor<4x3xi64>, %u: tensor<4x3xi32>) -> (tensor<4x10xi32>) attributes {ranges = [[-4.0, 4.0], [-2.0, 12.0], [-4.0, 4.0]]} {
  %y = dl.scatter set %x, %i, %u axis 1 batch 1 : tensor<4x10xi32>, tensor<4x3xi64>, tensor<4x3xi32>
  dl.return %y : tensor<4x10xi32>
}

dl.func @scatter_add18_f32(%x: tensor<4x10xf32>, %i: tensor<4x3xi64>, %u: tensor<4x3xf32>) -> (tensor<4x10xf32>) attributes {ranges = [[-4.0, 4.0], [-2.0, 12.0], [-4.0, 4.0]]} {
  %y = dl.scatter add %x, %i, %u axis 1 batch 1 : tensor<4x10xf32>, tensor<4x3xi64>, tensor<4x3xf32>
  dl.return %y : tensor<4x10xf32>
}

dl.func @scatter_add18_i32(%x: tensor<4x10xi32>, %i: tensor<4x3xi64>, %u: tensor<4x3xi32>) -> (tensor<4x10xi32>) attributes {ranges = [[-4.0, 4.0], [-2.0, 12.0], [-4.0, 4.0]]} {
  %y = dl.scatter add %x, %i, %u axis 1 batch 1 : tensor<4x10xi32>, tensor<4x3xi64>, tensor<4x3xi32>
  dl.return %y : tensor<4x10xi32>
}

dl.func @scatter_onto18(%x: tensor<4x10xf32>, %i: tensor<4x3xi32>, %u: tensor<4x3xf32>) -> (tensor<4x10xf32>) attributes {onto = [0], ranges = [[-4.0, 4.0], [-2.0, 12.0], [-4.0, 4.0]]} {
  %y = dl.scatter add %x, %i, %u axis 1 batch 1 : tensor<4x10xf32>, tensor<4x3xi32>, tensor<4x3xf32>
  dl.return %y : tensor<4x10xf32>
}

dl.func @scatter_set19_f32(%x: tensor<4x3x10xf32>, %i: tensor<4x2xi64>, %u: tensor<4x3x2xf32>) -> (tensor<4x3x10xf32>) attributes {ranges = [[-4.0, 4.0], [-2.0, 12.0], [-4.0, 4.0]]} {
  %y = dl.scatter set %x, %i, %u axis 2 batch 1 : tensor<4x3x10xf32>, tensor<4x2xi64>, tensor<4x3x2xf32>
  dl.return %y : tensor<4x3x10xf32>
}

dl.func @scatter_set19_i32(%x: tensor<4x3x10xi32>, %i: tensor<4x2xi64>, %u: tensor<4x3x2xi32>) -> (tensor<4x3x10xi32>) attributes {ranges = [[-4.0, 4.0], [-2.0, 12.0], [-4.0, 4.0]]} {
  %y = dl.scatter set %x, %i, %u axis 2 batch 1 : tensor<4x3x10xi32>, tensor<4x2xi64>, tensor<4x3x2xi32>
  dl.return %y : tensor<4x3x10xi32>
}

dl.func @scatter_add19_f32(%x: tensor<4x3x10xf32>, %i: tensor<4x2xi64>, %u: tensor<4x3x2xf32>) -> (tensor<4x3x10xf32>) attributes {ranges = [[-4.0, 4.0], [-2.0, 12.0], [-4.0, 4.0]]} {
  %y = dl.scatter add %x, %i, %u axis 2 batch 1 : tensor<4x3x10xf32>, tensor<4x2xi64>, tensor<4x3x2xf32>
  dl.return %y : tensor<4x3x10xf32>
}

dl.func @scatter_add19_i32(%x: tensor<4x3x10xi32>, %i: tensor<4x2xi64>, %u: tensor<4x3x2xi32>) -> (tensor<4x3x10xi32>) attributes {ranges = [[-4.0, 4.0], [-2.0, 12.0], [-4.0, 4.0]]} {
  %y = dl.scatter add %x, %i, %u axis 2 batch 1 : tensor<4x3x10xi32>, tensor<4x2xi64>, tensor<4x3x2xi32>
  dl.return %y : tensor<4x3x10xi32>
}

dl.func @scatter_onto19(%x: tensor<4x3x10xf32>, %i: tensor<4x2xi32>, %u: tensor<4x3x2xf32>) -> (tensor<4x3x10xf32>) attributes {onto = [0], ranges = [[-4.0, 4.0], [-2.0, 12.0], [-4.0, 4.0]]} {
  %y = dl.scatter add %x, %i, %u axis 2 batch 1 : tensor<4x3x10xf32>, tensor<4x2xi32>, tensor<4x3x2xf32>
  dl.return %y : tensor<4x3x10xf32>
}

dl.func @scatter_set20_f32(%x: tensor<20xf32>, %i: tensor<50xi64>, %u: tensor<50xf32>) -> (tensor<20xf32>) attributes {ranges = [[-4.0, 4.0], [-2.0, 22.0], [-4.0, 4.0]]} {
  %y = dl.scatter set %x, %i, %u axis 0 batch 0 : tensor<20xf32>, tensor<50xi64>, tensor<50xf32>
  dl.return %y : tensor<20xf32>
}

dl.func @scatter_set20_i32(%x: tensor<20xi32>, %i: tensor<50xi64>, %u: tensor<50xi32>) -> (tensor<20xi32>) attributes {ranges = [[-4.0, 4.0], [-2.0, 22.0], [-4.0, 4.0]]} {
  %y = dl.scatter set %x, %i, %u axis 0 batch 0 : tensor<20xi32>, tensor<50xi64>, tensor<50xi32>
  dl.return %y : tensor<20xi32>
}

dl.func @scatter_add20_f32(%x: tensor<20xf32>, %i: tensor<50xi64>, %u: tensor<50xf32>) -> (tensor<20xf32>) attributes {ranges = [[-4.0, 4.0], [-2.0, 22.0], [-4.0, 4.0]]} {
  %y = dl.scatter add %x, %i, %u axis 0 batch 0 : tensor<20xf32>, tensor<50xi64>, tensor<50xf32>
  dl.return %y : tensor<20xf32>
}

dl.func @scatter_add20_i32(%x: tensor<20xi32>, %i: tensor<50xi64>, %u: tensor<50xi32>) -> (tensor<20xi32>) attributes {ranges = [[-4.0, 4.0], [-2.0, 22.0], [-4.0, 4.0]]} {
  %y = dl.scatter add %x, %i, %u axis 0 batch 0 : tensor<20xi32>, tensor<50xi64>, tensor<50xi32>
  dl.return %y : tensor<20xi32>
}

dl.func @scatter_onto20(%x: tensor<20xf32>, %i: tensor<50xi32>, %u: tensor<50xf32>) -> (tensor<20xf32>) attributes {onto = [0], ranges = [[-4.0, 4.0], [-2.0, 22.0], [-4.0, 4.0]]} {
  %y = dl.scatter add %x, %i, %u axis 0 batch 0 : tensor<20xf32>, tensor<50xi32>, tensor<50xf32>
  dl.return %y : tensor<20xf32>
}

dl.func @scatter_set21_f32(%x: tensor<1000xf32>, %i: tensor<3000xi64>, %u: tensor<3000xf32>) -> (tensor<1000xf32>) attributes {ranges = [[-4.0, 4.0], [-2.0, 1002.0], [-4.0, 4.0]]} {
  %y = dl.scatter set %x, %i, %u axis 0 batch 0 : tensor<1000xf32>, tensor<3000xi64>, tensor<3000xf32>
  dl.return %y : tensor<1000xf32>
}

dl.func @scatter_set21_i32(%x: tensor<1000xi32>, %i: tensor<3000xi64>, %u: tensor<3000xi32>) -> (tensor<1000xi32>) attributes {ranges = [[-4.0, 4.0], [-2.0, 1002.0], [-4.0, 4.0]]} {
  %y = dl.scatter set %x, %i, %u axis 0 batch 0 : tensor<1000xi32>, tensor<3000xi64>, tensor<3000xi32>
  dl.return %y : tensor<1000xi32>
}

dl.func @scatter_add21_f32(%x: tensor<1000xf32>, %i: tensor<3000xi64>, %u: tensor<3000xf32>) -> (tensor<1000xf32>) attributes {ranges = [[-4.0, 4.0], [-2.0, 1002.0], [-4.0, 4.0]]} {
  %y = dl.scatter add %x, %i, %u axis 0 batch 0 : tensor<1000xf32>, tensor<3000xi64>, tensor<3000xf32>
  dl.return %y : tensor<1000xf32>
}

dl.func @scatter_add21_i32(%x: tensor<1000xi32>, %i: tensor<3000xi64>, %u: tensor<3000xi32>) -> (tensor<1000xi32>) attributes {ranges = [[-4.0, 4.0], [-2.0, 1002.0], [-4.0, 4.0]]} {
  %y = dl.scatter add %x, %i, %u axis 0 batch 0 : tensor<1000xi32>, tensor<3000xi64>, tensor<3000xi32>
  dl.return %y : tensor<1000xi32>
}

dl.func @scatter_onto21(%x: tensor<1000xf32>, %i: tensor<3000xi32>, %u: tensor<3000xf32>) -> (tensor<1000xf32>) attributes {onto = [0], ranges = [[-4.0, 4.0], [-2.0, 1002.0], [-4.0, 4.0]]} {
  %y = dl.scatter add %x, %i, %u axis 0 batch 0 : tensor<1000xf32>, tensor<3000xi32>, tensor<3000xf32>
  dl.return %y : tensor<1000xf32>
}

dl.func @scatter_set22_f32(%x: tensor<300x64xf32>, %i: tensor<2000xi64>, %u: tensor<2000x64xf32>) -> (tensor<300x64xf32>) attributes {ranges = [[-4.0, 4.0], [-2.0, 302.0], [-4.0, 4.0]]} {
  %y = dl.scatter set %x, %i, %u axis 0 batch 0 : tensor<300x64xf32>, tensor<2000xi64>, tensor<2000x64xf32>
  dl.return %y : tensor<300x64xf32>
}

dl.func @scatter_set22_i32(%x: tensor<300x64xi32>, %i: tensor<2000xi64>, %u: tensor<2000x64xi32>) -> (tensor<300x64xi32>) attributes {ranges = [[-4.0, 4.0], [-2.0, 302.0], [-4.0, 4.0]]} {
  %y = dl.scatter set %x, %i, %u axis 0 batch 0 : tensor<300x64xi32>, tensor<2000xi64>, tensor<2000x64xi32>
  dl.return %y : tensor<300x64xi32>
}

dl.func @scatter_add22_f32(%x: tensor<300x64xf32>, %i: tensor<2000xi64>, %u: tensor<2000x64xf32>) -> (tensor<300x64xf32>) attributes {ranges = [[-4.0, 4.0], [-2.0, 302.0], [-4.0, 4.0]]} {
  %y = dl.scatter add %x, %i, %u axis 0 batch 0 : tensor<300x64xf32>, tensor<2000xi64>, tensor<2000x64xf32>
  dl.return %y : tensor<300x64xf32>
}

dl.func @scatter_add22_i32(%x: tensor<300x64xi32>, %i: tensor<2000xi64>, %u: tensor<2000x64xi32>) -> (tensor<300x64xi32>) attributes {ranges = [[-4.0, 4.0], [-2.0, 302.0], [-4.0, 4.0]]} {
  %y = dl.scatter add %x, %i, %u axis 0 batch 0 : tensor<300x64xi32>, tensor<2000xi64>, tensor<2000x64xi32>
  dl.return %y : tensor<300x64xi32>
}

dl.func @scatter_onto22(%x: tensor<300x64xf32>, %i: tensor<2000xi32>, %u: tensor<2000x64xf32>) -> (tensor<300x64xf32>) attributes {onto = [0], ranges = [[-4.0, 4.0], [-2.0, 302.0], [-4.0, 4.0]]} {
  %y = dl.scatter add %x, %i, %u axis 0 batch 0 : tensor<300x64xf32>, tensor<2000xi32>, tensor<2000x64xf32>
  dl.return %y : tensor<300x64xf32>
}

dl.func @scatter_set23_f32(%x: tensor<0x4xf32>, %i: tensor<3xi64>, %u: tensor<3x4xf32>) -> (tensor<0x4xf32>) attributes {ranges = [[-4.0, 4.0], [-2.0, 3.0], [-4.0, 4.0]]} {
  %y = dl.scatter set %x, %i, %u axis 0 batch 0 : tensor<0x4xf32>, tensor<3xi64>, tensor<3x4xf32>
  dl.return %y : tensor<0x4xf32>
}

dl.func @scatter_set23_i32(%x: tensor<0x4xi32>, %i: tensor<3xi64>, %u: tensor<3x4xi32>) -> (tensor<0x4xi32>) attributes {ranges = [[-4.0, 4.0], [-2.0, 3.0], [-4.0, 4.0]]} {
  %y = dl.scatter set %x, %i, %u axis 0 batch 0 : tensor<0x4xi32>, tensor<3xi64>, tensor<3x4xi32>
  dl.return %y : tensor<0x4xi32>
}

dl.func @scatter_add23_f32(%x: tensor<0x4xf32>, %i: tensor<3xi64>, %u: tensor<3x4xf32>) -> (tensor<0x4xf32>) attributes {ranges = [[-4.0, 4.0], [-2.0, 3.0], [-4.0, 4.0]]} {
  %y = dl.scatter add %x, %i, %u axis 0 batch 0 : tensor<0x4xf32>, tensor<3xi64>, tensor<3x4xf32>
  dl.return %y : tensor<0x4xf32>
}

dl.func @scatter_add23_i32(%x: tensor<0x4xi32>, %i: tensor<3xi64>, %u: tensor<3x4xi32>) -> (tensor<0x4xi32>) attributes {ranges = [[-4.0, 4.0], [-2.0, 3.0], [-4.0, 4.0]]} {
  %y = dl.scatter add %x, %i, %u axis 0 batch 0 : tensor<0x4xi32>, tensor<3xi64>, tensor<3x4xi32>
  dl.return %y : tensor<0x4xi32>
}

dl.func @scatter_onto23(%x: tensor<0x4xf32>, %i: tensor<3xi32>, %u: tensor<3x4xf32>) -> (tensor<0x4xf32>) attributes {onto = [0], ranges = [[-4.0, 4.0], [-2.0, 3.0], [-4.0, 4.0]]} {
  %y = dl.scatter add %x, %i, %u axis 0 batch 0 : tensor<0x4xf32>, tensor<3xi32>, tensor<3x4xf32>
  dl.return %y : tensor<0x4xf32>
}

dl.func @scatter_set24_f32(%x: tensor<5xf32>, %i: tensor<0xi64>, %u: tensor<0xf32>) -> (tensor<5xf32>) attributes {ranges = [[-4.0, 4.0], [-2.0, 7.0], [-4.0, 4.0]]} {
  %y = dl.scatter set %x, %i, %u axis 0 batch 0 : tensor<5xf32>, tensor<0xi64>, tensor<0xf32>
  dl.return %y : tensor<5xf32>
}

dl.func @scatter_set24_i32(%x: tensor<5xi32>, %i: tensor<0xi64>, %u: tensor<0xi32>) -> (tensor<5xi32>) attributes {ranges = [[-4.0, 4.0], [-2.0, 7.0], [-4.0, 4.0]]} {
  %y = dl.scatter set %x, %i, %u axis 0 batch 0 : tensor<5xi32>, tensor<0xi64>, tensor<0xi32>
  dl.return %y : tensor<5xi32>
}

dl.func @scatter_add24_f32(%x: tensor<5xf32>, %i: tensor<0xi64>, %u: tensor<0xf32>) -> (tensor<5xf32>) attributes {ranges = [[-4.0, 4.0], [-2.0, 7.0], [-4.0, 4.0]]} {
  %y = dl.scatter add %x, %i, %u axis 0 batch 0 : tensor<5xf32>, tensor<0xi64>, tensor<0xf32>
  dl.return %y : tensor<5xf32>
}

dl.func @scatter_add24_i32(%x: tensor<5xi32>, %i: tensor<0xi64>, %u: tensor<0xi32>) -> (tensor<5xi32>) attributes {ranges = [[-4.0, 4.0], [-2.0, 7.0], [-4.0, 4.0]]} {
  %y = dl.scatter add %x, %i, %u axis 0 batch 0 : tensor<5xi32>, tensor<0xi64>, tensor<0xi32>
  dl.return %y : tensor<5xi32>
}

dl.func @scatter_onto24(%x: tensor<5xf32>, %i: tensor<0xi32>, %u: tensor<0xf32>) -> (tensor<5xf32>) attributes {onto = [0], ranges = [[-4.0, 4.0], [-2.0, 7.0], [-4.0, 4.0]]} {
  %y = dl.scatter add %x, %i, %u axis 0 batch 0 : tensor<5xf32>, tensor<0xi32>, tensor<0xf32>
  dl.return %y : tensor<5xf32>
}
}
