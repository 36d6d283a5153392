// The model of the driver itself: what it refuses, and what the card's side does not ask for yet.
#include "CudaFixture.h"

#include "runtime/CudaNumbers.h"

#include <gtest/gtest.h>

using namespace dlc::runtime;

namespace {

constexpr int kInvalidValue = 1, kInvalidHandle = 400, kIllegalState = 401, kNotSupported = 801, kUnsupported = 900, kInvalidated = 901, kUnjoined = 904;
constexpr int kIsolation = 905, kWhile = 1, kGlobal = 0, kRelaxed = 2;

class FakeCudaTest : public CudaFixture {
protected:
  void SetUp() override {
    auto opened = CudaFixture::open();
    ASSERT_OK(opened);
    device = *std::move(opened);
    auto found = CudaDriver::open(FAKE_CUDA_LIBRARY);
    ASSERT_OK(found);
    driver = *found;
    for (void **stream : {&first, &second})
      ASSERT_EQ(driver.StreamCreate(stream, 1), 0);
    ASSERT_EQ(driver.EventCreate(&event, 0), 0);
    x = reinterpret_cast<CudaDriver::Address>(put(*device, Floats{1, 2, 3, 4}));
    y = reinterpret_cast<CudaDriver::Address>(put(*device, Floats(4)));
    ASSERT_EQ(driver.DevicePrimaryCtxRetain(&context, 0), 0);
  }
  void TearDown() override {
    driver.StreamDestroy(first);
    driver.StreamDestroy(second);
    driver.EventDestroy(event);
    driver.DevicePrimaryCtxRelease(0);
    device.reset();
    CudaFixture::TearDown();
  }

  CudaDriver driver{};
  std::unique_ptr<CudaDevice> device;
  void *first = nullptr, *second = nullptr, *event = nullptr, *context = nullptr;
  CudaDriver::Address x = 0, y = 0;
};

TEST_F(FakeCudaTest, StreamsOnlyMeetAtEvents) {
  ASSERT_EQ(driver.MemsetD8Async(x, 0, 16, first), 0);
  ASSERT_EQ(driver.MemcpyDtoDAsync(y, x, 16, second), 0);
  ASSERT_EQ(driver.StreamSynchronize(second), 0);
  EXPECT_EQ(get<float>(*device, reinterpret_cast<void *>(y), 4), (Floats{1, 2, 3, 4}));
  ASSERT_EQ(driver.EventRecord(event, first), 0);
  ASSERT_EQ(driver.MemsetD8Async(x, 0xFF, 16, first), 0); // after the event
  ASSERT_EQ(driver.StreamWaitEvent(second, event, 0), 0);
  ASSERT_EQ(driver.MemcpyDtoDAsync(y, x, 16, second), 0);
  ASSERT_EQ(driver.StreamSynchronize(second), 0);
  EXPECT_EQ(get<float>(*device, reinterpret_cast<void *>(y), 4), Floats(4));
}

TEST_F(FakeCudaTest, ACaptureMayForkAndMustJoin) {
  for (bool joins : {true, false}) {
    void *graph = nullptr, *executable = nullptr;
    ASSERT_EQ(driver.StreamBeginCapture(first, kRelaxed), 0);
    ASSERT_EQ(driver.MemsetD8Async(x, 0, 16, first), 0);
    ASSERT_EQ(driver.EventRecord(event, first), 0);
    ASSERT_EQ(driver.StreamWaitEvent(second, event, 0), 0);
    ASSERT_EQ(driver.MemcpyDtoDAsync(y, x, 16, second), 0);
    ASSERT_EQ(driver.EventRecord(event, second), 0);
    if (joins)
      ASSERT_EQ(driver.StreamWaitEvent(first, event, 0), 0);
    EXPECT_EQ(driver.StreamEndCapture(first, &graph), joins ? 0 : kUnjoined);
    if (joins) {
      ASSERT_EQ(driver.GraphInstantiate(&executable, graph, 0), 0);
      ASSERT_EQ(driver.GraphDestroy(graph), 0); // the executable is a copy
      ASSERT_EQ(driver.GraphLaunch(executable, first), 0);
      ASSERT_EQ(driver.StreamSynchronize(first), 0);
      EXPECT_EQ(get<float>(*device, reinterpret_cast<void *>(y), 4), Floats(4));
      ASSERT_EQ(driver.GraphExecDestroy(executable), 0);
      EXPECT_EQ(driver.GraphLaunch(executable, first), kInvalidHandle);
    }
  }
}

TEST_F(FakeCudaTest, CapturesForbid) {
  void *graph = nullptr;
  CudaDriver::Address memory = 0;
  EXPECT_EQ(driver.StreamEndCapture(first, &graph), kIllegalState);
  ASSERT_EQ(driver.EventRecord(event, second), 0);
  ASSERT_EQ(driver.StreamBeginCapture(first, kRelaxed), 0);
  EXPECT_EQ(driver.StreamBeginCapture(first, kRelaxed), kIllegalState);
  EXPECT_EQ(driver.MemAlloc(&memory, 16), 0);
  EXPECT_EQ(driver.MemFree(memory), 0);
  EXPECT_EQ(driver.StreamSynchronize(second), 0) << "another stream";
  EXPECT_EQ(driver.StreamWaitEvent(first, event, 0), kIsolation);
  EXPECT_EQ(driver.StreamEndCapture(first, &graph), kInvalidated);
  ASSERT_EQ(driver.StreamBeginCapture(first, kGlobal), 0);
  EXPECT_EQ(driver.MemAlloc(&memory, 16), kUnsupported);
  EXPECT_EQ(driver.StreamEndCapture(first, &graph), kInvalidated);
  EXPECT_EQ(driver.MemFree(x + 16), kInvalidValue);
  EXPECT_EQ(driver.MemcpyDtoDAsync(y, x, 17, first), kInvalidValue);
  EXPECT_EQ(driver.EventDestroy(first), kInvalidHandle);
}

/// x is doubled as long as its first element is at most a limit.
TEST_F(FakeCudaTest, LoopsRunAsLongAsTheirCondition) {
  void *module = nullptr, *conditional = nullptr, *kernel[3] = {}, *graph = nullptr, *node = nullptr, *executable = nullptr;
  const char *ptx = ".version 7.0 .entry dlc_set_condition(.param .u64 flag, .param .u64 value, .param .u64 handle) { }";
  ASSERT_EQ(driver.ModuleLoadDataEx(&module, kPtx, 0, nullptr, nullptr), 0);
  ASSERT_EQ(driver.ModuleLoadDataEx(&conditional, ptx, 0, nullptr, nullptr), 0);
  ASSERT_EQ(driver.ModuleGetFunction(&kernel[0], module, "twice"), 0);
  ASSERT_EQ(driver.ModuleGetFunction(&kernel[1], module, "is_above"), 0);
  ASSERT_EQ(driver.ModuleGetFunction(&kernel[2], conditional, "dlc_set_condition"), 0);
  auto limit = reinterpret_cast<uintptr_t>(put(*device, Floats{10})), flag = reinterpret_cast<uintptr_t>(put(*device, std::vector<uint8_t>{9}));
  auto ask = [&](void *function, std::vector<uint64_t> values, unsigned threads, void *stream) {
    std::vector<void *> arguments;
    for (uint64_t &value : values)
      arguments.push_back(&value);
    return driver.LaunchKernel(function, 1, 1, 1, threads, 1, 1, 0, stream, arguments.data(), nullptr);
  };
  unsigned long long handle = 0, id = 0;
  int state = 0;
  void *const *before = nullptr;
  size_t count = 0;
  auto askWhether = [&](void *stream) { return ask(kernel[1], {x, limit, flag}, 1, stream) + ask(kernel[2], {flag, 0, handle}, 1, stream); };
  ASSERT_EQ(driver.StreamBeginCapture(first, kRelaxed), 0);
  ASSERT_EQ(driver.StreamGetCaptureInfo(first, &state, &id, &graph, &before, &count), 0);
  ASSERT_EQ(driver.GraphConditionalHandleCreate(&handle, graph, context, 0, cuda::kAssignDefault), 0);
  ASSERT_EQ(askWhether(first), 0);
  ASSERT_EQ(driver.StreamGetCaptureInfo(first, &state, &id, &graph, &before, &count), 0);
  cuda::NodeParams params{.type = cuda::kConditionalNode,
                          .reserved = {},
                          .handle = handle,
                          .conditionType = kWhile,
                          .size = 1,
                          .graphs = nullptr,
                          .context = context,
                          .padding = {},
                          .reservedEnd = 0};
  ASSERT_EQ(driver.GraphAddNode(&node, graph, before, count, &params), 0);
  ASSERT_EQ(driver.StreamBeginCaptureToGraph(second, params.graphs[0], nullptr, nullptr, 0, kRelaxed), 0);
  ASSERT_EQ(ask(kernel[0], {x, x}, 4, second) + askWhether(second), 0);
  ASSERT_EQ(driver.StreamEndCapture(second, &graph), 0);
  ASSERT_EQ(driver.StreamEndCapture(first, &graph), 0);
  ASSERT_EQ(driver.GraphInstantiate(&executable, graph, 0), 0);
  for (auto [from, to] : {std::pair{1.0F, 16.0F}, {3.0F, 12.0F}, {11.0F, 11.0F}}) {
    set(*device, reinterpret_cast<void *>(x), Floats(4, from));
    ASSERT_EQ(driver.GraphLaunch(executable, first), 0);
    ASSERT_EQ(driver.StreamSynchronize(first), 0);
    EXPECT_EQ(get<float>(*device, reinterpret_cast<void *>(x), 4), Floats(4, to));
  }
  set(*device, reinterpret_cast<void *>(x), Floats(4, 0));
  ASSERT_EQ(driver.GraphLaunch(executable, first), 0);
  EXPECT_EQ(driver.StreamSynchronize(first), 702) << "it has no end";
  for (void *used : {module, conditional})
    driver.ModuleUnload(used);
  driver.GraphExecDestroy(executable);
  driver.GraphDestroy(graph);
}

TEST_F(FakeCudaTest, ConditionalNodes) {
  void *graph = nullptr, *node = nullptr, *executable = nullptr;
  unsigned long long handle = 0;
  ASSERT_EQ(driver.StreamBeginCapture(first, kRelaxed), 0);
  int state = 0;
  unsigned long long id = 0;
  void *const *before = nullptr;
  size_t count = 0;
  ASSERT_EQ(driver.MemsetD8Async(x, 0, 16, first), 0);
  ASSERT_EQ(driver.StreamGetCaptureInfo(first, &state, &id, &graph, &before, &count), 0);
  ASSERT_EQ(count, 1U);
  void *cleared = before[0];
  ASSERT_EQ(driver.GraphConditionalHandleCreate(&handle, graph, context, 0, cuda::kAssignDefault), 0);
  cuda::NodeParams params{};
  params.type = cuda::kConditionalNode;
  params.handle = handle;
  params.conditionType = kWhile;
  params.size = 2;
  params.context = context;
  EXPECT_EQ(driver.GraphAddNode(&node, graph, &cleared, 1, &params), kInvalidValue) << "a loop has one body";
  params.size = 1;
  params.padding[3] = 1;
  EXPECT_EQ(driver.GraphAddNode(&node, graph, &cleared, 1, &params), kInvalidValue) << "zeros are asked for";
  params.padding[3] = 0;
  params.type = 0;
  EXPECT_EQ(driver.GraphAddNode(&node, graph, &cleared, 1, &params), kNotSupported);
  params.type = cuda::kConditionalNode;
  EXPECT_EQ(driver.GraphAddNode(&node, graph, &graph, 1, &params), kInvalidValue) << "no node of this graph";
  ASSERT_EQ(driver.GraphAddNode(&node, graph, &cleared, 1, &params), 0);
  EXPECT_EQ(driver.GraphAddNode(&node, graph, &cleared, 1, &params), kInvalidValue) << "a handle is for one node";
  void *body = params.graphs[0], *ended = nullptr;
  ASSERT_EQ(driver.StreamBeginCaptureToGraph(second, body, nullptr, nullptr, 0, kRelaxed), 0);
  ASSERT_EQ(driver.MemcpyDtoDAsync(y, x, 16, second), 0);
  ASSERT_EQ(driver.StreamEndCapture(second, &ended), 0);
  EXPECT_EQ(ended, body);
  EXPECT_EQ(driver.GraphDestroy(body), kInvalidValue) << "it is the node's";
  ASSERT_EQ(driver.StreamEndCapture(first, &graph), 0);
  ASSERT_EQ(driver.GraphInstantiate(&executable, graph, 0), 0);
  void *another = nullptr;
  EXPECT_EQ(driver.GraphInstantiate(&another, graph, 0), kNotSupported) << "one at a time";
  set(*device, reinterpret_cast<void *>(y), Floats(4, 5));
  ASSERT_EQ(driver.GraphLaunch(executable, first), 0);
  ASSERT_EQ(driver.StreamSynchronize(first), 0);
  EXPECT_EQ(get<float>(*device, reinterpret_cast<void *>(y), 4), Floats(4, 5)) << "its default is not to run";
  driver.GraphExecDestroy(executable);
  driver.GraphDestroy(graph);
}

} // namespace
