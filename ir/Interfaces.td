// What an operation tells about itself beyond its types.
#ifndef DLC_IR_INTERFACES
#define DLC_IR_INTERFACES

include "mlir/IR/OpBase.td"

def DL_VjpInterface : OpInterface<"VjpInterface"> {
  let cppNamespace = "::dlc::ir";
  let description = [{
    The vector-Jacobian product: how the derivative of a scalar flows from the results of an operation to its operands.
    Rules stand in ir/vjp; they emit ordinary operations, so the derivative has a derivative.
  }];
  let methods = [
    InterfaceMethod<[{
        Appends one gradient for each operand, or null where it is zero. `cotangents` has one value for each result, null where it
        is zero; not all are null. Called with `builder` at a place that every operand and result dominates. Must not be
        asked for operands of integer or boolean type: null is appended for those.
      }], "void", "vjp",
      (ins "::mlir::OpBuilder &":$builder, "::mlir::ValueRange":$cotangents,
           "::llvm::SmallVectorImpl<::mlir::Value> &":$gradients)>
  ];
}

def DL_EvaluateInterface : OpInterface<"EvaluateInterface"> {
  let cppNamespace = "::dlc::ir";
  let description = [{
    What an operation means: plain loops over typed buffers (ir/eval). The oracle of every test, and the constant folder.
  }];
  let methods = [
    InterfaceMethod<[{
        Computes the results. `operands` are the values of the SSA operands; `results` receives one tensor for each result.
        Fails with a diagnostic at the operation.
      }], "::mlir::LogicalResult", "evaluate",
      (ins "::llvm::ArrayRef<::dlc::ir::eval::Tensor>":$operands,
           "::llvm::SmallVectorImpl<::dlc::ir::eval::Tensor> &":$results,
           "::dlc::ir::eval::Environment &":$environment)>
  ];
}

def DL_IndexingInterface : OpInterface<"IndexingInterface"> {
  let cppNamespace = "::dlc::ir";
  let description = [{
    How the axes of operands and results belong together: the rule by which fusion finds a common space, by which a test is split
    into rows, and by which a tensor could be sharded.
  }];
  let methods = [
    InterfaceMethod<[{
        For operand `operand`, one entry for each of its axes: the axis of the (first) result that runs with it one to one, or
        `kReduced` where the axis is summed away (or otherwise reduced) by an order-independent fold, or `kMixed` where elements
        of the result depend on more than one place of the axis, or on another one.
      }], "::llvm::SmallVector<int64_t>", "operandAxes", (ins "unsigned":$operand)>
  ];
  let extraClassDeclaration = [{
    static constexpr int64_t kReduced = -1;
    static constexpr int64_t kMixed = -2;
  }];
}

def DL_FormulaInterface : OpInterface<"FormulaInterface"> {
  let cppNamespace = "::dlc::ir";
  let description = [{
    How an operation is written in a formula (docs/ir.md). An operation without this interface writes all its attributes. The methods
    are static: a parser asks before there is an operation.
  }];
  let methods = [
    StaticInterfaceMethod<[{
        What `attribute` is where a formula leaves it out: no padding, strides of 1, the product of matrices; null for one that has
        to be written. `given` are the attributes that are written.
      }], "::mlir::Attribute", "formulaDefault",
      (ins "::llvm::StringRef":$attribute, "::mlir::MLIRContext *":$context, "::mlir::ValueRange":$operands, "::mlir::DictionaryAttr":$given),
      "", "return {};">,
    StaticInterfaceMethod<[{
        The attribute `fn` or `kind` that `word` behind the name says (`sum` in `reduce.sum`); null for words that say none.
      }], "::mlir::Attribute", "formulaChoice", (ins "::llvm::StringRef":$word, "::mlir::MLIRContext *":$context), "", "return {};">,
    StaticInterfaceMethod<"Whether an operation may lack `attribute`.", "bool", "mayLack", (ins "::llvm::StringRef":$attribute), "", "return false;">
  ];
}

def DL_CostInterface : OpInterface<"CostInterface"> {
  let cppNamespace = "::dlc::ir";
  let description = "Arithmetic work of one execution, for static shapes; bytes follow from the types.";
  let methods = [InterfaceMethod<"floating-point operations (a fused multiply-add counts two)", "int64_t", "flops">];
}

#endif
