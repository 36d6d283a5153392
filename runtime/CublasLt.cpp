#include "runtime/CublasLt.h"
#include "runtime/CublasLtNumbers.h"

#include <fmt/format.h>

#include <dlfcn.h>

#include <algorithm>

namespace dlc::runtime {

using namespace cublaslt;

namespace {

constexpr uint32_t kAlignment = 16; // bytes, of the places in the arena

/// The library numbers columns first, so it is asked for Dᵀ = Bᵀ·Aᵀ: its A is our right factor.
class Library final : public CublasLt {
public:
  Table table{};
  void *handle = nullptr;

  ~Library() override { release(); }

  void release() override {
    for (auto &[key, plan] : plans)
      destroy(plan);
    plans.clear();
    if (void *made = std::exchange(handle, nullptr))
      table.Destroy(made);
  }

  std::string version() const override {
    size_t number = table.GetVersion();
    return fmt::format("{}.{}.{}", number / 10000, number / 100 % 100, number % 100);
  }

  Result<bool> has(const dlc_product &product) override {
    auto *somewhere = reinterpret_cast<void *>(kAlignment); // the choice of an algorithm follows no pointer
    DLC_ASSIGN(plan, planOf(product, {somewhere, somewhere, somewhere, somewhere, somewhere, somewhere, somewhere}));
    return plan->isSupported;
  }

  Status multiply(const dlc_product &product, const dlc_product_memory &memory, void *stream) override {
    DLC_ASSIGN(plan, planOf(product, memory));
    if (!plan->isSupported)
      return Status::run(fmt::format("cuBLASLt has no way for a product of {} x {} by {} with epilogue {}", product.rows, product.terms, product.columns,
                                     epilogueOf(product)));
    DLC_TRY(setPointers(*plan, product, memory));
    const float one = 1, zero = 0;
    return check(table.Matmul(handle, plan->desc, &one, memory.right, plan->a, memory.left, plan->b, &zero, memory.result, plan->d, memory.result, plan->d,
                              &plan->algorithm, memory.workspace, DLC_PRODUCT_WORKSPACE, stream));
  }

  Status check(int status) const {
    return status ? Status::run(fmt::format("a matrix product: cuBLASLt says {}", table.GetStatusString ? table.GetStatusString(status) : "no")) : Status();
  }

private:
  struct Plan {
    void *desc = nullptr, *a = nullptr, *b = nullptr, *d = nullptr;
    Algorithm algorithm{};
    bool isSupported = false;
  };

  /// Epilogues that read or write something of the result's size beside it.
  static constexpr int32_t kAuxiliary = DLC_RELU_MASK | DLC_RELU_GRADIENT | DLC_GELU_INPUT | DLC_GELU_GRADIENT;

  static int32_t epilogueOf(const dlc_product &p) {
    auto has = [&](int32_t bits) { return (p.epilogue & bits) != 0; };
    if (has(DLC_RELU_GRADIENT))
      return has(DLC_RESULT_SUMS) ? kReluGradientAndSums : kReluGradient;
    if (has(DLC_GELU_GRADIENT))
      return has(DLC_RESULT_SUMS) ? kGeluGradientAndSums : kGeluGradient;
    if (has(DLC_RIGHT_SUMS))
      return kSumsOfA;
    int32_t activation = has(DLC_RELU_MASK) ? kReluWithMask : has(DLC_RELU) ? kRelu : has(DLC_GELU_INPUT) ? kGeluWithInput : has(DLC_GELU) ? kGelu : 0;
    int32_t epilogue = (has(DLC_BIAS) ? kBias : 0) | activation;
    return epilogue ? epilogue : kPlain;
  }

  /// The layout of a factor as columns of `lines`: side by side by lines, or transposed.
  Status layout(void **made, int type, int32_t &transposed, int64_t lines, int64_t terms, int64_t lineStride, int64_t termStride, int64_t batchStride, int32_t batches) {
    transposed = lineStride != 1 || (lines == 1 && termStride == 1);
    int64_t leading = transposed ? lineStride : termStride;
    if (lines == 1 || terms == 1) // no second one is there, so the stride to it may be anything
      leading = std::max(leading, transposed ? terms : lines);
    DLC_TRY(check(
        table.MatrixLayoutCreate(made, type, static_cast<uint64_t>(transposed ? terms : lines), static_cast<uint64_t>(transposed ? lines : terms), leading)));
    return batched(*made, batchStride, batches);
  }
  Status batched(void *layout, int64_t stride, int32_t batches) {
    if (batches == 1)
      return {};
    DLC_TRY(check(table.MatrixLayoutSetAttribute(layout, kBatchCount, &batches, sizeof batches)));
    return check(table.MatrixLayoutSetAttribute(layout, kBatchStride, &stride, sizeof stride));
  }

  void destroy(const Plan &plan) {
    if (plan.desc)
      table.MatmulDescDestroy(plan.desc);
    for (void *layout : {plan.a, plan.b, plan.d})
      if (layout)
        table.MatrixLayoutDestroy(layout);
  }

  /// By the product itself, since a program has few of them.
  Result<const Plan *> planOf(const dlc_product &p, const dlc_product_memory &memory) {
    if (!handle) // not before there is a context of a card
      DLC_TRY(check(table.Create(&handle)));
    std::string key(reinterpret_cast<const char *>(&p), sizeof p);
    auto known = plans.find(key);
    if (known != plans.end())
      return &known->second;
    Plan plan;
    Status status = describe(plan, p);
    if (status)
      status = setPointers(plan, p, memory); // the choice of the algorithm looks at what is there
    if (status)
      status = choose(plan);
    if (!status) {
      destroy(plan);
      return status;
    }
    return &plans.emplace(std::move(key), plan).first->second;
  }

  Status describe(Plan &plan, const dlc_product &p) {
    auto batches = static_cast<int32_t>(p.batches);
    int type = p.epilogue & DLC_NARROW_FACTORS ? kBfloat : kFloat;
    DLC_TRY(check(table.MatmulDescCreate(&plan.desc, kComputeTypes[p.epilogue & DLC_NARROW_FACTORS ? 0 : static_cast<size_t>(p.precision)], kFloat)));
    int32_t transposeA = 0, transposeB = 0;
    DLC_TRY(layout(&plan.a, type, transposeA, p.columns, p.terms, p.right_column, p.right_term, p.right_batch, batches));
    // Our left factor is (terms × rows) there, which is what a transposed one is for rows side by side.
    DLC_TRY(layout(&plan.b, type, transposeB, p.rows, p.terms, p.left_row, p.left_term, p.left_batch, batches));
    transposeB = !transposeB;
    int64_t leading = p.rows == 1 ? std::max(p.result_row, p.columns) : p.result_row;
    DLC_TRY(check(table.MatrixLayoutCreate(&plan.d, kFloat, static_cast<uint64_t>(p.columns), static_cast<uint64_t>(p.rows), leading)));
    DLC_TRY(batched(plan.d, p.result_batch, batches));
    DLC_TRY(check(table.MatmulDescSetAttribute(plan.desc, kTransposeA, &transposeA, sizeof transposeA)));
    DLC_TRY(check(table.MatmulDescSetAttribute(plan.desc, kTransposeB, &transposeB, sizeof transposeB)));
    int32_t epilogue = epilogueOf(p);
    if (p.epilogue & kAuxiliary) {
      int64_t elements = p.epilogue & (DLC_RELU_MASK | DLC_RELU_GRADIENT) ? 8 * DLC_MASK_BYTES(1, p.columns) : leading;
      DLC_TRY(check(table.MatmulDescSetAttribute(plan.desc, kAuxiliaryLeading, &elements, sizeof elements)));
    }
    return check(table.MatmulDescSetAttribute(plan.desc, kEpilogue, &epilogue, sizeof epilogue));
  }

  /// Says where what an epilogue reads or writes beside the result lies.
  Status setPointers(const Plan &plan, const dlc_product &p, const dlc_product_memory &memory) {
    const void *line = p.epilogue & DLC_BIAS ? memory.bias : p.epilogue & (DLC_RESULT_SUMS | DLC_RIGHT_SUMS) ? memory.sums : nullptr;
    if (line)
      DLC_TRY(check(table.MatmulDescSetAttribute(plan.desc, kBiasPointer, &line, sizeof line)));
    if (p.epilogue & kAuxiliary)
      DLC_TRY(check(table.MatmulDescSetAttribute(plan.desc, kAuxiliaryPointer, &memory.aux, sizeof memory.aux)));
    return {};
  }

  Status choose(Plan &plan) {
    const size_t workspaceBytes = DLC_PRODUCT_WORKSPACE;
    void *preference = nullptr;
    DLC_TRY(check(table.MatmulPreferenceCreate(&preference)));
    int status = table.MatmulPreferenceSetAttribute(preference, kWorkspace, &workspaceBytes, sizeof workspaceBytes);
    if (!status)
      status = table.MatmulPreferenceSetAttribute(preference, kReductionSchemes, &kNoReductionInPlace, sizeof kNoReductionInPlace);
    for (int matrix = 0; matrix < 4 && !status; ++matrix)
      status = table.MatmulPreferenceSetAttribute(preference, kFirstAlignment + matrix, &kAlignment, sizeof kAlignment);
    Heuristic best{};
    int found = 0;
    if (!status)
      status = table.MatmulAlgoGetHeuristic(handle, plan.desc, plan.a, plan.b, plan.d, plan.d, preference, 1, &best, &found);
    table.MatmulPreferenceDestroy(preference);
    plan.isSupported = !status && found > 0;
    plan.algorithm = best.algorithm;
    return status == kNotSupported ? Status() : check(status);
  }

  std::map<std::string, Plan> plans;
};

} // namespace

Result<int32_t> missingEpilogues(Device &device, const std::vector<dlc_product> &products) {
  // Of masks the one that is written and the one that is read are of no use without each other.
  constexpr std::array<int32_t, 7> kGroups = {DLC_RESULT_SUMS | DLC_RIGHT_SUMS, DLC_RELU_MASK | DLC_RELU_GRADIENT, DLC_GELU_GRADIENT, DLC_GELU_INPUT,
                                              DLC_GELU, DLC_BIAS | DLC_RELU, DLC_NARROW_FACTORS};
  int32_t missing = 0;
  for (const dlc_product &product : products) {
    DLC_ASSIGN(isSupported, device.hasProduct(product));
    if (isSupported)
      continue;
    auto group = std::find_if(kGroups.begin(), kGroups.end(), [&](int32_t bits) { return product.epilogue & bits; });
    if (group == kGroups.end())
      return -1;
    missing |= *group;
  }
  return missing;
}

Result<std::shared_ptr<CublasLt>> CublasLt::open(const std::vector<std::string> &names) {
  void *library = nullptr;
  for (const std::string &name : names)
    if ((library = dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL)))
      break;
  if (!library)
    return Status::run("libcublasLt is not here; it comes with the CUDA toolkit, and large matrix products are faster with it");
  auto opened = std::make_shared<Library>();
  std::string missing;
  auto find = [&](auto &function, const char *name) {
    void *symbol = dlsym(library, name);
    function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(symbol);
    if (!symbol && missing.empty())
      missing = name;
  };
  Table &t = opened->table;
  find(t.Create, "cublasLtCreate");
  find(t.Destroy, "cublasLtDestroy");
  find(t.MatmulDescDestroy, "cublasLtMatmulDescDestroy");
  find(t.MatrixLayoutDestroy, "cublasLtMatrixLayoutDestroy");
  find(t.GetVersion, "cublasLtGetVersion");
  find(t.MatmulDescCreate, "cublasLtMatmulDescCreate");
  find(t.MatmulDescSetAttribute, "cublasLtMatmulDescSetAttribute");
  find(t.MatrixLayoutCreate, "cublasLtMatrixLayoutCreate");
  find(t.MatrixLayoutSetAttribute, "cublasLtMatrixLayoutSetAttribute");
  find(t.MatmulPreferenceCreate, "cublasLtMatmulPreferenceCreate");
  find(t.MatmulPreferenceSetAttribute, "cublasLtMatmulPreferenceSetAttribute");
  find(t.MatmulPreferenceDestroy, "cublasLtMatmulPreferenceDestroy");
  find(t.MatmulAlgoGetHeuristic, "cublasLtMatmulAlgoGetHeuristic");
  find(t.Matmul, "cublasLtMatmul");
  if (!missing.empty())
    return Status::run(fmt::format("libcublasLt has no `{}`", missing));
  t.GetStatusString = reinterpret_cast<const char *(*)(int)>(dlsym(library, "cublasLtGetStatusString")); // of later versions
  return std::shared_ptr<CublasLt>(std::move(opened));
}

} // namespace dlc::runtime
