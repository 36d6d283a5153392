// The model of cuBLASLt itself: what it refuses, and the epilogues that nothing of the runtime asks for yet.
#include "CudaFixture.h"

#include "runtime/CublasLtNumbers.h"

#include <gtest/gtest.h>

using namespace dlc::runtime;

namespace {

constexpr int kSuccess = 0, kInvalidValue = 7, kNotSupported = 15;
constexpr int kAuxPointer = 11, kAuxLeading = 12;
constexpr int kReluAuxBias = 134, kDrelu = 136, kDreluBgrad = 152, kBgradA = 256, kBgradB = 512, kNoEpilogue = 33, kGeluAux = 160;

/// A product of 2 x 3 columns of 2 by the functions of the library, for tests to change.
class FakeCublasLtTest : public CudaFixture {
protected:
  void SetUp() override {
    auto made = CudaFixture::open();
    ASSERT_OK(made);
    device = *std::move(made);
    find(t.Create, "Create"), find(t.Destroy, "Destroy"), find(t.Matmul, "Matmul"), find(t.MatmulAlgoGetHeuristic, "MatmulAlgoGetHeuristic");
    find(t.MatmulDescCreate, "MatmulDescCreate"), find(t.MatmulDescDestroy, "MatmulDescDestroy");
    find(t.MatmulDescSetAttribute, "MatmulDescSetAttribute"), find(t.MatrixLayoutCreate, "MatrixLayoutCreate");
    find(t.MatrixLayoutDestroy, "MatrixLayoutDestroy"), find(t.MatrixLayoutSetAttribute, "MatrixLayoutSetAttribute");
    find(t.MatmulPreferenceCreate, "MatmulPreferenceCreate"), find(t.MatmulPreferenceDestroy, "MatmulPreferenceDestroy");
    find(t.MatmulPreferenceSetAttribute, "MatmulPreferenceSetAttribute");
    ASSERT_EQ(t.Create(&handle), 0);
    t.MatmulDescCreate(&desc, 68, 0);
    t.MatmulPreferenceCreate(&preference);
    t.MatrixLayoutCreate(&a, 0, 2, 2, 2);
    t.MatrixLayoutCreate(&b, 0, 2, 3, 2);
    t.MatrixLayoutCreate(&d, 0, 2, 3, 2);
    left = put(*device, Floats{1, 2, 3, 4});
    right = put(*device, Floats{1, 0, 0, 1, -1, 1});
    result = put(*device, Floats(6));
    vector = put(*device, Floats(3));
    mask = put(*device, std::vector<uint8_t>(3 * 16, 0xFF));
  }
  void TearDown() override {
    for (void *layout : {a, b, d})
      t.MatrixLayoutDestroy(layout);
    t.MatmulDescDestroy(desc);
    t.MatmulPreferenceDestroy(preference);
    t.Destroy(handle);
    device.reset();
    CudaFixture::TearDown();
  }
  template <typename Fn> void find(Fn *&function, const std::string &name) {
    function = ask<Fn>(FAKE_CUBLASLT_LIBRARY, ("cublasLt" + name).c_str());
    ASSERT_TRUE(function) << name;
  }
  template <typename T> int describe(int attribute, T value) { return t.MatmulDescSetAttribute(desc, attribute, &value, sizeof value); }
  void demand(int epilogue) {
    describe(cublaslt::kEpilogue, epilogue);
    describe(cublaslt::kBiasPointer, vector);
    describe(kAuxPointer, mask);
    describe(kAuxLeading, int64_t{128});
  }
  int choose() {
    int found = 0;
    return t.MatmulAlgoGetHeuristic(handle, desc, a, b, d, d, preference, 1, &way, &found);
  }
  int multiply(size_t workspaceBytes = 0, float alpha = 1) {
    float zero = 0;
    return t.Matmul(handle, desc, &alpha, left, a, right, b, &zero, result, d, result, d, &way.algorithm, workspaceBytes ? vector : nullptr, workspaceBytes,
                    stream());
  }
  /// One of its own beside the device's, which nobody may have.
  void *stream() {
    if (!made) {
      auto driver = CudaDriver::open(FAKE_CUDA_LIBRARY);
      EXPECT_EQ(driver->StreamCreate(&made, 1), 0);
    }
    return made;
  }
  Floats values(void *memory, size_t count) {
    auto driver = CudaDriver::open(FAKE_CUDA_LIBRARY);
    EXPECT_EQ(driver->StreamSynchronize(stream()), 0);
    EXPECT_EQ(driver->StreamDestroy(std::exchange(made, nullptr)), 0);
    return get<float>(*device, memory, count);
  }

  cublaslt::Table t{};
  std::unique_ptr<CudaDevice> device;
  cublaslt::Heuristic way{};
  void *handle = nullptr, *desc = nullptr, *preference = nullptr, *a = nullptr, *b = nullptr, *d = nullptr, *made = nullptr;
  void *left = nullptr, *right = nullptr, *result = nullptr, *vector = nullptr, *mask = nullptr;
};

TEST_F(FakeCublasLtTest, ColumnsLieSideBySide) {
  ASSERT_EQ(choose(), kSuccess);
  ASSERT_EQ(multiply(0, 10), kSuccess);
  EXPECT_EQ(values(result, 6), (Floats{10, 20, 30, 40, 20, 20}));
}

TEST_F(FakeCublasLtTest, MasksAndGradients) {
  set(*device, vector, Floats{-2, -20, 7});
  demand(kReluAuxBias);
  ASSERT_EQ(choose(), kSuccess);
  ASSERT_EQ(multiply(), kSuccess);
  EXPECT_EQ(values(result, 6), (Floats{0, 0, 1, 0, 0, 0})); // of -1 -18 | 1 -16 | 0 -18
  auto bits = get<uint8_t>(*device, mask, 48);
  EXPECT_EQ(bits[0] & 3, 0);
  EXPECT_EQ(bits[16] & 3, 1);
  EXPECT_EQ(bits[32] & 3, 0);

  bits[0] = 1, bits[16] = 3, bits[32] = 2;
  set(*device, mask, bits);
  demand(kDrelu);
  ASSERT_EQ(choose(), kSuccess);
  ASSERT_EQ(multiply(), kSuccess);
  EXPECT_EQ(values(result, 6), (Floats{1, 0, 3, 4, 0, 2}));
  demand(kDreluBgrad);
  ASSERT_EQ(choose(), kSuccess);
  ASSERT_EQ(multiply(), kSuccess);
  EXPECT_EQ(values(result, 6), (Floats{1, 0, 3, 4, 0, 2}));
  EXPECT_EQ(get<float>(*device, vector, 3), (Floats{4, 6, 7})); // along rows

  demand(kBgradA);
  ASSERT_EQ(choose(), kSuccess);
  ASSERT_EQ(multiply(), kSuccess);
  EXPECT_EQ(values(vector, 3), (Floats{4, 6, 7}));
  demand(kBgradB);
  ASSERT_EQ(choose(), kSuccess);
  ASSERT_EQ(multiply(), kSuccess);
  EXPECT_EQ(values(vector, 3), (Floats{1, 1, 0}));
}

TEST_F(FakeCublasLtTest, FactorsOfBf16) {
  for (void *layout : {a, b}) {
    int type = 14;
    ASSERT_EQ(t.MatrixLayoutSetAttribute(layout, 0, &type, sizeof type), kSuccess);
  }
  set(*device, left, std::vector<uint16_t>{0x3F80, 0x4000, 0x4040, 0x4080}); // 1 2 3 4
  set(*device, right, std::vector<uint16_t>{0x3F80, 0, 0, 0x3F80, 0xBF80, 0x3F80});
  ASSERT_EQ(choose(), kSuccess);
  ASSERT_EQ(multiply(), kSuccess);
  EXPECT_EQ(values(result, 6), (Floats{1, 2, 3, 4, 2, 2}));
  describe(0, 77);
  EXPECT_EQ(choose(), kNotSupported) << "of tf32";
}

TEST_F(FakeCublasLtTest, RefusesWhatTheLibraryRefuses) {
  EXPECT_EQ(multiply(), kInvalidValue) << "no way was chosen";
  EXPECT_EQ(describe(cublaslt::kEpilogue, int64_t{1}), kInvalidValue) << "4 bytes";
  EXPECT_EQ(describe(9, 0), kInvalidValue) << "there is no such attribute";
  demand(kNoEpilogue);
  EXPECT_EQ(choose(), kNotSupported);
  demand(kReluAuxBias);
  describe(kAuxLeading, int64_t{64});
  EXPECT_EQ(choose(), kNotSupported) << "a multiple of 128";
  demand(kGeluAux);
  describe(kAuxLeading, int64_t{12});
  EXPECT_EQ(choose(), kNotSupported) << "a multiple of 8";
  demand(1);
  ASSERT_EQ(choose(), kSuccess);
  describe(cublaslt::kTransposeA, 1);
  EXPECT_EQ(multiply(), kInvalidValue) << "chosen for another product";
  describe(cublaslt::kTransposeA, 0);
  EXPECT_EQ(multiply(), kSuccess);
  uint64_t most = 64;
  t.MatmulPreferenceSetAttribute(preference, cublaslt::kWorkspace, &most, sizeof most);
  ASSERT_EQ(choose(), kSuccess);
  EXPECT_EQ(way.workspaceBytes, 64U);
  EXPECT_EQ(multiply(32), kInvalidValue) << "the way wants 64 bytes";
  t.MatrixLayoutDestroy(b);
  EXPECT_EQ(choose(), kInvalidValue) << "destroyed";
  t.MatrixLayoutCreate(&b, 0, 3, 3, 3);
  EXPECT_EQ(choose(), kInvalidValue) << "2 terms by 3";
  EXPECT_EQ(values(result, 6), (Floats{1, 2, 3, 4, 2, 2}));
}

} // namespace
