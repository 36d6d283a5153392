// The numbers and structures of runtime/CudaNumbers.h and CublasLtNumbers.h against NVIDIA's headers, for interfaces.py, which adds the functions.
#define __CUDA_API_VERSION_INTERNAL // functions have the names under which the library is asked for them, those of older interfaces too
#include <cuda.h>

#include <cublasLt.h>

#include "runtime/CublasLtNumbers.h"
#include "runtime/CudaDriver.h"
#include "runtime/CudaNumbers.h"

#include <cstddef>
#include <type_traits>

using namespace dlc::runtime;

static_assert(cuda::kCapabilityMajor == CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR);
static_assert(cuda::kCapabilityMinor == CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
static_assert(cuda::kMultiprocessors == CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT && cuda::kCooperativeTooLarge == CUDA_ERROR_COOPERATIVE_LAUNCH_TOO_LARGE);
static_assert(cuda::kErrorLogBuffer == CU_JIT_ERROR_LOG_BUFFER && cuda::kErrorLogBufferBytes == CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES);
static_assert(cuda::kOutOfMemory == CUDA_ERROR_OUT_OF_MEMORY && cuda::kDeviceUnavailable == CUDA_ERROR_DEVICE_UNAVAILABLE);
static_assert(cuda::kNoDevice == CUDA_ERROR_NO_DEVICE && cuda::kUnsupportedPtx == CUDA_ERROR_UNSUPPORTED_PTX_VERSION);
static_assert(cuda::kIllegalAddress == CUDA_ERROR_ILLEGAL_ADDRESS && cuda::kLaunchFailed == CUDA_ERROR_LAUNCH_FAILED);
static_assert(cuda::kNonBlocking == CU_STREAM_NON_BLOCKING && cuda::kWithoutTimes == CU_EVENT_DISABLE_TIMING);
static_assert(cuda::kRelaxedCapture == CU_STREAM_CAPTURE_MODE_RELAXED && cuda::kSetDependencies == CU_STREAM_SET_CAPTURE_DEPENDENCIES);
static_assert(cuda::kConditionalNode == CU_GRAPH_NODE_TYPE_CONDITIONAL && cuda::kIf == CU_GRAPH_COND_TYPE_IF);
static_assert(cuda::kWhile == CU_GRAPH_COND_TYPE_WHILE);
static_assert(cuda::kAssignDefault == CU_GRAPH_COND_ASSIGN_DEFAULT);

#define AT(ours, theirs) offsetof(cuda::NodeParams, ours) == offsetof(CUgraphNodeParams, theirs)
static_assert(sizeof(cuda::NodeParams) == sizeof(CUgraphNodeParams) && AT(type, type) && AT(reserved, reserved0) && AT(reservedEnd, reserved2));
static_assert(AT(handle, conditional.handle) && AT(conditionType, conditional.type) && AT(size, conditional.size));
static_assert(AT(graphs, conditional.phGraph_out) && AT(context, conditional.ctx));

static_assert(cublaslt::kFloat == CUDA_R_32F && cublaslt::kBfloat == CUDA_R_16BF);
static_assert(cublaslt::kComputeTypes[0] == CUBLAS_COMPUTE_32F && cublaslt::kComputeTypes[1] == CUBLAS_COMPUTE_32F_FAST_TF32);
static_assert(cublaslt::kComputeTypes[2] == CUBLAS_COMPUTE_32F_FAST_16BF);
static_assert(cublaslt::kTransposeA == CUBLASLT_MATMUL_DESC_TRANSA && cublaslt::kTransposeB == CUBLASLT_MATMUL_DESC_TRANSB);
static_assert(CUBLAS_OP_N == 0 && CUBLAS_OP_T == 1); // which our transposes are, as numbers
static_assert(cublaslt::kEpilogue == CUBLASLT_MATMUL_DESC_EPILOGUE && cublaslt::kBiasPointer == CUBLASLT_MATMUL_DESC_BIAS_POINTER);
static_assert(cublaslt::kBatchCount == CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT);
static_assert(cublaslt::kBatchStride == CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET);
static_assert(cublaslt::kWorkspace == CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES);
static_assert(cublaslt::kReductionSchemes == CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK);
static_assert(cublaslt::kFirstAlignment == CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES);
static_assert(cublaslt::kFirstAlignment + 1 == CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES);
static_assert(cublaslt::kFirstAlignment + 2 == CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES);
static_assert(cublaslt::kFirstAlignment + 3 == CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES);
static_assert(cublaslt::kNoReductionInPlace == (CUBLASLT_REDUCTION_SCHEME_COMPUTE_TYPE | CUBLASLT_REDUCTION_SCHEME_OUTPUT_TYPE));
static_assert((cublaslt::kNoReductionInPlace | CUBLASLT_REDUCTION_SCHEME_INPLACE) == CUBLASLT_REDUCTION_SCHEME_MASK);
static_assert(cublaslt::kPlain == CUBLASLT_EPILOGUE_DEFAULT && cublaslt::kRelu == CUBLASLT_EPILOGUE_RELU);
static_assert(cublaslt::kBias == CUBLASLT_EPILOGUE_BIAS && (cublaslt::kRelu | cublaslt::kBias) == CUBLASLT_EPILOGUE_RELU_BIAS);
static_assert(cublaslt::kAuxiliaryPointer == CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_POINTER);
static_assert(cublaslt::kAuxiliaryLeading == CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_LD);
static_assert(cublaslt::kReluWithMask == CUBLASLT_EPILOGUE_RELU_AUX && cublaslt::kReluGradient == CUBLASLT_EPILOGUE_DRELU);
static_assert((cublaslt::kReluWithMask | cublaslt::kBias) == CUBLASLT_EPILOGUE_RELU_AUX_BIAS);
static_assert(cublaslt::kGelu == CUBLASLT_EPILOGUE_GELU && (cublaslt::kGelu | cublaslt::kBias) == CUBLASLT_EPILOGUE_GELU_BIAS);
static_assert(cublaslt::kGeluWithInput == CUBLASLT_EPILOGUE_GELU_AUX && (cublaslt::kGeluWithInput | cublaslt::kBias) == CUBLASLT_EPILOGUE_GELU_AUX_BIAS);
static_assert(cublaslt::kGeluGradient == CUBLASLT_EPILOGUE_DGELU && cublaslt::kGeluGradientAndSums == CUBLASLT_EPILOGUE_DGELU_BGRAD);
static_assert(cublaslt::kReluGradientAndSums == CUBLASLT_EPILOGUE_DRELU_BGRAD && cublaslt::kSumsOfA == CUBLASLT_EPILOGUE_BGRADA);
static_assert(cublaslt::kNotSupported == CUBLAS_STATUS_NOT_SUPPORTED);

using Result_ = cublasLtMatmulHeuristicResult_t;
static_assert(sizeof(cublaslt::Algorithm) == sizeof(cublasLtMatmulAlgo_t) && sizeof(cublaslt::Heuristic) == sizeof(Result_));
static_assert(offsetof(cublaslt::Heuristic, workspaceBytes) == offsetof(Result_, workspaceSize));
static_assert(offsetof(cublaslt::Heuristic, state) == offsetof(Result_, state) && offsetof(cublaslt::Heuristic, waves) == offsetof(Result_, wavesCount));

/// Whether values of both types travel alike: as numbers of as many bytes, or as pointers to what is alike, as far as one can see.
template <typename Ours, typename Theirs> constexpr bool isAlike() {
  if constexpr (std::is_pointer_v<Ours> != std::is_pointer_v<Theirs>)
    return false;
  else if constexpr (!std::is_pointer_v<Ours>)
    return sizeof(Ours) == sizeof(Theirs) && std::is_floating_point_v<Ours> == std::is_floating_point_v<Theirs>;
  else {
    using To = std::remove_pointer_t<Ours>;
    using TheirTo = std::remove_pointer_t<Theirs>;
    if constexpr (std::is_void_v<To> || std::is_void_v<TheirTo> || std::is_class_v<TheirTo>)
      return true;
    else
      return isAlike<To, TheirTo>();
  }
}

template <typename R, typename... A, typename S, typename... B> constexpr bool isSame(R (*)(A...), S (*)(B...)) {
  if constexpr (sizeof...(A) != sizeof...(B))
    return false;
  else
    return isAlike<R, S>() && (isAlike<A, B>() && ...);
}
template <typename Ours, typename Theirs> constexpr bool isSameFunction = isSame(static_cast<Ours>(nullptr), static_cast<Theirs>(nullptr));

#define SAME(table, member, function) static_assert(isSameFunction<decltype(table::member), decltype(&function)>);
