// Recordings of a card, their conditional parts, and products in them, against the models of the driver and of cuBLASLt.
#include "CudaFixture.h"

#include "runtime/abi.h"

#include <gtest/gtest.h>

using namespace dlc::runtime;

namespace {

class CudaRecordingTest : public CudaFixture {
protected:
  using Bytes = std::vector<uint8_t>;

  /// A recording in which y becomes 2 x, z 2 y: where `outer` is 1, and of that the second where `inner` is 0.
  static Result<int> recordNested(CudaDevice &device, void *x, void *y, void *z, const void *outer, const void *inner) {
    DLC_TRY(device.beginRecording());
    DLC_TRY(device.clear(y, 16));
    DLC_TRY(device.clear(z, 16));
    DLC_ASSIGN(hasOuter, device.beginIf(outer, true));
    EXPECT_TRUE(hasOuter);
    DLC_TRY(launch(device, "twice", {x, y}));
    DLC_ASSIGN(hasInner, device.beginIf(inner, false));
    EXPECT_TRUE(hasInner);
    DLC_TRY(launch(device, "twice", {y, z}));
    DLC_TRY(device.endIf());
    DLC_TRY(device.endIf());
    DLC_TRY(device.copy(x, z, 4));
    return device.endRecording();
  }
};

TEST_F(CudaRecordingTest, ReplaysWithWhatTheMemoryHoldsByThen) {
  auto device = open();
  ASSERT_OK(device);
  void *x = put(**device, Floats{1, 2, 3, 4}), *y = put(**device, Floats(4)), *z = put(**device, Floats(4));
  float *host = static_cast<float *>(*(*device)->allocateHost(16));
  ASSERT_OK((*device)->beginRecording());
  EXPECT_TRUE((*device)->isRecording());
  ASSERT_OK(launch(**device, "twice", {x, y}));
  ASSERT_OK(launch(**device, "twice", {y, z}));
  ASSERT_OK((*device)->fetch(host, z, 16));
  auto recording = (*device)->endRecording();
  ASSERT_OK(recording);
  EXPECT_FALSE((*device)->isRecording());
  EXPECT_EQ(get<float>(**device, z, 4), Floats(4)) << "nothing happened while it was recorded";
  for (float first : {1.0F, 10.0F, 100.0F}) {
    set(**device, x, Floats{first, 2, 3, 4});
    ASSERT_OK((*device)->replay(*recording));
    ASSERT_OK((*device)->synchronise());
    EXPECT_EQ(Floats(host, host + 4), (Floats{4 * first, 8, 12, 16}));
  }
  (*device)->forget(*recording);
  (*device)->forget(*recording);
  EXPECT_EQ((*device)->replay(*recording).message(), "running a graph: the driver says invalid resource handle (CUDA_ERROR_INVALID_HANDLE)");
}

TEST_F(CudaRecordingTest, RunsPartsByTheirFlags) {
  auto device = open();
  ASSERT_OK(device);
  void *x = put(**device, Floats(4)), *y = put(**device, Floats(4)), *z = put(**device, Floats(4));
  void *outer = put(**device, Bytes{0}), *inner = put(**device, Bytes{0});
  auto recording = recordNested(**device, x, y, z, outer, inner);
  ASSERT_OK(recording);
  for (int round = 0; round < 2; ++round)
    for (uint8_t isOuter : {1, 0})
      for (uint8_t isInner : {0, 1}) {
        set(**device, x, Floats{1, 2, 3, 4});
        set(**device, outer, Bytes{isOuter});
        set(**device, inner, Bytes{isInner});
        ASSERT_OK((*device)->replay(*recording));
        bool isSecond = isOuter && !isInner;
        EXPECT_EQ(get<float>(**device, y, 4), isOuter ? (Floats{2, 4, 6, 8}) : Floats(4));
        EXPECT_EQ(get<float>(**device, z, 4), isSecond ? (Floats{4, 8, 12, 16}) : Floats(4));
        EXPECT_EQ(get<float>(**device, x, 4), (Floats{isSecond ? 4.0F : 0.0F, 2, 3, 4})) << "what stands behind a part waits for it";
      }
}

TEST_F(CudaRecordingTest, RunsPartsByFlagsThatItComputes) {
  auto device = open();
  ASSERT_OK(device);
  void *x = put(**device, Floats(4)), *y = put(**device, Floats(4)), *limit = put(**device, Floats{5}), *flag = put(**device, Bytes{0});
  ASSERT_OK((*device)->beginRecording());
  ASSERT_OK(launch(**device, "twice", {x, y}));
  ASSERT_OK(launch(**device, "is_above", {y, limit, flag}, 1));
  ASSERT_OK((*device)->beginIf(flag, false));
  ASSERT_OK(launch(**device, "twice", {y, x}));
  ASSERT_OK((*device)->endIf());
  ASSERT_OK((*device)->beginIf(flag, true));
  ASSERT_OK((*device)->clear(x, 16));
  ASSERT_OK((*device)->endIf());
  auto recording = (*device)->endRecording();
  ASSERT_OK(recording);
  set(**device, x, Floats{1, 1, 1, 1});
  ASSERT_OK((*device)->replay(*recording)); // 2 is not above 5
  EXPECT_EQ(get<float>(**device, x, 4), (Floats{4, 4, 4, 4}));
  ASSERT_OK((*device)->replay(*recording)); // 8 is
  EXPECT_EQ(get<float>(**device, x, 4), Floats(4));
}

TEST_F(CudaRecordingTest, ADroppedRecordingLeavesNothing) {
  auto device = open();
  ASSERT_OK(device);
  void *x = put(**device, Floats{1, 2, 3, 4}), *y = put(**device, Floats(4)), *flag = put(**device, Bytes{1});
  (*device)->dropRecording();
  ASSERT_OK((*device)->beginRecording());
  ASSERT_OK(launch(**device, "twice", {x, y}));
  ASSERT_OK((*device)->beginIf(flag, true));
  ASSERT_OK((*device)->beginIf(flag, true));
  ASSERT_OK(launch(**device, "twice", {y, x}));
  (*device)->dropRecording();
  EXPECT_FALSE((*device)->isRecording());
  EXPECT_EQ(get<float>(**device, x, 4), (Floats{1, 2, 3, 4}));
  ASSERT_OK(launch(**device, "twice", {x, y})); // at once again
  EXPECT_EQ(get<float>(**device, y, 4), (Floats{2, 4, 6, 8}));
  // The streams of the parts are good for the next.
  auto recording = recordNested(**device, x, y, put(**device, Floats(4)), flag, put(**device, Bytes{0}));
  ASSERT_OK(recording);
  ASSERT_OK((*device)->replay(*recording));
  EXPECT_EQ(get<float>(**device, x, 1), Floats{4});
}

TEST_F(CudaRecordingTest, ADeviceGoesInTheMiddleOfARecording) {
  auto device = open();
  ASSERT_OK(device);
  void *flag = put(**device, Bytes{1});
  ASSERT_OK((*device)->beginRecording());
  ASSERT_OK((*device)->beginIf(flag, true));
  device = Status::run("gone");
  EXPECT_EQ(leaks(), "");
}

TEST_F(CudaRecordingTest, AFaultNamesOnlyKernelsThatRan) {
  auto device = open("fault=700");
  ASSERT_OK(device);
  auto memory = (*device)->allocate(16);
  ASSERT_OK(launch(**device, "twice", {*memory, *memory}));
  ASSERT_OK((*device)->beginRecording());
  for (int i = 0; i < 3; ++i)
    ASSERT_OK(launch(**device, "is_above", {*memory, *memory, *memory}));
  (*device)->dropRecording();
  EXPECT_NE((*device)->synchronise().message().find("one of the 1 kernels up to `twice`"), std::string::npos);
}

TEST_F(CudaRecordingTest, WhatWaitsEndsARecording) {
  auto device = open();
  ASSERT_OK(device);
  void *x = put(**device, Floats(4));
  ASSERT_OK((*device)->beginRecording());
  EXPECT_EQ((*device)->synchronise().message(),
            "Fake Card: the driver says operation not permitted when stream is capturing (CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED)");
  EXPECT_EQ(launch(**device, "twice", {x, x}).message(),
            "kernel `twice`: the driver says operation failed due to a previous error during capture (CUDA_ERROR_STREAM_CAPTURE_INVALIDATED)");
  EXPECT_EQ((*device)->endRecording().message(),
            "recording a graph: the driver says operation failed due to a previous error during capture (CUDA_ERROR_STREAM_CAPTURE_INVALIDATED)");
  ASSERT_OK(launch(**device, "twice", {x, x}));
  ASSERT_OK((*device)->synchronise());
}

TEST_F(CudaRecordingTest, MemoryMayBeHadWhileItRecords) {
  auto device = open();
  ASSERT_OK(device);
  void *x = put(**device, Floats{1, 2, 3, 4});
  ASSERT_OK((*device)->beginRecording());
  auto y = (*device)->allocate(16);
  ASSERT_OK(y);
  ASSERT_OK(launch(**device, "twice", {x, *y}));
  auto recording = (*device)->endRecording();
  ASSERT_OK(recording);
  ASSERT_OK((*device)->replay(*recording));
  EXPECT_EQ(get<float>(**device, *y, 4), (Floats{2, 4, 6, 8}));
  (*device)->release(*y);
  ASSERT_OK((*device)->replay(*recording));
  EXPECT_EQ((*device)->synchronise().message(), "one of the 1 kernels up to `twice` (`--target cuda-emulator` names the access): the driver says an "
                                                "illegal memory access was encountered (CUDA_ERROR_ILLEGAL_ADDRESS)");
}

TEST_F(CudaRecordingTest, AnOlderDriverHasNoParts) {
  for (const char *version : {"version=11040", "version=12020", "version=12030"}) {
    auto device = open(version);
    ASSERT_OK(device);
    void *x = put(**device, Floats{1, 2, 3, 4}), *y = put(**device, Floats(4)), *flag = put(**device, Bytes{1});
    ASSERT_OK((*device)->beginRecording());
    auto begun = (*device)->beginIf(flag, true);
    ASSERT_OK(begun);
    EXPECT_FALSE(*begun);
    ASSERT_OK(launch(**device, "twice", {x, y})); // the recording goes on
    auto recording = (*device)->endRecording();
    ASSERT_OK(recording);
    ASSERT_OK((*device)->replay(*recording));
    EXPECT_EQ(get<float>(**device, y, 4), (Floats{2, 4, 6, 8}));
  }
}

TEST_F(CudaRecordingTest, PartsAreOfARecording) {
  auto device = open();
  ASSERT_OK(device);
  void *flag = put(**device, Bytes{1});
  auto begun = (*device)->beginIf(flag, true);
  ASSERT_FALSE(begun);
  EXPECT_EQ(begun.message(), "a conditional part of a graph: the driver says invalid argument (error 1)");
}

TEST_F(CudaRecordingTest, ProductsAreRecorded) {
  auto products = CublasLt::open({FAKE_CUBLASLT_LIBRARY});
  ASSERT_OK(products);
  auto device = open("", 0, kPtx, *products);
  ASSERT_OK(device);
  void *x = put(**device, Floats{1, 2, 3, 4}), *y = put(**device, Floats(4)), *z = put(**device, Floats(4)), *flag = put(**device, Bytes{1});
  void *workspace = *(*device)->allocate(DLC_PRODUCT_WORKSPACE);
  dlc_product square{2, 2, 2, 1, 2, 1, 4, 2, 1, 4, 2, 4, 0, 0};
  ASSERT_OK((*device)->beginRecording());
  ASSERT_OK(launch(**device, "twice", {x, y}));
  ASSERT_OK((*device)->beginIf(flag, true));
  ASSERT_OK((*device)->multiply(square, {x, y, nullptr, nullptr, nullptr, z, workspace}));
  ASSERT_OK((*device)->endIf());
  ASSERT_OK(launch(**device, "twice", {z, x}));
  auto recording = (*device)->endRecording();
  ASSERT_OK(recording);
  EXPECT_EQ(get<float>(**device, z, 4), Floats(4));
  ASSERT_OK((*device)->replay(*recording));
  EXPECT_EQ(get<float>(**device, x, 4), (Floats{28, 40, 60, 88}));
  set(**device, x, Floats{1, 0, 0, 1});
  ASSERT_OK((*device)->replay(*recording));
  EXPECT_EQ(get<float>(**device, x, 4), (Floats{4, 0, 0, 4}));
  set(**device, flag, Bytes{0});
  ASSERT_OK((*device)->replay(*recording));
  EXPECT_EQ(get<float>(**device, z, 4), (Floats{2, 0, 0, 2})) << "not multiplied again";
}

} // namespace
