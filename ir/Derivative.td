// Operations that stand for derivatives until the pass `derive` expands them; none is left in `train`.
#ifndef DLC_IR_DERIVATIVE
#define DLC_IR_DERIVATIVE
include "ir/Base.td"

// Not pure but "allocating": dead ones go, equal ones are not merged.
def DL_VariableOp : DL_Op<"variable", [DL_SameTypes, DeclareOpInterfaceMethods<DL_EvaluateInterface>,
    DeclareOpInterfaceMethods<DL_IndexingInterface>, DeclareOpInterfaceMethods<DL_CostInterface>,
    DeclareOpInterfaceMethods<DL_VjpInterface>]> {
  let summary = "the identity that marks a point of differentiation";
  let description = [{
    Two names of one value are two variables: the derivative by one does not flow through the other. Never folded, merged or looked through before `derive`.

    ```mlir
    %u = dl.variable %v : tensor<f32>
    ```
  }];
  let arguments = (ins DL_Tensor:$operand);
  let results = (outs Res<DL_Tensor, "", [MemAlloc]>:$result);
  let assemblyFormat = "$operand attr-dict `:` type($result)";
}

def DL_StopGradientOp : DL_ValueOp<"stop_gradient", [DL_SameTypes]> {
  let summary = "the identity with derivative zero";
  let description = [{
    ```mlir
    %c = dl.stop_gradient %x : tensor<f32>
    ```
  }];
  let arguments = (ins DL_Tensor:$operand);
  let results = (outs DL_Tensor:$result);
  let assemblyFormat = "$operand attr-dict `:` type($result)";
}

// The planner takes it for a view of `operand`. `after` counts as read, so no order puts the barrier in front of it.
def DL_BarrierOp : DL_DiffOp<"barrier", [AllTypesMatch<["operand", "result"]>]> {
  let summary = "the identity that waits for other values";
  let description = [{
    What is computed from the result is computed after `after`, and is another value than what is computed from the operand: nothing folds it or looks through it. `derive` puts it before
    what it computes again (docs/autodiff.md, Recomputation); the pass `order` takes it out when every operation has its place.

    ```mlir
    %again = dl.barrier %h after(%d_y) : tensor<4x3xf32> after(tensor<4xf32>)
    ```
  }];
  let arguments = (ins DL_Tensor:$operand, Variadic<DL_Tensor>:$after);
  let results = (outs DL_Tensor:$result);
  let assemblyFormat = "$operand `after` `(` $after `)` attr-dict `:` type($result) `after` `(` type($after) `)`";
}

def DL_GradientOp : DL_Op<"gradient", [Pure, RangedTypesMatchWith<
    "gradient_c2: the results have the types of the values", "by", "results", "llvm::make_range($_self.begin(), $_self.end())">]> {
  let summary = "the derivative of a scalar by values";
  let description = [{
    The derivative of `of` along all def-use paths from the values `by`, each held as independent of the others; a value that is not reached gets zeros. `gradient_c1`: `of` is a float scalar. `gradient_c2`: the `by` are
    floats and the results have their types. docs/autodiff.md says which paths are refused.

    ```mlir
    %g:2 = dl.gradient %loss wrt(%w, %b) : tensor<f32>, (tensor<3x2xf32>, tensor<2xf32>)
    ```
  }];
  let arguments = (ins 0DTensorOf<[F64, F32, F16, BF16]>:$of, Variadic<DL_FloatTensor>:$by);
  let results = (outs Variadic<DL_FloatTensor>:$results);
  let assemblyFormat = "$of `wrt` `(` $by `)` attr-dict `:` type($of) `,` `(` type($by) `)`";
}
#endif
