// Base classes of the operations.
#ifndef DLC_IR_BASE
#define DLC_IR_BASE

include "ir/Dialect.td"
include "ir/Interfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "mlir/Interfaces/FunctionInterfaces.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/IR/OpAsmInterface.td"

class DL_Op<string mnemonic, list<Trait> traits = []> : Op<DL_Dialect, mnemonic, traits>;

// An operation that computes tensors from tensors and nothing else. It has an evaluation, and a place among the axes of its operands.
class DL_ValueOp<string mnemonic, list<Trait> traits = []>
    : DL_Op<mnemonic, !listconcat([Pure,
        DeclareOpInterfaceMethods<DL_EvaluateInterface>,
        DeclareOpInterfaceMethods<DL_IndexingInterface>,
        DeclareOpInterfaceMethods<DL_CostInterface>], traits)>;

// A value operation through which derivatives flow.
class DL_DiffOp<string mnemonic, list<Trait> traits = []>
    : DL_ValueOp<mnemonic, !listconcat([DeclareOpInterfaceMethods<DL_VjpInterface>], traits)>;

// Result types follow from operands and attributes; the inference (ir/ShapeInference.h) is shared by verifier, builder and frontend.
def DL_InferType : DeclareOpInterfaceMethods<InferTypeOpInterface>;

// The result does not vary smoothly: integer or boolean. Only such an operation may be without a derivative.
def DL_NotDifferentiable : NativeOpTrait<"NotDifferentiable"> { let cppNamespace = "::dlc::ir"; }

// One type for all operands and results. MLIR's own trait lets `4` pass for `?`.
def DL_ExactTypes : NativeOpTrait<"ExactTypes"> { let cppNamespace = "::dlc::ir"; }
def DL_SameTypes : TraitList<[SameOperandsAndResultType, DL_ExactTypes]>;

#endif
