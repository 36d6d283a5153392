// Kernels of many operations: folds with what uses them, several results.
// RUN: %dlc-kernel-test %s
// RUN: %dlc-kernel-test --target cuda-emulator %s

module attributes {dl.stage = "graph", dl.version = 1} {
dl.func @shared_fold(%x: tensor<6x40xf32>) -> (tensor<6x40xf32>, tensor<6xf32>, tensor<6x40xf32>, tensor<40xf32>) {
  %s = dl.reduce sum %x axes [1] : tensor<6x40xf32> to tensor<6xf32>
  %sb = dl.broadcast %s axes [0] : tensor<6xf32> to tensor<6x40xf32>
  %a = dl.binary mul %x, %sb : tensor<6x40xf32>
  %b = dl.binary sub %a, %x : tensor<6x40xf32>
  %t = dl.reduce max %b axes [0] : tensor<6x40xf32> to tensor<40xf32>
  dl.return %a, %s, %b, %t : tensor<6x40xf32>, tensor<6xf32>, tensor<6x40xf32>, tensor<40xf32>
}

dl.func @rows_of_two_axes(%x: tensor<3x4x5x6xf32>) -> (tensor<3x4x5x6xf32>) attributes {ranges = [[-0.2, 0.2]]} {
  %s = dl.reduce sum %x axes [2, 3] : tensor<3x4x5x6xf32> to tensor<3x4xf32>
  %sb = dl.broadcast %s axes [0, 1] : tensor<3x4xf32> to tensor<3x4x5x6xf32>
  %c = dl.binary mul %x, %sb : tensor<3x4x5x6xf32>
  %y = dl.unary exp %c : tensor<3x4x5x6xf32>
  dl.return %y : tensor<3x4x5x6xf32>
}

dl.func @nested_folds(%x: tensor<20x30x40xf32>) -> (tensor<20xf32>) {
  %m = dl.reduce max %x axes [2] : tensor<20x30x40xf32> to tensor<20x30xf32>
  %e = dl.unary exp %m : tensor<20x30xf32>
  %s = dl.reduce sum %e axes [1] : tensor<20x30xf32> to tensor<20xf32>
  %y = dl.unary log %s : tensor<20xf32>
  dl.return %y : tensor<20xf32>
}

dl.func @middle_fold(%x: tensor<6x50x9xf32>) -> (tensor<6x50x9xf32>) {
  %m = dl.reduce sum %x axes [1] : tensor<6x50x9xf32> to tensor<6x9xf32>
  %mb = dl.broadcast %m axes [0, 2] : tensor<6x9xf32> to tensor<6x50x9xf32>
  %y = dl.binary sub %x, %mb : tensor<6x50x9xf32>
  dl.return %y : tensor<6x50x9xf32>
}

dl.func @dropout(%x: tensor<8x50xf32>, %s: tensor<i64>, %t: tensor<i64>, %p: tensor<i64>) -> (tensor<8x50xf32>) {
  %u = dl.random uniform %s, %t, %p : tensor<8x50xf32>
  %h = dl.constant dense<0.5> : tensor<8x50xf32>
  %k = dl.compare ge %u, %h : tensor<8x50xf32>
  %z = dl.constant dense<0.0> : tensor<8x50xf32>
  %two = dl.constant dense<2.0> : tensor<8x50xf32>
  %xx = dl.binary mul %x, %two : tensor<8x50xf32>
  %y = dl.select %k, %xx, %z : tensor<8x50xf32>
  dl.return %y : tensor<8x50xf32>
}

dl.func @concat_of_expressions(%a: tensor<3x20xf32>, %b: tensor<3x13xf32>) -> (tensor<3x33xf32>) {
  %x = dl.unary exp %a : tensor<3x20xf32>
  %s = dl.reduce sum %b axes [1] : tensor<3x13xf32> to tensor<3xf32>
  %sb = dl.broadcast %s axes [0] : tensor<3xf32> to tensor<3x13xf32>
  %z = dl.binary mul %b, %sb : tensor<3x13xf32>
  %y = dl.concat %x, %z axis 1 : (tensor<3x20xf32>, tensor<3x13xf32>) -> tensor<3x33xf32>
  dl.return %y : tensor<3x33xf32>
}

dl.func @pixels(%x: tensor<4x28x28xui8>) -> (tensor<4x28x28x1xf32>) {
  %f = dl.cast %x : tensor<4x28x28xui8> to tensor<4x28x28xf32>
  %r = dl.reshape %f : tensor<4x28x28xf32> to tensor<4x28x28x1xf32>
  %c = dl.constant dense<255.0> : tensor<4x28x28x1xf32>
  %y = dl.binary div %r, %c : tensor<4x28x28x1xf32>
  dl.return %y : tensor<4x28x28x1xf32>
}

dl.func @scatter_of_expression(%x: tensor<10x20xf32>, %i: tensor<7xi64>, %u: tensor<7x20xf32>) -> (tensor<10x20xf32>, tensor<20xf32>) {
  %e = dl.unary exp %u : tensor<7x20xf32>
  %n = dl.unary neg %x : tensor<10x20xf32>
  %t = dl.scatter add %n, %i, %e axis 0 batch 0 : tensor<10x20xf32>, tensor<7xi64>, tensor<7x20xf32>
  %y = dl.unary square %t : tensor<10x20xf32>
  %s = dl.reduce sum %t axes [0] : tensor<10x20xf32> to tensor<20xf32>
  dl.return %y, %s : tensor<10x20xf32>, tensor<20xf32>
}

dl.func @embedding_gradient(%i: tensor<6x5xi64>, %g: tensor<6x5x16xf32>) -> (tensor<50x16xf32>) attributes {ranges = [[0.0, 50.0]]} {
  %z = dl.constant dense<0.0> : tensor<50x16xf32>
  %y = dl.scatter add %z, %i, %g axis 0 batch 0 : tensor<50x16xf32>, tensor<6x5xi64>, tensor<6x5x16xf32>
  dl.return %y : tensor<50x16xf32>
}

dl.func @sorted_sum(%x: tensor<5x30xf32>) -> (tensor<5x30xf32>) {
  %e = dl.unary square %x : tensor<5x30xf32>
  %s, %p = dl.sort %e axis 1 descending : tensor<5x30xf32> to tensor<5x30xi64>
  %c = dl.cumulate sum %s axis 1 : tensor<5x30xf32>
  %y = dl.unary sqrt %c : tensor<5x30xf32>
  dl.return %y : tensor<5x30xf32>
}

dl.func @global_norm(%x: tensor<100x70xf32>, %z: tensor<33xf32>) -> (tensor<100x70xf32>, tensor<f32>) {
  %a = dl.unary square %x : tensor<100x70xf32>
  %sa = dl.reduce sum %a axes [0, 1] : tensor<100x70xf32> to tensor<f32>
  %b = dl.unary square %z : tensor<33xf32>
  %sb = dl.reduce sum %b axes [0] : tensor<33xf32> to tensor<f32>
  %s = dl.binary add %sa, %sb : tensor<f32>
  %n = dl.unary sqrt %s : tensor<f32>
  %nb = dl.broadcast %n axes [] : tensor<f32> to tensor<100x70xf32>
  %y = dl.binary div %x, %nb : tensor<100x70xf32>
  dl.return %y, %n : tensor<100x70xf32>, tensor<f32>
}

dl.func @distances(%x: tensor<50x3xf32>, %c: tensor<7x3xf32>) -> (tensor<50xi64>, tensor<50xf32>) {
  %xb = dl.broadcast %x axes [0, 2] : tensor<50x3xf32> to tensor<50x7x3xf32>
  %cb = dl.broadcast %c axes [1, 2] : tensor<7x3xf32> to tensor<50x7x3xf32>
  %e = dl.binary sub %xb, %cb : tensor<50x7x3xf32>
  %q = dl.unary square %e : tensor<50x7x3xf32>
  %s = dl.reduce sum %q axes [2] : tensor<50x7x3xf32> to tensor<50x7xf32>
  %k = dl.arg_reduce min %s axis 1 : tensor<50x7xf32> to tensor<50xi64>
  %d = dl.reduce min %s axes [1] : tensor<50x7xf32> to tensor<50xf32>
  dl.return %k, %d : tensor<50xi64>, tensor<50xf32>
}
}
