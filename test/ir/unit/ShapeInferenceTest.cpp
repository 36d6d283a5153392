#include "ir/ShapeInference.h"

#include "ir/Dialect.h"

#include "mlir/IR/MLIRContext.h"
#include "gtest/gtest.h"

using namespace dlc::ir;

namespace {

const SizeExpr B = SizeExpr::symbol("B"), N = SizeExpr::symbol("N");

/// The shape as text, or the error.
template <typename F>
std::string outcome(F infer) {
  std::string message;
  mlir::FailureOr<Shape> shape = infer([&](const llvm::Twine &text) { message = text.str(); });
  return mlir::failed(shape) ? "error: " + message : str(*shape);
}

TEST(ShapeInference, Dot) {
  auto dot = [](Shape a, Shape b, DotAxes axes) { return outcome([&](ShapeError error) { return dotShape(a, b, axes, error); }); };
  EXPECT_EQ(dot({B, 784}, {784, 10}, {{}, {}, {1}, {0}}), "[B, 10]");
  EXPECT_EQ(dot({B, 8, 5, 7}, {B, 8, 9, 7}, {{0, 1}, {0, 1}, {3}, {3}}), "[B, 8, 5, 9]");
  EXPECT_EQ(dot({B, N}, {2 * N, 4}, {{}, {}, {1}, {0}}),
            "error: dot_c2: contracted axis 1 of the left operand has the size `N`, axis 0 of the right one `2*N`");
  EXPECT_EQ(dot({4}, {4}, {{}, {}, {1}, {0}}), "error: dot_c3: there is no axis 1 in the shape [4]");
}

TEST(ShapeInference, Windows) {
  auto window = [](Shape x, Axes axes, Axes size, Axes stride, Axes dilation) {
    return outcome([&](ShapeError error) { return windowShape(x, axes, size, stride, dilation, error); });
  };
  EXPECT_EQ(window({8, 28, 28, 3}, {1, 2}, {2, 3}, {2, 2}, {1, 1}), "[8, 14, 13, 3, 2, 3]");
  EXPECT_EQ(window({N}, {0}, {2}, {2}, {1}), "[floordiv(N, 2), 2]");
  EXPECT_EQ(window({2 * N}, {0}, {2}, {2}, {1}), "[N, 2]");
  EXPECT_EQ(window({4}, {0}, {3}, {1}, {2}), "error: window_c2: a window of extent `5` does not fit into the size `4`");
}

TEST(ShapeInference, Convolutions) {
  const int64_t ones[] = {1, 1}, twos[] = {2, 2}, zeros[] = {0, 0};
  ConvGeometry same{ones, ones, ones, ones, 1};
  auto conv = [](Shape x, Shape w, ConvGeometry g) { return outcome([&](ShapeError error) { return convShape(x, w, g, error); }); };
  EXPECT_EQ(conv({B, 28, 28, 4}, {3, 3, 4, 32}, same), "[B, 28, 28, 32]");
  ConvGeometry strided{twos, zeros, ones, ones, 2};
  EXPECT_EQ(conv({B, 28, 27, 4}, {3, 3, 2, 6}, strided), "[B, 14, 13, 6]");
  EXPECT_EQ(conv({B, 28, 28, 4}, {3, 3, 4, 32}, strided), "error: conv_c2: 2 groups of `4` channels of the weight do not make the image's `4`");
  EXPECT_EQ(conv({B, 4}, {4, 3}, same), "error: conv_c1: expected image and weight of one rank from 3 to 5, found the shapes [B, 4] and [4, 3]");
}

TEST(ShapeInference, Indexing) {
  auto gather = [](Shape x, Shape i, int64_t axis, int64_t batch) {
    return outcome([&](ShapeError error) { return gatherShape(x, i, axis, batch, error); });
  };
  EXPECT_EQ(gather({1000, 64}, {B, 16}, 0, 0), "[B, 16, 64]");
  EXPECT_EQ(gather({B, 10, 3}, {B, 5}, 1, 1), "[B, 5, 3]");
  EXPECT_EQ(gather({10}, {}, 0, 0), "[]");
  EXPECT_EQ(gather({B, 10}, {N}, 1, 1), "error: gather_c1: batch axis 0 has the size `B` in the operand and `N` in the indices");
}

TEST(ShapeInference, ResultsThatGrowTooLargeAreRefused) {
  Shape wide{int64_t(1) << 40};
  EXPECT_EQ(outcome([&](ShapeError error) { return dotShape(wide, wide, {{}, {}, {}, {}}, error); }),
            "error: the result's shape [1099511627776, 1099511627776] has a negative size or exceeds 64 bits");
  EXPECT_FALSE(isValidShape({SizeExpr(-1)}));
  EXPECT_FALSE(isValidShape({SizeExpr(INT64_MAX) + 1}));
  EXPECT_TRUE(isValidShape({SizeExpr(0), SizeExpr(int64_t(1) << 50)}));
}

TEST(Types, RoundTrip) {
  mlir::MLIRContext context;
  context.loadDialect<DLDialect>();
  mlir::Type f32 = mlir::Float32Type::get(&context);
  Shape shape{B, 28, 2 * N + 1};
  mlir::RankedTensorType type = tensorType(shape, f32);
  EXPECT_EQ(shapeOf(type), shape);
  EXPECT_TRUE(hasSizes(type));
  EXPECT_EQ(staticCount(type), std::nullopt);
  std::string text;
  llvm::raw_string_ostream(text) << type;
  EXPECT_EQ(text, "tensor<?x28x?xf32, #dl.sym<B, 2*N + 1>>");
  EXPECT_EQ(tensorType({4, 5}, f32), mlir::RankedTensorType::get({4, 5}, f32));
  EXPECT_EQ(staticCount(tensorType({4, 5}, f32)), 20);
  EXPECT_FALSE(hasSizes(mlir::RankedTensorType::get({mlir::ShapedType::kDynamic}, f32)));
  EXPECT_FALSE(hasSizes(f32));
  EXPECT_EQ(withElement(type, mlir::IntegerType::get(&context, 1)), tensorType(shape, mlir::IntegerType::get(&context, 1)));
  EXPECT_EQ(elementBytes(mlir::IntegerType::get(&context, 1)), 1);
  EXPECT_EQ(elementBytes(mlir::BFloat16Type::get(&context)), 2);
}

} // namespace
