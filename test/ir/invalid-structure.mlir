// Errors of functions, kernels, control flow and effects.
// RUN: %dlc-opt %s --split-input-file --verify-diagnostics

// expected-error@below {{func_c1: argument 0 is both `dl.param` and `dl.state`}}
dl.func @f(%x: tensor<f32> {dl.param = "a", dl.state = "b"}) {
  dl.return
}

// -----

// expected-error@below {{func_c2: arguments 0 and 1 are both `dl.state` "a"}}
dl.func @f(%x: tensor<f32> {dl.param = "a"}, %y: tensor<f32> {dl.state = "a"}) {
  dl.return
}

// -----

// expected-error@below {{func_c3: result 0 updates "b", which no argument is}}
dl.func @f(%x: tensor<f32> {dl.param = "a"}) -> (tensor<f32> {dl.update = "b"}) {
  dl.return %x : tensor<f32>
}

// -----

// expected-error@below {{func_c3: result 0 updates "a" of type 'tensor<f32>' with 'tensor<f64>'}}
dl.func @f(%x: tensor<f32> {dl.param = "a"}, %y: tensor<f64>) -> (tensor<f64> {dl.update = "a"}) {
  dl.return %y : tensor<f64>
}

// -----

// expected-error@below {{func_c4: results 0 and 1 both update "a"}}
dl.func @f(%x: tensor<f32> {dl.param = "a"}) -> (tensor<f32> {dl.update = "a"}, tensor<f32> {dl.update = "a"}) {
  dl.return %x, %x : tensor<f32>, tensor<f32>
}

// -----

// expected-error@below {{func_c5: result 0 is both `dl.output` and `dl.report`}}
dl.func @f(%x: tensor<f32>) -> (tensor<f32> {dl.output = "a", dl.report = "b"}) {
  dl.return %x : tensor<f32>
}

// -----

// expected-error@below {{func_c5: result 0 has `dl.part` without what it belongs to}}
dl.func @f(%x: tensor<f32>) -> (tensor<f32> {dl.output = "a", dl.part = "sum"}) {
  dl.return %x : tensor<f32>
}

// -----

// expected-error@below {{func_c6: expected a kernel to be private}}
dl.func @f(%x: tensor<f32>) -> (tensor<f32>) attributes {dl.kernel = "map"} {
  dl.return %x : tensor<f32>
}

// -----

dl.func private @f(%x: tensor<i1>) attributes {dl.kernel = "map"} {
  // expected-error@below {{func_c6: expected only value operations in a kernel}}
  dl.check %x, "no" : tensor<i1>
  dl.return
}

// -----

dl.func @f(%x: tensor<f32>) -> (tensor<f64>) {
  // expected-error@below {{expected the results ('tensor<f64>') of the function, found ('tensor<f32>')}}
  dl.return %x : tensor<f32>
}

// -----

// expected-error@below {{expected a body that ends with `dl.return`}}
dl.func @f() {
  dl.yield
}

// -----

// expected-error@below {{expected tensors with a size for each axis, found 'tensor<?xf32>'}}
dl.func @f(%x: tensor<?xf32>) {
  dl.return
}

// -----

// expected-error@below {{argument 0 has the unknown attribute `dl.parm`}}
dl.func @f(%x: tensor<f32> {dl.parm = "a"}) {
  dl.return
}

// -----

// expected-error@below {{expected a name as `dl.input`, found 3 : i64}}
dl.func @f(%x: tensor<f32> {dl.input = 3}) {
  dl.return
}

// -----

// expected-error@below {{expected `dl.counter` to be one of "seed", "step", "epoch", "row", "sequence", found "time"}}
dl.func @f(%x: tensor<i64> {dl.counter = "time"}) {
  dl.return
}

// -----

// expected-error@below {{expected a scalar of type i64 for `dl.counter`, found 'tensor<f32>'}}
dl.func @f(%x: tensor<f32> {dl.counter = "step"}) {
  dl.return
}

// -----

// expected-error@below {{expected a scalar float for `dl.mean`, found 'tensor<2xf32>'}}
dl.func @f(%x: tensor<2xf32> {dl.mean = "loss"}) {
  dl.return
}

// -----

// expected-error@below {{expected `dl.part` to be one of "sum", "weight", found "mean"}}
dl.func @f(%x: tensor<f32>) -> (tensor<f32> {dl.report = "loss", dl.part = "mean"}) {
  dl.return %x : tensor<f32>
}

// -----

// expected-error@below {{expected a scalar of type f32 or f64 for `dl.part`, found 'tensor<i64>'}}
dl.func @f(%x: tensor<i64>) -> (tensor<i64> {dl.report = "loss", dl.part = "sum"}) {
  dl.return %x : tensor<i64>
}

// -----

// expected-error@below {{expected a scalar of type i1 for `dl.stop`, found 'tensor<i64>'}}
dl.func @f(%x: tensor<i64>) -> (tensor<i64> {dl.stop}) {
  dl.return %x : tensor<i64>
}

// -----

// expected-error@below {{expected `dl.loss` without a value, found true}}
dl.func @f(%x: tensor<f32>) -> (tensor<f32> {dl.report = "loss", dl.loss = true}) {
  dl.return %x : tensor<f32>
}

// -----

// expected-error@below {{expected a permutation of the axes of 'tensor<2x3xf32>' as `dl.stored`, found [0, 0]}}
dl.func @f(%x: tensor<2x3xf32>) -> (tensor<2x3xf32> {dl.param = "w", dl.stored = [0, 0]}) {
  dl.return %x : tensor<2x3xf32>
}

// -----

// expected-error@below {{result 0 has the unknown attribute `dl.updat`}}
dl.func @f(%x: tensor<f32>) -> (tensor<f32> {dl.updat = "w"}) {
  dl.return %x : tensor<f32>
}

// -----

// expected-error@below {{expected the kind of a kernel as `dl.kernel`, found "maps"}}
dl.func private @f() attributes {dl.kernel = "maps"} {
  dl.return
}

// -----

// expected-error@below {{expected a number of bytes as `dl.arena`, found -1 : i64}}
dl.func @f() attributes {dl.arena = -1} {
  dl.return
}

// -----

// expected-error@below {{expected an array of strings as `dl.symbols` of a function, found "B"}}
dl.func @f() attributes {dl.symbols = "B"} {
  dl.return
}

// -----

// expected-error@below {{expected `dl.stage` to be one of "graph", "specialized", "train", "optimized", "kernels", "llvm", found "late"}}
module attributes {dl.stage = "late"} {}

// -----

dl.func @f(%x: tensor<f32>) -> tensor<f32> {
  // expected-error@below {{expected an array of numbers as `dl.checkpoint`, found 3 : i64}}
  %y = dl.unary exp %x {dl.checkpoint = 3 : i64} : tensor<f32>
  dl.return %y : tensor<f32>
}

// -----

// expected-error@below {{expected version 1 as `dl.version`, found 2 : i64}}
module attributes {dl.version = 2} {}

// -----

// expected-error@below {{`dl.export` belongs to functions}}
module attributes {dl.export} {}

// -----

dl.func @f(%x: tensor<f32>) {
  // expected-error@below {{expects a non-empty block}}
  %0 = "dl.kernel"(%x) <{kind = #dl<kernel_kind map>}> ({ ^bb0(%a: tensor<f32>): }) : (tensor<f32>) -> tensor<f32>
  dl.return
}

// -----

dl.func @f(%x: tensor<f32>) {
  // expected-error@below {{kernel_c1: expected arguments of the operands' types ('tensor<f32>'), found ('tensor<f64>')}}
  %0 = "dl.kernel"(%x) <{kind = #dl<kernel_kind map>}> ({
  ^bb0(%a: tensor<f64>):
    "dl.yield"(%a) : (tensor<f64>) -> ()
  }) : (tensor<f32>) -> tensor<f64>
  dl.return
}

// -----

dl.func @f(%x: tensor<f32>) {
  // expected-error@below {{kernel_c1: expected results of the yielded types ('tensor<f32>'), found ('tensor<f64>')}}
  %0 = dl.kernel map (%a = %x : tensor<f32>) -> (tensor<f64>) {
    dl.yield %a : tensor<f32>
  }
  dl.return
}

// -----

dl.func @f(%x: tensor<f32>) {
  %0 = dl.kernel map (%a = %x : tensor<f32>) -> (tensor<f32>) {
    // expected-error@below {{kernel_c2: expected only value operations in a kernel}}
    dl.host "print" {format = ""} (%a) : tensor<f32>
    dl.yield %a : tensor<f32>
  }
  dl.return
}

// -----

dl.func @callee() {
  dl.return
}
dl.func @f(%x: tensor<f32>) {
  // expected-error@below {{launch_c1: expected @callee to be a `dl.func` with `dl.kernel`}}
  dl.launch @callee() : () -> ()
  dl.return
}

// -----

// expected-note@below {{the kernel is here}}
dl.func private @callee() attributes {dl.kernel = "map"} {
  dl.return
}
dl.func @f(%x: tensor<f32>) {
  // expected-error@below {{launch_c1: the kernel @callee has the type '() -> ()', found '(tensor<f32>) -> ()'}}
  dl.launch @callee(%x) : (tensor<f32>) -> ()
  dl.return
}

// -----

dl.func private @callee() attributes {dl.kernel = "map"} {
  dl.return
}
dl.func @f() {
  // expected-error@below {{launch_c2: expected one place for each of 0 results, found 1}}
  dl.launch @callee() at [0] : () -> ()
  dl.return
}

// -----

dl.func @f(%x: tensor<f32>) {
  // expected-error@below {{copy_c2: expected one place for each of 1 results, found 2}}
  %0 = dl.copy %x at [0, 0] : tensor<f32>
  dl.return
}

// -----

dl.func @f(%x: tensor<f32>) {
  // check_c1 is the type constraint of the operand.
  // expected-error@below {{operand #0 must be tensor with a size for each axis of 1-bit signless integer values, but got 'tensor<f32>'}}
  dl.check %x, "no" : tensor<f32>
  dl.return
}

// -----

dl.func @f(%p: tensor<i1>, %x: tensor<f32>) {
  // expected-error@below {{cond_c1: expected each region to yield ('tensor<f32>'), found ()}}
  %0 = dl.cond %p -> tensor<f32> { dl.yield %x : tensor<f32> } else {}
  dl.return
}

// -----

dl.func @f(%p: tensor<i1>, %x: tensor<f32>) {
  // expected-error@below {{cond_c2: expected one place for each of 1 results, found 2}}
  %0 = dl.cond %p at [0, 0] -> tensor<f32> { dl.yield %x : tensor<f32> } else { dl.yield %x : tensor<f32> }
  dl.return
}

// -----

dl.func @f(%x: tensor<5x2xf32>) {
  // expected-error@below {{loop_c1: expected walked tensors with a leading axis of `4`, found 'tensor<5x2xf32>'}}
  dl.loop <4> walk(%a = %x : tensor<5x2xf32>) index %i {}
  dl.return
}

// -----

dl.func @f(%x: tensor<f32>) {
  // expected-error@below {{loop_c1: expected a tensor with a leading axis, found 'tensor<f32>'}}
  dl.loop <4> walk(%a = %x : tensor<f32>) index %i {}
  dl.return
}

// -----

dl.func @f(%x: tensor<f32>, %y: tensor<f64>) {
  // expected-error@below {{loop_c2: carried value 0 begins as 'tensor<f32>', found 'tensor<f64>'}}
  %0 = dl.loop <4> carry(%a = %x : tensor<f32>) -> tensor<f32> index %i { dl.yield %y : tensor<f64> }
  dl.return
}

// -----

dl.func @f(%x: tensor<f32>) {
  // expected-error@below {{loop_c3: expected `4` of 'tensor<f32>' as collected result 0, found 'tensor<5xf32>'}}
  %0 = dl.loop <4> -> tensor<5xf32> index %i { dl.yield %x : tensor<f32> }
  dl.return
}

// -----

dl.func @f(%x: tensor<f32>) {
  // expected-error@below {{loop_c4: expected one place for each of 1 results, found 0}}
  %0 = dl.loop <4> at [] -> tensor<4xf32> index %i { dl.yield %x : tensor<f32> }
  dl.return
}

// -----

dl.func @f(%x: tensor<f32>) {
  // expected-error@below {{expected to yield a scalar of type i1 first, which `exit` asks for}}
  %0 = dl.loop <4> exit -> tensor<4xf32> index %i { dl.yield %x : tensor<f32> }
  dl.return
}

// -----

dl.func @f(%x: tensor<f32>) {
  // expected-error@below {{expected a result for each of 0 carried values and each collected one, found 0 results and 1 yielded values}}
  dl.loop <4> index %i { dl.yield %x : tensor<f32> }
  dl.return
}

// -----

dl.func @f() {
  // expected-error@below {{expected one size as the bound, found #dl.sym<B, N>}}
  dl.loop <B, N> index %i {}
  dl.return
}

// -----

// expected-error@below {{entry_c1: expected no body}}
"dl.entry"() <{sym_name = "step", function_type = (tensor<f32>) -> (), arena = 0 : i64, workspace = 0 : i64}> ({
^bb0(%x: tensor<f32>):
  dl.return
}) : () -> ()

// -----

// expected-error@below {{entry_c2: expected `number`, `types`, `at` and either `check` or `host` with `settings`}}
dl.entry @step(tensor<f32> {dl.input = "x"}) arena 0 workspace 0 sites [{number = 0 : i64, types = [tensor<i1>], at = "w.dl:1:1"}]

// -----

// expected-error@below {{func_c2: arguments 0 and 1 are both `dl.input` "x"}}
dl.entry @step(tensor<f32> {dl.input = "x"}, tensor<f32> {dl.input = "x"}) arena 0 workspace 0

// -----

// expected-error@below {{expected numbers of bytes, found arena -1 and workspace 0}}
dl.entry @step(tensor<f32> {dl.input = "x"}) arena -1 workspace 0

// -----

// expected-error@below {{expected a name as `dl.param`, found ""}}
dl.func @f(%0: tensor<f32> {dl.param}) {
  dl.return
}
