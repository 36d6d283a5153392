// Operations that make or move elements without arithmetic.
#ifndef DLC_IR_SHAPEOPS
#define DLC_IR_SHAPEOPS
include "ir/Base.td"

def DL_ConstantOp : DL_ValueOp<"constant", [ConstantLike, DL_InferType]> {
  let summary = "a tensor known at compile time";
  let description = [{
    ```mlir
    %half = dl.constant dense<0.5> : tensor<f32>
    ```
  }];
  let arguments = (ins ElementsAttr:$value);
  let results = (outs DL_Tensor:$result);
  let assemblyFormat = "attr-dict $value";
  let hasFolder = 1;
}

def DL_SizeOp : DL_ValueOp<"size", [DL_NotDifferentiable]> {
  let summary = "the value of a symbolic size";
  let description = [{
    `size_c1`: the attribute holds one size. Folds to a constant when its symbols are bound.

    ```mlir
    %n = dl.size <B> : tensor<i64>
    ```
  }];
  let arguments = (ins DL_SymAttr:$size);
  let results = (outs DL_ScalarI64:$result);
  let assemblyFormat = "$size attr-dict `:` type($result)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def DL_IotaOp : DL_ValueOp<"iota", [DL_NotDifferentiable]> {
  let summary = "the index along one axis";
  let description = [{
    Element `i` along `axis` has the value `i` (`iota_c1`: the axis exists), plus `offset` where there is one. Integer element types only.

    ```mlir
    %i = dl.iota 0 : tensor<50xi64>
    ```
  }];
  let arguments = (ins I64Attr:$axis, Optional<DL_ScalarI64>:$offset);
  let results = (outs DL_IntTensor:$result);
  let assemblyFormat = "$axis (`from` $offset^)? attr-dict `:` type($result)";
  let hasVerifier = 1;
}

def DL_RandomOp : DL_ValueOp<"random", [AttrSizedOperandSegments, DeclareOpInterfaceMethods<DL_FormulaInterface, ["formulaDefault", "formulaChoice"]>]> {
  let summary = "random numbers, a function of seed, step, site and place";
  let description = [{
    Counter-based (docs/random.md). The key is mixed from `seed` and `site`, then folded with each of `indices` (loop counters, outermost
    first) and with the index along each of the leading `lanes` axes; the elements of the other axes are numbered in row-major order. `offset`
    is added to the index along axis 0: a result of rows k … of a larger draw. `uniform` is f32 or f64 in [0, 1), `normal` f32 or f64, `bits`
    32 random bits as i64. `random_c1`: these element types. `random_c2`: 0 ≤ `lanes` ≤ rank. No derivative by seed or site: a draw is a constant.

    ```mlir
    %u = dl.random uniform %seed, %step, %site : tensor<64x50xf32>
    %v = dl.random normal %seed, %step, %site indices(%i) lanes 1 from %row : tensor<8x4xf32>
    ```
  }];
  let arguments = (ins DL_RandomFnAttr:$fn, DL_ScalarI64:$seed, DL_ScalarI64:$step, DL_ScalarI64:$site,
                       Variadic<DL_ScalarI64>:$indices, DefaultValuedAttr<I64Attr, "0">:$lanes, Optional<DL_ScalarI64>:$offset);
  let results = (outs DL_Tensor:$result);
  let assemblyFormat = [{
    custom<Enum>($fn) $seed `,` $step `,` $site (`indices` `(` $indices^ `)`)? (`lanes` $lanes^)? (`from` $offset^)? attr-dict `:` type($result)
  }];
  let hasVerifier = 1;
}

def DL_BroadcastOp : DL_DiffOp<"broadcast", [DeclareOpInterfaceMethods<DL_FormulaInterface, ["formulaDefault"]>]> {
  let summary = "repeats a tensor along new or unit axes";
  let description = [{
    Axis `i` of the operand becomes axis `axes[i]` of the result. `broadcast_c1`: `axes` has an entry for each axis of the operand, in increasing order.
    `broadcast_c2`: sizes are equal, or the operand's is the number 1.

    ```mlir
    %y = dl.broadcast %bias axes [1] : tensor<64xf32> to tensor<32x64xf32>
    ```
  }];
  let arguments = (ins DL_Tensor:$operand, DenseI64ArrayAttr:$axes);
  let results = (outs DL_Tensor:$result);
  let assemblyFormat = "$operand `axes` $axes attr-dict `:` type($operand) `to` type($result)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def DL_ReshapeOp : DL_DiffOp<"reshape"> {
  let summary = "the same elements in row-major order under another shape";
  let description = [{
    `reshape_c1`: both shapes have the same number of elements, as polynomials.

    ```mlir
    %y = dl.reshape %x : tensor<32x3x3x64xf32> to tensor<32x576xf32>
    ```
  }];
  let arguments = (ins DL_Tensor:$operand);
  let results = (outs DL_Tensor:$result);
  let assemblyFormat = "$operand attr-dict `:` type($operand) `to` type($result)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def DL_TransposeOp : DL_DiffOp<"transpose", [DL_InferType]> {
  let summary = "permutes axes";
  let description = [{
    Axis `i` of the result is axis `permutation[i]` of the operand. `transpose_c1`: a permutation.

    ```mlir
    %y = dl.transpose %x [1, 0] : tensor<3x4xf32> to tensor<4x3xf32>
    ```
  }];
  let arguments = (ins DL_Tensor:$operand, DenseI64ArrayAttr:$permutation);
  let results = (outs DL_Tensor:$result);
  let assemblyFormat = "$operand $permutation attr-dict `:` type($operand) `to` type($result)";
  let hasFolder = 1;
}

def DL_SliceOp : DL_DiffOp<"slice"> {
  let summary = "a regular part of a tensor";
  let description = [{
    Along axis `i` the result takes `start[i], start[i] + stride[i], …`, as many as its type says. `slice_c1`: one entry an axis, start ≥ 0,
    stride ≥ 1. `slice_c2`: the last element taken exists (checked where the sizes are numbers). An axis taken whole has start 0 and stride 1.

    ```mlir
    %y = dl.slice %x start [0, 1] stride [1, 2] : tensor<4x9xf32> to tensor<4x4xf32>
    ```
  }];
  let arguments = (ins DL_Tensor:$operand, DenseI64ArrayAttr:$start, DenseI64ArrayAttr:$stride);
  let results = (outs DL_Tensor:$result);
  let assemblyFormat = "$operand `start` $start `stride` $stride attr-dict `:` type($operand) `to` type($result)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def DL_PadOp : DL_DiffOp<"pad", [TypesMatchWith<
    "pad_c2: the value has the element type of the operand", "operand", "value",
    "::mlir::RankedTensorType::get({}, ::llvm::cast<::mlir::RankedTensorType>($_self).getElementType())">]> {
  let summary = "puts a scalar before, after and between the elements";
  let description = [{
    Axis `i` of the result has `low[i]` values in front, `interior[i]` between two elements and the rest behind. `pad_c1`: one entry an axis, none negative.
    `pad_c2`: `value` has the element type. `pad_c3`: the result is at least as long as what stands before and in it.

    ```mlir
    %y = dl.pad %x, %zero low [1] interior [0] : tensor<4xf32> to tensor<6xf32>
    ```
  }];
  let arguments = (ins DL_Tensor:$operand, 0DTensorOf<[AnyType]>:$value, DenseI64ArrayAttr:$low, DenseI64ArrayAttr:$interior);
  let results = (outs DL_Tensor:$result);
  let assemblyFormat = "$operand `,` $value `low` $low `interior` $interior attr-dict `:` type($operand) `to` type($result)";
  let hasVerifier = 1;
}

def DL_ConcatOp : DL_DiffOp<"concat", [DL_InferType]> {
  let summary = "tensors one after the other along an axis";
  let description = [{
    `concat_c1`: all other sizes, ranks and element types are equal.

    ```mlir
    %y = dl.concat %a, %b axis 1 : (tensor<4x2xf32>, tensor<4x3xf32>) -> tensor<4x5xf32>
    ```
  }];
  let arguments = (ins Variadic<DL_Tensor>:$operands, I64Attr:$axis);
  let results = (outs DL_Tensor:$result);
  let assemblyFormat = "$operands `axis` $axis attr-dict `:` functional-type($operands, $result)";
}

def DL_ReverseOp : DL_DiffOp<"reverse", [DL_SameTypes]> {
  let summary = "the elements in reverse order along some axes";
  let description = [{
    `reverse_c1`: the axes exist, each is named once.

    ```mlir
    %y = dl.reverse %x axes [0] : tensor<4xf32>
    ```
  }];
  let arguments = (ins DL_Tensor:$operand, DenseI64ArrayAttr:$axes);
  let results = (outs DL_Tensor:$result);
  let assemblyFormat = "$operand `axes` $axes attr-dict `:` type($result)";
  let hasVerifier = 1;
}

def DL_DynamicSliceOp : DL_DiffOp<"dynamic_slice"> {
  let summary = "a part of a tensor whose place is known at run time";
  let description = [{
    One start for each axis; a start is clamped so that the part lies inside (the language checks before). `dynamic_slice_c1`: a start an axis.
    `dynamic_slice_c2`: no size exceeds the operand's.

    ```mlir
    %y = dl.dynamic_slice %x[%i, %zero] : tensor<9x4xf32> to tensor<1x4xf32>
    ```
  }];
  let arguments = (ins DL_Tensor:$operand, Variadic<DL_ScalarI64>:$starts);
  let results = (outs DL_Tensor:$result);
  let assemblyFormat = "$operand `[` $starts `]` attr-dict `:` type($operand) `to` type($result)";
  let hasVerifier = 1;
}

def DL_DynamicUpdateOp : DL_DiffOp<"dynamic_update", [AllTypesMatch<["operand", "result"]>]> {
  let summary = "a tensor with a part replaced";
  let description = [{
    The transpose of `dl.dynamic_slice`, with the same constraints and clamping (`dynamic_update_c1`, `dynamic_update_c2`).

    ```mlir
    %y = dl.dynamic_update %x, %part[%i, %zero] : tensor<9x4xf32>, tensor<1x4xf32>
    ```
  }];
  let arguments = (ins DL_Tensor:$operand, DL_Tensor:$update, Variadic<DL_ScalarI64>:$starts);
  let results = (outs DL_Tensor:$result);
  let assemblyFormat = "$operand `,` $update `[` $starts `]` attr-dict `:` type($operand) `,` type($update)";
  let hasVerifier = 1;
}

def DL_WindowOp : DL_DiffOp<"window", [DL_InferType, DeclareOpInterfaceMethods<DL_FormulaInterface, ["formulaDefault"]>]> {
  let summary = "the windows that slide over some axes";
  let description = [{
    Axis `axes[k]` of size n becomes the count of windows, `(n - (dilation·(size - 1) + 1)) / stride + 1` rounded down, and the window's own axis is
    appended at the end, in the order of `axes`. Pooling is a reduction over these. `window_c1`: the four lists are of one length, all entries but the axes positive.
    `window_c2`: a window fits at least once.

    ```mlir
    %w = dl.window %x axes [1] size [2] stride [2] dilation [1] : tensor<8x6xf32> to tensor<8x3x2xf32>
    ```
  }];
  let arguments = (ins DL_Tensor:$operand, DenseI64ArrayAttr:$axes, DenseI64ArrayAttr:$size, DenseI64ArrayAttr:$stride,
                       DenseI64ArrayAttr:$dilation);
  let results = (outs DL_Tensor:$result);
  let assemblyFormat = "$operand `axes` $axes `size` $size `stride` $stride `dilation` $dilation attr-dict `:` type($operand) `to` type($result)";
}

def DL_OverlapAddOp : DL_DiffOp<"overlap_add", [DeclareOpInterfaceMethods<DL_FormulaInterface, ["formulaDefault"]>]> {
  let summary = "adds windows up where they lie: the transpose of `dl.window`";
  let description = [{
    The result has the type that `dl.window` with the same attributes would take (`overlap_add_c1`).

    ```mlir
    %x = dl.overlap_add %w axes [1] size [2] stride [2] dilation [1] : tensor<8x3x2xf32> to tensor<8x6xf32>
    ```
  }];
  let arguments = (ins DL_FloatTensor:$operand, DenseI64ArrayAttr:$axes, DenseI64ArrayAttr:$size, DenseI64ArrayAttr:$stride,
                       DenseI64ArrayAttr:$dilation);
  let results = (outs DL_FloatTensor:$result);
  let assemblyFormat = "$operand `axes` $axes `size` $size `stride` $stride `dilation` $dilation attr-dict `:` type($operand) `to` type($result)";
  let hasVerifier = 1;
}
#endif
