// RUN: %dlc-opt --dl-fuse=remarks=true --split-input-file --verify-diagnostics %s

dl.func @f(%a: tensor<8x4xf32> {dl.input = "a"}, %b: tensor<4x8xf32> {dl.input = "b"}, %c: tensor<8x8xf32> {dl.input = "c"}) -> (tensor<8x8xf32> {dl.output = "y"}) {
  // expected-remark@+1 {{`dot` is not in the kernel of its reader `dot`: a kernel has one heavy operation}}
  %d = dl.dot %a, %b batch [] [] contract [1] [0] : (tensor<8x4xf32>, tensor<4x8xf32>) -> tensor<8x8xf32>
  // expected-note@+1 {{read here}}
  %y = dl.dot %d, %c batch [] [] contract [1] [0] : (tensor<8x8xf32>, tensor<8x8xf32>) -> tensor<8x8xf32>
  dl.return %y : tensor<8x8xf32>
}

// -----

dl.func @g(%x: tensor<8xf32> {dl.input = "x"}) -> (tensor<8xf32> {dl.output = "y"}) {
  // expected-remark@+1 {{`exp` is not in the kernel of its reader `add`: a way between them leads through another one}}
  %e = dl.unary exp %x : tensor<8xf32>
  %l = dl.loop <3> carry(%c = %e : tensor<8xf32>) -> tensor<8xf32> index %i {
    %n = dl.unary tanh %c : tensor<8xf32>
    dl.yield %n : tensor<8xf32>
  }
  // expected-note@+1 {{read here}}
  %y = dl.binary add %e, %l : tensor<8xf32>
  dl.return %y : tensor<8xf32>
}

// -----

dl.func @h(%a: tensor<16xf32> {dl.input = "a"}, %x: tensor<800x16xf32> {dl.input = "x"}) -> (tensor<800x16xf32> {dl.output = "y"}) {
  // expected-remark@+1 {{`pow` is not in the kernel of its reader `broadcast`: values would be computed several times}}
  %p = dl.binary pow %a, %a : tensor<16xf32>
  // expected-note@+1 {{read here}}
  %r = dl.broadcast %p axes [1] : tensor<16xf32> to tensor<800x16xf32>
  %y = dl.binary mul %x, %r : tensor<800x16xf32>
  dl.return %y : tensor<800x16xf32>
}
