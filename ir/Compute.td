// Reductions, products and indexing.
#ifndef DLC_IR_COMPUTE
#define DLC_IR_COMPUTE
include "ir/Base.td"

def DL_ReduceOp : DL_DiffOp<"reduce", [DL_InferType, DeclareOpInterfaceMethods<DL_FormulaInterface, ["formulaChoice"]>]> {
  let summary = "folds some axes away";
  let description = [{
    The axes vanish from the shape. An empty fold is 0, 1, -inf (or the least integer), +inf (or the greatest), true, false. `reduce_c1`: axes exist, increasing.
    `reduce_c2`: `and or` take booleans, the others none. The derivative of `max` and `min` goes to the first of equal elements.

    ```mlir
    %s = dl.reduce sum %x axes [0] : tensor<32x10xf32> to tensor<10xf32>
    ```
  }];
  let arguments = (ins DL_ReduceFnAttr:$fn, DL_Tensor:$operand, DenseI64ArrayAttr:$axes);
  let results = (outs DL_Tensor:$result);
  let assemblyFormat = "custom<Enum>($fn) $operand `axes` $axes attr-dict `:` type($operand) `to` type($result)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def DL_ArgReduceOp : DL_ValueOp<"arg_reduce", [DL_InferType, DL_NotDifferentiable, DeclareOpInterfaceMethods<DL_FormulaInterface, ["formulaChoice"]>]> {
  let summary = "the index of the greatest or least element along an axis";
  let description = [{
    i64; the first of equal elements; NaN counts as the greatest for `max` and the least for `min`. `arg_reduce_c1`: `max` or `min`, the axis exists and is not empty.

    ```mlir
    %i = dl.arg_reduce max %x axis 1 : tensor<32x10xf32> to tensor<32xi64>
    ```
  }];
  let arguments = (ins DL_ReduceFnAttr:$fn, DL_Tensor:$operand, I64Attr:$axis);
  let results = (outs DL_IntTensor:$result);
  let assemblyFormat = "custom<Enum>($fn) $operand `axis` $axis attr-dict `:` type($operand) `to` type($result)";
  let hasVerifier = 1;
}

def DL_CumulateOp : DL_DiffOp<"cumulate", [DL_SameTypes, DeclareOpInterfaceMethods<DL_FormulaInterface, ["formulaChoice", "mayLack"]>]> {
  let summary = "running fold along an axis";
  let description = [{
    `cumulate_c1`: `sum prod max min` of numbers, the axis exists. `exclusive` starts with the neutral element; `reverse` runs from the end.

    ```mlir
    %s = dl.cumulate sum %x axis 0 : tensor<50x4xf32>
    ```
  }];
  let arguments = (ins DL_ReduceFnAttr:$fn, DL_Tensor:$operand, I64Attr:$axis, UnitAttr:$reverse, UnitAttr:$exclusive);
  let results = (outs DL_Tensor:$result);
  let assemblyFormat = "custom<Enum>($fn) $operand `axis` $axis (`reverse` $reverse^)? (`exclusive` $exclusive^)? attr-dict `:` type($result)";
  let hasVerifier = 1;
}

// What a product takes its operands in; f32 where nothing is said.
def DL_WithPrecision : DefaultValuedAttr<DL_PrecisionAttr, "::dlc::ir::Precision::f32">;

def DL_DotOp : DL_DiffOp<"dot", [DL_InferType, DeclareOpInterfaceMethods<DL_FormulaInterface, ["formulaDefault"]>]> {
  let summary = "a product of two tensors, summed over common axes";
  let description = [{
    The result's axes: the batch axes, the other axes of the left operand, the other axes of the right one. `dot_c1`: element types are equal and floats.
    `dot_c2`: batch lists and contraction lists pair axes of equal size. `dot_c3`: no axis is named twice.
    With `precision bf16` or `tf32` each element of the operands counts as `dl.unary round_bf16` or `round_tf32` gives it; products and sums stay f32. `dot_c4`: then the elements are f32.

    ```mlir
    %y = dl.dot %x, %w batch [] [] contract [1] [0] : (tensor<32x784xf32>, tensor<784x10xf32>) -> tensor<32x10xf32>
    ```
  }];
  let arguments = (ins DL_FloatTensor:$lhs, DL_FloatTensor:$rhs, DenseI64ArrayAttr:$lhsBatch, DenseI64ArrayAttr:$rhsBatch,
                       DenseI64ArrayAttr:$lhsContract, DenseI64ArrayAttr:$rhsContract, DL_WithPrecision:$precision);
  let results = (outs DL_FloatTensor:$result);
  let assemblyFormat = [{
    $lhs `,` $rhs `batch` $lhsBatch $rhsBatch `contract` $lhsContract $rhsContract (`precision` custom<Enum>($precision)^)? attr-dict
    `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

def DL_ConvOp : DL_DiffOp<"conv", [DeclareOpInterfaceMethods<DL_FormulaInterface, ["formulaDefault", "formulaChoice"]>]> {
  let summary = "a convolution, or the gradient of one";
  let description = [{
    Images are N, spatial axes, C; weights are spatial axes, C / groups, F (NHWC and HWIO), of spatial rank 1 to 3. With x, w, y the image, the weight and
    `y[n, o, f] = Σ_{k, c} x[n, o·stride + k·dilation - low, c] · w[k, c, f]` (0 outside of x), the kind says which one is the result:
    `forward` takes x and w, `input` takes y and w and gives the derivative by x, `weight` takes x and y and gives the derivative by w. `conv_c1`: one stride, dilation and
    padding a spatial axis. `conv_c2`: `groups` divides C and F. `conv_c3`: the size of y is `(x + low + high - (dilation·(k - 1) + 1)) / stride + 1`, rounded down.
    `conv_c4`: element types are equal. `precision` means what it does in `dl.dot`. `conv_c5`: where it stands, they are f32.

    ```mlir
    %y = dl.conv forward %x, %w stride [1, 1] low [0, 0] high [0, 0] dilation [1, 1] groups 1
       : (tensor<32x28x28x1xf32>, tensor<3x3x1x32xf32>) -> tensor<32x26x26x32xf32>
    ```
  }];
  let arguments = (ins DL_ConvKindAttr:$kind, DL_FloatTensor:$lhs, DL_FloatTensor:$rhs, DenseI64ArrayAttr:$stride,
                       DenseI64ArrayAttr:$low, DenseI64ArrayAttr:$high, DenseI64ArrayAttr:$dilation, I64Attr:$groups, DL_WithPrecision:$precision);
  let results = (outs DL_FloatTensor:$result);
  let assemblyFormat = [{
    custom<Enum>($kind) $lhs `,` $rhs `stride` $stride `low` $low `high` $high `dilation` $dilation `groups` $groups (`precision` custom<Enum>($precision)^)?
    attr-dict `:` functional-type(operands, results)
  }];
  let hasVerifier = 1;
}

def DL_GatherOp : DL_DiffOp<"gather", [DL_InferType]> {
  let summary = "takes elements or slices along one axis by index";
  let description = [{
    The first `batch` axes of operand and indices run together. The result's shape: the operand's up to `axis`, the indices' other axes, the operand's after `axis`.
    An index outside reads 0, or false. `gather_c1`: `0 ≤ batch ≤ axis < rank`, batch sizes are equal.

    ```mlir
    %rows = dl.gather %table, %ids axis 0 batch 0 : (tensor<1000x64xf32>, tensor<8x16xi64>) -> tensor<8x16x64xf32>
    ```
  }];
  let arguments = (ins DL_Tensor:$operand, DL_IntTensor:$indices, I64Attr:$axis, I64Attr:$batch);
  let results = (outs DL_Tensor:$result);
  let assemblyFormat = "$operand `,` $indices `axis` $axis `batch` $batch attr-dict `:` functional-type(operands, results)";
}

def DL_ScatterOp : DL_DiffOp<"scatter", [AllTypesMatch<["operand", "result"]>, DeclareOpInterfaceMethods<DL_FormulaInterface, ["formulaChoice"]>]> {
  let summary = "writes or adds elements or slices along one axis by index";
  let description = [{
    The transpose of `dl.gather`: `updates` has the shape that gather with the same attributes would give (`scatter_c1`). `scatter_c2`: `add` takes no booleans. Updates act in row-major order of the indices:
    `add` in that order, of `set` the last stays. An index outside is dropped.

    ```mlir
    %t = dl.scatter add %table, %ids, %u axis 0 batch 0 : tensor<1000x64xf32>, tensor<8x16xi64>, tensor<8x16x64xf32>
    ```
  }];
  let arguments = (ins DL_ScatterFnAttr:$fn, DL_Tensor:$operand, DL_IntTensor:$indices, DL_Tensor:$updates, I64Attr:$axis, I64Attr:$batch);
  let results = (outs DL_Tensor:$result);
  let assemblyFormat = [{
    custom<Enum>($fn) $operand `,` $indices `,` $updates `axis` $axis `batch` $batch attr-dict
    `:` type($operand) `,` type($indices) `,` type($updates)
  }];
  let hasVerifier = 1;
}

def DL_SortOp : DL_DiffOp<"sort", [AllTypesMatch<["operand", "sorted"]>, DeclareOpInterfaceMethods<DL_FormulaInterface, ["mayLack"]>]> {
  let summary = "sorts along an axis, with the permutation that does it";
  let description = [{
    Stable; NaN stands last. The second result (i64) has for each place the index that its element came from. `sort_c1`: the axis exists, types agree.

    ```mlir
    %sorted, %from = dl.sort %x axis 0 descending : tensor<100xf32> to tensor<100xi64>
    ```
  }];
  let arguments = (ins DL_Tensor:$operand, I64Attr:$axis, UnitAttr:$descending);
  let results = (outs DL_Tensor:$sorted, DL_IntTensor:$permutation);
  let assemblyFormat = "$operand `axis` $axis (`descending` $descending^)? attr-dict `:` type($operand) `to` type($permutation)";
  let hasVerifier = 1;
}
#endif
