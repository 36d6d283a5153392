// What only the condensed form of a graph has (pass dl-condense): trees, and functions that are applied. None is left behind dl-expand.
#ifndef DLC_IR_CONDENSED
#define DLC_IR_CONDENSED
include "ir/Base.td"

// Operands may be trees; a formula refuses them elsewhere.
def TakesTrees : NativeOpTrait<"TakesTrees"> { let cppNamespace = "::dlc::ir"; }
def DL_Tree : Type<CPred<"::dlc::ir::isTree($_self)">, "tree: a tuple of static tensors, each with its name as encoding">;
def DL_TreeOrTensor : AnyTypeOf<[DL_Tensor, DL_Tree]>;

def DL_GetOp : DL_Op<"get", [Pure, TakesTrees, DL_InferType]> {
  let summary = "a leaf of a tree";
  let description = [{
    `get_c1`: the tree has a leaf of this name. In formulas `%net.weight` stands for it.

    ```mlir
    %w = dl.get %net "weight" : tuple<tensor<4xf32, "weight">, tensor<f32, "bias">>
    ```
  }];
  let arguments = (ins DL_Tree:$tree, StrAttr:$leaf);
  let results = (outs DL_Tensor:$result);
  let assemblyFormat = "$tree $leaf attr-dict `:` type($tree)";
}

def DL_TreeOp : DL_Op<"tree", [Pure]> {
  let summary = "a tree of its leaves";
  let description = [{
    `tree_c1`: one tensor for each leaf, of its type.

    ```mlir
    %net = dl.tree(%w, %b) : (tensor<4xf32>, tensor<f32>) -> tuple<tensor<4xf32, "weight">, tensor<f32, "bias">>
    ```
  }];
  let arguments = (ins Variadic<DL_Tensor>:$leaves);
  let results = (outs DL_Tree:$result);
  let assemblyFormat = "`(` $leaves `)` attr-dict `:` functional-type($leaves, $result)";
  let hasVerifier = 1;
}

def DL_FillOp : DL_Op<"fill", [Pure]> {
  let summary = "a tree with one number everywhere";
  let description = [{
    `fill_c1`: all leaves have the number's element type.

    ```mlir
    %zero = dl.constant dense<0.000000e+00> : tensor<f32>
    %m = dl.fill %zero : tensor<f32> to tuple<tensor<4xf32, "weight">, tensor<f32, "bias">>
    ```
  }];
  let arguments = (ins 0DTensorOf<[AnyType]>:$value);
  let results = (outs DL_Tree:$result);
  let assemblyFormat = "$value attr-dict `:` type($value) `to` type($result)";
  let hasVerifier = 1;
}

def DL_TreeGradientOp : DL_Op<"tree_gradient", [Pure, TakesTrees, AllTypesMatch<["tree", "result"]>]> {
  let summary = "the derivative of a scalar by the leaves of a tree";
  let description = [{
    `dl.gradient` with respect to every leaf.

    ```mlir
    %g = dl.tree_gradient %loss wrt %net : tensor<f32>, tuple<tensor<4xf32, "weight">, tensor<f32, "bias">>
    ```
  }];
  let arguments = (ins 0DTensorOf<[F64, F32, F16, BF16]>:$of, DL_Tree:$tree);
  let results = (outs DL_Tree:$result);
  let assemblyFormat = "$of `wrt` $tree attr-dict `:` type($of) `,` type($tree)";
}

def DL_CallOp : DL_Op<"call", [Pure, TakesTrees, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "a function of the graph, applied";
  let description = [{
    The symbols of the function stand for the sizes of the operands. `call_c1`: the callee is a private `dl.func` with as many arguments and results, trees where there are trees. `call_c2`: it has no effects.

    ```mlir
    %y = dl.call @net(%x) : (tensor<4x8xf32>) -> tensor<4x8xf32>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$callee, Variadic<DL_TreeOrTensor>:$operands);
  let results = (outs Variadic<DL_TreeOrTensor>:$results);
  let assemblyFormat = "$callee `(` $operands `)` attr-dict `:` functional-type($operands, $results)";
}

def DL_EachOp : DL_Op<"each", [Pure, TakesTrees, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "a function of scalars, applied to each element of each leaf";
  let description = [{
    `each_c1`: the callee is a private `dl.func` of scalars with as many arguments and results. `each_c2`: all trees have leaves of the same names; what is no tree is a scalar; there is at least one result. `each_c3`: a leaf has one shape in all trees, or is a
    scalar. What the function computes
    from scalars only, as a count of steps is, stays a scalar.

    ```mlir
    %new = dl.each @descend(%net, %g) : (tuple<tensor<4xf32, "w">>, tuple<tensor<4xf32, "w">>) -> tuple<tensor<4xf32, "w">>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$callee, Variadic<DL_TreeOrTensor>:$operands);
  let results = (outs Variadic<DL_Tree>:$results);
  let assemblyFormat = "$callee `(` $operands `)` attr-dict `:` functional-type($operands, $results)";
  let hasVerifier = 1;
}
#endif
