// Arguments, effects, checks, promotion, folding, and that the evaluator is fast enough for a small network.
#include "test/ir/Graphs.h"

#include "mlir/AsmParser/AsmParser.h"

#include "mlir/IR/Matchers.h"

#include <chrono>

using namespace mlir;
using namespace dlc::ir;
using namespace dlc::ir::test;

namespace {

class Evaluator : public testing::Test {
protected:
  FailureOr<SmallVector<Tensor>> run(llvm::StringRef text, ArrayRef<Tensor> arguments = {}, llvm::StringRef name = "") {
    module = graphs.parse(text);
    if (!module)
      return failure();
    graphs.messages.clear();
    return eval::evaluateFunction(functionOf(*module, name), arguments, environment);
  }

  Graphs graphs;
  OwningOpRef<ModuleOp> module;
  eval::Environment environment;
};

TEST_F(Evaluator, RefusesWrongArguments) {
  const char *text = "dl.func @f(%x: tensor<f64>) -> tensor<f64> { dl.return %x : tensor<f64> }";
  EXPECT_TRUE(failed(run(text)));
  EXPECT_NE(graphs.messages.find("takes 1 arguments, but 0 are given"), std::string::npos) << graphs.messages;
  EXPECT_TRUE(failed(run(text, {Tensor(RankedTensorType::get({2}, Float64Type::get(&graphs.context)))})));
  EXPECT_NE(graphs.messages.find("has type 'tensor<f64>', but the value is 'tensor<2xf64>'"), std::string::npos) << graphs.messages;
}

TEST_F(Evaluator, RefusesOpenSizes) {
  EXPECT_TRUE(failed(run("dl.func @f(%x: tensor<?xf64, #dl.sym<B>>) attributes {dl.symbols = [\"B\"]} { dl.return }", {scalarTensor(graphs.context, 1)})));
  EXPECT_NE(graphs.messages.find("specialise the function first"), std::string::npos) << graphs.messages;
  EXPECT_TRUE(failed(run("dl.func @f() attributes {dl.symbols = [\"B\"]} {\n %n = dl.size <B> : tensor<i64>\n dl.return }")));
  EXPECT_NE(graphs.messages.find("size `B` is not bound"), std::string::npos) << graphs.messages;
}

TEST_F(Evaluator, ChecksStopWithTheirMessage) {
  const char *text = R"(
dl.func @f(%x: tensor<f64>) -> tensor<f64> {
  %one = dl.constant dense<1.0> : tensor<f64>
  %ok = dl.compare le %x, %one : tensor<f64>
  dl.check %ok, "{0:.2} is more than {1}"(%x, %one) : tensor<i1>, tensor<f64>, tensor<f64>
  dl.return %x : tensor<f64>
})";
  EXPECT_TRUE(succeeded(run(text, {scalarTensor(graphs.context, 1)})));
  EXPECT_TRUE(failed(run(text, {scalarTensor(graphs.context, 2.5)})));
  EXPECT_EQ(graphs.messages, "2.5 is more than 1.0\n");
  std::string message;
  environment.onCheckFailed = [&](CheckOp, llvm::StringRef text) { message = text.str(); };
  EXPECT_TRUE(failed(run(text, {scalarTensor(graphs.context, 2.5)})));
  EXPECT_EQ(message, "2.5 is more than 1.0");
  EXPECT_EQ(graphs.messages, "");
}

TEST_F(Evaluator, EffectsReachTheHostInOrder) {
  std::string log;
  environment.onHost = [&](HostOp op, ArrayRef<Tensor> operands) {
    log += eval::formatMessage(op.getSettings().getAs<StringAttr>("format").getValue(), operands) + ";";
    return success();
  };
  EXPECT_TRUE(succeeded(run(R"(
dl.func @f(%x: tensor<f64>) {
  dl.loop <3> index %i {
    dl.host "print" {format = "pass {0}"} (%i) : tensor<i64>
    dl.yield
  }
  dl.host "print" {format = "{0:.1}"} (%x) : tensor<f64>
  dl.return
})",
                            {scalarTensor(graphs.context, 2)})))
      << graphs.messages;
  EXPECT_EQ(log, "pass 0;pass 1;pass 2;2;");
}

/// A sum that f32 cannot hold: in f32 each operation rounds, in f64 nothing is lost.
TEST_F(Evaluator, Promotion) {
  const char *text = R"(
dl.func @f(%x: tensor<2xf32>) -> (tensor<f32>, tensor<2xf64>) {
  %t = dl.constant dense<[16777216.0, 1.0]> : tensor<2xf32>
  %y = dl.launch @k(%x, %t) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
  %s = dl.reduce sum %y axes [0] : tensor<2xf32> to tensor<f32>
  %w = dl.cast %y : tensor<2xf32> to tensor<2xf64>
  dl.return %s, %w : tensor<f32>, tensor<2xf64>
}
dl.func private @k(%a: tensor<2xf32>, %b: tensor<2xf32>) -> tensor<2xf32> attributes {dl.kernel = "map"} {
  %y = dl.binary mul %a, %b : tensor<2xf32>
  dl.return %y : tensor<2xf32>
})";
  Tensor x(RankedTensorType::get({2}, Float32Type::get(&graphs.context)));
  x.setDouble(0, 1);
  x.setDouble(1, 1);
  auto narrow = run(text, {x}, "f");
  ASSERT_TRUE(succeeded(narrow)) << graphs.messages;
  EXPECT_EQ((*narrow)[0].getDouble(0), 16777216);

  OwningOpRef<ModuleOp> promoted = eval::promoteToF64(functionOf(*module, "f"));
  EXPECT_TRUE(succeeded(verify(*promoted))) << graphs.messages;
  auto wide = eval::evaluateFunction(functionOf(*promoted, "f"), {eval::convert(x, Float64Type::get(&graphs.context))}, environment);
  ASSERT_TRUE(succeeded(wide)) << graphs.messages;
  EXPECT_EQ((*wide)[0].getDouble(0), 16777217);
}

TEST_F(Evaluator, FoldsSmallResultsOnly) {
  module = graphs.parse(R"(
dl.func @f(%x: tensor<2xf32>) {
  %a = dl.constant dense<[1.0, 2.0]> : tensor<2xf32>
  %b = dl.binary add %a, %a : tensor<2xf32>
  %c = dl.binary add %a, %x : tensor<2xf32>
  %d = dl.broadcast %a axes [0] : tensor<2xf32> to tensor<2x64xf32>
  %e = dl.variable %a : tensor<2xf32>
  dl.return
})");
  ASSERT_TRUE(module);
  SmallVector<bool> folded;
  module->walk([&](Operation *op) {
    if (!isa<BinaryOp, BroadcastOp, VariableOp>(op))
      return;
    SmallVector<Attribute> operands;
    for (Value operand : op->getOperands()) {
      Attribute value;
      matchPattern(operand, m_Constant(&value));
      operands.push_back(value);
    }
    SmallVector<OpFoldResult> results;
    folded.push_back(succeeded(eval::foldByEvaluation(op, operands, results)));
    if (folded.back())
      EXPECT_EQ(cast<Attribute>(results[0]), parseAttribute("dense<[2.0, 4.0]> : tensor<2xf32>", &graphs.context));
  });
  EXPECT_EQ(folded, (SmallVector<bool>{true, false, false, false}));
}

/// The heavy part of a step of a convolutional network on 28 x 28 pictures, batch 4: products of 42 million terms, with both derivatives.
TEST_F(Evaluator, IsFastEnoughForASmallNetwork) {
  const char *text = R"(
dl.func @f(%x: tensor<4x26x26x32xf32>, %w: tensor<3x3x32x64xf32>) -> tensor<3x3x32x64xf32> {
  %y = dl.conv forward %x, %w stride [1, 1] low [0, 0] high [0, 0] dilation [1, 1] groups 1
      : (tensor<4x26x26x32xf32>, tensor<3x3x32x64xf32>) -> tensor<4x24x24x64xf32>
  %r = dl.unary relu %y : tensor<4x24x24x64xf32>
  %p = dl.window %r axes [1, 2] size [2, 2] stride [2, 2] dilation [1, 1] : tensor<4x24x24x64xf32> to tensor<4x12x12x64x2x2xf32>
  %m = dl.reduce max %p axes [4, 5] : tensor<4x12x12x64x2x2xf32> to tensor<4x12x12x64xf32>
  %s = dl.reduce sum %m axes [0, 1, 2, 3] : tensor<4x12x12x64xf32> to tensor<f32>
  %g = dl.gradient %s wrt(%w) : tensor<f32>, (tensor<3x3x32x64xf32>)
  dl.return %g : tensor<3x3x32x64xf32>
})";
  std::mt19937_64 random(1);
  auto f32 = Float32Type::get(&graphs.context);
  SmallVector<Tensor> arguments{randomTensor(RankedTensorType::get({4, 26, 26, 32}, f32), random),
                                randomTensor(RankedTensorType::get({3, 3, 32, 64}, f32), random)};
  auto start = std::chrono::steady_clock::now();
  auto results = run(text, arguments);
  std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  ASSERT_TRUE(succeeded(results)) << graphs.messages;
  EXPECT_LT(took.count(), 20) << "seconds, with room for sanitizers and busy machines";
  RecordProperty("milliseconds", static_cast<int>(took.count() * 1000));
}

} // namespace
