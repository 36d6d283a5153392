// In a build with sanitizers compiled code is checked too: a kernel that leaves its operands ends the program with a report.
#include "codegen/cpu/Compile.h"
#include "codegen/common/Jit.h"
#include "codegen/common/Sanitize.h"
#include "ir/Ops.h"
#include "runtime/abi.h"

#include "mlir/Parser/Parser.h"

#include <gtest/gtest.h>
#include <numeric>
#include <vector>

using namespace mlir;
using namespace dlc;

namespace {

constexpr int64_t kCount = 1 << 16; // enough work for a call of parallel_for

/// y = (x + x) + x, with x + x in the arena between two gaps of 64 bytes.
const char *const kProgram = R"(module attributes {dl.stage = "optimized", dl.version = 1} {
dl.func private @sum(%a: tensor<65536xf32>, %b: tensor<65536xf32>) -> (tensor<65536xf32>) attributes {dl.kernel = "map"} {
  %y = dl.binary add %a, %b : tensor<65536xf32>
  dl.return %y : tensor<65536xf32>
}
dl.func @main(%x: tensor<65536xf32>) -> (tensor<65536xf32>) attributes {dl.arena = 262272} {
  %t = dl.launch @sum(%x, %x) at [64] : (tensor<65536xf32>, tensor<65536xf32>) -> tensor<65536xf32>
  %y = dl.launch @sum(%t, %x) into [0] : (tensor<65536xf32>, tensor<65536xf32>) -> tensor<65536xf32>
  dl.return %y : tensor<65536xf32>
}
})";

/// What `inOrder` adds to the addresses of a launch's first operand and of its result.
int64_t moveOperand = 0, moveResult = 0;
int32_t inOrder(dlc_context *, dlc_kernel kernel, void *const *buffers, const int64_t *sizes, int64_t tiles, int64_t, int32_t) {
  void *moved[3] = {static_cast<char *>(buffers[0]) + moveOperand, buffers[1], static_cast<char *>(buffers[2]) + moveResult};
  kernel(moved, sizes, 0, tiles, nullptr);
  return 0;
}

class Sanitize : public ::testing::Test {
protected:
  void SetUp() override {
    if (!codegen::sanitizesCode())
      GTEST_SKIP() << "compiled code is checked in builds with sanitizers only";
    GTEST_FLAG_SET(death_test_style, "threadsafe");
    context.loadDialect<ir::DLDialect>();
    auto module = parseSourceString<ModuleOp>(kProgram, &context);
    codegen::CompileOptions options;
    codegen::CompiledObject compiled;
    ASSERT_TRUE(module && succeeded(codegen::compile(*module, options, compiled)));
    std::string error;
    object = codegen::LoadedObject::load(compiled.bytes, error);
    ASSERT_TRUE(object) << error;
    entry = object->lookupAs<dlc_entry>("dlc.main");
    ASSERT_TRUE(entry);
    arena = static_cast<float *>(std::aligned_alloc(64, compiled.functions[0].arenaBytes));
  }
  void TearDown() override { std::free(arena); }

  /// Runs with `count` elements of memory for the result.
  std::vector<float> run(int64_t count = kCount) {
    moveOperand = moveResult = 0;
    return runMoved(0, 0, count);
  }
  std::vector<float> runMoved(int64_t operand, int64_t result, int64_t count = kCount) {
    moveOperand = operand, moveResult = result;
    auto *x = static_cast<float *>(std::aligned_alloc(64, kCount * 4)), *y = static_cast<float *>(std::aligned_alloc(64, count * 4));
    std::iota(x, x + kCount, 0.0f);
    void *buffers[] = {x, y, arena};
    dlc_runtime table = {};
    table.version = DLC_ABI_VERSION;
    table.size = sizeof(dlc_runtime);
    table.parallel_for = inOrder;
    dlc_context state{&table, buffers, nullptr, nullptr, 0};
    entry(&state, buffers);
    std::vector<float> values(y, y + count);
    std::free(x), std::free(y);
    return values;
  }

  MLIRContext context;
  std::unique_ptr<codegen::LoadedObject> object;
  dlc_entry entry = nullptr;
  float *arena = nullptr;
};

TEST_F(Sanitize, WhatStaysInItsOperandsRuns) {
  for (int time = 0; time < 2; ++time) {
    std::vector<float> y = run();
    EXPECT_EQ(y[0], 0);
    EXPECT_EQ(y[1000], 3000);
  }
  // Between launches the arena is anyone's.
  EXPECT_EQ(arena[16 + 1000], 2000);
  arena[0] = arena[16 + kCount] = 1;
}

TEST_F(Sanitize, BehindAResultOnTheHeap) { EXPECT_DEATH(run(kCount - 16), "heap-buffer-overflow"); }
TEST_F(Sanitize, BeforeAResultInTheArena) { EXPECT_DEATH(runMoved(0, -4), "use-after-poison"); }
TEST_F(Sanitize, BehindAResultInTheArena) { EXPECT_DEATH(runMoved(0, 4), "use-after-poison"); }
TEST_F(Sanitize, BehindAnOperand) { EXPECT_DEATH(runMoved(4, 0), "heap-buffer-overflow"); }

} // namespace
