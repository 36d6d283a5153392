// Numbers and structures of the driver's interface, which stand in NVIDIA's cuda.h; the names behind them are those of that header. A test compares them
// where it is installed (test/runtime/interfaces.test).
#pragma once

#include <array>

namespace dlc::runtime::cuda {

constexpr int kCapabilityMajor = 75, kCapabilityMinor = 76;  // CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_…
constexpr int kMultiprocessors = 16;                         // CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT
constexpr int kErrorLogBuffer = 5, kErrorLogBufferBytes = 6; // CU_JIT_ERROR_LOG_BUFFER, …_SIZE_BYTES
constexpr int kOutOfMemory = 2;                              // CUDA_ERROR_OUT_OF_MEMORY
constexpr int kDeviceUnavailable = 46;                       // CUDA_ERROR_DEVICE_UNAVAILABLE
constexpr int kNoDevice = 100;                               // CUDA_ERROR_NO_DEVICE
constexpr int kUnsupportedPtx = 222;                         // CUDA_ERROR_UNSUPPORTED_PTX_VERSION
constexpr int kIllegalAddress = 700;                         // CUDA_ERROR_ILLEGAL_ADDRESS
constexpr int kLaunchFailed = 719;                           // CUDA_ERROR_LAUNCH_FAILED
constexpr int kCooperativeTooLarge = 720;                        // CUDA_ERROR_COOPERATIVE_LAUNCH_TOO_LARGE
constexpr unsigned kNonBlocking = 1;                         // CU_STREAM_NON_BLOCKING
constexpr unsigned kWithoutTimes = 2;                        // CU_EVENT_DISABLE_TIMING
constexpr int kRelaxedCapture = 2;                           // CU_STREAM_CAPTURE_MODE_RELAXED: memory may be had while it records
constexpr unsigned kSetDependencies = 1;                     // CU_STREAM_SET_CAPTURE_DEPENDENCIES
constexpr int kConditionalNode = 13;                         // CU_GRAPH_NODE_TYPE_CONDITIONAL
constexpr int kIf = 0;                                       // CU_GRAPH_COND_TYPE_IF
constexpr int kWhile = 1;                                    // CU_GRAPH_COND_TYPE_WHILE
constexpr unsigned kAssignDefault = 1;                       // CU_GRAPH_COND_ASSIGN_DEFAULT

struct NodeParams { // CUgraphNodeParams with CUDA_CONDITIONAL_NODE_PARAMS
  int type;
  std::array<int, 3> reserved;
  unsigned long long handle;
  int conditionType;
  unsigned size;
  void **graphs;
  void *context;
  std::array<long long, 25> padding;
  long long reservedEnd;
};

} // namespace dlc::runtime::cuda
