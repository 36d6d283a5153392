// Operations that make or move elements, at sizes that vectors do not divide.
// RUN: %dlc-kernel-test %s
// RUN: %dlc-kernel-test --target cuda-emulator %s

module attributes {dl.stage = "graph", dl.version = 1} {
dl.func @broadcast1(%x: tensor<17xf32>, %z: tensor<6x17xf32>) -> (tensor<6x17xf32>) {
  %y = dl.broadcast %x axes [1] : tensor<17xf32> to tensor<6x17xf32>
  %s = dl.binary mul %y, %z : tensor<6x17xf32>
  dl.return %s : tensor<6x17xf32>
}

dl.func @broadcast2(%x: tensor<6xf32>, %z: tensor<6x17xf32>) -> (tensor<6x17xf32>) {
  %y = dl.broadcast %x axes [0] : tensor<6xf32> to tensor<6x17xf32>
  %s = dl.binary mul %y, %z : tensor<6x17xf32>
  dl.return %s : tensor<6x17xf32>
}

dl.func @broadcast3(%x: tensor<f32>, %z: tensor<6x17xf32>) -> (tensor<6x17xf32>) {
  %y = dl.broadcast %x axes [] : tensor<f32> to tensor<6x17xf32>
  %s = dl.binary mul %y, %z : tensor<6x17xf32>
  dl.return %s : tensor<6x17xf32>
}

dl.func @broadcast4(%x: tensor<6x1xf32>, %z: tensor<6x17xf32>) -> (tensor<6x17xf32>) {
  %y = dl.broadcast %x axes [0, 1] : tensor<6x1xf32> to tensor<6x17xf32>
  %s = dl.binary mul %y, %z : tensor<6x17xf32>
  dl.return %s : tensor<6x17xf32>
}

dl.func @broadcast5(%x: tensor<5xf32>, %z: tensor<4x5x33xf32>) -> (tensor<4x5x33xf32>) {
  %y = dl.broadcast %x axes [1] : tensor<5xf32> to tensor<4x5x33xf32>
  %s = dl.binary mul %y, %z : tensor<4x5x33xf32>
  dl.return %s : tensor<4x5x33xf32>
}

dl.func @broadcast6(%x: tensor<4x33xf32>, %z: tensor<4x5x33xf32>) -> (tensor<4x5x33xf32>) {
  %y = dl.broadcast %x axes [0, 2] : tensor<4x33xf32> to tensor<4x5x33xf32>
  %s = dl.binary mul %y, %z : tensor<4x5x33xf32>
  dl.return %s : tensor<4x5x33xf32>
}

dl.func @broadcast7(%x: tensor<2xf32>, %z: tensor<3x2xf32>) -> (tensor<3x2xf32>) {
  %y = dl.broadcast %x axes [1] : tensor<2xf32> to tensor<3x2xf32>
  %s = dl.binary mul %y, %z : tensor<3x2xf32>
  dl.return %s : tensor<3x2xf32>
}

dl.func @broadcast8(%x: tensor<4x8xf32>, %z: tensor<4x1x8xf32>) -> (tensor<4x1x8xf32>) {
  %y = dl.broadcast %x axes [0, 2] : tensor<4x8xf32> to tensor<4x1x8xf32>
  %s = dl.binary mul %y, %z : tensor<4x1x8xf32>
  dl.return %s : tensor<4x1x8xf32>
}

dl.func @transpose9_f32(%x: tensor<5x7xf32>) -> (tensor<7x5xf32>) {
  %y = dl.transpose %x [1, 0] : tensor<5x7xf32> to tensor<7x5xf32>
  dl.return %y : tensor<7x5xf32>
}

dl.func @transpose9_i8(%x: tensor<5x7xi8>) -> (tensor<7x5xi8>) {
  %y = dl.transpose %x [1, 0] : tensor<5x7xi8> to tensor<7x5xi8>
  dl.return %y : tensor<7x5xi8>
}

dl.func @transpose10_f32(%x: tensor<33x64xf32>) -> (tensor<64x33xf32>) {
  %y = dl.transpose %x [1, 0] : tensor<33x64xf32> to tensor<64x33xf32>
  dl.return %y : tensor<64x33xf32>
}

dl.func @transpose10_i8(%x: tensor<33x64xi8>) -> (tensor<64x33xi8>) {
  %y = dl.transpose %x [1, 0] : tensor<33x64xi8> to tensor<64x33xi8>
  dl.return %y : tensor<64x33xi8>
}

dl.func @transpose11_f32(%x: tensor<2x3x17xf32>) -> (tensor<17x2x3xf32>) {
  %y = dl.transpose %x [2, 0, 1] : tensor<2x3x17xf32> to tensor<17x2x3xf32>
  dl.return %y : tensor<17x2x3xf32>
}

dl.func @transpose11_i8(%x: tensor<2x3x17xi8>) -> (tensor<17x2x3xi8>) {
  %y = dl.transpose %x [2, 0, 1] : tensor<2x3x17xi8> to tensor<17x2x3xi8>
  dl.return %y : tensor<17x2x3xi8>
}

dl.func @transpose12_f32(%x: tensor<4x8x16xf32>) -> (tensor<8x4x16xf32>) {
  %y = dl.transpose %x [1, 0, 2] : tensor<4x8x16xf32> to tensor<8x4x16xf32>
  dl.return %y : tensor<8x4x16xf32>
}

dl.func @transpose12_i8(%x: tensor<4x8x16xi8>) -> (tensor<8x4x16xi8>) {
  %y = dl.transpose %x [1, 0, 2] : tensor<4x8x16xi8> to tensor<8x4x16xi8>
  dl.return %y : tensor<8x4x16xi8>
}

dl.func @transpose13_f32(%x: tensor<3x4x5x6xf32>) -> (tensor<6x4x5x3xf32>) {
  %y = dl.transpose %x [3, 1, 2, 0] : tensor<3x4x5x6xf32> to tensor<6x4x5x3xf32>
  dl.return %y : tensor<6x4x5x3xf32>
}

dl.func @transpose13_i8(%x: tensor<3x4x5x6xi8>) -> (tensor<6x4x5x3xi8>) {
  %y = dl.transpose %x [3, 1, 2, 0] : tensor<3x4x5x6xi8> to tensor<6x4x5x3xi8>
  dl.return %y : tensor<6x4x5x3xi8>
}

dl.func @reshape14(%x: tensor<4x6xf32>) -> (tensor<24xf32>) {
  %y = dl.reshape %x : tensor<4x6xf32> to tensor<24xf32>
  %z = dl.unary neg %y : tensor<24xf32>
  dl.return %z : tensor<24xf32>
}

dl.func @reshape15(%x: tensor<24xf32>) -> (tensor<2x3x4xf32>) {
  %y = dl.reshape %x : tensor<24xf32> to tensor<2x3x4xf32>
  %z = dl.unary neg %y : tensor<2x3x4xf32>
  dl.return %z : tensor<2x3x4xf32>
}

dl.func @reshape16(%x: tensor<2x12xf32>) -> (tensor<3x8xf32>) {
  %y = dl.reshape %x : tensor<2x12xf32> to tensor<3x8xf32>
  %z = dl.unary neg %y : tensor<3x8xf32>
  dl.return %z : tensor<3x8xf32>
}

dl.func @reshape17(%x: tensor<32x3x3x64xf32>) -> (tensor<32x576xf32>) {
  %y = dl.reshape %x : tensor<32x3x3x64xf32> to tensor<32x576xf32>
  %z = dl.unary neg %y : tensor<32x576xf32>
  dl.return %z : tensor<32x576xf32>
}

dl.func @reshape18(%x: tensor<5x1x7xf32>) -> (tensor<35xf32>) {
  %y = dl.reshape %x : tensor<5x1x7xf32> to tensor<35xf32>
  %z = dl.unary neg %y : tensor<35xf32>
  dl.return %z : tensor<35xf32>
}

dl.func @reshape19(%x: tensor<1xf32>) -> (tensor<f32>) {
  %y = dl.reshape %x : tensor<1xf32> to tensor<f32>
  %z = dl.unary neg %y : tensor<f32>
  dl.return %z : tensor<f32>
}

dl.func @reshape20(%x: tensor<f32>) -> (tensor<1x1xf32>) {
  %y = dl.reshape %x : tensor<f32> to tensor<1x1xf32>
  %z = dl.unary neg %y : tensor<1x1xf32>
  dl.return %z : tensor<1x1xf32>
}

dl.func @reshape_inside(%x: tensor<32x3x3x64xf32>, %b: tensor<64xf32>, %c: tensor<576xf32>) -> (tensor<32x576xf32>) {
  %bb = dl.broadcast %b axes [3] : tensor<64xf32> to tensor<32x3x3x64xf32>
  %s = dl.binary add %x, %bb : tensor<32x3x3x64xf32>
  %y = dl.reshape %s : tensor<32x3x3x64xf32> to tensor<32x576xf32>
  %cb = dl.broadcast %c axes [1] : tensor<576xf32> to tensor<32x576xf32>
  %z = dl.binary mul %y, %cb : tensor<32x576xf32>
  dl.return %z : tensor<32x576xf32>
}

dl.func @reshape_odd(%x: tensor<6x35xf32>, %b: tensor<35xf32>, %c: tensor<21xf32>) -> (tensor<10x21xf32>) {
  %bb = dl.broadcast %b axes [1] : tensor<35xf32> to tensor<6x35xf32>
  %s = dl.binary add %x, %bb : tensor<6x35xf32>
  %y = dl.reshape %s : tensor<6x35xf32> to tensor<10x21xf32>
  %cb = dl.broadcast %c axes [1] : tensor<21xf32> to tensor<10x21xf32>
  %z = dl.binary mul %y, %cb : tensor<10x21xf32>
  dl.return %z : tensor<10x21xf32>
}

dl.func @slice21(%x: tensor<4x9xf32>) -> (tensor<4x4xf32>) {
  %y = dl.slice %x start [0, 1] stride [1, 2] : tensor<4x9xf32> to tensor<4x4xf32>
  dl.return %y : tensor<4x4xf32>
}

dl.func @slice22(%x: tensor<40xf32>) -> (tensor<33xf32>) {
  %y = dl.slice %x start [3] stride [1] : tensor<40xf32> to tensor<33xf32>
  dl.return %y : tensor<33xf32>
}

dl.func @slice23(%x: tensor<9x40xf32>) -> (tensor<2x32xf32>) {
  %y = dl.slice %x start [2, 5] stride [3, 1] : tensor<9x40xf32> to tensor<2x32xf32>
  dl.return %y : tensor<2x32xf32>
}

dl.func @slice24(%x: tensor<7x3xf32>) -> (tensor<3x3xf32>) {
  %y = dl.slice %x start [1, 0] stride [2, 1] : tensor<7x3xf32> to tensor<3x3xf32>
  dl.return %y : tensor<3x3xf32>
}

dl.func @pad25_f32(%x: tensor<4xf32>, %v: tensor<f32>) -> (tensor<6xf32>) {
  %y = dl.pad %x, %v low [1] interior [0] : tensor<4xf32> to tensor<6xf32>
  dl.return %y : tensor<6xf32>
}

dl.func @pad25_i8(%x: tensor<4xi8>, %v: tensor<i8>) -> (tensor<6xi8>) {
  %y = dl.pad %x, %v low [1] interior [0] : tensor<4xi8> to tensor<6xi8>
  dl.return %y : tensor<6xi8>
}

dl.func @pad25_i1(%x: tensor<4xi1>, %v: tensor<i1>) -> (tensor<6xi1>) {
  %y = dl.pad %x, %v low [1] interior [0] : tensor<4xi1> to tensor<6xi1>
  dl.return %y : tensor<6xi1>
}

dl.func @pad26_f32(%x: tensor<5x33xf32>, %v: tensor<f32>) -> (tensor<5x40xf32>) {
  %y = dl.pad %x, %v low [0, 2] interior [0, 0] : tensor<5x33xf32> to tensor<5x40xf32>
  dl.return %y : tensor<5x40xf32>
}

dl.func @pad26_i8(%x: tensor<5x33xi8>, %v: tensor<i8>) -> (tensor<5x40xi8>) {
  %y = dl.pad %x, %v low [0, 2] interior [0, 0] : tensor<5x33xi8> to tensor<5x40xi8>
  dl.return %y : tensor<5x40xi8>
}

dl.func @pad26_i1(%x: tensor<5x33xi1>, %v: tensor<i1>) -> (tensor<5x40xi1>) {
  %y = dl.pad %x, %v low [0, 2] interior [0, 0] : tensor<5x33xi1> to tensor<5x40xi1>
  dl.return %y : tensor<5x40xi1>
}

dl.func @pad27_f32(%x: tensor<3x4xf32>, %v: tensor<f32>) -> (tensor<8x13xf32>) {
  %y = dl.pad %x, %v low [1, 1] interior [1, 2] : tensor<3x4xf32> to tensor<8x13xf32>
  dl.return %y : tensor<8x13xf32>
}

dl.func @pad27_i8(%x: tensor<3x4xi8>, %v: tensor<i8>) -> (tensor<8x13xi8>) {
  %y = dl.pad %x, %v low [1, 1] interior [1, 2] : tensor<3x4xi8> to tensor<8x13xi8>
  dl.return %y : tensor<8x13xi8>
}

dl.func @pad27_i1(%x: tensor<3x4xi1>, %v: tensor<i1>) -> (tensor<8x13xi1>) {
  %y = dl.pad %x, %v low [1, 1] interior [1, 2] : tensor<3x4xi1> to tensor<8x13xi1>
  dl.return %y : tensor<8x13xi1>
}

dl.func @pad28_f32(%x: tensor<2x3x8xf32>, %v: tensor<f32>) -> (tensor<4x3x8xf32>) {
  %y = dl.pad %x, %v low [1, 0, 0] interior [0, 0, 0] : tensor<2x3x8xf32> to tensor<4x3x8xf32>
  dl.return %y : tensor<4x3x8xf32>
}

dl.func @pad28_i8(%x: tensor<2x3x8xi8>, %v: tensor<i8>) -> (tensor<4x3x8xi8>) {
  %y = dl.pad %x, %v low [1, 0, 0] interior [0, 0, 0] : tensor<2x3x8xi8> to tensor<4x3x8xi8>
  dl.return %y : tensor<4x3x8xi8>
}

dl.func @pad28_i1(%x: tensor<2x3x8xi1>, %v: tensor<i1>) -> (tensor<4x3x8xi1>) {
  %y = dl.pad %x, %v low [1, 0, 0] interior [0, 0, 0] : tensor<2x3x8xi1> to tensor<4x3x8xi1>
  dl.return %y : tensor<4x3x8xi1>
}

dl.func @pad29_f32(%x: tensor<0x3xf32>, %v: tensor<f32>) -> (tensor<2x5xf32>) {
  %y = dl.pad %x, %v low [1, 1] interior [0, 0] : tensor<0x3xf32> to tensor<2x5xf32>
  dl.return %y : tensor<2x5xf32>
}

dl.func @pad29_i8(%x: tensor<0x3xi8>, %v: tensor<i8>) -> (tensor<2x5xi8>) {
  %y = dl.pad %x, %v low [1, 1] interior [0, 0] : tensor<0x3xi8> to tensor<2x5xi8>
  dl.return %y : tensor<2x5xi8>
}

dl.func @pad29_i1(%x: tensor<0x3xi1>, %v: tensor<i1>) -> (tensor<2x5xi1>) {
  %y = dl.pad %x, %v low [1, 1] interior [0, 0] : tensor<0x3xi1> to tensor<2x5xi1>
  dl.return %y : tensor<2x5xi1>
}

dl.func @pad30_f32(%x: tensor<7x20xf32>, %v: tensor<f32>) -> (tensor<25x20xf32>) {
  %y = dl.pad %x, %v low [2, 0] interior [2, 0] : tensor<7x20xf32> to tensor<25x20xf32>
  dl.return %y : tensor<25x20xf32>
}

dl.func @pad30_i8(%x: tensor<7x20xi8>, %v: tensor<i8>) -> (tensor<25x20xi8>) {
  %y = dl.pad %x, %v low [2, 0] interior [2, 0] : tensor<7x20xi8> to tensor<25x20xi8>
  dl.return %y : tensor<25x20xi8>
}

dl.func @pad30_i1(%x: tensor<7x20xi1>, %v: tensor<i1>) -> (tensor<25x20xi1>) {
  %y = dl.pad %x, %v low [2, 0] interior [2, 0] : tensor<7x20xi1> to tensor<25x20xi1>
  dl.return %y : tensor<25x20xi1>
}

dl.func @concat31(%a0: tensor<4x2xf32>, %a1: tensor<4x3xf32>) -> (tensor<4x5xf32>) {
  %y = dl.concat %a0, %a1 axis 1 : (tensor<4x2xf32>, tensor<4x3xf32>) -> tensor<4x5xf32>
  dl.return %y : tensor<4x5xf32>
}

dl.func @concat32(%a0: tensor<2x33xf32>, %a1: tensor<5x33xf32>) -> (tensor<7x33xf32>) {
  %y = dl.concat %a0, %a1 axis 0 : (tensor<2x33xf32>, tensor<5x33xf32>) -> tensor<7x33xf32>
  dl.return %y : tensor<7x33xf32>
}

dl.func @concat33(%a0: tensor<3x1xf32>, %a1: tensor<3x40xf32>, %a2: tensor<3x7xf32>) -> (tensor<3x48xf32>) {
  %y = dl.concat %a0, %a1, %a2 axis 1 : (tensor<3x1xf32>, tensor<3x40xf32>, tensor<3x7xf32>) -> tensor<3x48xf32>
  dl.return %y : tensor<3x48xf32>
}

dl.func @concat34(%a0: tensor<0x4xf32>, %a1: tensor<3x4xf32>) -> (tensor<3x4xf32>) {
  %y = dl.concat %a0, %a1 axis 0 : (tensor<0x4xf32>, tensor<3x4xf32>) -> tensor<3x4xf32>
  dl.return %y : tensor<3x4xf32>
}

dl.func @concat35(%a0: tensor<2x3x16xf32>, %a1: tensor<2x1x16xf32>) -> (tensor<2x4x16xf32>) {
  %y = dl.concat %a0, %a1 axis 1 : (tensor<2x3x16xf32>, tensor<2x1x16xf32>) -> tensor<2x4x16xf32>
  dl.return %y : tensor<2x4x16xf32>
}

dl.func @reverse36(%x: tensor<7xf32>) -> (tensor<7xf32>) {
  %y = dl.reverse %x axes [0] : tensor<7xf32>
  dl.return %y : tensor<7xf32>
}

dl.func @reverse37(%x: tensor<3x40xf32>) -> (tensor<3x40xf32>) {
  %y = dl.reverse %x axes [1] : tensor<3x40xf32>
  dl.return %y : tensor<3x40xf32>
}

dl.func @reverse38(%x: tensor<5x6x7xf32>) -> (tensor<5x6x7xf32>) {
  %y = dl.reverse %x axes [0, 2] : tensor<5x6x7xf32>
  dl.return %y : tensor<5x6x7xf32>
}

dl.func @reverse39(%x: tensor<64xf32>) -> (tensor<64xf32>) {
  %y = dl.reverse %x axes [0] : tensor<64xf32>
  dl.return %y : tensor<64xf32>
}

dl.func @dynamic_slice40(%x: tensor<9x4xf32>, %i: tensor<i64>, %j: tensor<i64>) -> (tensor<1x4xf32>) {
  %y = dl.dynamic_slice %x[%i, %j] : tensor<9x4xf32> to tensor<1x4xf32>
  dl.return %y : tensor<1x4xf32>
}

dl.func @dynamic_update40(%x: tensor<9x4xf32>, %u: tensor<1x4xf32>, %i: tensor<i64>, %j: tensor<i64>) -> (tensor<9x4xf32>) attributes {ranges = [[0.0, 1.0], [2.0, 3.0], [0.0, 9.0], [0.0, 4.0]]} {
  %y = dl.dynamic_update %x, %u[%i, %j] : tensor<9x4xf32>, tensor<1x4xf32>
  dl.return %y : tensor<9x4xf32>
}

dl.func @dynamic_update_onto40(%x: tensor<9x4xf32>, %u: tensor<1x4xf32>, %i: tensor<i64>, %j: tensor<i64>) -> (tensor<9x4xf32>) attributes {onto = [0]} {
  %y = dl.dynamic_update %x, %u[%i, %j] : tensor<9x4xf32>, tensor<1x4xf32>
  dl.return %y : tensor<9x4xf32>
}

dl.func @dynamic_slice41(%x: tensor<9x40xf32>, %i: tensor<i64>, %j: tensor<i64>) -> (tensor<3x33xf32>) {
  %y = dl.dynamic_slice %x[%i, %j] : tensor<9x40xf32> to tensor<3x33xf32>
  dl.return %y : tensor<3x33xf32>
}

dl.func @dynamic_update41(%x: tensor<9x40xf32>, %u: tensor<3x33xf32>, %i: tensor<i64>, %j: tensor<i64>) -> (tensor<9x40xf32>) attributes {ranges = [[0.0, 1.0], [2.0, 3.0], [0.0, 9.0], [0.0, 4.0]]} {
  %y = dl.dynamic_update %x, %u[%i, %j] : tensor<9x40xf32>, tensor<3x33xf32>
  dl.return %y : tensor<9x40xf32>
}

dl.func @dynamic_update_onto41(%x: tensor<9x40xf32>, %u: tensor<3x33xf32>, %i: tensor<i64>, %j: tensor<i64>) -> (tensor<9x40xf32>) attributes {onto = [0]} {
  %y = dl.dynamic_update %x, %u[%i, %j] : tensor<9x40xf32>, tensor<3x33xf32>
  dl.return %y : tensor<9x40xf32>
}

dl.func @dynamic_slice42(%x: tensor<9x3xf32>, %i: tensor<i64>, %j: tensor<i64>) -> (tensor<9x2xf32>) {
  %y = dl.dynamic_slice %x[%i, %j] : tensor<9x3xf32> to tensor<9x2xf32>
  dl.return %y : tensor<9x2xf32>
}

dl.func @dynamic_update42(%x: tensor<9x3xf32>, %u: tensor<9x2xf32>, %i: tensor<i64>, %j: tensor<i64>) -> (tensor<9x3xf32>) attributes {ranges = [[0.0, 1.0], [2.0, 3.0], [0.0, 9.0], [0.0, 4.0]]} {
  %y = dl.dynamic_update %x, %u[%i, %j] : tensor<9x3xf32>, tensor<9x2xf32>
  dl.return %y : tensor<9x3xf32>
}

dl.func @dynamic_update_onto42(%x: tensor<9x3xf32>, %u: tensor<9x2xf32>, %i: tensor<i64>, %j: tensor<i64>) -> (tensor<9x3xf32>) attributes {onto = [0]} {
  %y = dl.dynamic_update %x, %u[%i, %j] : tensor<9x3xf32>, tensor<9x2xf32>
  dl.return %y : tensor<9x3xf32>
}

dl.func @iota_i64() -> (tensor<4x37xi64>) {
  %y = dl.iota 1 : tensor<4x37xi64>
  dl.return %y : tensor<4x37xi64>
}

dl.func @iota_i32() -> (tensor<4x37xi32>) {
  %y = dl.iota 1 : tensor<4x37xi32>
  dl.return %y : tensor<4x37xi32>
}

dl.func @iota_i16() -> (tensor<4x37xi16>) {
  %y = dl.iota 1 : tensor<4x37xi16>
  dl.return %y : tensor<4x37xi16>
}

dl.func @iota_i8() -> (tensor<4x37xi8>) {
  %y = dl.iota 1 : tensor<4x37xi8>
  dl.return %y : tensor<4x37xi8>
}

dl.func @iota_ui8() -> (tensor<4x37xui8>) {
  %y = dl.iota 1 : tensor<4x37xui8>
  dl.return %y : tensor<4x37xui8>
}

dl.func @iota0(%o: tensor<i64>) -> (tensor<6x3xi64>) {
  %y = dl.iota 0 from %o : tensor<6x3xi64>
  dl.return %y : tensor<6x3xi64>
}

dl.func @constant43() -> (tensor<5xf32>) {
  %y = dl.constant dense<[1.0, 2.0, 3.5, 4.0, 5.0]> : tensor<5xf32>
  dl.return %y : tensor<5xf32>
}

dl.func @constant44() -> (tensor<3xi1>) {
  %y = dl.constant dense<[true, false, true]> : tensor<3xi1>
  dl.return %y : tensor<3xi1>
}

dl.func @constant45() -> (tensor<2x2xi8>) {
  %y = dl.constant dense<[[1, 2], [3, -4]]> : tensor<2x2xi8>
  dl.return %y : tensor<2x2xi8>
}

dl.func @constant46() -> (tensor<2xui8>) {
  %y = dl.constant dense<[200, 7]> : tensor<2xui8>
  dl.return %y : tensor<2xui8>
}

dl.func @constant47() -> (tensor<40xf64>) {
  %y = dl.constant dense<2.5> : tensor<40xf64>
  dl.return %y : tensor<40xf64>
}

dl.func @constant48() -> (tensor<9xi1>) {
  %y = dl.constant dense<true> : tensor<9xi1>
  dl.return %y : tensor<9xi1>
}

dl.func @window49(%x: tensor<8x6xf32>) -> (tensor<8x3x2xf32>) {
  %y = dl.window %x axes [1] size [2] stride [2] dilation [1] : tensor<8x6xf32> to tensor<8x3x2xf32>
  dl.return %y : tensor<8x3x2xf32>
}

dl.func @overlap_add49(%x: tensor<8x3x2xf32>) -> (tensor<8x6xf32>) {
  %y = dl.overlap_add %x axes [1] size [2] stride [2] dilation [1] : tensor<8x3x2xf32> to tensor<8x6xf32>
  dl.return %y : tensor<8x6xf32>
}

dl.func @pool49(%x: tensor<8x6xf32>) -> (tensor<8x3xf32>) {
  %w = dl.window %x axes [1] size [2] stride [2] dilation [1] : tensor<8x6xf32> to tensor<8x3x2xf32>
  %y = dl.reduce max %w axes [2] : tensor<8x3x2xf32> to tensor<8x3xf32>
  dl.return %y : tensor<8x3xf32>
}

dl.func @window50(%x: tensor<2x9x9x16xf32>) -> (tensor<2x4x4x16x2x2xf32>) {
  %y = dl.window %x axes [1, 2] size [2, 2] stride [2, 2] dilation [1, 1] : tensor<2x9x9x16xf32> to tensor<2x4x4x16x2x2xf32>
  dl.return %y : tensor<2x4x4x16x2x2xf32>
}

dl.func @overlap_add50(%x: tensor<2x4x4x16x2x2xf32>) -> (tensor<2x9x9x16xf32>) {
  %y = dl.overlap_add %x axes [1, 2] size [2, 2] stride [2, 2] dilation [1, 1] : tensor<2x4x4x16x2x2xf32> to tensor<2x9x9x16xf32>
  dl.return %y : tensor<2x9x9x16xf32>
}

dl.func @pool50(%x: tensor<2x9x9x16xf32>) -> (tensor<2x4x4x16xf32>) {
  %w = dl.window %x axes [1, 2] size [2, 2] stride [2, 2] dilation [1, 1] : tensor<2x9x9x16xf32> to tensor<2x4x4x16x2x2xf32>
  %y = dl.reduce max %w axes [4, 5] : tensor<2x4x4x16x2x2xf32> to tensor<2x4x4x16xf32>
  dl.return %y : tensor<2x4x4x16xf32>
}

dl.func @window51(%x: tensor<2x10x9x5xf32>) -> (tensor<2x4x8x5x3x2xf32>) {
  %y = dl.window %x axes [1, 2] size [3, 2] stride [2, 1] dilation [1, 1] : tensor<2x10x9x5xf32> to tensor<2x4x8x5x3x2xf32>
  dl.return %y : tensor<2x4x8x5x3x2xf32>
}

dl.func @overlap_add51(%x: tensor<2x4x8x5x3x2xf32>) -> (tensor<2x10x9x5xf32>) {
  %y = dl.overlap_add %x axes [1, 2] size [3, 2] stride [2, 1] dilation [1, 1] : tensor<2x4x8x5x3x2xf32> to tensor<2x10x9x5xf32>
  dl.return %y : tensor<2x10x9x5xf32>
}

dl.func @pool51(%x: tensor<2x10x9x5xf32>) -> (tensor<2x4x8x5xf32>) {
  %w = dl.window %x axes [1, 2] size [3, 2] stride [2, 1] dilation [1, 1] : tensor<2x10x9x5xf32> to tensor<2x4x8x5x3x2xf32>
  %y = dl.reduce max %w axes [4, 5] : tensor<2x4x8x5x3x2xf32> to tensor<2x4x8x5xf32>
  dl.return %y : tensor<2x4x8x5xf32>
}

dl.func @window52(%x: tensor<3x20xf32>) -> (tensor<3x12x3xf32>) {
  %y = dl.window %x axes [1] size [3] stride [1] dilation [4] : tensor<3x20xf32> to tensor<3x12x3xf32>
  dl.return %y : tensor<3x12x3xf32>
}

dl.func @overlap_add52(%x: tensor<3x12x3xf32>) -> (tensor<3x20xf32>) {
  %y = dl.overlap_add %x axes [1] size [3] stride [1] dilation [4] : tensor<3x12x3xf32> to tensor<3x20xf32>
  dl.return %y : tensor<3x20xf32>
}

dl.func @pool52(%x: tensor<3x20xf32>) -> (tensor<3x12xf32>) {
  %w = dl.window %x axes [1] size [3] stride [1] dilation [4] : tensor<3x20xf32> to tensor<3x12x3xf32>
  %y = dl.reduce max %w axes [2] : tensor<3x12x3xf32> to tensor<3x12xf32>
  dl.return %y : tensor<3x12xf32>
}

dl.func @window53(%x: tensor<1x11x3xf32>) -> (tensor<1x3x3x2xf32>) {
  %y = dl.window %x axes [1] size [2] stride [3] dilation [2] : tensor<1x11x3xf32> to tensor<1x3x3x2xf32>
  dl.return %y : tensor<1x3x3x2xf32>
}

dl.func @overlap_add53(%x: tensor<1x3x3x2xf32>) -> (tensor<1x11x3xf32>) {
  %y = dl.overlap_add %x axes [1] size [2] stride [3] dilation [2] : tensor<1x3x3x2xf32> to tensor<1x11x3xf32>
  dl.return %y : tensor<1x11x3xf32>
}

dl.func @pool53(%x: tensor<1x11x3xf32>) -> (tensor<1x3x3xf32>) {
  %w = dl.window %x axes [1] size [2] stride [3] dilation [2] : tensor<1x11x3xf32> to tensor<1x3x3x2xf32>
  %y = dl.reduce max %w axes [3] : tensor<1x3x3x2xf32> to tensor<1x3x3xf32>
  dl.return %y : tensor<1x3x3xf32>
}

dl.func @gather54(%x: tensor<10x6xf32>, %i: tensor<4xi64>) -> (tensor<4x6xf32>) attributes {ranges = [[0.0, 1.0], [-2.0, 12.0]]} {
  %y = dl.gather %x, %i axis 0 batch 0 : (tensor<10x6xf32>, tensor<4xi64>) -> tensor<4x6xf32>
  dl.return %y : tensor<4x6xf32>
}

dl.func @gather55(%x: tensor<10x6xf32>, %i: tensor<4xi32>) -> (tensor<4x6xf32>) attributes {ranges = [[0.0, 1.0], [-2.0, 12.0]]} {
  %y = dl.gather %x, %i axis 0 batch 0 : (tensor<10x6xf32>, tensor<4xi32>) -> tensor<4x6xf32>
  dl.return %y : tensor<4x6xf32>
}

dl.func @gather56(%x: tensor<10x6xf32>, %i: tensor<4xui8>) -> (tensor<4x6xf32>) attributes {ranges = [[0.0, 1.0], [0.0, 12.0]]} {
  %y = dl.gather %x, %i axis 0 batch 0 : (tensor<10x6xf32>, tensor<4xui8>) -> tensor<4x6xf32>
  dl.return %y : tensor<4x6xf32>
}

dl.func @gather57(%x: tensor<10x40xf32>, %i: tensor<3x5xi64>) -> (tensor<3x5x40xf32>) attributes {ranges = [[0.0, 1.0], [-2.0, 12.0]]} {
  %y = dl.gather %x, %i axis 0 batch 0 : (tensor<10x40xf32>, tensor<3x5xi64>) -> tensor<3x5x40xf32>
  dl.return %y : tensor<3x5x40xf32>
}

dl.func @gather58(%x: tensor<10x40xf32>, %i: tensor<3x5xi32>) -> (tensor<3x5x40xf32>) attributes {ranges = [[0.0, 1.0], [-2.0, 12.0]]} {
  %y = dl.gather %x, %i axis 0 batch 0 : (tensor<10x40xf32>, tensor<3x5xi32>) -> tensor<3x5x40xf32>
  dl.return %y : tensor<3x5x40xf32>
}

dl.func @gather59(%x: tensor<10x40xf32>, %i: tensor<3x5xui8>) -> (tensor<3x5x40xf32>) attributes {ranges = [[0.0, 1.0], [0.0, 12.0]]} {
  %y = dl.gather %x, %i axis 0 batch 0 : (tensor<10x40xf32>, tensor<3x5xui8>) -> tensor<3x5x40xf32>
  dl.return %y : tensor<3x5x40xf32>
}

dl.func @gather60(%x: tensor<4x10x33xf32>, %i: tensor<7xi64>) -> (tensor<4x7x33xf32>) attributes {ranges = [[0.0, 1.0], [-2.0, 12.0]]} {
  %y = dl.gather %x, %i axis 1 batch 0 : (tensor<4x10x33xf32>, tensor<7xi64>) -> tensor<4x7x33xf32>
  dl.return %y : tensor<4x7x33xf32>
}

dl.func @gather61(%x: tensor<4x10x33xf32>, %i: tensor<7xi32>) -> (tensor<4x7x33xf32>) attributes {ranges = [[0.0, 1.0], [-2.0, 12.0]]} {
  %y = dl.gather %x, %i axis 1 batch 0 : (tensor<4x10x33xf32>, tensor<7xi32>) -> tensor<4x7x33xf32>
  dl.return %y : tensor<4x7x33xf32>
}

dl.func @gather62(%x: tensor<4x10x33xf32>, %i: tensor<7xui8>) -> (tensor<4x7x33xf32>) attributes {ranges = [[0.0, 1.0], [0.0, 12.0]]} {
  %y = dl.gather %x, %i axis 1 batch 0 : (tensor<4x10x33xf32>, tensor<7xui8>) -> tensor<4x7x33xf32>
  dl.return %y : tensor<4x7x33xf32>
}

dl.func @gather63(%x: tensor<4x10xf32>, %i: tensor<4x3xi64>) -> (tensor<4x3xf32>) attributes {ranges = [[0.0, 1.0], [-2.0, 12.0]]} {
  %y = dl.gather %x, %i axis 1 batch 1 : (tensor<4x10xf32>, tensor<4x3xi64>) -> tensor<4x3xf32>
  dl.return %y : tensor<4x3xf32>
}

dl.func @gather64(%x: tensor<4x10xf32>, %i: tensor<4x3xi32>) -> (tensor<4x3xf32>) attributes {ranges = [[0.0, 1.0], [-2.0, 12.0]]} {
  %y = dl.gather %x, %i axis 1 batch 1 : (tensor<4x10xf32>, tensor<4x3xi32>) -> tensor<4x3xf32>
  dl.return %y : tensor<4x3xf32>
}

dl.func @gather65(%x: tensor<4x10xf32>, %i: tensor<4x3xui8>) -> (tensor<4x3xf32>) attributes {ranges = [[0.0, 1.0], [0.0, 12.0]]} {
  %y = dl.gather %x, %i axis 1 batch 1 : (tensor<4x10xf32>, tensor<4x3xui8>) -> tensor<4x3xf32>
  dl.return %y : tensor<4x3xf32>
}

dl.func @gather66(%x: tensor<4x3x10xf32>, %i: tensor<4x2xi64>) -> (tensor<4x3x2xf32>) attributes {ranges = [[0.0, 1.0], [-2.0, 12.0]]} {
  %y = dl.gather %x, %i axis 2 batch 1 : (tensor<4x3x10xf32>, tensor<4x2xi64>) -> tensor<4x3x2xf32>
  dl.return %y : tensor<4x3x2xf32>
}

dl.func @gather67(%x: tensor<4x3x10xf32>, %i: tensor<4x2xi32>) -> (tensor<4x3x2xf32>) attributes {ranges = [[0.0, 1.0], [-2.0, 12.0]]} {
  %y = dl.gather %x, %i axis 2 batch 1 : (tensor<4x3x10xf32>, tensor<4x2xi32>) -> tensor<4x3x2xf32>
  dl.return %y : tensor<4x3x2xf32>
}

dl.func @gather68(%x: tensor<4x3x10xf32>, %i: tensor<4x2xui8>) -> (tensor<4x3x2xf32>) attributes {ranges = [[0.0, 1.0], [0.0, 12.0]]} {
  %y = dl.gather %x, %i axis 2 batch 1 : (tensor<4x3x10xf32>, tensor<4x2xui8>) -> tensor<4x3x2xf32>
  dl.return %y : tensor<4x3x2xf32>
}

dl.func @gather69(%x: tensor<20xf32>, %i: tensor<50xi64>) -> (tensor<50xf32>) attributes {ranges = [[0.0, 1.0], [-2.0, 12.0]]} {
  %y = dl.gather %x, %i axis 0 batch 0 : (tensor<20xf32>, tensor<50xi64>) -> tensor<50xf32>
  dl.return %y : tensor<50xf32>
}

dl.func @gather70(%x: tensor<20xf32>, %i: tensor<50xi32>) -> (tensor<50xf32>) attributes {ranges = [[0.0, 1.0], [-2.0, 12.0]]} {
  %y = dl.gather %x, %i axis 0 batch 0 : (tensor<20xf32>, tensor<50xi32>) -> tensor<50xf32>
  dl.return %y : tensor<50xf32>
}

dl.func @gather71(%x: tensor<20xf32>, %i: tensor<50xui8>) -> (tensor<50xf32>) attributes {ranges = [[0.0, 1.0], [0.0, 12.0]]} {
  %y = dl.gather %x, %i axis 0 batch 0 : (tensor<20xf32>, tensor<50xui8>) -> tensor<50xf32>
  dl.return %y : tensor<50xf32>
}
}
