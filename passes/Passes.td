// The passes, in the order of the pipeline (Pipeline.cpp). The example in each description is run by a test.
#ifndef DLC_PASSES
#define DLC_PASSES

include "mlir/Pass/PassBase.td"

class DL_Pass<string name> : Pass<name, "::mlir::ModuleOp"> {
  let dependentDialects = ["::dlc::ir::DLDialect"];
}

def CondensePass : DL_Pass<"dl-condense"> {
  let summary = "write functions as formulas";
  let description = [{
    For who reads a graph: what the program wrote once stands there once, as a private function and `dl.call`; the parameters of a model are one tree, and
    `dl.each` updates it; a function whose operations have no regions is printed as formulas (`docs/ir.md`), a line for each value that the program names, for
    one that is used more than once and for each effect; all other operations stand inside their user. With `locations` each line ends with its place in the
    source. `dlc compile --emit=graph` prints this form; `dl-expand` takes it back.

    ```mlir
    dl.func @f(%x: tensor<4xf32> {dl.input = "x"}) -> (tensor<4xf32> {dl.output = "y"}) {
      %c = dl.constant dense<5.000000e-01> : tensor<f32>
      %half = dl.broadcast %c axes [] : tensor<f32> to tensor<4xf32>
      %e = dl.unary exp %x : tensor<4xf32>
      %p = dl.binary mul %e, %half : tensor<4xf32>
      %y = dl.binary add %p, %x : tensor<4xf32>
      dl.return %y : tensor<4xf32>
    }
    // CHECK: formulas { return exp(%0) * 0.5 + %0 }
    ```
  }];
  let options = [Option<"locations", "locations", "bool", "false", "print where in the source each formula comes from">];
}

def ExpandPass : DL_Pass<"dl-expand"> {
  let summary = "make calls and trees plain operations";
  let description = [{
    What `dl-condense` made goes: calls are inlined, trees are their leaves, what is done for each leaf is written out. An operation stands in front of its first
    user, in the order in which formulas are read, so that a graph and its text give the same program.

    ```mlir
    dl.func @f(%x: tensor<4xf32> {dl.input = "x"}) -> (tensor<4xf32> {dl.output = "y"}) formulas {
      return exp(%x) * 0.5 + %x
    }
    // CHECK: dl.unary exp
    // CHECK-NEXT: dl.constant dense<5.000000e-01>
    // CHECK-NEXT: dl.broadcast
    // CHECK-NEXT: dl.binary mul
    // CHECK-NEXT: dl.binary add
    // CHECK-NEXT: dl.return
    ```
  }];
}

def PrecisionPass : DL_Pass<"dl-precision"> {
  let summary = "give products the precision that their block asks for";
  let description = [{
    The products and convolutions in the step of a `dl.train` whose settings have a `precision` get it, as far as they are of f32; those that come from them as derivatives get it from them.
    `all` is another precision for all products of the program: of every step, hook, test and export. What places and tables begin with is never touched.

    ```mlir
    dl.train @train {step = @train.step, settings = {precision = #dl<precision bf16>, steps = 9 : i64}}
    dl.func @train.step(%x: tensor<4x3xf32> {dl.state = "x"}, %w: tensor<3x5xf32> {dl.param = "w"}) -> (tensor<4x5xf32> {dl.output = "y"}) {
      %y = dl.dot %x, %w batch [] [] contract [1] [0] : (tensor<4x3xf32>, tensor<3x5xf32>) -> tensor<4x5xf32>
      dl.return %y : tensor<4x5xf32>
    }
    // CHECK: dl.dot %{{.*}}, %{{.*}} batch [] [] contract [1] [0] precision bf16
    ```
  }];
  let options = [Option<"all", "all", "std::string", "\"\"", "the precision of all products: f32, tf32 or bf16">];
}

def SpecializePass : DL_Pass<"dl-specialize"> {
  let summary = "put numbers for the sizes that are known";
  let description = [{
    The step of a `dl.train` gets `batch` from its settings (never more than there are rows); where rows are left over and kept, a clone of the
    step for the smaller last batch becomes its `tail`. `bind` gives sizes from outside, for every function (`B=4`) or for one (`classify:B=4`).
    Tests keep `rows` until `dl-rows`, exports their sizes until they are called.

    ```mlir
    dl.data @points ["x"] [tensor<10xf32>] {kind = "npy", files = ["x.npy"]}
    dl.train @train {step = @train.step, table = @points, settings = {batch = 4 : i64, rows = 10 : i64}}
    // CHECK: dl.train @train
    // CHECK-SAME: tail = @train.step.tail
    dl.func @train.step(%x: tensor<?xf32, #dl.sym<batch>> {dl.input = "x"}) -> (tensor<i64> {dl.output = "n"}) attributes {dl.symbols = ["batch"]} {
      %n = dl.size <batch> : tensor<i64>
      dl.return %n : tensor<i64>
    }
    // CHECK: dl.func @train.step(
    // CHECK-NEXT: tensor<4xf32>
    // CHECK: dl.constant dense<4>
    // CHECK: dl.func @train.step.tail(
    // CHECK-NEXT: tensor<2xf32>
    // CHECK: dl.constant dense<2>
    ```
  }];
  let options = [ListOption<"bind", "bind", "std::string", "sizes to put, as [function:]symbol=number">];
}

def DerivePass : DL_Pass<"dl-derive"> {
  let summary = "expand derivatives";
  let description = [{
    Every `dl.gradient` becomes ordinary operations by reverse accumulation (`ir/Derivative.h`), in program order, so that a gradient of a gradient
    finds ordinary operations too. Then the marks that only differentiation looks at (`dl.variable`, `dl.stop_gradient`) are taken out.

    ```mlir
    dl.func @f(%x: tensor<f32> {dl.input = "x"}) -> (tensor<f32> {dl.output = "slope"}) {
      %v = dl.variable %x : tensor<f32>
      %y = dl.binary mul %v, %v : tensor<f32>
      %g = dl.gradient %y wrt(%v) : tensor<f32>, (tensor<f32>)
      dl.return %g : tensor<f32>
    }
    // CHECK-LABEL: dl.func @f
    // CHECK-NOT: dl.gradient
    // CHECK-NOT: dl.variable
    // CHECK: dl.return
    ```
  }];
}

def RowsPass : DL_Pass<"dl-rows"> {
  let summary = "split tests into a part for a batch of rows and a part for the whole";
  let description = [{
    A test is written as if the whole table were one batch. Values whose row i depends on row i alone are computed batch by batch; where rows meet, in a sum, a sort, a ranking, what is
    needed of each row is collected (`dl.rows`), and `@NAME.metrics` goes on with it whole. A sum over rows collects one partial result a row and adds these, in f64, in the order of the rows, so
    that the answer does not depend on the size of a batch. `batch` sets that size for tests that do not.

    ```mlir
    dl.data @points ["x"] [tensor<8x3xf32>] {kind = "npy", files = ["x.npy"]}
    dl.test @test {body = @test.body, table = @points, settings = {batch = 4 : i64, rows = 8 : i64}}
    // CHECK: dl.test @test
    // CHECK-SAME: metrics = @test.metrics
    dl.func @test.body(%x: tensor<?x3xf32, #dl.sym<rows>> {dl.input = "x"}) -> (tensor<f32> {dl.report = "total"}) attributes {dl.symbols = ["rows"]} {
      %e = dl.unary exp %x : tensor<?x3xf32, #dl.sym<rows>>
      %s = dl.reduce sum %e axes [0, 1] : tensor<?x3xf32, #dl.sym<rows>> to tensor<f32>
      dl.return %s : tensor<f32>
    }
    // CHECK: dl.func @test.body
    // CHECK: dl.unary exp %{{.*}} : tensor<4x3xf32>
    // CHECK: dl.reduce sum %{{.*}} axes [1] : tensor<4x3xf32> to tensor<4xf32>
    // CHECK: dl.func @test.metrics
    // CHECK: tensor<8xf32> {dl.rows =
    // CHECK: dl.reduce sum %{{.*}} axes [0] : tensor<8xf64> to tensor<f64>
    ```
  }];
  let options = [Option<"batch", "batch", "int64_t", "0", "rows of a batch where the test does not say; 0 chooses">,
                 Option<"maxBytes", "max-bytes", "int64_t", "1073741824", "most bytes that one value may take when it is collected">];
}

def SimplifyPass : DL_Pass<"dl-simplify"> {
  let summary = "fold, merge equal operations, and algebra that keeps the bits";
  let description = [{
    Folds of the operations, common sub-expressions, and rewrites whose result is the same in every bit: integer powers with a small exponent, transposes that a product can absorb, broadcasts and
    reshapes moved to where they cost nothing, selections by a comparison with an iota instead of a scatter of single elements.

    ```mlir
    dl.func @f(%x: tensor<4x3xf32> {dl.input = "x"}, %w: tensor<5x3xf32> {dl.input = "w"}) -> (tensor<4x5xf32> {dl.output = "y"}) {
      %t = dl.transpose %w [1, 0] : tensor<5x3xf32> to tensor<3x5xf32>
      %y = dl.dot %x, %t batch [] [] contract [1] [0] : (tensor<4x3xf32>, tensor<3x5xf32>) -> tensor<4x5xf32>
      dl.return %y : tensor<4x5xf32>
    }
    // CHECK-LABEL: dl.func @f
    // CHECK-NOT: dl.transpose
    // CHECK: dl.dot %{{.*}}, %{{.*}} batch [] [] contract [1] [1]
    ```
  }];
}

def LoopsPass : DL_Pass<"dl-loops"> {
  let summary = "move work out of loops";
  let description = [{
    What does not change from pass to pass is computed before the loop; work on a walked element alone is done for all elements at once before it (`x_t @ W` for all t is one product), work
    on what is only collected after it, and a carried sum of products becomes one product over all passes.

    ```mlir
    dl.func @f(%xs: tensor<5x2x3xf32> {dl.input = "x"}, %w: tensor<3x4xf32> {dl.input = "w"}, %h: tensor<2x4xf32> {dl.input = "h"}) -> (tensor<2x4xf32> {dl.output = "y"}) {
      %y = dl.loop <5> walk(%x = %xs : tensor<5x2x3xf32>) carry(%c = %h : tensor<2x4xf32>) -> tensor<2x4xf32> index %i {
        %p = dl.dot %x, %w batch [] [] contract [1] [0] : (tensor<2x3xf32>, tensor<3x4xf32>) -> tensor<2x4xf32>
        %n = dl.binary mul %c, %p : tensor<2x4xf32>
        dl.yield %n : tensor<2x4xf32>
      }
      dl.return %y : tensor<2x4xf32>
    }
    // CHECK-LABEL: dl.func @f
    // CHECK: dl.dot %{{.*}}, %{{.*}} batch [] [] contract [2] [0]{{.*}} -> tensor<5x2x4xf32>
    // CHECK: dl.loop
    // CHECK-NOT: dl.dot
    // CHECK: dl.return
    ```
  }];
}

def RoundOperandsPass : DL_Pass<"dl-round-operands"> {
  let summary = "round the operands of products in front of them";
  let description = [{
    For targets that multiply in f32 alone: a product of reduced precision becomes one of f32 whose operands went through `round_bf16` or `round_tf32`, which gives the same numbers. The rounding
    stands where the value is made, once for all products that read it, and under the transposes that they read through.

    ```mlir
    dl.func @f(%x: tensor<4x3xf32> {dl.input = "x"}, %w: tensor<3x5xf32> {dl.input = "w"}) -> (tensor<4x5xf32> {dl.output = "y"}) {
      %y = dl.dot %x, %w batch [] [] contract [1] [0] precision tf32 : (tensor<4x3xf32>, tensor<3x5xf32>) -> tensor<4x5xf32>
      dl.return %y : tensor<4x5xf32>
    }
    // CHECK-LABEL: dl.func @f
    // CHECK-DAG: %[[X:.*]] = dl.unary round_tf32 %{{.*}} : tensor<4x3xf32>
    // CHECK-DAG: %[[W:.*]] = dl.unary round_tf32 %{{.*}} : tensor<3x5xf32>
    // CHECK: dl.dot %[[X]], %[[W]] batch [] [] contract [1] [0] :
    ```
  }];
  let options = [Option<"native", "native", "bool", "false", "the target's products round by themselves: nothing is done">];
}

def FusePass : DL_Pass<"dl-fuse"> {
  let summary = "gather operations into kernels";
  let description = [{
    A priority queue over producer and consumer pairs: the merge that saves most memory traffic comes first, as long as the merged body is one of the shapes in `passes/KernelShape.h` and no
    path leads out of the body and back in. Cheap producers (broadcasts, iotas, casts, scalars) are copied into each consumer first. Reshapes, which are views between kernels, come after what is light, products last. What is left over becomes a kernel of its own. Linear in the number of
    edges but for the path search, which is local.

    ```mlir
    dl.func @f(%x: tensor<8x4xf32> {dl.input = "x"}, %b: tensor<4xf32> {dl.input = "b"}) -> (tensor<8x4xf32> {dl.output = "y"}) {
      %c = dl.broadcast %b axes [1] : tensor<4xf32> to tensor<8x4xf32>
      %s = dl.binary add %x, %c : tensor<8x4xf32>
      %r = dl.unary relu %s : tensor<8x4xf32>
      dl.return %r : tensor<8x4xf32>
    }
    // CHECK-LABEL: dl.func @f
    // CHECK: dl.kernel map
    // CHECK: dl.broadcast
    // CHECK: dl.binary add
    // CHECK: dl.unary relu
    // CHECK: dl.yield
    // CHECK-NOT: dl.kernel
    // CHECK: dl.return
    ```
  }];
  let options = [Option<"maxOps", "max-ops", "int64_t", "64", "most operations in a kernel">,
                 Option<"maxOperands", "max-operands", "int64_t", "24", "most tensors that a kernel takes">,
                 Option<"columns", "columns", "bool", "false", "kernels of the kind `columns`">,
                 Option<"separate", "separate", "bool", "false", "a kernel for each operation">,
                 Option<"remarks", "remarks", "bool", "false", "tell why kernels were not merged">];
}

def OutlinePass : DL_Pass<"dl-outline"> {
  let summary = "make kernels functions, equal ones once";
  let description = [{
    A body becomes a private function, its use a `dl.launch`. Two bodies are one function when their text without names and locations is equal, the operands that coincide included. Element-wise bodies
    are flattened to one axis first, and scalar constants in which bodies differ become operands.

    ```mlir
    dl.func @f(%x: tensor<8x4xf32> {dl.input = "x"}) -> (tensor<8x4xf32> {dl.output = "y"}) {
      %a = dl.kernel map (%p = %x : tensor<8x4xf32>) -> (tensor<8x4xf32>) {
        %r = dl.unary exp %p : tensor<8x4xf32>
        dl.yield %r : tensor<8x4xf32>
      }
      %b = dl.kernel map (%q = %a : tensor<8x4xf32>) -> (tensor<8x4xf32>) {
        %r = dl.unary exp %q : tensor<8x4xf32>
        dl.yield %r : tensor<8x4xf32>
      }
      dl.return %b : tensor<8x4xf32>
    }
    // CHECK: dl.launch @[[K:[a-z0-9_]+]](
    // CHECK: dl.launch @[[K]](
    // CHECK: dl.func private @[[K]](
    // CHECK: dl.unary exp %{{.*}} : tensor<32xf32>
    ```
  }];
}

def OrderPass : DL_Pass<"dl-order"> {
  let summary = "order operations for a small peak, and updates after the last reader";
  let description = [{
    Tries the program's order, one in which everything is computed as late as possible, and a greedy one that takes what frees most; keeps the one with the smallest sum of live bytes. What writes the new value of a place comes after all
    readers of the old one; where no such order exists, the old value is copied first, with a remark.

    ```mlir
    dl.func @step(%w: tensor<8xf32> {dl.param = "w"}, %g: tensor<8xf32> {dl.input = "g"}) -> (tensor<8xf32> {dl.update = "w"}, tensor<8xf32> {dl.output = "old"}) {
      %n = dl.launch @k(%w, %g) : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
      dl.return %n, %w : tensor<8xf32>, tensor<8xf32>
    }
    // CHECK-LABEL: dl.func @step
    // CHECK: %[[OLD:.*]] = dl.copy
    // CHECK: %[[NEW:.*]] = dl.launch
    // CHECK: dl.return %[[NEW]], %[[OLD]]
    dl.func private @k(%a: tensor<8xf32>, %b: tensor<8xf32>) -> (tensor<8xf32>) attributes {dl.kernel = "map"} {
      %r = dl.binary sub %a, %b : tensor<8xf32>
      dl.return %r : tensor<8xf32>
    }
    ```
  }];
  let options = [Option<"remarks", "remarks", "bool", "true", "tell where an old value must be copied">];
}

def PlanPass : DL_Pass<"dl-plan"> {
  let summary = "give every value a place in memory";
  let description = [{
    Values that a function or region returns are written where they are wanted (`into`), element-wise results take over an operand that dies (`onto`), all others get an offset in one arena (`at`). Offsets
    are found by best fit in three orders (by size, by area, by lifetime), the smallest arena is kept. Functions with open sizes are left as they are.

    ```mlir
    dl.func @f(%x: tensor<8xf32> {dl.input = "x"}) -> (tensor<8xf32> {dl.output = "y"}) {
      %a = dl.launch @k(%x) : (tensor<8xf32>) -> tensor<8xf32>
      %b = dl.launch @k(%a) : (tensor<8xf32>) -> tensor<8xf32>
      dl.return %b : tensor<8xf32>
    }
    // CHECK: dl.arena = 64
    // CHECK: dl.launch @k(%{{.*}}) at [0]
    // CHECK: dl.launch @k(%{{.*}}) {{.*}}into [0]
    dl.func private @k(%p: tensor<8xf32>) -> (tensor<8xf32>) attributes {dl.kernel = "map"} {
      %r = dl.unary exp %p : tensor<8xf32>
      dl.return %r : tensor<8xf32>
    }
    ```
  }];
}

def CheckPlanPass : DL_Pass<"dl-check-plan"> {
  let summary = "hold the memory plan against the lives of values";
  let description = [{
    Runs each function symbolically in order, keeping for each byte range of each buffer which value it holds, and reports an error where an operation would read a value that was overwritten.
    Shares no code with `dl-plan`.

    ```mlir
    dl.func @f(%x: tensor<8xf32> {dl.input = "x"}) -> (tensor<8xf32> {dl.output = "y"}) attributes {dl.arena = 64 : i64} {
      %a = dl.launch @k(%x) at [0] onto [-1] into [-1] : (tensor<8xf32>) -> tensor<8xf32>
      %b = dl.launch @k(%a) at [-1] onto [-1] into [0] : (tensor<8xf32>) -> tensor<8xf32>
      dl.return %b : tensor<8xf32>
    }
    // CHECK-LABEL: dl.func @f
    dl.func private @k(%p: tensor<8xf32>) -> (tensor<8xf32>) attributes {dl.kernel = "map"} {
      %r = dl.unary exp %p : tensor<8xf32>
      dl.return %r : tensor<8xf32>
    }
    ```
  }];
}

#endif
