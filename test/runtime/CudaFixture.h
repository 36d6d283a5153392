// What tests of the card's side share: a device of the model of the driver (FakeCuda.h), and how it is looked at.
#pragma once

#include "runtime/CudaDevice.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <dlfcn.h>
#include <string>
#include <vector>

namespace dlc::runtime {

class CudaFixture : public testing::Test {
protected:
  static constexpr const char *kPtx = R"(.version 7.0
.visible .entry twice(.param .u64 x, .param .u64 y) { ret; }
.visible .entry is_above(.param .u64 x, .param .u64 limit, .param .u64 flag) { ret; }
.visible .entry twice_first(.param .align 8 .b8 table[4800]) { ret; }
)";

  void TearDown() override {
    unsetenv("FAKE_CUDA");
    unsetenv("FAKE_CUBLASLT");
    EXPECT_EQ(leaks(), "");
  }

  static Result<std::unique_ptr<CudaDevice>> open(const char *fake = "", int number = 0, const std::string &ptx = kPtx,
                                                  std::shared_ptr<CublasLt> products = nullptr) {
    setenv("FAKE_CUDA", fake, 1);
    DLC_ASSIGN(driver, CudaDriver::open(FAKE_CUDA_LIBRARY));
    return CudaDevice::open(driver, number, 80, ptx, std::move(products));
  }

  /// A function of one of the models that is there for tests.
  template <typename Fn> static Fn *ask(const char *library, const char *name) {
    return reinterpret_cast<Fn *>(dlsym(dlopen(library, RTLD_NOW | RTLD_LOCAL), name));
  }
  /// What was not given back, and is now forgotten.
  static std::string leaks() { return ask<const char *()>(FAKE_CUDA_LIBRARY, "fakeCudaLeaks")(); }

  /// What the graph is made of that was made last (fakeCudaGraph).
  static std::string graph() { return ask<const char *()>(FAKE_CUDA_LIBRARY, "fakeCudaGraph")(); }

  /// Memory of the device with these contents.
  template <typename T> static void *put(CudaDevice &device, const std::vector<T> &contents) {
    auto memory = device.allocate(contents.size() * sizeof(T));
    EXPECT_TRUE(memory) << memory.message();
    Status status = device.copyIn(*memory, contents.data(), contents.size() * sizeof(T));
    EXPECT_TRUE(status) << status.message();
    return *memory;
  }
  template <typename T> static std::vector<T> get(CudaDevice &device, const void *memory, size_t count) {
    std::vector<T> contents(count);
    Status status = device.copyOut(contents.data(), memory, count * sizeof(T));
    EXPECT_TRUE(status) << status.message();
    return contents;
  }
  template <typename T> static void set(CudaDevice &device, void *memory, std::vector<T> contents) {
    Status status = device.copyIn(memory, contents.data(), contents.size() * sizeof(T));
    EXPECT_TRUE(status) << status.message();
  }
  static Status launch(CudaDevice &device, const char *kernel, std::vector<void *> buffers, int64_t threads = 4) {
    std::vector<int64_t> bytes(buffers.size(), 4 * threads);
    return device.launch({kernel, buffers.data(), bytes.data(), static_cast<int32_t>(buffers.size()), 1, threads});
  }
  using Floats = std::vector<float>;
};

#define ASSERT_OK(expression)                                                                                                                                  \
  do {                                                                                                                                                         \
    auto &&dlcOutcome = (expression);                                                                                                                          \
    ASSERT_TRUE(dlcOutcome) << dlcOutcome.message();                                                                                                           \
  } while (false)

} // namespace dlc::runtime
