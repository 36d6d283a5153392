// Results that lie where an operand lay.
// RUN: %dlc-kernel-test %s
// RUN: %dlc-kernel-test --target cuda-emulator %s

module attributes {dl.stage = "graph", dl.version = 1} {
dl.func @adam_17(%p: tensor<17xf32>, %m: tensor<17xf32>, %v: tensor<17xf32>, %g: tensor<17xf32>, %lr: tensor<f32>, %c1: tensor<f32>, %c2: tensor<f32>) -> (tensor<17xf32>, tensor<17xf32>, tensor<17xf32>) attributes {onto = [0, 1, 2], ranges = [[-1.0, 1.0], [-0.1, 0.1], [0.01, 0.1], [-1.0, 1.0], [0.001, 0.002], [0.1, 0.2], [0.1, 0.2]]} {
  %b1 = dl.constant dense<0.9> : tensor<17xf32>
  %o1 = dl.constant dense<0.1> : tensor<17xf32>
  %b2 = dl.constant dense<0.999> : tensor<17xf32>
  %o2 = dl.constant dense<0.001> : tensor<17xf32>
  %eps = dl.constant dense<1.0e-8> : tensor<17xf32>
  %m1 = dl.binary mul %m, %b1 : tensor<17xf32>
  %m2 = dl.binary mul %g, %o1 : tensor<17xf32>
  %mn = dl.binary add %m1, %m2 : tensor<17xf32>
  %g2 = dl.unary square %g : tensor<17xf32>
  %v1 = dl.binary mul %v, %b2 : tensor<17xf32>
  %v2 = dl.binary mul %g2, %o2 : tensor<17xf32>
  %vn = dl.binary add %v1, %v2 : tensor<17xf32>
  %c1b = dl.broadcast %c1 axes [] : tensor<f32> to tensor<17xf32>
  %c2b = dl.broadcast %c2 axes [] : tensor<f32> to tensor<17xf32>
  %lrb = dl.broadcast %lr axes [] : tensor<f32> to tensor<17xf32>
  %mh = dl.binary div %mn, %c1b : tensor<17xf32>
  %vh = dl.binary div %vn, %c2b : tensor<17xf32>
  %sq = dl.unary sqrt %vh : tensor<17xf32>
  %de = dl.binary add %sq, %eps : tensor<17xf32>
  %st = dl.binary div %mh, %de : tensor<17xf32>
  %ls = dl.binary mul %st, %lrb : tensor<17xf32>
  %pn = dl.binary sub %p, %ls : tensor<17xf32>
  dl.return %pn, %mn, %vn : tensor<17xf32>, tensor<17xf32>, tensor<17xf32>
}

dl.func @adam_4096(%p: tensor<4096xf32>, %m: tensor<4096xf32>, %v: tensor<4096xf32>, %g: tensor<4096xf32>, %lr: tensor<f32>, %c1: tensor<f32>, %c2: tensor<f32>) -> (tensor<4096xf32>, tensor<4096xf32>, tensor<4096xf32>) attributes {onto = [0, 1, 2], ranges = [[-1.0, 1.0], [-0.1, 0.1], [0.01, 0.1], [-1.0, 1.0], [0.001, 0.002], [0.1, 0.2], [0.1, 0.2]]} {
  %b1 = dl.constant dense<0.9> : tensor<4096xf32>
  %o1 = dl.constant dense<0.1> : tensor<4096xf32>
  %b2 = dl.constant dense<0.999> : tensor<4096xf32>
  %o2 = dl.constant dense<0.001> : tensor<4096xf32>
  %eps = dl.constant dense<1.0e-8> : tensor<4096xf32>
  %m1 = dl.binary mul %m, %b1 : tensor<4096xf32>
  %m2 = dl.binary mul %g, %o1 : tensor<4096xf32>
  %mn = dl.binary add %m1, %m2 : tensor<4096xf32>
  %g2 = dl.unary square %g : tensor<4096xf32>
  %v1 = dl.binary mul %v, %b2 : tensor<4096xf32>
  %v2 = dl.binary mul %g2, %o2 : tensor<4096xf32>
  %vn = dl.binary add %v1, %v2 : tensor<4096xf32>
  %c1b = dl.broadcast %c1 axes [] : tensor<f32> to tensor<4096xf32>
  %c2b = dl.broadcast %c2 axes [] : tensor<f32> to tensor<4096xf32>
  %lrb = dl.broadcast %lr axes [] : tensor<f32> to tensor<4096xf32>
  %mh = dl.binary div %mn, %c1b : tensor<4096xf32>
  %vh = dl.binary div %vn, %c2b : tensor<4096xf32>
  %sq = dl.unary sqrt %vh : tensor<4096xf32>
  %de = dl.binary add %sq, %eps : tensor<4096xf32>
  %st = dl.binary div %mh, %de : tensor<4096xf32>
  %ls = dl.binary mul %st, %lrb : tensor<4096xf32>
  %pn = dl.binary sub %p, %ls : tensor<4096xf32>
  dl.return %pn, %mn, %vn : tensor<4096xf32>, tensor<4096xf32>, tensor<4096xf32>
}

dl.func @adam_10000(%p: tensor<10000xf32>, %m: tensor<10000xf32>, %v: tensor<10000xf32>, %g: tensor<10000xf32>, %lr: tensor<f32>, %c1: tensor<f32>, %c2: tensor<f32>) -> (tensor<10000xf32>, tensor<10000xf32>, tensor<10000xf32>) attributes {onto = [0, 1, 2], ranges = [[-1.0, 1.0], [-0.1, 0.1], [0.01, 0.1], [-1.0, 1.0], [0.001, 0.002], [0.1, 0.2], [0.1, 0.2]]} {
  %b1 = dl.constant dense<0.9> : tensor<10000xf32>
  %o1 = dl.constant dense<0.1> : tensor<10000xf32>
  %b2 = dl.constant dense<0.999> : tensor<10000xf32>
  %o2 = dl.constant dense<0.001> : tensor<10000xf32>
  %eps = dl.constant dense<1.0e-8> : tensor<10000xf32>
  %m1 = dl.binary mul %m, %b1 : tensor<10000xf32>
  %m2 = dl.binary mul %g, %o1 : tensor<10000xf32>
  %mn = dl.binary add %m1, %m2 : tensor<10000xf32>
  %g2 = dl.unary square %g : tensor<10000xf32>
  %v1 = dl.binary mul %v, %b2 : tensor<10000xf32>
  %v2 = dl.binary mul %g2, %o2 : tensor<10000xf32>
  %vn = dl.binary add %v1, %v2 : tensor<10000xf32>
  %c1b = dl.broadcast %c1 axes [] : tensor<f32> to tensor<10000xf32>
  %c2b = dl.broadcast %c2 axes [] : tensor<f32> to tensor<10000xf32>
  %lrb = dl.broadcast %lr axes [] : tensor<f32> to tensor<10000xf32>
  %mh = dl.binary div %mn, %c1b : tensor<10000xf32>
  %vh = dl.binary div %vn, %c2b : tensor<10000xf32>
  %sq = dl.unary sqrt %vh : tensor<10000xf32>
  %de = dl.binary add %sq, %eps : tensor<10000xf32>
  %st = dl.binary div %mh, %de : tensor<10000xf32>
  %ls = dl.binary mul %st, %lrb : tensor<10000xf32>
  %pn = dl.binary sub %p, %ls : tensor<10000xf32>
  dl.return %pn, %mn, %vn : tensor<10000xf32>, tensor<10000xf32>, tensor<10000xf32>
}

dl.func @in_place_reverse(%x: tensor<40xf32>) -> (tensor<40xf32>) attributes {onto = [0]} {
  %r = dl.reverse %x axes [0] : tensor<40xf32>
  %y = dl.binary add %x, %r : tensor<40xf32>
  dl.return %y : tensor<40xf32>
}

dl.func @in_place_swap(%a: tensor<40xf32>, %b: tensor<40xf32>) -> (tensor<40xf32>, tensor<40xf32>) attributes {onto = [0, 1]} {
  dl.return %b, %a : tensor<40xf32>, tensor<40xf32>
}

dl.func @in_place_mean(%x: tensor<40xf32>) -> (tensor<40xf32>) attributes {onto = [0]} {
  %s = dl.reduce sum %x axes [0] : tensor<40xf32> to tensor<f32>
  %sb = dl.broadcast %s axes [] : tensor<f32> to tensor<40xf32>
  %y = dl.binary sub %x, %sb : tensor<40xf32>
  dl.return %y : tensor<40xf32>
}

dl.func @in_place_transposed_rows(%x: tensor<16x16xf32>) -> (tensor<16x16xf32>) attributes {onto = [0]} {
  %t = dl.transpose %x [1, 0] : tensor<16x16xf32> to tensor<16x16xf32>
  %s = dl.reduce sum %t axes [1] : tensor<16x16xf32> to tensor<16xf32>
  %sb = dl.broadcast %s axes [0] : tensor<16xf32> to tensor<16x16xf32>
  %y = dl.binary add %x, %sb : tensor<16x16xf32>
  dl.return %y : tensor<16x16xf32>
}

dl.func @twice(%x: tensor<40xf32>) -> (tensor<40xf32>, tensor<40xf32>, tensor<40xf32>) {
  %y = dl.unary exp %x : tensor<40xf32>
  dl.return %y, %y, %x : tensor<40xf32>, tensor<40xf32>, tensor<40xf32>
}
}
