// The card's side of the device interface, against a model of the driver (FakeCuda.h).
#include "CudaFixture.h"

#include "runtime/CudaCards.h"

#include <gtest/gtest.h>

#include <array>
#include <cstring>

using namespace dlc::runtime;

namespace {

using CudaDeviceTest = CudaFixture;

TEST_F(CudaDeviceTest, LaunchesKernelsOnMemoryOfTheCard) {
  auto device = open("");
  ASSERT_TRUE(device) << device.message();
  EXPECT_EQ((*device)->name(), "Fake Card");
  std::array<float, 4> x = {1, 2, 3, 4}, y{};
  std::array<void *, 2> buffers = {*(*device)->allocate(16), *(*device)->allocate(16)};
  std::array<int64_t, 2> bytes = {16, 16};
  ASSERT_TRUE((*device)->copyIn(buffers[0], x.data(), 16));
  ASSERT_TRUE((*device)->launch({"twice", buffers.data(), bytes.data(), 2, 2, 2}));
  ASSERT_TRUE((*device)->copyOut(y.data(), buffers[1], 16));
  EXPECT_EQ(y, (std::array<float, 4>{2, 4, 6, 8}));
  ASSERT_TRUE((*device)->copy(buffers[0], buffers[1], 8));
  ASSERT_TRUE((*device)->clear(buffers[1], 16));
  ASSERT_TRUE((*device)->copyOut(x.data(), buffers[0], 16));
  ASSERT_TRUE((*device)->copyOut(y.data(), buffers[1], 16));
  EXPECT_EQ(x, (std::array<float, 4>{2, 4, 3, 4}));
  EXPECT_EQ(y, (std::array<float, 4>{}));
  EXPECT_EQ((*device)->launch({"thrice", buffers.data(), bytes.data(), 2, 2, 2}).message(),
            "kernel `thrice`: the driver says named symbol not found (CUDA_ERROR_NOT_FOUND)");
}

TEST_F(CudaDeviceTest, LaunchesBlocksThatWaitForEachOther) {
  auto device = open("multiprocessors=2");
  ASSERT_TRUE(device) << device.message();
  auto driver = CudaDriver::open(FAKE_CUDA_LIBRARY);
  EXPECT_EQ(chooseCard(*driver, 0)->multiprocessors, 2);
  std::array<float, 4> x = {1, 2, 3, 4}, y{};
  std::array<void *, 2> buffers = {*(*device)->allocate(16), *(*device)->allocate(16)};
  std::array<int64_t, 2> bytes = {16, 16};
  ASSERT_TRUE((*device)->copyIn(buffers[0], x.data(), 16));
  ASSERT_TRUE((*device)->launch({"twice", buffers.data(), bytes.data(), 2, 2, 2, /*isCooperative=*/true}));
  ASSERT_TRUE((*device)->copyOut(y.data(), buffers[1], 16));
  EXPECT_EQ(y, (std::array<float, 4>{2, 4, 6, 8}));
  EXPECT_EQ((*device)->launch({"twice", buffers.data(), bytes.data(), 2, 4, 1, /*isCooperative=*/true}).message(),
            "kernel `twice` has 4 blocks that wait for each other, and Fake Card has no room for all of them at the same time: other processes, or a limit of "
            "MPS, take part of it");
}

TEST_F(CudaDeviceTest, PassesATableByValue) {
  auto device = open();
  ASSERT_OK(device);
  std::vector<void *> table(600, nullptr);
  table.front() = put(**device, Floats{1, 2, 3, 4});
  void *result = table.back() = put(**device, Floats(4));
  ASSERT_OK(launch(**device, "twice_first", table));
  table.assign(600, nullptr); // it was copied
  EXPECT_EQ(get<float>(**device, result, 4), (Floats{2, 4, 6, 8}));
}

TEST_F(CudaDeviceTest, KnowsHowManyArgumentsALaunchMayHave) {
  auto driver = CudaDriver::open(FAKE_CUDA_LIBRARY);
  ASSERT_OK(driver);
  setenv("FAKE_CUDA", "version=12000", 1);
  EXPECT_FALSE(driver->takesManyArguments());
  setenv("FAKE_CUDA", "version=12010", 1);
  EXPECT_TRUE(driver->takesManyArguments());
}

TEST_F(CudaDeviceTest, SaysWhatIsMissing) {
  auto driver = CudaDriver::open("libcuda-that-is-not-there.so");
  ASSERT_FALSE(driver);
  EXPECT_EQ(driver.status().exitCode(), 3);
  EXPECT_NE(driver.message().find("needs NVIDIA's driver, and libcuda-that-is-not-there.so is not here"), std::string::npos) << driver.message();

  driver = CudaDriver::open("libm.so.6");
  ASSERT_FALSE(driver);
  EXPECT_NE(driver.message().find("libm.so.6 has no `cuInit`"), std::string::npos) << driver.message();

  auto device = open("devices=0");
  ASSERT_FALSE(device);
  EXPECT_EQ(device.message(), "--target cuda needs an NVIDIA card, and the driver finds none (CUDA_VISIBLE_DEVICES may hide it)");
  EXPECT_EQ(device.status().exitCode(), 3);

  device = open("devices=2", 5);
  ASSERT_FALSE(device);
  EXPECT_EQ(device.message(), "there is no card 5; the driver finds 2: 0 to 1");
  EXPECT_EQ(device.status().exitCode(), 2);

  device = open("capability=7.5");
  ASSERT_FALSE(device);
  EXPECT_EQ(device.message(), "Fake Card has compute capability 7.5, and the kernels need 8.0 or later");

  device = open("", 0, "no PTX");
  ASSERT_FALSE(device);
  EXPECT_EQ(device.message(),
            "Fake Card does not take the kernels: line 1; error: no version: the driver says a PTX JIT compilation failed (CUDA_ERROR_INVALID_PTX)");
}

TEST_F(CudaDeviceTest, SaysWhoHasTheCardAndWhatIsTooOld) {
  auto device = open("context=46");
  ASSERT_FALSE(device);
  EXPECT_EQ(device.message(), "Fake Card is busy: another process has it for itself (nvidia-smi shows which); `--device N` chooses another card");
  device = open("context=2");
  ASSERT_FALSE(device);
  EXPECT_EQ(device.message(), "Fake Card has no memory left, not even for a context: other processes have it (nvidia-smi shows which)");
  device = open("", 0, ".version 99.0\n");
  ASSERT_FALSE(device);
  EXPECT_EQ(device.message(), "the driver of Fake Card is too old for the kernels: it knows CUDA 12.4; a newer driver of NVIDIA's is needed");
}

TEST_F(CudaDeviceTest, NamesTheKernelsBeforeAFault) {
  auto device = open("fault=700");
  ASSERT_TRUE(device) << device.message();
  void *x = *(*device)->allocate(16);
  std::array<void *, 2> buffers = {x, x};
  std::array<int64_t, 2> bytes = {16, 16};
  ASSERT_TRUE((*device)->launch({"twice", buffers.data(), bytes.data(), 2, 2, 2}));
  EXPECT_EQ((*device)->synchronise().message(), "one of the 1 kernels up to `twice` (`--target cuda-emulator` names the access): the driver says an illegal "
                                                "memory access was encountered (CUDA_ERROR_ILLEGAL_ADDRESS)");
}

TEST_F(CudaDeviceTest, NamesTheKernelsOfARecordingBeforeAFault) {
  auto device = open("");
  ASSERT_TRUE(device) << device.message();
  void *x = *(*device)->allocate(16);
  std::array<void *, 2> buffers = {x, x};
  std::array<int64_t, 2> bytes = {16, 16};
  ASSERT_TRUE((*device)->beginRecording());
  ASSERT_TRUE((*device)->launch({"twice", buffers.data(), bytes.data(), 2, 2, 2}));
  auto recording = (*device)->endRecording();
  ASSERT_TRUE(recording) << recording.message();
  ASSERT_TRUE((*device)->synchronise());
  setenv("FAKE_CUDA", "fault=700", 1);
  ASSERT_TRUE((*device)->replay(*recording));
  ASSERT_TRUE((*device)->replay(*recording));
  EXPECT_EQ((*device)->synchronise().message(), "one of the 2 kernels up to `twice` (`--target cuda-emulator` names the access): the driver says an illegal "
                                                "memory access was encountered (CUDA_ERROR_ILLEGAL_ADDRESS)");
  (*device)->forget(*recording);
}

TEST_F(CudaDeviceTest, SaysHowMuchMemoryThereIs) {
  auto device = open("memory=2097152");
  ASSERT_TRUE(device) << device.message();
  ASSERT_TRUE((*device)->allocate(1 << 20));
  auto memory = (*device)->allocate(3 << 20);
  ASSERT_FALSE(memory);
  EXPECT_EQ(memory.message(), "Fake Card has no room for 3.0 MiB: 1 of its 2 MiB are free");
}

TEST_F(CudaDeviceTest, AnAccessOutsideOfMemoryIsAFault) {
  auto device = open();
  ASSERT_OK(device);
  void *x = put(**device, Floats{1, 2, 3, 4}), *y = put(**device, Floats{0});
  ASSERT_OK(launch(**device, "twice", {x, y}));
  EXPECT_NE((*device)->synchronise().message().find("one of the 1 kernels up to `twice`"), std::string::npos);
  EXPECT_NE((*device)->allocate(16).message().find("CUDA_ERROR_ILLEGAL_ADDRESS"), std::string::npos) << "the context is lost";
  device = Status::run("gone");
  device = open(); // a new one is well
  ASSERT_OK(device);
  ASSERT_OK((*device)->synchronise());
}

TEST_F(CudaDeviceTest, CopiesAreLateAndInOrder) {
  auto device = open();
  ASSERT_OK(device);
  void *x = put(**device, Floats(4)), *y = put(**device, Floats(4));
  auto *host = static_cast<float *>(*(*device)->allocateHost(16));
  std::fill(host, host + 4, 1.0F);
  ASSERT_OK((*device)->send(x, host, 16));
  host[0] = 7; // too early: this is what the model's queue is for
  ASSERT_OK(launch(**device, "twice", {x, y}));
  ASSERT_OK((*device)->fetch(host, y, 16));
  EXPECT_EQ(host[1], 1) << "not fetched yet";
  ASSERT_OK((*device)->synchronise());
  EXPECT_EQ(Floats(host, host + 4), (Floats{14, 2, 2, 2}));
}

/// y = 2 x where x comes ahead, with and without the wait, and where the other stream is fast or slow.
TEST_F(CudaDeviceTest, WhatComesAheadIsWaitedFor) {
  for (bool isEager : {false, true})
    for (bool joins : {true, false}) {
      auto device = open(isEager ? "eager=1" : "");
      ASSERT_OK(device);
      void *x = put(**device, Floats(4)), *y = put(**device, Floats(4));
      auto *host = static_cast<float *>(*(*device)->allocateHost(16));
      std::fill(host, host + 4, 3.0F);
      ASSERT_OK((*device)->joinAhead()); // there is nothing to wait for
      ASSERT_OK((*device)->sendAhead(x, host, 16));
      if (joins)
        ASSERT_OK((*device)->joinAhead());
      ASSERT_OK(launch(**device, "twice", {x, y}));
      EXPECT_EQ(get<float>(**device, y, 4), Floats(4, joins || isEager ? 6.0F : 0.0F));
    }
}

/// The wait is for what was sent before it, the last time too.
TEST_F(CudaDeviceTest, WhatComesAheadIsBesideTheRest) {
  auto device = open();
  ASSERT_OK(device);
  void *x = put(**device, Floats(4)), *y = put(**device, Floats(4)), *next = put(**device, Floats(4));
  auto *host = static_cast<float *>(*(*device)->allocateHost(32));
  for (float round : {1.0F, 2.0F}) {
    std::fill(host, host + 4, round);
    ASSERT_OK((*device)->sendAhead(x, host, 16));
    ASSERT_OK((*device)->joinAhead());
    ASSERT_OK(launch(**device, "twice", {x, y}));
    std::fill(host + 4, host + 8, 5 * round);
    ASSERT_OK((*device)->sendAhead(next, host + 4, 16));
    EXPECT_EQ(get<float>(**device, y, 4), Floats(4, 2 * round));
    EXPECT_EQ(get<float>(**device, next, 4), Floats(4, 5 * (round - 1))) << "it did not wait for the next one";
    ASSERT_OK((*device)->joinAhead());
    ASSERT_OK((*device)->synchronise());
  }
}

TEST_F(CudaDeviceTest, GivesEverythingBack) {
  auto device = open();
  ASSERT_OK(device);
  void *x = put(**device, Floats(4)), *flag = put(**device, std::vector<uint8_t>{1});
  auto host = (*device)->allocateHost(16);
  ASSERT_OK(host);
  ASSERT_OK((*device)->sendAhead(x, *host, 16));
  ASSERT_OK((*device)->beginRecording());
  ASSERT_OK((*device)->beginIf(flag, true));
  ASSERT_OK(launch(**device, "twice", {x, x}));
  ASSERT_OK((*device)->endIf());
  ASSERT_OK((*device)->endRecording());
  device = Status::run("gone");
  EXPECT_EQ(leaks(), "");
  // And that the model sees what is not given back.
  auto driver = CudaDriver::open(FAKE_CUDA_LIBRARY);
  ASSERT_OK(driver);
  void *context = nullptr, *stream = nullptr, *graph = nullptr;
  CudaDriver::Address memory = 0;
  ASSERT_EQ(driver->DevicePrimaryCtxRetain(&context, 0), 0);
  ASSERT_EQ(driver->CtxSetCurrent(context), 0);
  ASSERT_EQ(driver->MemAlloc(&memory, 16), 0);
  ASSERT_EQ(driver->StreamCreate(&stream, 1), 0);
  ASSERT_EQ(driver->StreamBeginCapture(stream, 2), 0);
  ASSERT_EQ(driver->StreamEndCapture(stream, &graph), 0);
  EXPECT_EQ(leaks(), "context 1, stream 1, graph 1, memory 1");
}

} // namespace
