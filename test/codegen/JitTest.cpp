// Code of several objects in memory that has room for each of them only far from the others.
#include "codegen/cpu/Compile.h"
#include "codegen/common/Jit.h"
#include "ir/Ops.h"
#include "runtime/abi.h"

#include "mlir/Parser/Parser.h"

#include <gtest/gtest.h>
#include <memory>
#include <sys/mman.h>
#include <vector>

using namespace mlir;
using namespace dlc;

namespace {

/// The kernel is in one object, the function that calls it in another.
const char *const kProgram = R"(module attributes {dl.stage = "optimized", dl.version = 1} {
dl.func private @double(%a: tensor<8xf32>) -> (tensor<8xf32>) attributes {dl.kernel = "map"} {
  %y = dl.binary add %a, %a : tensor<8xf32>
  dl.return %y : tensor<8xf32>
}
dl.func @main(%x: tensor<8xf32>) -> (tensor<8xf32>) attributes {dl.arena = 0} {
  %y = dl.launch @double(%x) into [0] : (tensor<8xf32>) -> tensor<8xf32>
  dl.return %y : tensor<8xf32>
}
})";

/// Addresses that are taken, without memory.
class Taken {
public:
  explicit Taken(size_t bytes) : bytes(bytes), at(mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)) {}
  Taken(const Taken &) = delete;
  ~Taken() { munmap(at, bytes); }
  bool isBelow(const Taken &other) const { return at == MAP_FAILED || at < other.at; } // no more is to be had

private:
  size_t bytes;
  void *at;
};

TEST(Jit, ObjectsReachEachOther) {
  MLIRContext context;
  context.loadDialect<ir::DLDialect>();
  auto module = parseSourceString<ModuleOp>(kProgram, &context);
  codegen::CompiledObject compiled;
  ASSERT_TRUE(module && succeeded(codegen::compile(*module, {}, compiled)));
  // The kernel of the system takes the highest gap that is large enough. Here that is one of few pages, as an object has, and the next
  // one is below 8 GB of data.
  for (size_t pages : {1, 2, 3, 4, 6, 8}) {
    auto gap = std::make_unique<Taken>(pages << 12);
    Taken data(size_t{8} << 30);
    std::vector<std::unique_ptr<Taken>> others;
    for (size_t bytes : {size_t{1} << 30, size_t{32} << 20, size_t{1} << 20, pages << 12})
      do
        others.push_back(std::make_unique<Taken>(bytes));
      while (!others.back()->isBelow(data));
    gap = nullptr;
    std::string error;
    auto object = codegen::LoadedObject::load(compiled.bytes, error);
    ASSERT_TRUE(object) << error;
    auto entry = object->lookupAs<dlc_entry>("dlc.main");
    alignas(64) float x[16] = {1, 2, 3, 4, 5, 6, 7, 8}, y[16] = {};
    void *buffers[] = {x, y, nullptr};
    dlc_context state{nullptr, buffers, nullptr, nullptr, 0};
    EXPECT_EQ(entry(&state, buffers), 0);
    EXPECT_EQ(y[7], 16);
  }
}

} // namespace
