// The card's side of the device interface, against a driver that is none (FakeCuda.cpp).
#include "runtime/CudaDevice.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>

using namespace dlc::runtime;

namespace {

const std::string kPtx = ".version 7.0\n";

class CudaDeviceTest : public testing::Test {
protected:
  void TearDown() override { unsetenv("FAKE_CUDA"); }
  static Result<std::unique_ptr<CudaDevice>> open(const char *fake, int number = 0, const std::string &ptx = kPtx) {
    setenv("FAKE_CUDA", fake, 1);
    auto driver = CudaDriver::open(FAKE_CUDA_LIBRARY);
    if (!driver)
      return driver.status();
    return CudaDevice::open(*driver, number, 80, ptx);
  }
};

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
            "kernel `thrice`: the driver says a fault of the fake (CUDA_ERROR_FAKE)");
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
  std::array<float, 4> x{};
  std::array<void *, 2> buffers = {x.data(), x.data()};
  std::array<int64_t, 2> bytes = {16, 16};
  ASSERT_TRUE((*device)->launch({"twice", buffers.data(), bytes.data(), 2, 2, 2}));
  EXPECT_EQ((*device)->synchronise().message(),
            "one of the 1 kernels up to `twice` (`--target cuda-emulator` names the access): the driver says a fault of the fake (CUDA_ERROR_FAKE)");
}

TEST_F(CudaDeviceTest, NamesTheKernelsOfARecordingBeforeAFault) {
  auto device = open("");
  ASSERT_TRUE(device) << device.message();
  std::array<float, 4> x{};
  std::array<void *, 2> buffers = {x.data(), x.data()};
  std::array<int64_t, 2> bytes = {16, 16};
  ASSERT_TRUE((*device)->beginRecording());
  ASSERT_TRUE((*device)->launch({"twice", buffers.data(), bytes.data(), 2, 2, 2}));
  auto recording = (*device)->endRecording();
  ASSERT_TRUE(recording) << recording.message();
  ASSERT_TRUE((*device)->synchronise());
  setenv("FAKE_CUDA", "fault=700", 1);
  ASSERT_TRUE((*device)->replay(*recording));
  ASSERT_TRUE((*device)->replay(*recording));
  EXPECT_EQ((*device)->synchronise().message(),
            "one of the 2 kernels up to `twice` (`--target cuda-emulator` names the access): the driver says a fault of the fake (CUDA_ERROR_FAKE)");
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

} // namespace
