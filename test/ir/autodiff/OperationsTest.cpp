// First and second derivatives of every operation, and that none is without.
#include "test/ir/autodiff/GradientCheck.h"
#include "test/ir/autodiff/OperationCases.h"

#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace dlc::ir;
using namespace dlc::ir::test;

namespace {

class Operations : public testing::TestWithParam<OperationCase> {};

TEST_P(Operations, HasDerivatives) {
  const OperationCase &operation = GetParam();
  ASSERT_NE(operation.text.find(operation.operation), std::string::npos);
  checkDerivatives(operation.text, operation.low, operation.high);
}

INSTANTIATE_TEST_SUITE_P(All, Operations, testing::ValuesIn(operationCases()), [](const auto &info) { return nameOf(info.param); });

/// What is not a value operation: structure, control, effects, and what stands for a derivative or a program.
const char *const structure[] = {"dl.func", "dl.return", "dl.yield",    "dl.kernel",   "dl.launch",   "dl.copy",   "dl.check",
                                 "dl.host", "dl.cond",   "dl.loop",     "dl.gradient", "dl.data",     "dl.train",  "dl.test",
                                 "dl.load", "dl.invoke", "dl.sequence", "dl.entry",
                                 "dl.get",  "dl.tree",   "dl.fill",     "dl.tree_gradient", "dl.call", "dl.each"};

TEST(Operations, AreAllInTheTable) {
  MLIRContext context;
  context.loadDialect<DLDialect>();
  llvm::StringSet<> tested;
  for (const OperationCase &operation : operationCases())
    tested.insert(operation.operation);
  unsigned values = 0;
  for (RegisteredOperationName name : context.getRegisteredOperationsByDialect("dl")) {
    llvm::StringRef text = name.getStringRef();
    if (llvm::is_contained(structure, text))
      continue;
    ++values;
    EXPECT_TRUE(name.hasInterface<EvaluateInterface>()) << text.str() << " has no evaluation";
    if (name.hasInterface<VjpInterface>()) {
      EXPECT_TRUE(tested.contains(text)) << text.str() << " has a derivative that is not compared with differences";
      continue;
    }
    // Constants and draws have no operand to differentiate by; `stop_gradient` is there to have none.
    bool takesNoFloats = text == "dl.constant" || text == "dl.random";
    EXPECT_TRUE(name.hasTrait<NotDifferentiable>() || takesNoFloats || text == "dl.stop_gradient") << text.str() << " has no derivative";
  }
  EXPECT_GT(values, 25u);
}

/// An operation may be without a derivative only where its result is an integer or a boolean.
TEST(Operations, WithoutDerivativeAreNotFloats) {
  Graphs graphs;
  auto module = graphs.parse(R"(
dl.func @f(%x: tensor<2x3xf64>) {
  %a = dl.compare lt %x, %x : tensor<2x3xf64>
  %b = dl.arg_reduce max %x axis 1 : tensor<2x3xf64> to tensor<2xi64>
  %c = dl.iota 0 : tensor<5xi64>
  %d = dl.size <7> : tensor<i64>
  dl.return
})");
  ASSERT_TRUE(module);
  unsigned seen = 0;
  module->walk([&](Operation *op) {
    if (!op->hasTrait<NotDifferentiable>())
      return;
    ++seen;
    for (Type type : op->getResultTypes())
      EXPECT_FALSE(isa<FloatType>(cast<RankedTensorType>(type).getElementType()));
  });
  unsigned registered = 0;
  for (RegisteredOperationName name : graphs.context.getRegisteredOperationsByDialect("dl"))
    registered += name.hasTrait<NotDifferentiable>();
  EXPECT_EQ(seen, registered) << "an operation without derivative is missing in this test";
}

/// Casts between float types: the derivative goes back through the same types.
TEST(Operations, CastIsDifferentiatedInItsTypes) {
  Graphs graphs;
  auto module = graphs.parse(R"(
dl.func @f(%x: tensor<3xf32>) -> tensor<3xf32> {
  %w = dl.cast %x : tensor<3xf32> to tensor<3xf64>
  %q = dl.unary square %w : tensor<3xf64>
  %s = dl.reduce sum %q axes [0] : tensor<3xf64> to tensor<f64>
  %g = dl.gradient %s wrt(%x) : tensor<f64>, (tensor<3xf32>)
  dl.return %g : tensor<3xf32>
})");
  ASSERT_TRUE(module);
  Tensor x(RankedTensorType::get({3}, Float32Type::get(&graphs.context)));
  for (int i = 0; i < 3; ++i)
    x.setDouble(i, i - 0.5);
  auto results = evaluate(functionOf(*module), {x});
  ASSERT_EQ(results.size(), 1u) << graphs.messages;
  EXPECT_EQ(eval::formatTensor(results[0]), "[-1, 1, 3]");
}

} // namespace
