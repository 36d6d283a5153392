// Random numbers are those of docs/random.md.
// RUN: %dlc-kernel-test %s
// RUN: %dlc-kernel-test --target cuda-emulator %s

module attributes {dl.stage = "graph", dl.version = 1} {
dl.func @uniform1(%s: tensor<i64>, %t: tensor<i64>, %p: tensor<i64>) -> (tensor<5xf32>) attributes {tolerance = 1.0e-5, ranges = [[-9.0e18, 9.0e18], [0.0, 1.0e10], [-9.0e18, 9.0e18]]} {
  %y = dl.random uniform %s, %t, %p : tensor<5xf32>
  dl.return %y : tensor<5xf32>
}

dl.func @uniform2(%s: tensor<i64>, %t: tensor<i64>, %p: tensor<i64>) -> (tensor<5xf64>) attributes {tolerance = 1.0e-5, ranges = [[-9.0e18, 9.0e18], [0.0, 1.0e10], [-9.0e18, 9.0e18]]} {
  %y = dl.random uniform %s, %t, %p : tensor<5xf64>
  dl.return %y : tensor<5xf64>
}

dl.func @normal3(%s: tensor<i64>, %t: tensor<i64>, %p: tensor<i64>) -> (tensor<5xf32>) attributes {tolerance = 1.0e-5, ranges = [[-9.0e18, 9.0e18], [0.0, 1.0e10], [-9.0e18, 9.0e18]]} {
  %y = dl.random normal %s, %t, %p : tensor<5xf32>
  dl.return %y : tensor<5xf32>
}

dl.func @normal4(%s: tensor<i64>, %t: tensor<i64>, %p: tensor<i64>) -> (tensor<5xf64>) attributes {tolerance = 1.0e-5, ranges = [[-9.0e18, 9.0e18], [0.0, 1.0e10], [-9.0e18, 9.0e18]]} {
  %y = dl.random normal %s, %t, %p : tensor<5xf64>
  dl.return %y : tensor<5xf64>
}

dl.func @bits5(%s: tensor<i64>, %t: tensor<i64>, %p: tensor<i64>) -> (tensor<5xi64>) attributes {tolerance = 1.0e-5, ranges = [[-9.0e18, 9.0e18], [0.0, 1.0e10], [-9.0e18, 9.0e18]]} {
  %y = dl.random bits %s, %t, %p : tensor<5xi64>
  dl.return %y : tensor<5xi64>
}

dl.func @uniform6(%s: tensor<i64>, %t: tensor<i64>, %p: tensor<i64>) -> (tensor<64xf32>) attributes {tolerance = 1.0e-5, ranges = [[-9.0e18, 9.0e18], [0.0, 1.0e10], [-9.0e18, 9.0e18]]} {
  %y = dl.random uniform %s, %t, %p : tensor<64xf32>
  dl.return %y : tensor<64xf32>
}

dl.func @uniform7(%s: tensor<i64>, %t: tensor<i64>, %p: tensor<i64>) -> (tensor<64xf64>) attributes {tolerance = 1.0e-5, ranges = [[-9.0e18, 9.0e18], [0.0, 1.0e10], [-9.0e18, 9.0e18]]} {
  %y = dl.random uniform %s, %t, %p : tensor<64xf64>
  dl.return %y : tensor<64xf64>
}

dl.func @normal8(%s: tensor<i64>, %t: tensor<i64>, %p: tensor<i64>) -> (tensor<64xf32>) attributes {tolerance = 1.0e-5, ranges = [[-9.0e18, 9.0e18], [0.0, 1.0e10], [-9.0e18, 9.0e18]]} {
  %y = dl.random normal %s, %t, %p : tensor<64xf32>
  dl.return %y : tensor<64xf32>
}

dl.func @normal9(%s: tensor<i64>, %t: tensor<i64>, %p: tensor<i64>) -> (tensor<64xf64>) attributes {tolerance = 1.0e-5, ranges = [[-9.0e18, 9.0e18], [0.0, 1.0e10], [-9.0e18, 9.0e18]]} {
  %y = dl.random normal %s, %t, %p : tensor<64xf64>
  dl.return %y : tensor<64xf64>
}

dl.func @bits10(%s: tensor<i64>, %t: tensor<i64>, %p: tensor<i64>) -> (tensor<64xi64>) attributes {tolerance = 1.0e-5, ranges = [[-9.0e18, 9.0e18], [0.0, 1.0e10], [-9.0e18, 9.0e18]]} {
  %y = dl.random bits %s, %t, %p : tensor<64xi64>
  dl.return %y : tensor<64xi64>
}

dl.func @uniform11(%s: tensor<i64>, %t: tensor<i64>, %p: tensor<i64>) -> (tensor<3x17xf32>) attributes {tolerance = 1.0e-5, ranges = [[-9.0e18, 9.0e18], [0.0, 1.0e10], [-9.0e18, 9.0e18]]} {
  %y = dl.random uniform %s, %t, %p : tensor<3x17xf32>
  dl.return %y : tensor<3x17xf32>
}

dl.func @uniform12(%s: tensor<i64>, %t: tensor<i64>, %p: tensor<i64>) -> (tensor<3x17xf64>) attributes {tolerance = 1.0e-5, ranges = [[-9.0e18, 9.0e18], [0.0, 1.0e10], [-9.0e18, 9.0e18]]} {
  %y = dl.random uniform %s, %t, %p : tensor<3x17xf64>
  dl.return %y : tensor<3x17xf64>
}

dl.func @normal13(%s: tensor<i64>, %t: tensor<i64>, %p: tensor<i64>) -> (tensor<3x17xf32>) attributes {tolerance = 1.0e-5, ranges = [[-9.0e18, 9.0e18], [0.0, 1.0e10], [-9.0e18, 9.0e18]]} {
  %y = dl.random normal %s, %t, %p : tensor<3x17xf32>
  dl.return %y : tensor<3x17xf32>
}

dl.func @normal14(%s: tensor<i64>, %t: tensor<i64>, %p: tensor<i64>) -> (tensor<3x17xf64>) attributes {tolerance = 1.0e-5, ranges = [[-9.0e18, 9.0e18], [0.0, 1.0e10], [-9.0e18, 9.0e18]]} {
  %y = dl.random normal %s, %t, %p : tensor<3x17xf64>
  dl.return %y : tensor<3x17xf64>
}

dl.func @bits15(%s: tensor<i64>, %t: tensor<i64>, %p: tensor<i64>) -> (tensor<3x17xi64>) attributes {tolerance = 1.0e-5, ranges = [[-9.0e18, 9.0e18], [0.0, 1.0e10], [-9.0e18, 9.0e18]]} {
  %y = dl.random bits %s, %t, %p : tensor<3x17xi64>
  dl.return %y : tensor<3x17xi64>
}

dl.func @uniform16(%s: tensor<i64>, %t: tensor<i64>, %p: tensor<i64>) -> (tensor<4x40xf32>) attributes {tolerance = 1.0e-5, ranges = [[-9.0e18, 9.0e18], [0.0, 1.0e10], [-9.0e18, 9.0e18]]} {
  %y = dl.random uniform %s, %t, %p : tensor<4x40xf32>
  dl.return %y : tensor<4x40xf32>
}

dl.func @uniform17(%s: tensor<i64>, %t: tensor<i64>, %p: tensor<i64>) -> (tensor<4x40xf64>) attributes {tolerance = 1.0e-5, ranges = [[-9.0e18, 9.0e18], [0.0, 1.0e10], [-9.0e18, 9.0e18]]} {
  %y = dl.random uniform %s, %t, %p : tensor<4x40xf64>
  dl.return %y : tensor<4x40xf64>
}

dl.func @normal18(%s: tensor<i64>, %t: tensor<i64>, %p: tensor<i64>) -> (tensor<4x40xf32>) attributes {tolerance = 1.0e-5, ranges = [[-9.0e18, 9.0e18], [0.0, 1.0e10], [-9.0e18, 9.0e18]]} {
  %y = dl.random normal %s, %t, %p : tensor<4x40xf32>
  dl.return %y : tensor<4x40xf32>
}

dl.func @normal19(%s: tensor<i64>, %t: tensor<i64>, %p: tensor<i64>) -> (tensor<4x40xf64>) attributes {tolerance = 1.0e-5, ranges = [[-9.0e18, 9.0e18], [0.0, 1.0e10], [-9.0e18, 9.0e18]]} {
  %y = dl.random normal %s, %t, %p : tensor<4x40xf64>
  dl.return %y : tensor<4x40xf64>
}

dl.func @bits20(%s: tensor<i64>, %t: tensor<i64>, %p: tensor<i64>) -> (tensor<4x40xi64>) attributes {tolerance = 1.0e-5, ranges = [[-9.0e18, 9.0e18], [0.0, 1.0e10], [-9.0e18, 9.0e18]]} {
  %y = dl.random bits %s, %t, %p : tensor<4x40xi64>
  dl.return %y : tensor<4x40xi64>
}

dl.func @uniform21(%s: tensor<i64>, %t: tensor<i64>, %p: tensor<i64>) -> (tensor<100xf32>) attributes {tolerance = 1.0e-5, ranges = [[-9.0e18, 9.0e18], [0.0, 1.0e10], [-9.0e18, 9.0e18]]} {
  %y = dl.random uniform %s, %t, %p : tensor<100xf32>
  dl.return %y : tensor<100xf32>
}

dl.func @uniform22(%s: tensor<i64>, %t: tensor<i64>, %p: tensor<i64>) -> (tensor<100xf64>) attributes {tolerance = 1.0e-5, ranges = [[-9.0e18, 9.0e18], [0.0, 1.0e10], [-9.0e18, 9.0e18]]} {
  %y = dl.random uniform %s, %t, %p : tensor<100xf64>
  dl.return %y : tensor<100xf64>
}

dl.func @normal23(%s: tensor<i64>, %t: tensor<i64>, %p: tensor<i64>) -> (tensor<100xf32>) attributes {tolerance = 1.0e-5, ranges = [[-9.0e18, 9.0e18], [0.0, 1.0e10], [-9.0e18, 9.0e18]]} {
  %y = dl.random normal %s, %t, %p : tensor<100xf32>
  dl.return %y : tensor<100xf32>
}

dl.func @normal24(%s: tensor<i64>, %t: tensor<i64>, %p: tensor<i64>) -> (tensor<100xf64>) attributes {tolerance = 1.0e-5, ranges = [[-9.0e18, 9.0e18], [0.0, 1.0e10], [-9.0e18, 9.0e18]]} {
  %y = dl.random normal %s, %t, %p : tensor<100xf64>
  dl.return %y : tensor<100xf64>
}

dl.func @bits25(%s: tensor<i64>, %t: tensor<i64>, %p: tensor<i64>) -> (tensor<100xi64>) attributes {tolerance = 1.0e-5, ranges = [[-9.0e18, 9.0e18], [0.0, 1.0e10], [-9.0e18, 9.0e18]]} {
  %y = dl.random bits %s, %t, %p : tensor<100xi64>
  dl.return %y : tensor<100xi64>
}

dl.func @lanes_uniform(%s: tensor<i64>, %t: tensor<i64>, %p: tensor<i64>, %i: tensor<i64>, %o: tensor<i64>) -> (tensor<8x20xf32>, tensor<3x4x5xf32>, tensor<9x4xf32>) attributes {ranges = [[-9.0e18, 9.0e18], [0.0, 1.0e10], [-9.0e18, 9.0e18], [0.0, 50.0], [0.0, 100.0]]} {
  %y = dl.random uniform %s, %t, %p indices(%i) lanes 1 from %o : tensor<8x20xf32>
  %z = dl.random uniform %s, %t, %p indices(%i, %o) lanes 2 : tensor<3x4x5xf32>
  %w = dl.random uniform %s, %t, %p from %o : tensor<9x4xf32>
  dl.return %y, %z, %w : tensor<8x20xf32>, tensor<3x4x5xf32>, tensor<9x4xf32>
}

dl.func @lanes_normal(%s: tensor<i64>, %t: tensor<i64>, %p: tensor<i64>, %i: tensor<i64>, %o: tensor<i64>) -> (tensor<8x20xf32>, tensor<3x4x5xf32>, tensor<9x4xf32>) attributes {ranges = [[-9.0e18, 9.0e18], [0.0, 1.0e10], [-9.0e18, 9.0e18], [0.0, 50.0], [0.0, 100.0]]} {
  %y = dl.random normal %s, %t, %p indices(%i) lanes 1 from %o : tensor<8x20xf32>
  %z = dl.random normal %s, %t, %p indices(%i, %o) lanes 2 : tensor<3x4x5xf32>
  %w = dl.random normal %s, %t, %p from %o : tensor<9x4xf32>
  dl.return %y, %z, %w : tensor<8x20xf32>, tensor<3x4x5xf32>, tensor<9x4xf32>
}

dl.func @lanes_bits(%s: tensor<i64>, %t: tensor<i64>, %p: tensor<i64>, %i: tensor<i64>, %o: tensor<i64>) -> (tensor<8x20xi64>, tensor<3x4x5xi64>, tensor<9x4xi64>) attributes {ranges = [[-9.0e18, 9.0e18], [0.0, 1.0e10], [-9.0e18, 9.0e18], [0.0, 50.0], [0.0, 100.0]]} {
  %y = dl.random bits %s, %t, %p indices(%i) lanes 1 from %o : tensor<8x20xi64>
  %z = dl.random bits %s, %t, %p indices(%i, %o) lanes 2 : tensor<3x4x5xi64>
  %w = dl.random bits %s, %t, %p from %o : tensor<9x4xi64>
  dl.return %y, %z, %w : tensor<8x20xi64>, tensor<3x4x5xi64>, tensor<9x4xi64>
}
}
