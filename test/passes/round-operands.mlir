// RUN: %dlc-opt --dl-round-operands %s | FileCheck %s
// RUN: %dlc-opt --dl-round-operands=native=true %s | FileCheck %s --check-prefix=NATIVE
// NATIVE-NOT: dl.unary
// NATIVE: precision bf16
// NATIVE-NOT: dl.unary

// A value that several products read is rounded once for each format; products of f32 read it as it is.
// CHECK-LABEL: dl.func @shared(
// CHECK-DAG: %[[B:.*]] = dl.unary round_bf16 %arg0
// CHECK-DAG: %[[T:.*]] = dl.unary round_tf32 %arg0
// CHECK-NOT: dl.unary
// CHECK-DAG: dl.dot %[[B]], %[[B]] batch [] [] contract [1] [0] :
// CHECK-DAG: dl.dot %[[B]], %[[B]] batch [] [] contract [0] [0] :
// CHECK-DAG: dl.dot %[[T]], %[[T]] batch [] [] contract [0] [0] :
// CHECK-DAG: dl.dot %arg0, %arg0 batch [] [] contract [0] [0] :
dl.func @shared(%x: tensor<3x3xf32>) -> (tensor<3x3xf32>, tensor<3x3xf32>, tensor<3x3xf32>, tensor<3x3xf32>) {
  %a = dl.dot %x, %x batch [] [] contract [1] [0] precision bf16 : (tensor<3x3xf32>, tensor<3x3xf32>) -> tensor<3x3xf32>
  %b = dl.dot %x, %x batch [] [] contract [0] [0] precision bf16 : (tensor<3x3xf32>, tensor<3x3xf32>) -> tensor<3x3xf32>
  %c = dl.dot %x, %x batch [] [] contract [0] [0] precision tf32 : (tensor<3x3xf32>, tensor<3x3xf32>) -> tensor<3x3xf32>
  %d = dl.dot %x, %x batch [] [] contract [0] [0] : (tensor<3x3xf32>, tensor<3x3xf32>) -> tensor<3x3xf32>
  dl.return %a, %b, %c, %d : tensor<3x3xf32>, tensor<3x3xf32>, tensor<3x3xf32>, tensor<3x3xf32>
}

// What is moved is rounded before: fewer elements under a broadcast, and the product still reads through the transpose. The old ones go.
// CHECK-LABEL: dl.func @moved(
// CHECK-DAG: %[[R:.*]] = dl.unary round_bf16 %arg0 : tensor<3x4xf32>
// CHECK-DAG: %[[W:.*]] = dl.unary round_bf16 %arg1 : tensor<4xf32>
// CHECK: %[[T:.*]] = dl.transpose %[[R]]
// CHECK-NEXT: %[[B:.*]] = dl.broadcast %[[W]]
// CHECK-NEXT: dl.dot %[[T]], %[[B]]
dl.func @moved(%x: tensor<3x4xf32>, %w: tensor<4xf32>) -> (tensor<4x4xf32>) {
  %t = dl.transpose %x [1, 0] : tensor<3x4xf32> to tensor<4x3xf32>
  %b = dl.broadcast %w axes [1] : tensor<4xf32> to tensor<3x4xf32>
  %y = dl.dot %t, %b batch [] [] contract [1] [0] precision bf16 : (tensor<4x3xf32>, tensor<3x4xf32>) -> tensor<4x4xf32>
  dl.return %y : tensor<4x4xf32>
}

// What a loop reads from outside is rounded before it; what a branch alone reads, in the branch.
// CHECK-LABEL: dl.func @inside(
// CHECK: %[[W:.*]] = dl.unary round_bf16 %arg1
// CHECK-NEXT: %{{.*}} = dl.loop
// CHECK: %[[C:.*]] = dl.unary round_bf16
// CHECK-NEXT: dl.dot %[[C]], %[[W]]
// CHECK: dl.cond
// CHECK: dl.unary round_bf16
// CHECK: dl.dot
dl.func @inside(%x: tensor<3x3xf32>, %w: tensor<3x3xf32>, %if: tensor<i1>, %v: tensor<3x3xf32>) -> (tensor<3x3xf32>) {
  %y = dl.loop <5> carry(%c = %x : tensor<3x3xf32>) -> tensor<3x3xf32> index %i {
    %p = dl.dot %c, %w batch [] [] contract [1] [0] precision bf16 : (tensor<3x3xf32>, tensor<3x3xf32>) -> tensor<3x3xf32>
    dl.yield %p : tensor<3x3xf32>
  }
  %z = dl.cond %if -> tensor<3x3xf32> {
    %p = dl.dot %v, %v batch [] [] contract [1] [0] precision bf16 : (tensor<3x3xf32>, tensor<3x3xf32>) -> tensor<3x3xf32>
    dl.yield %p : tensor<3x3xf32>
  } else {
    dl.yield %y : tensor<3x3xf32>
  }
  dl.return %z : tensor<3x3xf32>
}
