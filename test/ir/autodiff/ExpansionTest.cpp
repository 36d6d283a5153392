// What the expansion leaves in the graph: what is stacked by a loop, names, places, types with open sizes, refusals.
#include "ir/Names.h"
#include "test/ir/autodiff/GradientCheck.h"

#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace dlc::ir;
using namespace dlc::ir::test;

namespace {

class Expansion : public testing::Test {
protected:
  /// The function after the expansion, which must succeed.
  FuncOp expanded(llvm::StringRef text) {
    module = graphs.parse(text);
    if (!module)
      return {};
    FuncOp func = functionOf(*module);
    EXPECT_TRUE(succeeded(expandGradients(func))) << graphs.messages;
    EXPECT_TRUE(succeeded(verify(*module))) << graphs.messages;
    return func;
  }

  /// All loops, outer ones first.
  SmallVector<LoopOp> loops() {
    SmallVector<LoopOp> found;
    module->walk<WalkOrder::PreOrder>([&](LoopOp loop) { found.push_back(loop); });
    return found;
  }

  template <typename Op> unsigned count() {
    unsigned found = 0;
    module->walk([&](Op) { ++found; });
    return found;
  }

  Graphs graphs;
  OwningOpRef<ModuleOp> module;
};

TEST_F(Expansion, LeavesNoDerivativeOperations) {
  ASSERT_TRUE(expanded(R"(
dl.func @f(%x: tensor<f64>) -> tensor<f64> {
  %u = dl.variable %x : tensor<f64>
  %s = dl.stop_gradient %u : tensor<f64>
  %y = dl.binary mul %u, %s : tensor<f64>
  %g = dl.gradient %y wrt(%u) : tensor<f64>, (tensor<f64>)
  dl.return %g : tensor<f64>
})"));
  EXPECT_EQ(count<GradientOp>() + count<VariableOp>() + count<StopGradientOp>(), 0u);
}

/// A gradient that only an unused gradient uses is not expanded.
TEST_F(Expansion, DropsUnusedGradients) {
  ASSERT_TRUE(expanded(R"(
dl.func @f(%x: tensor<f64>) -> tensor<f64> {
  %y = dl.unary sin %x : tensor<f64>
  %g = dl.gradient %y wrt(%x) : tensor<f64>, (tensor<f64>)
  %h = dl.gradient %g wrt(%x) : tensor<f64>, (tensor<f64>)
  dl.return %y : tensor<f64>
})"));
  EXPECT_EQ(count<UnaryOp>(), 1u);
}

/// Factors of operands that are not asked for leave nothing behind.
TEST_F(Expansion, EmitsOnlyWhatIsNeeded) {
  ASSERT_TRUE(expanded(R"(
dl.func @f(%x: tensor<2x3xf64>, %w: tensor<3x4xf64>) -> tensor<3x4xf64> {
  %y = dl.dot %x, %w batch [] [] contract [1] [0] : (tensor<2x3xf64>, tensor<3x4xf64>) -> tensor<2x4xf64>
  %s = dl.reduce sum %y axes [0, 1] : tensor<2x4xf64> to tensor<f64>
  %g = dl.gradient %s wrt(%w) : tensor<f64>, (tensor<3x4xf64>)
  dl.return %g : tensor<3x4xf64>
})"));
  EXPECT_EQ(count<DotOp>(), 1u) << "the derivative by the weights alone, which needs no forward product";
  EXPECT_EQ(count<TransposeOp>(), 0u);
}

/// The elements walked are walked again, the index is free, what is the same in every pass moves out, repetitions are made anew: of
/// this body only the carried value before each pass is stacked.
TEST_F(Expansion, LoopsStackOnlyWhatTheyMust) {
  ASSERT_TRUE(expanded(R"(
dl.func @f(%xs: tensor<4x3xf64>, %h0: tensor<3xf64>, %w: tensor<f64>) -> tensor<3xf64> {
  %last = dl.loop <4> walk(%x = %xs : tensor<4x3xf64>) carry(%h = %h0 : tensor<3xf64>) -> tensor<3xf64> index %i {
    %k = dl.cast %i : tensor<i64> to tensor<f64>
    %wb = dl.unary exp %w : tensor<f64>
    %wr = dl.broadcast %wb axes [] : tensor<f64> to tensor<3xf64>
    %kr = dl.broadcast %k axes [] : tensor<f64> to tensor<3xf64>
    %a = dl.binary mul %h, %x : tensor<3xf64>
    %b = dl.binary mul %a, %wr : tensor<3xf64>
    %c = dl.binary mul %b, %kr : tensor<3xf64>
    dl.yield %c : tensor<3xf64>
  }
  %s = dl.reduce sum %last axes [0] : tensor<3xf64> to tensor<f64>
  %g = dl.gradient %s wrt(%h0) : tensor<f64>, (tensor<3xf64>)
  dl.return %g : tensor<3xf64>
})"));
  SmallVector<LoopOp> all = loops();
  ASSERT_EQ(all.size(), 2u);
  LoopOp forward = all[0], backward = all[1];
  // By h0 alone the derivative is linear: only the factor made from the index is stacked, as a scalar.
  ASSERT_EQ(forward.getCollectedResults().size(), 1u);
  EXPECT_EQ(cast<RankedTensorType>(forward.getCollectedResults()[0].getType()).getRank(), 1);
  EXPECT_TRUE(backward.getReverse());
  ASSERT_EQ(backward.getWalked().size(), 2u);
  EXPECT_TRUE(llvm::is_contained(backward.getWalked(), forward.getWalked()[0])) << "what was walked is walked again";
  EXPECT_EQ(backward.getInits().size(), 1u);
  // exp(w) moved out.
  module->walk([&](UnaryOp op) { EXPECT_TRUE(isa<FuncOp>(op->getParentOp())); });
}

/// A second derivative through the same loop uses what the first one stacked.
TEST_F(Expansion, ResidualsAreShared) {
  ASSERT_TRUE(expanded(R"(
dl.func @f(%h0: tensor<f64>, %w: tensor<f64>) -> (tensor<f64>, tensor<f64>) {
  %last = dl.loop <4> carry(%h = %h0 : tensor<f64>) -> tensor<f64> index %i {
    %b = dl.binary mul %h, %w : tensor<f64>
    dl.yield %b : tensor<f64>
  }
  %y = dl.unary sin %last : tensor<f64>
  %z = dl.unary cos %last : tensor<f64>
  %g = dl.gradient %y wrt(%w) : tensor<f64>, (tensor<f64>)
  %k = dl.gradient %z wrt(%w) : tensor<f64>, (tensor<f64>)
  dl.return %g, %k : tensor<f64>, tensor<f64>
})"));
  SmallVector<LoopOp> all = loops();
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].getCollectedResults().size(), 1u);
}

TEST_F(Expansion, ExitKeepsTheTripCount) {
  ASSERT_TRUE(expanded(R"(
dl.func @f(%h0: tensor<f64>) -> tensor<f64> {
  %two = dl.constant dense<2.0> : tensor<f64>
  %last = dl.loop <40> exit carry(%h = %h0 : tensor<f64>) -> tensor<f64> index %i {
    %q = dl.unary square %h : tensor<f64>
    %e = dl.compare gt %q, %two : tensor<f64>
    dl.yield %e, %q : tensor<i1>, tensor<f64>
  }
  %g = dl.gradient %last wrt(%h0) : tensor<f64>, (tensor<f64>)
  dl.return %g : tensor<f64>
})"));
  SmallVector<LoopOp> all = loops();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_TRUE(all[1].getCount());
  EXPECT_EQ(all[1].getCount().getDefiningOp(), all[0].getOperation());
}

TEST_F(Expansion, NamesAndPlaces) {
  module = graphs.parse(R"(
dl.func @f(%x: tensor<2x3xf64> loc("x"), %w: tensor<3x4xf64> loc("w")) -> tensor<3x4xf64> {
  %y = dl.dot %x, %w batch [] [] contract [1] [0] : (tensor<2x3xf64>, tensor<3x4xf64>) -> tensor<2x4xf64> loc("logits"("net.dl":3:5))
  %t = dl.unary tanh %y : tensor<2x4xf64> loc("net.dl":4:5)
  %s = dl.reduce sum %t axes [0, 1] : tensor<2x4xf64> to tensor<f64>
  %g = dl.gradient %s wrt(%w) : tensor<f64>, (tensor<3x4xf64>)
  dl.return %g : tensor<3x4xf64>
})");
  ASSERT_TRUE(module);
  FuncOp func = functionOf(*module);
  ASSERT_TRUE(succeeded(expandGradients(func)));
  Value gradient = func.getBody().front().getTerminator()->getOperand(0);
  EXPECT_EQ(nameOf(gradient), "d_w");
  std::string place;
  llvm::raw_string_ostream(place) << gradient.getLoc();
  EXPECT_NE(place.find("\"grad\""), std::string::npos) << place;
  EXPECT_NE(place.find("net.dl\":3:5"), std::string::npos) << place;
  // Its cotangent carries the forward value's name.
  auto product = gradient.getDefiningOp<DotOp>();
  ASSERT_TRUE(product);
  EXPECT_EQ(nameOf(product.getRhs()), "d_logits");
}

/// Before sizes are bound: an exported function is differentiated as it is.
TEST_F(Expansion, OpenSizes) {
  module = graphs.parse(R"(
dl.func @f(%x: tensor<?x3xf32, #dl.sym<B>>, %y: tensor<?x3xf32, #dl.sym<N>>, %w: tensor<3x4xf32>) -> (tensor<3x4xf32>, tensor<?x3xf32, #dl.sym<N>>)
    attributes {dl.symbols = ["B", "N"]} {
  %c = dl.concat %x, %y axis 0 : (tensor<?x3xf32, #dl.sym<B>>, tensor<?x3xf32, #dl.sym<N>>) -> tensor<?x3xf32, #dl.sym<B + N>>
  %p = dl.dot %c, %w batch [] [] contract [1] [0] : (tensor<?x3xf32, #dl.sym<B + N>>, tensor<3x4xf32>) -> tensor<?x4xf32, #dl.sym<B + N>>
  %m = dl.reduce max %p axes [1] : tensor<?x4xf32, #dl.sym<B + N>> to tensor<?xf32, #dl.sym<B + N>>
  %r = dl.cumulate prod %m axis 0 : tensor<?xf32, #dl.sym<B + N>>
  %e = dl.cumulate max %r axis 0 exclusive : tensor<?xf32, #dl.sym<B + N>>
  %z = dl.constant dense<0.0> : tensor<f32>
  %t = dl.loop <B + N> walk(%k = %e : tensor<?xf32, #dl.sym<B + N>>) carry(%h = %z : tensor<f32>) -> tensor<f32> index %i {
    %n = dl.binary mul %h, %k : tensor<f32>
    %o = dl.binary add %n, %k : tensor<f32>
    dl.yield %o : tensor<f32>
  }
  %g, %d = dl.gradient %t wrt(%w, %y) : tensor<f32>, (tensor<3x4xf32>, tensor<?x3xf32, #dl.sym<N>>)
  dl.return %g, %d : tensor<3x4xf32>, tensor<?x3xf32, #dl.sym<N>>
})");
  ASSERT_TRUE(module);
  EXPECT_TRUE(succeeded(expandGradients(functionOf(*module)))) << graphs.messages;
  EXPECT_TRUE(succeeded(verify(*module))) << graphs.messages;
}

TEST_F(Expansion, RefusesKernels) {
  module = graphs.parse(R"(
dl.func @f(%x: tensor<f64>) -> tensor<f64> {
  %y = dl.kernel map (%a = %x : tensor<f64>) -> (tensor<f64>) {
    %r = dl.unary relu %a : tensor<f64>
    dl.yield %r : tensor<f64>
  }
  %g = dl.gradient %y wrt(%x) : tensor<f64>, (tensor<f64>)
  dl.return %g : tensor<f64>
})");
  ASSERT_TRUE(module);
  graphs.messages.clear();
  EXPECT_TRUE(failed(expandGradients(functionOf(*module))));
  EXPECT_NE(graphs.messages.find("has no derivative"), std::string::npos) << graphs.messages;
  EXPECT_NE(graphs.messages.find("note: the derivative is taken here"), std::string::npos) << graphs.messages;
}

/// The bits are fixed: expanding twice gives the same text.
TEST_F(Expansion, IsDeterministic) {
  const char *text = R"(
dl.func @f(%xs: tensor<4xf64>, %h0: tensor<f64>, %w: tensor<f64>, %v: tensor<f64>) -> (tensor<f64>, tensor<f64>, tensor<f64>) {
  %last = dl.loop <4> walk(%x = %xs : tensor<4xf64>) carry(%h = %h0 : tensor<f64>) -> tensor<f64> index %i {
    %a = dl.binary mul %h, %w : tensor<f64>
    %b = dl.binary mul %a, %v : tensor<f64>
    %c = dl.binary mul %b, %x : tensor<f64>
    %d = dl.binary add %c, %a : tensor<f64>
    dl.yield %d : tensor<f64>
  }
  %g:3 = dl.gradient %last wrt(%v, %w, %h0) : tensor<f64>, (tensor<f64>, tensor<f64>, tensor<f64>)
  dl.return %g#0, %g#1, %g#2 : tensor<f64>, tensor<f64>, tensor<f64>
})";
  auto print = [&] {
    std::string printed;
    llvm::raw_string_ostream os(printed);
    if (FuncOp func = expanded(text))
      func.print(os);
    return printed;
  };
  std::string once = print();
  EXPECT_EQ(print(), once);
}

} // namespace
