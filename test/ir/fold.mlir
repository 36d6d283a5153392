// Folds keep every bit; what would change one stays.
// RUN: %dlc-opt %s --canonicalize --cse --split-input-file | FileCheck %s

// CHECK-LABEL: dl.func @add_minus_zero(
// CHECK-NOT: dl.binary
// CHECK-NOT: dl.unary
// CHECK: dl.return %arg0 :
dl.func @add_minus_zero(%x: tensor<100xf32>) -> (tensor<100xf32>) {
  %c0 = dl.constant dense<-0.0> : tensor<f32>
  %c = dl.broadcast %c0 axes [] : tensor<f32> to tensor<100xf32>
  %y = dl.binary add %x, %c : tensor<100xf32>
  dl.return %y : tensor<100xf32>
}

// CHECK-LABEL: dl.func @minus_zero_add(
// CHECK-NOT: dl.binary
// CHECK-NOT: dl.unary
// CHECK: dl.return %arg0 :
dl.func @minus_zero_add(%x: tensor<100xf32>) -> (tensor<100xf32>) {
  %c0 = dl.constant dense<-0.0> : tensor<f32>
  %c = dl.broadcast %c0 axes [] : tensor<f32> to tensor<100xf32>
  %y = dl.binary add %c, %x : tensor<100xf32>
  dl.return %y : tensor<100xf32>
}

// CHECK-LABEL: dl.func @add_zero(
// CHECK: %[[Y:.*]] = dl.binary add
// CHECK: dl.return %[[Y]] :
dl.func @add_zero(%x: tensor<100xf32>) -> (tensor<100xf32>) {
  %c0 = dl.constant dense<0.0> : tensor<f32>
  %c = dl.broadcast %c0 axes [] : tensor<f32> to tensor<100xf32>
  %y = dl.binary add %x, %c : tensor<100xf32>
  dl.return %y : tensor<100xf32>
}

// CHECK-LABEL: dl.func @sub_zero(
// CHECK-NOT: dl.binary
// CHECK-NOT: dl.unary
// CHECK: dl.return %arg0 :
dl.func @sub_zero(%x: tensor<100xf32>) -> (tensor<100xf32>) {
  %c0 = dl.constant dense<0.0> : tensor<f32>
  %c = dl.broadcast %c0 axes [] : tensor<f32> to tensor<100xf32>
  %y = dl.binary sub %x, %c : tensor<100xf32>
  dl.return %y : tensor<100xf32>
}

// CHECK-LABEL: dl.func @sub_minus_zero(
// CHECK: %[[Y:.*]] = dl.binary sub
// CHECK: dl.return %[[Y]] :
dl.func @sub_minus_zero(%x: tensor<100xf32>) -> (tensor<100xf32>) {
  %c0 = dl.constant dense<-0.0> : tensor<f32>
  %c = dl.broadcast %c0 axes [] : tensor<f32> to tensor<100xf32>
  %y = dl.binary sub %x, %c : tensor<100xf32>
  dl.return %y : tensor<100xf32>
}

// CHECK-LABEL: dl.func @zero_sub(
// CHECK: %[[Y:.*]] = dl.binary sub
// CHECK: dl.return %[[Y]] :
dl.func @zero_sub(%x: tensor<100xf32>) -> (tensor<100xf32>) {
  %c0 = dl.constant dense<0.0> : tensor<f32>
  %c = dl.broadcast %c0 axes [] : tensor<f32> to tensor<100xf32>
  %y = dl.binary sub %c, %x : tensor<100xf32>
  dl.return %y : tensor<100xf32>
}

// CHECK-LABEL: dl.func @mul_one(
// CHECK-NOT: dl.binary
// CHECK-NOT: dl.unary
// CHECK: dl.return %arg0 :
dl.func @mul_one(%x: tensor<100xf32>) -> (tensor<100xf32>) {
  %c0 = dl.constant dense<1.0> : tensor<f32>
  %c = dl.broadcast %c0 axes [] : tensor<f32> to tensor<100xf32>
  %y = dl.binary mul %c, %x : tensor<100xf32>
  dl.return %y : tensor<100xf32>
}

// CHECK-LABEL: dl.func @mul_zero(
// CHECK: %[[Y:.*]] = dl.binary mul
// CHECK: dl.return %[[Y]] :
dl.func @mul_zero(%x: tensor<100xf32>) -> (tensor<100xf32>) {
  %c0 = dl.constant dense<0.0> : tensor<f32>
  %c = dl.broadcast %c0 axes [] : tensor<f32> to tensor<100xf32>
  %y = dl.binary mul %x, %c : tensor<100xf32>
  dl.return %y : tensor<100xf32>
}

// CHECK-LABEL: dl.func @div_one(
// CHECK-NOT: dl.binary
// CHECK-NOT: dl.unary
// CHECK: dl.return %arg0 :
dl.func @div_one(%x: tensor<100xf32>) -> (tensor<100xf32>) {
  %c0 = dl.constant dense<1.0> : tensor<f32>
  %c = dl.broadcast %c0 axes [] : tensor<f32> to tensor<100xf32>
  %y = dl.binary div %x, %c : tensor<100xf32>
  dl.return %y : tensor<100xf32>
}

// CHECK-LABEL: dl.func @pow_one(
// CHECK-NOT: dl.binary
// CHECK-NOT: dl.unary
// CHECK: dl.return %arg0 :
dl.func @pow_one(%x: tensor<100xf32>) -> (tensor<100xf32>) {
  %c0 = dl.constant dense<1.0> : tensor<f32>
  %c = dl.broadcast %c0 axes [] : tensor<f32> to tensor<100xf32>
  %y = dl.binary pow %x, %c : tensor<100xf32>
  dl.return %y : tensor<100xf32>
}

// CHECK-LABEL: dl.func @floordiv_one(
// CHECK: %[[Y:.*]] = dl.binary floordiv
// CHECK: dl.return %[[Y]] :
dl.func @floordiv_one(%x: tensor<100xf32>) -> (tensor<100xf32>) {
  %c0 = dl.constant dense<1.0> : tensor<f32>
  %c = dl.broadcast %c0 axes [] : tensor<f32> to tensor<100xf32>
  %y = dl.binary floordiv %x, %c : tensor<100xf32>
  dl.return %y : tensor<100xf32>
}

// CHECK-LABEL: dl.func @int_add(
// CHECK-NOT: dl.binary
// CHECK-NOT: dl.unary
// CHECK: dl.return %arg0 :
dl.func @int_add(%x: tensor<100xi64>) -> (tensor<100xi64>) {
  %c0 = dl.constant dense<0> : tensor<i64>
  %c = dl.broadcast %c0 axes [] : tensor<i64> to tensor<100xi64>
  %y = dl.binary add %x, %c : tensor<100xi64>
  dl.return %y : tensor<100xi64>
}

// CHECK-LABEL: dl.func @int_sub(
// CHECK-NOT: dl.binary
// CHECK-NOT: dl.unary
// CHECK: dl.return %arg0 :
dl.func @int_sub(%x: tensor<100xi64>) -> (tensor<100xi64>) {
  %c0 = dl.constant dense<0> : tensor<i64>
  %c = dl.broadcast %c0 axes [] : tensor<i64> to tensor<100xi64>
  %y = dl.binary sub %x, %c : tensor<100xi64>
  dl.return %y : tensor<100xi64>
}

// CHECK-LABEL: dl.func @int_mul(
// CHECK-NOT: dl.binary
// CHECK-NOT: dl.unary
// CHECK: dl.return %arg0 :
dl.func @int_mul(%x: tensor<100xi64>) -> (tensor<100xi64>) {
  %c0 = dl.constant dense<1> : tensor<i64>
  %c = dl.broadcast %c0 axes [] : tensor<i64> to tensor<100xi64>
  %y = dl.binary mul %x, %c : tensor<100xi64>
  dl.return %y : tensor<100xi64>
}

// CHECK-LABEL: dl.func @int_floordiv(
// CHECK-NOT: dl.binary
// CHECK-NOT: dl.unary
// CHECK: dl.return %arg0 :
dl.func @int_floordiv(%x: tensor<100xi64>) -> (tensor<100xi64>) {
  %c0 = dl.constant dense<1> : tensor<i64>
  %c = dl.broadcast %c0 axes [] : tensor<i64> to tensor<100xi64>
  %y = dl.binary floordiv %x, %c : tensor<100xi64>
  dl.return %y : tensor<100xi64>
}

// CHECK-LABEL: dl.func @max_itself(
// CHECK-NOT: dl.binary
// CHECK-NOT: dl.unary
// CHECK: dl.return %arg0 :
dl.func @max_itself(%x: tensor<100xf32>) -> (tensor<100xf32>) {
  %y = dl.binary max %x, %x : tensor<100xf32>
  dl.return %y : tensor<100xf32>
}

// CHECK-LABEL: dl.func @and_true(
// CHECK-NOT: dl.binary
// CHECK-NOT: dl.unary
// CHECK: dl.return %arg0 :
dl.func @and_true(%x: tensor<100xi1>) -> (tensor<100xi1>) {
  %c0 = dl.constant dense<true> : tensor<i1>
  %c = dl.broadcast %c0 axes [] : tensor<i1> to tensor<100xi1>
  %y = dl.binary and %x, %c : tensor<100xi1>
  dl.return %y : tensor<100xi1>
}

// CHECK-LABEL: dl.func @or_false(
// CHECK-NOT: dl.binary
// CHECK-NOT: dl.unary
// CHECK: dl.return %arg0 :
dl.func @or_false(%x: tensor<100xi1>) -> (tensor<100xi1>) {
  %c0 = dl.constant dense<false> : tensor<i1>
  %c = dl.broadcast %c0 axes [] : tensor<i1> to tensor<100xi1>
  %y = dl.binary or %c, %x : tensor<100xi1>
  dl.return %y : tensor<100xi1>
}

// CHECK-LABEL: dl.func @and_false(
// CHECK: %[[Y:.*]] = dl.binary and
// CHECK: dl.return %[[Y]] :
dl.func @and_false(%x: tensor<100xi1>) -> (tensor<100xi1>) {
  %c0 = dl.constant dense<false> : tensor<i1>
  %c = dl.broadcast %c0 axes [] : tensor<i1> to tensor<100xi1>
  %y = dl.binary and %x, %c : tensor<100xi1>
  dl.return %y : tensor<100xi1>
}

// CHECK-LABEL: dl.func @neg_neg(
// CHECK-NOT: dl.binary
// CHECK-NOT: dl.unary
// CHECK: dl.return %arg0 :
dl.func @neg_neg(%x: tensor<100xf32>) -> (tensor<100xf32>) {
  %a = dl.unary neg %x : tensor<100xf32>
  %y = dl.unary neg %a : tensor<100xf32>
  dl.return %y : tensor<100xf32>
}

// CHECK-LABEL: dl.func @relu_relu(
// CHECK: %[[Y:.*]] = dl.unary relu %arg0
// CHECK-NEXT: dl.return %[[Y]]
dl.func @relu_relu(%x: tensor<100xf32>) -> (tensor<100xf32>) {
  %a = dl.unary relu %x : tensor<100xf32>
  %y = dl.unary relu %a : tensor<100xf32>
  dl.return %y : tensor<100xf32>
}

// CHECK-LABEL: dl.func @exp_exp(
// CHECK: %[[Y:.*]] = dl.unary exp %{{[0-9]+}}
// CHECK: dl.return %[[Y]] :
dl.func @exp_exp(%x: tensor<100xf32>) -> (tensor<100xf32>) {
  %a = dl.unary exp %x : tensor<100xf32>
  %y = dl.unary exp %a : tensor<100xf32>
  dl.return %y : tensor<100xf32>
}

// CHECK-LABEL: dl.func @computes(
// CHECK-DAG: %[[L:.*]] = dl.constant dense<3.500000e+00> : tensor<f32>
// CHECK-DAG: %[[K:.*]] = dl.constant dense<true> : tensor<3xi1>
// CHECK-DAG: %[[I:.*]] = dl.constant dense<[0, 1, 2]> : tensor<3xi64>
// CHECK: dl.return %[[L]], %[[K]], %[[I]]
dl.func @computes() -> (tensor<f32>, tensor<3xi1>, tensor<3xi64>) {
  %a = dl.constant dense<[1.0, 2.0, 4.0]> : tensor<3xf32>
  %b = dl.constant dense<0.5> : tensor<3xf32>
  %s = dl.binary mul %a, %b : tensor<3xf32>
  %l = dl.reduce sum %s axes [0] : tensor<3xf32> to tensor<f32>
  %k = dl.compare gt %a, %b : tensor<3xf32>
  %i = dl.cast %s : tensor<3xf32> to tensor<3xi64>
  dl.return %l, %k, %i : tensor<f32>, tensor<3xi1>, tensor<3xi64>
}

// CHECK-LABEL: dl.func @large_stays(
// CHECK: %[[A:.*]] = dl.constant
// CHECK-NEXT: %[[Y:.*]] = dl.unary exp %[[A]]
// CHECK-NEXT: dl.return %[[Y]]
dl.func @large_stays() -> (tensor<65xf32>) {
  %a = dl.constant dense<2.0> : tensor<65xf32>
  %y = dl.unary exp %a : tensor<65xf32>
  dl.return %y : tensor<65xf32>
}

// CHECK-LABEL: dl.func @broadcast_stays(
// CHECK: %[[A:.*]] = dl.constant
// CHECK-NEXT: %[[Y:.*]] = dl.broadcast %[[A]]
// CHECK-NEXT: dl.return %[[Y]]
dl.func @broadcast_stays() -> (tensor<4xf32>) {
  %c0 = dl.constant dense<2.0> : tensor<f32>
  %c = dl.broadcast %c0 axes [] : tensor<f32> to tensor<4xf32>
  dl.return %c : tensor<4xf32>
}

// CHECK-LABEL: dl.func @select_true(
// CHECK: dl.return %arg1
dl.func @select_true(%p: tensor<4xi1>, %x: tensor<4xf32>, %z: tensor<4xf32>) -> (tensor<4xf32>) {
  %t = dl.constant dense<true> : tensor<4xi1>
  %y = dl.select %t, %x, %z : tensor<4xf32>
  dl.return %y : tensor<4xf32>
}

// CHECK-LABEL: dl.func @select_false(
// CHECK: dl.return %arg2
dl.func @select_false(%p: tensor<4xi1>, %x: tensor<4xf32>, %z: tensor<4xf32>) -> (tensor<4xf32>) {
  %t = dl.constant dense<false> : tensor<4xi1>
  %y = dl.select %t, %x, %z : tensor<4xf32>
  dl.return %y : tensor<4xf32>
}

// CHECK-LABEL: dl.func @select_same(
// CHECK: dl.return %arg2
dl.func @select_same(%p: tensor<4xi1>, %x: tensor<4xf32>, %z: tensor<4xf32>) -> (tensor<4xf32>) {
  %y = dl.select %p, %z, %z : tensor<4xf32>
  dl.return %y : tensor<4xf32>
}

// CHECK-LABEL: dl.func @cast_f32_f64(
// CHECK-NOT: dl.cast
// CHECK: dl.return %arg0
dl.func @cast_f32_f64(%x: tensor<9xf32>) -> (tensor<9xf32>) {
  %a = dl.cast %x : tensor<9xf32> to tensor<9xf64>
  %y = dl.cast %a : tensor<9xf64> to tensor<9xf32>
  dl.return %y : tensor<9xf32>
}

// CHECK-LABEL: dl.func @cast_bf16_f32(
// CHECK-NOT: dl.cast
// CHECK: dl.return %arg0
dl.func @cast_bf16_f32(%x: tensor<9xbf16>) -> (tensor<9xbf16>) {
  %a = dl.cast %x : tensor<9xbf16> to tensor<9xf32>
  %y = dl.cast %a : tensor<9xf32> to tensor<9xbf16>
  dl.return %y : tensor<9xbf16>
}

// CHECK-LABEL: dl.func @cast_f16_bf16(
// CHECK-COUNT-2: dl.cast
// CHECK: dl.return
dl.func @cast_f16_bf16(%x: tensor<9xf16>) -> (tensor<9xf16>) {
  %a = dl.cast %x : tensor<9xf16> to tensor<9xbf16>
  %y = dl.cast %a : tensor<9xbf16> to tensor<9xf16>
  dl.return %y : tensor<9xf16>
}

// CHECK-LABEL: dl.func @cast_bf16_f16(
// CHECK-COUNT-2: dl.cast
// CHECK: dl.return
dl.func @cast_bf16_f16(%x: tensor<9xbf16>) -> (tensor<9xbf16>) {
  %a = dl.cast %x : tensor<9xbf16> to tensor<9xf16>
  %y = dl.cast %a : tensor<9xf16> to tensor<9xbf16>
  dl.return %y : tensor<9xbf16>
}

// CHECK-LABEL: dl.func @cast_f64_f32(
// CHECK-COUNT-2: dl.cast
// CHECK: dl.return
dl.func @cast_f64_f32(%x: tensor<9xf64>) -> (tensor<9xf64>) {
  %a = dl.cast %x : tensor<9xf64> to tensor<9xf32>
  %y = dl.cast %a : tensor<9xf32> to tensor<9xf64>
  dl.return %y : tensor<9xf64>
}

// CHECK-LABEL: dl.func @cast_i1_ui8(
// CHECK-NOT: dl.cast
// CHECK: dl.return %arg0
dl.func @cast_i1_ui8(%x: tensor<9xi1>) -> (tensor<9xi1>) {
  %a = dl.cast %x : tensor<9xi1> to tensor<9xui8>
  %y = dl.cast %a : tensor<9xui8> to tensor<9xi1>
  dl.return %y : tensor<9xi1>
}

// CHECK-LABEL: dl.func @cast_ui8_i16(
// CHECK-NOT: dl.cast
// CHECK: dl.return %arg0
dl.func @cast_ui8_i16(%x: tensor<9xui8>) -> (tensor<9xui8>) {
  %a = dl.cast %x : tensor<9xui8> to tensor<9xi16>
  %y = dl.cast %a : tensor<9xi16> to tensor<9xui8>
  dl.return %y : tensor<9xui8>
}

// CHECK-LABEL: dl.func @cast_ui8_i8(
// CHECK-COUNT-2: dl.cast
// CHECK: dl.return
dl.func @cast_ui8_i8(%x: tensor<9xui8>) -> (tensor<9xui8>) {
  %a = dl.cast %x : tensor<9xui8> to tensor<9xi8>
  %y = dl.cast %a : tensor<9xi8> to tensor<9xui8>
  dl.return %y : tensor<9xui8>
}

// CHECK-LABEL: dl.func @cast_i8_ui8(
// CHECK-COUNT-2: dl.cast
// CHECK: dl.return
dl.func @cast_i8_ui8(%x: tensor<9xi8>) -> (tensor<9xi8>) {
  %a = dl.cast %x : tensor<9xi8> to tensor<9xui8>
  %y = dl.cast %a : tensor<9xui8> to tensor<9xi8>
  dl.return %y : tensor<9xi8>
}

// CHECK-LABEL: dl.func @cast_i32_f64(
// CHECK-NOT: dl.cast
// CHECK: dl.return %arg0
dl.func @cast_i32_f64(%x: tensor<9xi32>) -> (tensor<9xi32>) {
  %a = dl.cast %x : tensor<9xi32> to tensor<9xf64>
  %y = dl.cast %a : tensor<9xf64> to tensor<9xi32>
  dl.return %y : tensor<9xi32>
}

// CHECK-LABEL: dl.func @cast_i32_f32(
// CHECK-COUNT-2: dl.cast
// CHECK: dl.return
dl.func @cast_i32_f32(%x: tensor<9xi32>) -> (tensor<9xi32>) {
  %a = dl.cast %x : tensor<9xi32> to tensor<9xf32>
  %y = dl.cast %a : tensor<9xf32> to tensor<9xi32>
  dl.return %y : tensor<9xi32>
}

// CHECK-LABEL: dl.func @cast_i64_f64(
// CHECK-COUNT-2: dl.cast
// CHECK: dl.return
dl.func @cast_i64_f64(%x: tensor<9xi64>) -> (tensor<9xi64>) {
  %a = dl.cast %x : tensor<9xi64> to tensor<9xf64>
  %y = dl.cast %a : tensor<9xf64> to tensor<9xi64>
  dl.return %y : tensor<9xi64>
}

// CHECK-LABEL: dl.func @cast_ui8_f32(
// CHECK-NOT: dl.cast
// CHECK: dl.return %arg0
dl.func @cast_ui8_f32(%x: tensor<9xui8>) -> (tensor<9xui8>) {
  %a = dl.cast %x : tensor<9xui8> to tensor<9xf32>
  %y = dl.cast %a : tensor<9xf32> to tensor<9xui8>
  dl.return %y : tensor<9xui8>
}

// CHECK-LABEL: dl.func @cast_f32_i64(
// CHECK-COUNT-2: dl.cast
// CHECK: dl.return
dl.func @cast_f32_i64(%x: tensor<9xf32>) -> (tensor<9xf32>) {
  %a = dl.cast %x : tensor<9xf32> to tensor<9xi64>
  %y = dl.cast %a : tensor<9xi64> to tensor<9xf32>
  dl.return %y : tensor<9xf32>
}

// CHECK-LABEL: dl.func @cast_i64_i1(
// CHECK-COUNT-2: dl.cast
// CHECK: dl.return
dl.func @cast_i64_i1(%x: tensor<9xi64>) -> (tensor<9xi64>) {
  %a = dl.cast %x : tensor<9xi64> to tensor<9xi1>
  %y = dl.cast %a : tensor<9xi1> to tensor<9xi64>
  dl.return %y : tensor<9xi64>
}

// CHECK-LABEL: dl.func @cast_same(
// CHECK: dl.return %arg0
dl.func @cast_same(%x: tensor<9xf32>) -> (tensor<9xf32>) {
  %y = dl.cast %x : tensor<9xf32> to tensor<9xf32>
  dl.return %y : tensor<9xf32>
}

// CHECK-LABEL: dl.func @broadcast_broadcast(
// CHECK: %[[Y:.*]] = dl.broadcast %arg0 axes [2, 3] : tensor<3x1xf32> to tensor<2x7x3x5xf32>
// CHECK-NEXT: dl.return %[[Y]]
dl.func @broadcast_broadcast(%x: tensor<3x1xf32>) -> (tensor<2x7x3x5xf32>) {
  %a = dl.broadcast %x axes [1, 2] : tensor<3x1xf32> to tensor<2x3x1xf32>
  %y = dl.broadcast %a axes [0, 2, 3] : tensor<2x3x1xf32> to tensor<2x7x3x5xf32>
  dl.return %y : tensor<2x7x3x5xf32>
}

// CHECK-LABEL: dl.func @broadcast_same(
// CHECK: dl.return %arg0
dl.func @broadcast_same(%x: tensor<3x1xf32>) -> (tensor<3x1xf32>) {
  %y = dl.broadcast %x axes [0, 1] : tensor<3x1xf32> to tensor<3x1xf32>
  dl.return %y : tensor<3x1xf32>
}

// CHECK-LABEL: dl.func @reshape_reshape(
// CHECK: %[[Y:.*]] = dl.reshape %arg0 : tensor<?x6xf32, #dl.sym<B>> to tensor<?x2x3xf32, #dl.sym<B>>
// CHECK-NEXT: dl.return %[[Y]], %arg0
dl.func @reshape_reshape(%x: tensor<?x6xf32, #dl.sym<B>>) -> (tensor<?x2x3xf32, #dl.sym<B>>, tensor<?x6xf32, #dl.sym<B>>) {
  %a = dl.reshape %x : tensor<?x6xf32, #dl.sym<B>> to tensor<?xf32, #dl.sym<6*B>>
  %y = dl.reshape %a : tensor<?xf32, #dl.sym<6*B>> to tensor<?x2x3xf32, #dl.sym<B>>
  %z = dl.reshape %a : tensor<?xf32, #dl.sym<6*B>> to tensor<?x6xf32, #dl.sym<B>>
  dl.return %y, %z : tensor<?x2x3xf32, #dl.sym<B>>, tensor<?x6xf32, #dl.sym<B>>
}

// CHECK-LABEL: dl.func @reshape_constant(
// CHECK: %[[Y:.*]] = dl.constant dense<{{\[}}[1, 2], [3, 4]]> : tensor<2x2xi64>
// CHECK-NEXT: dl.return %[[Y]]
dl.func @reshape_constant() -> (tensor<2x2xi64>) {
  %a = dl.constant dense<[1, 2, 3, 4]> : tensor<4xi64>
  %y = dl.reshape %a : tensor<4xi64> to tensor<2x2xi64>
  dl.return %y : tensor<2x2xi64>
}

// CHECK-LABEL: dl.func @transpose_transpose(
// CHECK: %[[Y:.*]] = dl.transpose %arg0 [2, 1, 0] : tensor<2x3x4xf32> to tensor<4x3x2xf32>
// CHECK-NEXT: dl.return %[[Y]], %arg0
dl.func @transpose_transpose(%x: tensor<2x3x4xf32>) -> (tensor<4x3x2xf32>, tensor<2x3x4xf32>) {
  %a = dl.transpose %x [1, 2, 0] : tensor<2x3x4xf32> to tensor<3x4x2xf32>
  %y = dl.transpose %a [1, 0, 2] : tensor<3x4x2xf32> to tensor<4x3x2xf32>
  %z = dl.transpose %a [2, 0, 1] : tensor<3x4x2xf32> to tensor<2x3x4xf32>
  dl.return %y, %z : tensor<4x3x2xf32>, tensor<2x3x4xf32>
}

// CHECK-LABEL: dl.func @slice_whole(
// CHECK: dl.return %arg0
dl.func @slice_whole(%x: tensor<4x1xf32>) -> (tensor<4x1xf32>) {
  %y = dl.slice %x start [0, 0] stride [1, 3] : tensor<4x1xf32> to tensor<4x1xf32>
  dl.return %y : tensor<4x1xf32>
}

// CHECK-LABEL: dl.func @slice_slice(
// CHECK: %[[Y:.*]] = dl.slice %arg0 start [5] stride [6] : tensor<20xf32> to tensor<3xf32>
// CHECK-NEXT: dl.return %[[Y]]
dl.func @slice_slice(%x: tensor<20xf32>) -> (tensor<3xf32>) {
  %a = dl.slice %x start [2] stride [3] : tensor<20xf32> to tensor<6xf32>
  %y = dl.slice %a start [1] stride [2] : tensor<6xf32> to tensor<3xf32>
  dl.return %y : tensor<3xf32>
}

// CHECK-LABEL: dl.func @size_number(
// CHECK: %[[Y:.*]] = dl.constant dense<12> : tensor<i64>
// CHECK-NEXT: dl.return %[[Y]]
dl.func @size_number() -> (tensor<i64>) {
  %y = dl.size <3*4> : tensor<i64>
  dl.return %y : tensor<i64>
}

// CHECK-LABEL: dl.func @max_of_nothing(
// CHECK: dl.return %arg0
dl.func @max_of_nothing(%x: tensor<4xf32>) -> (tensor<4xf32>) {
  %y = dl.reduce max %x axes [] : tensor<4xf32> to tensor<4xf32>
  dl.return %y : tensor<4xf32>
}

// CHECK-LABEL: dl.func @sum_of_nothing_stays(
// CHECK: %[[Y:.*]] = dl.reduce sum
// CHECK-NEXT: dl.return %[[Y]]
dl.func @sum_of_nothing_stays(%x: tensor<4xf32>) -> (tensor<4xf32>) {
  %y = dl.reduce sum %x axes [] : tensor<4xf32> to tensor<4xf32>
  dl.return %y : tensor<4xf32>
}

// CHECK-LABEL: dl.func @cond_constant(
// CHECK: %[[Y:.*]] = dl.unary exp %arg1
// CHECK-NEXT: dl.return %[[Y]]
dl.func @cond_constant(%x: tensor<f32>, %z: tensor<f32>) -> (tensor<f32>) {
  %p = dl.constant dense<false> : tensor<i1>
  %y = dl.cond %p -> tensor<f32> { dl.yield %x : tensor<f32> } else {
    %n = dl.unary exp %z : tensor<f32>
    dl.yield %n : tensor<f32>
  }
  dl.return %y : tensor<f32>
}

// CHECK-LABEL: dl.func @variables_stay(
// CHECK-DAG: dl.variable
// CHECK-DAG: dl.variable
// CHECK-DAG: dl.stop_gradient
// CHECK-DAG: dl.barrier
// CHECK: dl.return
dl.func @variables_stay() -> (tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>) {
  %c = dl.constant dense<1.0> : tensor<f32>
  %v = dl.variable %c : tensor<f32>
  %w = dl.variable %c : tensor<f32>
  %s = dl.stop_gradient %c : tensor<f32>
  %b = dl.barrier %c after(%s) : tensor<f32> after(tensor<f32>)
  dl.return %v, %w, %s, %b : tensor<f32>, tensor<f32>, tensor<f32>, tensor<f32>
}

// -----

// CHECK-LABEL: dl.func @variables_are_not_merged(
dl.func @variables_are_not_merged(%x: tensor<f32>) -> (tensor<f32>) {
  // CHECK: %[[A:.*]] = dl.variable %arg0
  // CHECK-NEXT: %[[B:.*]] = dl.variable %arg0
  // CHECK-NEXT: dl.binary mul %[[A]], %[[B]]
  %a = dl.variable %x : tensor<f32>
  %b = dl.variable %x : tensor<f32>
  %dead = dl.variable %x : tensor<f32>
  %y = dl.binary mul %a, %b : tensor<f32>
  dl.return %y : tensor<f32>
}

// CHECK-LABEL: dl.func @round_twice(
// CHECK: %[[Y:.*]] = dl.unary round_bf16 %arg0
// CHECK-NEXT: dl.return %[[Y]] :
dl.func @round_twice(%x: tensor<100xf32>) -> (tensor<100xf32>) {
  %y = dl.unary round_bf16 %x : tensor<100xf32>
  %z = dl.unary round_bf16 %y : tensor<100xf32>
  dl.return %z : tensor<100xf32>
}

// CHECK-LABEL: dl.func @round_constant(
// CHECK: dl.constant dense<[1.000000e+00, 1.015625]> : tensor<2xf32>
// CHECK-NEXT: dl.return
dl.func @round_constant() -> (tensor<2xf32>) {
  %x = dl.constant dense<[1.00390625, 1.01171875]> : tensor<2xf32>
  %y = dl.unary round_bf16 %x : tensor<2xf32>
  dl.return %y : tensor<2xf32>
}

// Products of one shape and two precisions are two products.
// CHECK-LABEL: dl.func @two_precisions(
// CHECK: dl.dot {{.*}} contract [1] [0] :
// CHECK: dl.dot {{.*}} contract [1] [0] precision bf16 :
dl.func @two_precisions(%x: tensor<9x9xf32>) -> (tensor<9x9xf32>, tensor<9x9xf32>) {
  %y = dl.dot %x, %x batch [] [] contract [1] [0] : (tensor<9x9xf32>, tensor<9x9xf32>) -> tensor<9x9xf32>
  %z = dl.dot %x, %x batch [] [] contract [1] [0] precision bf16 : (tensor<9x9xf32>, tensor<9x9xf32>) -> tensor<9x9xf32>
  dl.return %y, %z : tensor<9x9xf32>, tensor<9x9xf32>
}
