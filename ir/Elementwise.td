// Element-wise operations: one operation for each arity, with the function as an enum (docs/ir.md says why).
#ifndef DLC_IR_ELEMENTWISE
#define DLC_IR_ELEMENTWISE
include "ir/Base.td"

def DL_UnaryOp : DL_DiffOp<"unary", [DL_SameTypes]> {
  let summary = "an element-wise function of one tensor";
  let description = [{
    `unary_c1`: `not` takes booleans; `neg abs sign square relu` take integers (not u8 for `neg`) and floats; all others take floats.
    `round_bf16` and `round_tf32` give the nearest number with 7 or 10 bits of mantissa below the leading one, of two equally near the even one; their derivative
    passes through, as if they were the identity. Infinities and NaN stay, what is too large becomes infinite, and numbers below the normal ones of f32 are 0.

    ```mlir
    %relu = dl.unary relu %x : tensor<4x3xf32>
    ```
  }];
  let arguments = (ins DL_UnaryFnAttr:$fn, DL_Tensor:$operand);
  let results = (outs DL_Tensor:$result);
  let assemblyFormat = "custom<Enum>($fn) $operand attr-dict `:` type($result)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def DL_BinaryOp : DL_DiffOp<"binary", [DL_SameTypes]> {
  let summary = "an element-wise function of two tensors of one type";
  let description = [{
    Scalars enter by `dl.broadcast`. `binary_c1`: `and or` take booleans; `div pow atan2` take floats; `floordiv mod` take integers and
    floats and round down; the others take all but booleans.

    ```mlir
    %sum = dl.binary add %a, %b : tensor<4x3xf32>
    ```
  }];
  let arguments = (ins DL_BinaryFnAttr:$fn, DL_Tensor:$lhs, DL_Tensor:$rhs);
  let results = (outs DL_Tensor:$result);
  let assemblyFormat = "custom<Enum>($fn) $lhs `,` $rhs attr-dict `:` type($result)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def DL_CompareOp : DL_ValueOp<"compare", [SameTypeOperands, DL_InferType, DL_NotDifferentiable]> {
  let summary = "an element-wise comparison";
  let description = [{
    The result has the operands' shape and element type i1. NaN compares as in IEEE 754: only `ne` holds. `compare_c1`: booleans only with `eq ne`.

    ```mlir
    %inside = dl.compare lt %r, %limit : tensor<8xf32>
    ```
  }];
  let arguments = (ins DL_CompareFnAttr:$fn, DL_Tensor:$lhs, DL_Tensor:$rhs);
  let results = (outs DL_BoolTensor:$result);
  let assemblyFormat = "custom<Enum>($fn) $lhs `,` $rhs attr-dict `:` type($lhs)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def DL_SelectOp : DL_DiffOp<"select", [AllTypesMatch<["onTrue", "onFalse", "result"]>, TypesMatchWith<
    "select_c1: the condition has the shape of the result", "result", "condition",
    "::dlc::ir::withElement(::llvm::cast<::mlir::RankedTensorType>($_self), ::mlir::IntegerType::get($_self.getContext(), 1))">]> {
  let summary = "takes each element from one of two tensors";
  let description = [{
    `select_c1`: the condition has the shape of the result. The value that is not taken does not matter, be it NaN.

    ```mlir
    %x = dl.select %c, %a, %b : tensor<8xf32>
    ```
  }];
  let arguments = (ins DL_BoolTensor:$condition, DL_Tensor:$onTrue, DL_Tensor:$onFalse);
  let results = (outs DL_Tensor:$result);
  let assemblyFormat = "$condition `,` $onTrue `,` $onFalse attr-dict `:` type($result)";
  let hasFolder = 1;
}

def DL_CastOp : DL_DiffOp<"cast"> {
  let summary = "converts each element to another type";
  let description = [{
    Float to integer rounds toward zero and saturates, NaN becomes 0; anything to i1 is `!= 0`; to a narrower integer wraps. `cast_c1`: the shapes are equal.

    ```mlir
    %x = dl.cast %pixels : tensor<32x784xui8> to tensor<32x784xf32>
    ```
  }];
  let arguments = (ins DL_Tensor:$operand);
  let results = (outs DL_Tensor:$result);
  let assemblyFormat = "$operand attr-dict `:` type($operand) `to` type($result)";
  let hasVerifier = 1;
  let hasFolder = 1;
}
#endif
