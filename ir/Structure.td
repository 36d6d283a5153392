// Functions, kernels, control flow and effects.
#ifndef DLC_IR_STRUCTURE
#define DLC_IR_STRUCTURE
include "ir/Base.td"

def DL_FuncOp : DL_Op<"func", [FunctionOpInterface, IsolatedFromAbove, Symbol, OpAsmOpInterface]> {
  let summary = "a graph: an initialiser, a step, a test, an exported function, a kernel";
  let description = [{
    Arguments and results say what they are by attributes (docs/architecture.md lists them): a parameter or state by its name in a checkpoint, an input, a
    column of data, a counter; an update, a report, an output. An attribute that says what an argument is stands without a value where its value is the argument's own name (in which `$` stands
    for `:`). `func_c1`: an argument is at most one of these. `func_c2`: no two arguments are the same
    place, input, column or counter. `func_c3`: an update names an argument that is a place and has its type. `func_c4`: a place has one update.
    `func_c5`: a result is at most one thing; `dl.part` and `dl.loss` stand beside `dl.report`, `dl.stored` beside `dl.param` or `dl.state`.
    `func_c6`: a kernel (`dl.kernel`) is private, and has value operations only. Calls do not exist: everything is inlined.

    ```mlir
    dl.func @train.step(
        %w: tensor<4xf32> {dl.param = "w"},
        %x: tensor<4xf32> {dl.input = "x"}) -> (
        tensor<4xf32> {dl.update = "w"}) {
      %new = dl.binary sub %w, %x : tensor<4xf32>
      dl.return %new : tensor<4xf32>
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<FunctionType>:$function_type,
                       OptionalAttr<DictArrayAttr>:$arg_attrs, OptionalAttr<DictArrayAttr>:$res_attrs,
                       OptionalAttr<StrAttr>:$sym_visibility);
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let builders = [OpBuilder<(ins "::llvm::StringRef":$name, "::mlir::FunctionType":$type)>];
  let extraClassDeclaration = [{
    ::llvm::ArrayRef<::mlir::Type> getArgumentTypes() { return getFunctionType().getInputs(); }
    ::llvm::ArrayRef<::mlir::Type> getResultTypes() { return getFunctionType().getResults(); }
    ::mlir::Region *getCallableRegion() { return &getBody(); }
  }];
}

def DL_ReturnOp : DL_Op<"return", [Pure, HasParent<"FuncOp">, Terminator, ReturnLike]> {
  let summary = "ends a function";
  let arguments = (ins Variadic<AnyTypeOf<[DL_Tensor, Type<CPred<"::dlc::ir::isTree($_self)">, "tree">]>>:$operands);
  let assemblyFormat = "attr-dict ($operands^ `:` type($operands))?";
  let builders = [OpBuilder<(ins), [{ build($_builder, $_state, ::mlir::ValueRange()); }]>];
  let hasVerifier = 1;
}

def DL_YieldOp : DL_Op<"yield", [Pure, Terminator, ReturnLike]> {
  let summary = "ends a region";
  let arguments = (ins Variadic<DL_Tensor>:$operands);
  let assemblyFormat = "attr-dict ($operands^ `:` type($operands))?";
  let builders = [OpBuilder<(ins), [{ build($_builder, $_state, ::mlir::ValueRange()); }]>];
}

def DL_KernelOp : DL_Op<"kernel", [IsolatedFromAbove, RecursiveMemoryEffects, SingleBlockImplicitTerminator<"YieldOp">]> {
  let summary = "operations that become one loop nest on a target";
  let description = [{
    The body is operations on whole tensors, so the evaluator runs it as it is and inlining it undoes the decision. `kernel_c1`: region arguments have the operands' types,
    results those of the yield. `kernel_c2`: no control flow and no effects inside.

    ```mlir
    %y = dl.kernel map (%a = %x : tensor<8xf32>) -> (tensor<8xf32>) {
      %r = dl.unary relu %a : tensor<8xf32>
      dl.yield %r : tensor<8xf32>
    }
    ```
  }];
  let arguments = (ins DL_KernelKindAttr:$kind, Variadic<DL_Tensor>:$operands);
  let results = (outs Variadic<DL_Tensor>:$results);
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
}

def DL_LaunchOp : DL_Op<"launch", [Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "runs an outlined kernel";
  let description = [{
    After planning, each result has a place, named in one of three lists (-1 in the others): `at`, its offset in the arena in bytes; `onto`, the number of the operand whose buffer
    it takes over; `into`, the number of the terminator's operand of this region whose buffer it is (of a function, the result's; of a `cond`, the result's of the cond; of a loop, the
    carried value's, or the slice of a collected result). `launch_c1`: the callee is a `dl.func` with attribute `dl.kernel` and these types. `launch_c2`: the lists have one entry a result.

    ```mlir
    %y = dl.launch @relu(%x) at [0] onto [-1] : (tensor<8xf32>) -> tensor<8xf32>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$callee, Variadic<DL_Tensor>:$operands, OptionalAttr<DenseI64ArrayAttr>:$at,
                       OptionalAttr<DenseI64ArrayAttr>:$onto, OptionalAttr<DenseI64ArrayAttr>:$into);
  let results = (outs Variadic<DL_Tensor>:$results);
  let assemblyFormat = "$callee `(` $operands `)` (`at` $at^)? (`onto` $onto^)? (`into` $into^)? attr-dict `:` functional-type($operands, $results)";
  let hasVerifier = 1;
}

def DL_CopyOp : DL_Op<"copy", [Pure, DL_SameTypes]> {
  let summary = "the same value in another buffer";
  let description = [{
    Put in by planning where an update in place would destroy what is still read. `copy_c2`: a list of places has one entry.

    ```mlir
    %y = dl.copy %x at [64] : tensor<8xf32>
    ```
  }];
  let arguments = (ins DL_Tensor:$operand, OptionalAttr<DenseI64ArrayAttr>:$at, OptionalAttr<DenseI64ArrayAttr>:$into);
  let results = (outs DL_Tensor:$result);
  let assemblyFormat = "$operand (`at` $at^)? (`into` $into^)? attr-dict `:` type($result)";
  let hasVerifier = 1;
}

def DL_CheckOp : DL_Op<"check", [MemoryEffects<[MemWrite]>]> {
  let summary = "stops the run with a message where a condition is false";
  let description = [{
    `message` may hold `{0}`, `{1:.3}`: the operands. `check_c1`: the condition is i1 of any shape; all must hold.

    ```mlir
    dl.check %ok, "index {0} is outside of 10 rows"(%i) : tensor<i1>, tensor<i64>
    ```
  }];
  let arguments = (ins DL_BoolTensor:$condition, StrAttr:$message, Variadic<DL_Tensor>:$values);
  let assemblyFormat = "$condition `,` $message (`(` $values^ `)`)? attr-dict `:` type($condition) (`,` type($values)^)?";
}

def DL_HostOp : DL_Op<"host", [MemoryEffects<[MemWrite]>]> {
  let summary = "an effect on the host: print, debug, write_png, write_csv, write_npy";
  let description = [{
    `settings` holds the format and the file name, with `{0}`, `{1:.4}` for operands. Takes values out, never in; never merged, dropped or reordered.

    ```mlir
    dl.host "print" {format = "loss {0:.4}"} (%loss) : tensor<f32>
    ```
  }];
  let arguments = (ins StrAttr:$effect, DictionaryAttr:$settings, Variadic<DL_Tensor>:$operands);
  let assemblyFormat = "$effect $settings `(` $operands `)` attr-dict (`:` type($operands)^)?";
}

def DL_CondOp : DL_Op<"cond", [RecursiveMemoryEffects, SingleBlockImplicitTerminator<"YieldOp">]> {
  let summary = "runs one of two regions";
  let description = [{
    Both regions may use values from outside and yield the result types (`cond_c1`). `cond_c2`: lists of places have one entry a result. The one that is not taken costs nothing.

    ```mlir
    %y = dl.cond %p -> tensor<f32> { dl.yield %a : tensor<f32> } else { dl.yield %b : tensor<f32> }
    ```
  }];
  let arguments = (ins DL_ScalarBool:$condition, OptionalAttr<DenseI64ArrayAttr>:$at, OptionalAttr<DenseI64ArrayAttr>:$into);
  let results = (outs Variadic<DL_Tensor>:$results);
  let regions = (region SizedRegion<1>:$thenRegion, SizedRegion<1>:$elseRegion);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let hasCanonicalizeMethod = 1;
}

def DL_LoopOp : DL_Op<"loop", [RecursiveMemoryEffects, AttrSizedOperandSegments, SingleBlockImplicitTerminator<"YieldOp">]> {
  let summary = "the loop: walks tensors, carries values, collects values";
  let description = [{
    Runs `bound` passes, or `count` (at most `bound`) where given; with `reverse` from the last index to the first. The region's arguments: the index (i64), of each walked tensor the element
    at the index along axis 0, the carried values. It yields, with `exit`, first an i1 that ends the loop after this pass; then the next carried values; then the values to collect, each stored
    at the index. Results: the last carried values, then the collected ones with a leading axis of size `bound`; places of passes that did not run are 0. `loop_c1`: walked tensors have a leading axis of size
    `bound`. `loop_c2`: initial, argument and yielded types of a carried value are equal. `loop_c3`: a collected result is `bound` of the yielded value. `loop_c4`: lists of places have one entry a result.

    ```mlir
    %last, %ys = dl.loop <20> walk(%x = %xs : tensor<20x8xf32>) carry(%h = %h0 : tensor<8xf32>) -> tensor<8xf32>, tensor<20x8xf32> index %i {
      %n = dl.binary add %h, %x : tensor<8xf32>
      dl.yield %n, %n : tensor<8xf32>, tensor<8xf32>
    }
    ```
  }];
  let arguments = (ins DL_SymAttr:$bound, UnitAttr:$reverse, UnitAttr:$exit, Optional<DL_ScalarI64>:$count,
                       Variadic<DL_Tensor>:$walked, Variadic<DL_Tensor>:$inits,
                       OptionalAttr<DenseI64ArrayAttr>:$at, OptionalAttr<DenseI64ArrayAttr>:$into);
  let results = (outs Variadic<DL_Tensor>:$results);
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    // Results: the carried values first.
    ::mlir::ResultRange getCarriedResults() { return getResults().take_front(getInits().size()); }
    ::mlir::ResultRange getCollectedResults() { return getResults().drop_front(getInits().size()); }
    ::mlir::BlockArgument getIndex() { return getBody().getArgument(0); }
    ::llvm::ArrayRef<::mlir::BlockArgument> getWalkedArguments() { return getBody().getArguments().slice(1, getWalked().size()); }
    ::llvm::ArrayRef<::mlir::BlockArgument> getCarriedArguments() { return getBody().getArguments().drop_front(1 + getWalked().size()); }
    /// How many passes run at most.
    ::dlc::ir::SizeExpr getBoundSize() { return getBound().getSizes().front(); }
    ::mlir::OperandRange getYielded() { return getBody().front().getTerminator()->getOperands(); }
    ::mlir::OperandRange getYieldedCarries() { return getYielded().slice(getExit() ? 1 : 0, getInits().size()); }
    ::mlir::OperandRange getYieldedCollected() { return getYielded().drop_front((getExit() ? 1 : 0) + getInits().size()); }
  }];
}
#endif
