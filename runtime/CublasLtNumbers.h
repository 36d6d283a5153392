// Numbers, structures and functions of cuBLASLt's interface, which stand in NVIDIA's cublasLt.h, cublas_api.h and library_types.h; the names behind them
// are those of these headers. A test compares them where they are installed (test/runtime/interfaces.test).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace dlc::runtime::cublaslt {

constexpr int kFloat = 0, kBfloat = 14;                    // CUDA_R_32F, CUDA_R_16BF
constexpr std::array<int, 3> kComputeTypes = {68, 77, 75}; // CUBLAS_COMPUTE_32F, …_FAST_TF32, …_FAST_16BF
constexpr int kTransposeA = 3, kTransposeB = 4;            // CUBLASLT_MATMUL_DESC_TRANSA, …_TRANSB
constexpr int kEpilogue = 7, kBiasPointer = 8;             // CUBLASLT_MATMUL_DESC_EPILOGUE, …_BIAS_POINTER
constexpr int kAuxiliaryPointer = 11;                      // CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_POINTER
constexpr int kAuxiliaryLeading = 12;                      // CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_LD
constexpr int kBatchCount = 5, kBatchStride = 6;           // CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT, …_STRIDED_BATCH_OFFSET
constexpr int kWorkspace = 1, kReductionSchemes = 3;       // CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, …_REDUCTION_SCHEME_MASK
constexpr int kFirstAlignment = 5;                         // CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES, and then of B, C, D
constexpr uint32_t kNoReductionInPlace = 2 | 4;            // CUBLASLT_REDUCTION_SCHEME_COMPUTE_TYPE | …_OUTPUT_TYPE
constexpr int32_t kPlain = 1, kRelu = 2, kBias = 4;        // CUBLASLT_EPILOGUE_DEFAULT, …_RELU, …_BIAS
constexpr int32_t kReluWithMask = 130, kReluGradient = 136; // CUBLASLT_EPILOGUE_RELU_AUX, …_DRELU
constexpr int32_t kReluGradientAndSums = 152;              // CUBLASLT_EPILOGUE_DRELU_BGRAD
constexpr int32_t kGelu = 32, kGeluWithInput = 160;         // CUBLASLT_EPILOGUE_GELU, …_GELU_AUX
constexpr int32_t kGeluGradient = 192, kGeluGradientAndSums = 208; // CUBLASLT_EPILOGUE_DGELU, …_DGELU_BGRAD
constexpr int32_t kSumsOfA = 256;                          // CUBLASLT_EPILOGUE_BGRADA
constexpr int kNotSupported = 15;                          // CUBLAS_STATUS_NOT_SUPPORTED

struct Algorithm { // cublasLtMatmulAlgo_t
  uint64_t data[8];
};
struct Heuristic { // cublasLtMatmulHeuristicResult_t
  Algorithm algorithm;
  size_t workspaceBytes;
  int state;
  float waves;
  int reserved[4];
};

/// Functions by their names without `cublasLt`. A result of 0 is success.
struct Table {
  int (*Create)(void **handle);
  int (*Destroy)(void *handle);
  size_t (*GetVersion)();
  int (*MatmulDescCreate)(void **desc, int computeType, int scaleType);
  int (*MatmulDescDestroy)(void *desc);
  int (*MatmulDescSetAttribute)(void *desc, int attribute, const void *value, size_t bytes);
  int (*MatrixLayoutCreate)(void **layout, int type, uint64_t rows, uint64_t columns, int64_t leading);
  int (*MatrixLayoutDestroy)(void *layout);
  int (*MatrixLayoutSetAttribute)(void *layout, int attribute, const void *value, size_t bytes);
  int (*MatmulPreferenceCreate)(void **preference);
  int (*MatmulPreferenceSetAttribute)(void *preference, int attribute, const void *value, size_t bytes);
  int (*MatmulPreferenceDestroy)(void *preference);
  int (*MatmulAlgoGetHeuristic)(void *handle, void *desc, void *a, void *b, void *c, void *d, void *preference, int wanted, Heuristic *results, int *found);
  int (*Matmul)(void *handle, void *desc, const void *alpha, const void *a, void *aLayout, const void *b, void *bLayout, const void *beta, const void *c,
                void *cLayout, void *d, void *dLayout, const Algorithm *algorithm, void *workspace, size_t workspaceBytes, void *stream);
  const char *(*GetStatusString)(int status); ///< of later versions; null in others
};

} // namespace dlc::runtime::cublaslt
