// What surrounds the graphs: data, training, tests, hooks. A module holds all that a run needs but data and weights.
#ifndef DLC_IR_PROGRAM
#define DLC_IR_PROGRAM
include "ir/Base.td"

def DL_DataOp : DL_Op<"data", [Symbol]> {
  let summary = "a table or a tensor computed before the graphs run";
  let description = [{
    `columns` names the leaves (a tensor has one, named ""), `types` their whole types; the rows of a table are their common leading axis. `source` says where they come from, by its key `kind`:
    `idx csv tsv npy` (`files`: an array of strings), `compute` (`function`: a `dl.func` whose results are the columns), `split` (`of`, `parts`, `part`, `shuffle`, `site`), `map` and `filter` (`of`, `function` of one row), `zip` (`of`: an array). `data_c1`: a type for each column. `data_c2`: a kind of these with its keys.
    `data_c3`: the columns of a table have one number of rows.

    ```mlir
    dl.data @seen ["x", "y"] [tensor<1000x1xf32>, tensor<1000x1xf32>] {kind = "compute", function = @data.seen}
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, StrArrayAttr:$columns, TypeArrayAttr:$types, DictionaryAttr:$source);
  let assemblyFormat = "$sym_name $columns $types $source attr-dict";
  let hasVerifier = 1;
}

def DL_TrainOp : DL_Op<"train", [Symbol, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "a training block";
  let description = [{
    `init` computes the block's own state, `step` is one step; `tail` is the step of the smaller last batch once `specialize` made it. Arguments `{dl.input = "COLUMN"}` of the step take a batch of that column of `table`. `settings`: `batch`, `rows`, `epochs`, `steps` (all i64; `steps` counts the whole run),
    `shuffle`, `drop_remainder` (bool), `precision` (of the products of a step, as in `dl.dot`). `epoch` and `end` name sequences.

    ```mlir
    dl.train @train {init = @train.init, step = @train.step, table = @seen, settings = {batch = 32, rows = 1000, epochs = 100, shuffle = true}}
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, OptionalAttr<FlatSymbolRefAttr>:$init, FlatSymbolRefAttr:$step, OptionalAttr<FlatSymbolRefAttr>:$tail,
                       OptionalAttr<FlatSymbolRefAttr>:$table, OptionalAttr<FlatSymbolRefAttr>:$epoch, OptionalAttr<FlatSymbolRefAttr>:$end,
                       DictionaryAttr:$settings);
  let assemblyFormat = "$sym_name attr-dict";
}

def DL_TestOp : DL_Op<"test", [Symbol, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "a test block";
  let description = [{
    Before the pass `rows`, `body` is the test on the whole table with reports. After it, `body` maps a batch of rows to sums and collected rows, `tail` is the same for a smaller last batch, and `metrics` takes
    these to the reports. Without `table` the body has no rows. Argument and result attributes as in docs/architecture.md.

    ```mlir
    dl.test @test {body = @test.body, table = @unseen, settings = {rows = 200}}
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, FlatSymbolRefAttr:$body, OptionalAttr<FlatSymbolRefAttr>:$tail, OptionalAttr<FlatSymbolRefAttr>:$metrics,
                       OptionalAttr<FlatSymbolRefAttr>:$table, DictionaryAttr:$settings);
  let assemblyFormat = "$sym_name attr-dict";
}

def DL_LoadOp : DL_Op<"load", [Symbol]> {
  let summary = "weights from a file, by name";
  let description = [{
    `names` pairs ours with theirs (`load_c1`).

    ```mlir
    dl.load @load "model.safetensors" [["net.weight", "net.weight"]]
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, StrAttr:$file, ArrayAttr:$names);
  let assemblyFormat = "$sym_name $file $names attr-dict";
  let hasVerifier = 1;
}

def DL_SequenceOp : DL_Op<"sequence", [Symbol, IsolatedFromAbove, NoTerminator, SingleBlock]> {
  let summary = "what the host does in order: graphs, tests, effects";
  let description = [{
    ```mlir
    dl.sequence @train.epoch {
      %accuracy = dl.invoke @validation() : () -> tensor<f32>
      dl.invoke @train.epoch.0(%accuracy) : (tensor<f32>) -> ()
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name attr-dict-with-keyword $body";
}

def DL_EntryOp : DL_Op<"entry", [FunctionOpInterface, IsolatedFromAbove, Symbol]> {
  let summary = "a function that is code: its signature and what the code asks of its caller";
  let description = [{
    Stands for a `dl.func` from the stage `kernels` on; the code is `@dlc.NAME` in the module `@dlc.program`. Arguments and results have the attributes of the function; a loss also says by
    `dl.at` in which line it is. `arena` and `workspace` are what the buffers of these names must hold, in bytes. `sites` are the checks and effects inside, by the number that the code calls
    them by: `check` the message, or `host` the effect with its `settings`; `types` of the operands; `at` the line. `entry_c1`: there is no body. `entry_c2`: sites are so. Else as `dl.func`.

    ```mlir
    dl.entry @train.step(
        tensor<4xf32> {dl.param = "w"}, tensor<4xf32> {dl.input = "x"}) -> (
        tensor<4xf32> {dl.update = "w"}) arena 128 workspace 0 sites [
        {number = 0 : i64, check = "x is {0}", types = [tensor<i1>, tensor<f32>], at = "w.dl:3:7"} ]
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<FunctionType>:$function_type,
                       OptionalAttr<DictArrayAttr>:$arg_attrs, OptionalAttr<DictArrayAttr>:$res_attrs,
                       I64Attr:$arena, I64Attr:$workspace, OptionalAttr<DictArrayAttr>:$sites);
  let regions = (region AnyRegion:$body);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::llvm::ArrayRef<::mlir::Type> getArgumentTypes() { return getFunctionType().getInputs(); }
    ::llvm::ArrayRef<::mlir::Type> getResultTypes() { return getFunctionType().getResults(); }
    ::mlir::Region *getCallableRegion() { return nullptr; }
  }];
}

def DL_InvokeOp : DL_Op<"invoke", [DeclareOpInterfaceMethods<SymbolUserOpInterface>, HasParent<"SequenceOp">]> {
  let summary = "runs a function or a test from a sequence";
  let description = [{
    Operands go to the callee's arguments with `dl.input`, in order; places, data and counters are bound by name. Results: the `dl.output` results of a function, the reports of a test.
  }];
  let arguments = (ins FlatSymbolRefAttr:$callee, Variadic<DL_Tensor>:$operands);
  let results = (outs Variadic<DL_Tensor>:$results);
  let assemblyFormat = "$callee `(` $operands `)` attr-dict `:` functional-type($operands, $results)";
}
#endif
