// The dialect, its attributes, enums and the constraints that the operations share.
#ifndef DLC_IR_DIALECT
#define DLC_IR_DIALECT

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/CommonTypeConstraints.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/TensorEncoding.td"

def DL_Dialect : Dialect {
  let name = "dl";
  let cppNamespace = "::dlc::ir";
  let summary = "Graphs of deep-learning programs";
  let description = [{
    Operations on builtin tensors whose unknown sizes are symbolic. `docs/ir.md` gives the rationale.
  }];
  let useDefaultAttributePrinterParser = 1;
  let hasConstantMaterializer = 1;
  let hasRegionArgAttrVerify = 1;
  let hasRegionResultAttrVerify = 1;
  let hasOperationAttrVerify = 1;
  let extraClassDeclaration = "void registerAttributes();";
}

//===- Attributes ---------------------------------------------------------===//

class DL_Attr<string name, string attrMnemonic, list<Trait> traits = []>
    : AttrDef<DL_Dialect, name, traits> {
  let mnemonic = attrMnemonic;
}

def DL_SymAttr : DL_Attr<"Sym", "sym", [DeclareAttrInterfaceMethods<VerifiableTensorEncoding>]> {
  let summary = "The symbolic sizes of a tensor";
  let description = [{
    The encoding of a tensor with unknown sizes: one size for each `?`, in order, each a polynomial in
    canonical form (`ir/SizeExpr.h`). Equal sizes make equal attributes, so MLIR's own type check compares
    `B` with `2*B`. `sym_c1`: a tensor has one size for each `?`, and none of them is a number; without `?` it has no encoding.
    `sym_c2`: no size exceeds 64 bits.

    ```mlir
    tensor<?x28x?xf32, #dl.sym<B, 2*T + 1>>
    ```
  }];
  let parameters = (ins ArrayRefParameter<"::dlc::ir::SizeExpr", "one for each `?`">:$sizes);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}

//===- Enums --------------------------------------------------------------===//

class DL_Enum<string name, string summary, list<I32EnumCase> cases>
    : I32Enum<name, summary, cases> {
  let cppNamespace = "::dlc::ir";
}
class DL_EnumAttr<EnumInfo info, string mnemonic> : EnumAttr<DL_Dialect, info, mnemonic> {
  let assemblyFormat = "$value";
}

// What each function computes, its derivative and its domain stand in ir/Elementwise.def.
def DL_UnaryFn : DL_Enum<"UnaryFn", "element-wise functions of one argument", [
  I32EnumCase<"neg", 0>, I32EnumCase<"abs", 1>, I32EnumCase<"sign", 2>, I32EnumCase<"exp", 3>,
  I32EnumCase<"expm1", 4>, I32EnumCase<"log", 5>, I32EnumCase<"log1p", 6>, I32EnumCase<"sqrt", 7>,
  I32EnumCase<"rsqrt", 8>, I32EnumCase<"sin", 9>, I32EnumCase<"cos", 10>, I32EnumCase<"tan", 11>,
  I32EnumCase<"tanh", 12>, I32EnumCase<"sigmoid", 13>, I32EnumCase<"erf", 14>, I32EnumCase<"floor", 15>,
  I32EnumCase<"ceil", 16>, I32EnumCase<"round", 17>, I32EnumCase<"relu", 18>, I32EnumCase<"square", 19>,
  I32EnumCase<"reciprocal", 20>, I32EnumCase<"not_", 21, "not">, I32EnumCase<"round_bf16", 22>,
  I32EnumCase<"round_tf32", 23>]>;
def DL_BinaryFn : DL_Enum<"BinaryFn", "element-wise functions of two arguments", [
  I32EnumCase<"add", 0>, I32EnumCase<"sub", 1>, I32EnumCase<"mul", 2>, I32EnumCase<"div", 3>,
  I32EnumCase<"floordiv", 4>, I32EnumCase<"mod", 5>, I32EnumCase<"pow", 6>, I32EnumCase<"atan2", 7>,
  I32EnumCase<"max", 8>, I32EnumCase<"min", 9>, I32EnumCase<"and_", 10, "and">, I32EnumCase<"or_", 11, "or">]>;
def DL_CompareFn : DL_Enum<"CompareFn", "element-wise comparisons", [
  I32EnumCase<"eq", 0>, I32EnumCase<"ne", 1>, I32EnumCase<"lt", 2>, I32EnumCase<"le", 3>,
  I32EnumCase<"gt", 4>, I32EnumCase<"ge", 5>]>;
def DL_ReduceFn : DL_Enum<"ReduceFn", "associative functions of a reduction", [
  I32EnumCase<"sum", 0>, I32EnumCase<"prod", 1>, I32EnumCase<"max", 2>, I32EnumCase<"min", 3>,
  I32EnumCase<"and_", 4, "and">, I32EnumCase<"or_", 5, "or">]>;
def DL_ScatterFn : DL_Enum<"ScatterFn", "how an update meets what is there", [
  I32EnumCase<"set", 0>, I32EnumCase<"add", 1>]>;
def DL_RandomFn : DL_Enum<"RandomFn", "distributions", [
  I32EnumCase<"uniform", 0>, I32EnumCase<"normal", 1>, I32EnumCase<"bits", 2>]>;
def DL_ConvKind : DL_Enum<"ConvKind", "which of the three tensors of a convolution is the result", [
  I32EnumCase<"forward", 0>, I32EnumCase<"input", 1>, I32EnumCase<"weight", 2>]>;
def DL_Precision : DL_Enum<"Precision", "the format that a product takes its operands in", [
  I32EnumCase<"f32", 0>, I32EnumCase<"tf32", 1>, I32EnumCase<"bf16", 2>]>;
def DL_KernelKind : DL_Enum<"KernelKind", "what shape a kernel has", [
  I32EnumCase<"map", 0>, I32EnumCase<"rows", 1>, I32EnumCase<"reduce", 2>, I32EnumCase<"dot", 3>,
  I32EnumCase<"conv", 4>, I32EnumCase<"scatter", 5>, I32EnumCase<"sort", 6>, I32EnumCase<"cumulate", 7>, I32EnumCase<"columns", 8>]>;

def DL_UnaryFnAttr : DL_EnumAttr<DL_UnaryFn, "unary_fn">;
def DL_BinaryFnAttr : DL_EnumAttr<DL_BinaryFn, "binary_fn">;
def DL_CompareFnAttr : DL_EnumAttr<DL_CompareFn, "compare_fn">;
def DL_ReduceFnAttr : DL_EnumAttr<DL_ReduceFn, "reduce_fn">;
def DL_ScatterFnAttr : DL_EnumAttr<DL_ScatterFn, "scatter_fn">;
def DL_RandomFnAttr : DL_EnumAttr<DL_RandomFn, "random_fn">;
def DL_ConvKindAttr : DL_EnumAttr<DL_ConvKind, "conv_kind">;
def DL_PrecisionAttr : DL_EnumAttr<DL_Precision, "precision">;
def DL_KernelKindAttr : DL_EnumAttr<DL_KernelKind, "kernel_kind">;

//===- Types --------------------------------------------------------------===//

// u8 is `ui8`; the other integers are signed and written signless, as elsewhere in MLIR. bool is `i1`.
class DL_TensorOf<list<Type> elements> : RankedTensorOf<elements, [CPred<"::dlc::ir::hasSizes($_self)">],
    "tensor with a size for each axis">;
def DL_Tensor : DL_TensorOf<[F64, F32, F16, BF16, I64, I32, I16, I8, UI8, I1]>;
def DL_FloatTensor : DL_TensorOf<[F64, F32, F16, BF16]>;
def DL_IntTensor : DL_TensorOf<[I64, I32, I16, I8, UI8]>;
def DL_BoolTensor : DL_TensorOf<[I1]>;
def DL_ScalarI64 : 0DTensorOf<[I64]>, BuildableType<"::mlir::RankedTensorType::get({}, $_builder.getI64Type())">;
def DL_ScalarBool : 0DTensorOf<[I1]>, BuildableType<"::mlir::RankedTensorType::get({}, $_builder.getI1Type())">;

#endif
