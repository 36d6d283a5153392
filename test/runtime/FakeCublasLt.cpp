// A model of cuBLASLt over the model of the driver: products are computed by plain loops, from what descriptors and layouts say, when the stream's turn
// comes. It refuses what the library refuses: its descriptors take any value of the right size (as the library does, which was asked), and what makes no
// product is told by the heuristic and by the product itself. FAKE_CUBLASLT in the environment says how it is: `version=NUMBER`, `ways=0` (the heuristic
// finds nothing), `refuse=EPILOGUE` (nor for this one), `fail=STATUS` (of every product).
#include "FakeCuda.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <cstring>

namespace {

enum Status { kSuccess = 0, kNotInitialised = 1, kAllocationFailed = 3, kInvalidValue = 7, kExecutionFailed = 13, kNotSupported = 15 };
enum Type { kFloat = 0, kBfloat = 14 };
enum Compute { kF32 = 68, kFastBf16 = 75, kFastTf32 = 77 };
enum Epilogue { kPlain = 1, kRelu = 2, kBias = 4, kReluAux = 130, kReluAuxBias = 134, kDrelu = 136, kDreluBgrad = 152, kBgradA = 256, kBgradB = 512 };
enum GeluEpilogue { kGelu = 32, kGeluBias = 36, kGeluAux = 160, kGeluAuxBias = 164, kDgelu = 192, kDgeluBgrad = 208 };
constexpr int kEpilogues[] = {kPlain,      kRelu,   kBias,   kRelu | kBias, kReluAux, kReluAuxBias, kDrelu, kDreluBgrad,
                              kBgradA, kBgradB, kGelu,   kGeluBias,     kGeluAux, kGeluAuxBias, kDgelu, kDgeluBgrad};

/// 0.5 · x · (1 + tanh u) with u = √(2/π) · (x + 0.044715 · x³), and its derivative.
float gelu(double x) { return static_cast<float>(x / (1 + std::exp(-2 * 0.7978845608028654 * (x + 0.044715 * x * x * x)))); }
float geluSlope(double x) {
  double s = 1 / (1 + std::exp(-2 * 0.7978845608028654 * (x + 0.044715 * x * x * x)));
  return static_cast<float>(s + x * s * (1 - s) * 2 * 0.7978845608028654 * (1 + 3 * 0.044715 * x * x));
}

/// A descriptor, a layout or a preference: attributes by number.
struct Object {
  enum Kind { Description, Layout, Preference } kind;
  std::map<int, std::array<char, 8>> values;

  template <typename T> T get(int attribute, T otherwise = {}) const {
    if (auto found = values.find(attribute); found != values.end())
      std::memcpy(&otherwise, found->second.data(), sizeof otherwise);
    return otherwise;
  }
  template <typename T> void set(int attribute, T value) { std::memcpy(values[attribute].data(), &value, sizeof value); }
};

/// Bytes of each attribute, as the library asks for them; what is not there it does not know, or the model does not.
const std::map<int, size_t> kSizes[] = {
    {{0, 4}, {1, 4}, {2, 4}, {3, 4}, {4, 4}, {5, 4}, {6, 4}, {7, 4}, {8, 8}, {10, 8}, {11, 8}, {12, 8}, {13, 8}, {14, 8}, {15, 4}, {22, 4}, {26, 4}},
    {{0, 4}, {1, 4}, {2, 8}, {3, 8}, {4, 8}, {5, 4}, {6, 8}, {7, 8}, {8, 4}},
    {{0, 4}, {1, 8}, {3, 4}, {5, 4}, {6, 4}, {7, 4}, {8, 4}, {9, 4}, {12, 8}}};
enum { kComputeType = 0, kScaleType = 1, kPointerMode = 2, kTransposeA = 3, kTransposeB = 4, kTransposeC = 5, kFill = 6, kEpilogue = 7, kBiasPointer = 8 };
enum { kBiasStride = 10, kAuxPointer = 11, kAuxLeading = 12, kAuxStride = 13, kAuxType = 22, kBiasType = 26 };
enum { kWorkspace = 1, kReductions = 3, kAlignments = 5 };

struct Matrix {
  int type, order, batches;
  uint64_t rows, columns;
  int64_t leading, stride;

  explicit Matrix(const Object &layout)
      : type(layout.get<int>(0)), order(layout.get<int>(1)), batches(layout.get<int>(5, 1)), rows(layout.get<uint64_t>(2)), columns(layout.get<uint64_t>(3)),
        leading(layout.get<int64_t>(4)), stride(layout.get<int64_t>(6)) {}
  size_t size() const { return type == kBfloat ? 2 : 4; }
  size_t bytes() const {
    return size() * (static_cast<size_t>(batches - 1) * static_cast<size_t>(stride) + (columns - 1) * static_cast<size_t>(leading) + rows);
  }
  Status check() const {
    if ((type != kFloat && type != kBfloat) || order != 0)
      return kNotSupported;
    return rows == 0 || columns == 0 || leading < static_cast<int64_t>(rows) || batches < 1 || stride < 0 ? kInvalidValue : kSuccess;
  }
  size_t at(int batch, uint64_t row, uint64_t column) const {
    return static_cast<size_t>(batch) * static_cast<size_t>(stride) + column * static_cast<size_t>(leading) + row;
  }
  float read(const void *memory, size_t place) const {
    if (type == kFloat)
      return static_cast<const float *>(memory)[place];
    uint32_t bits = uint32_t{static_cast<const uint16_t *>(memory)[place]} << 16;
    float value;
    std::memcpy(&value, &bits, 4);
    return value;
  }
  void write(void *memory, size_t place, float value) const;
};

/// To the nearest of bf16, of two the even one.
uint16_t bfloat(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, 4);
  if (std::isnan(value))
    return 0x7FFF;
  return static_cast<uint16_t>((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
}

/// To the nearest of tf32, of two the one away from 0.
float tf32(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, 4);
  if (std::isfinite(value))
    bits = (bits + 0x1000) & ~0x1FFFU;
  std::memcpy(&value, &bits, 4);
  return value;
}

void Matrix::write(void *memory, size_t place, float value) const {
  if (type == kFloat)
    static_cast<float *>(memory)[place] = value;
  else
    static_cast<uint16_t *>(memory)[place] = bfloat(value);
}

/// All that a product is but where its matrices lie.
struct Problem {
  Matrix a, b, c, d;
  int compute, epilogue;
  bool transposedA, transposedB;
  uint64_t terms;
  char *bias, *aux;
  int64_t biasStride, auxLeading, auxStride;

  Problem(const Object &desc, const Object &a, const Object &b, const Object &c, const Object &d)
      : a(a), b(b), c(c), d(d), compute(desc.get<int>(kComputeType)), epilogue(desc.get<int>(kEpilogue, kPlain)), transposedA(desc.get<int>(kTransposeA) != 0),
        transposedB(desc.get<int>(kTransposeB) != 0), terms(transposedA ? this->a.rows : this->a.columns), bias(desc.get<char *>(kBiasPointer)),
        aux(desc.get<char *>(kAuxPointer)), biasStride(desc.get<int64_t>(kBiasStride)), auxLeading(desc.get<int64_t>(kAuxLeading)),
        auxStride(desc.get<int64_t>(kAuxStride)) {}

  bool hasAux() const { return epilogue & 128; }
  bool hasInput() const { return epilogue == kGeluAux || epilogue == kGeluAuxBias || epilogue == kDgelu || epilogue == kDgeluBgrad; } ///< floats, not bits
  bool hasGradient() const { return epilogue == kDreluBgrad || epilogue == kDgeluBgrad || epilogue == kBgradA || epilogue == kBgradB; }
  bool hasVector() const { return (epilogue & kBias) || hasGradient(); }
  uint64_t vectorLength() const { return epilogue == kBgradB ? d.columns : d.rows; }

  Status check(const Object &desc) const {
    for (const Matrix *matrix : {&a, &b, &c, &d})
      if (Status status = matrix->check())
        return status;
    for (int transpose : {desc.get<int>(kTransposeA), desc.get<int>(kTransposeB)})
      if (transpose < 0 || transpose > 2)
        return kInvalidValue;
    bool isPlainType = a.type == kFloat && b.type == kFloat && c.type == kFloat && d.type == kFloat;
    bool isBfloat = a.type == kBfloat && b.type == kBfloat && c.type == d.type && compute == kF32;
    if ((compute != kF32 && compute != kFastBf16 && compute != kFastTf32) || desc.get<int>(kScaleType) != kFloat || (!isPlainType && !isBfloat) ||
        desc.get<int>(kPointerMode) || desc.get<int>(kTransposeC) || desc.get<int>(kFill))
      return kNotSupported;
    uint64_t rows = transposedA ? a.columns : a.rows, columns = transposedB ? b.rows : b.columns;
    if ((transposedB ? b.columns : b.rows) != terms || d.rows != rows || d.columns != columns || c.rows != rows || c.columns != columns)
      return kInvalidValue;
    if (a.batches != d.batches || b.batches != d.batches || c.batches != d.batches)
      return kInvalidValue;
    if (d.batches > 1 && d.stride < d.leading * static_cast<int64_t>(d.columns - 1) + static_cast<int64_t>(d.rows))
      return kInvalidValue; // results over each other
    if (std::find(std::begin(kEpilogues), std::end(kEpilogues), epilogue) == std::end(kEpilogues) || (hasGradient() && d.batches > 1) ||
        desc.get<int>(kBiasType, d.type) != d.type || desc.get<int>(kAuxType, -1) != -1)
      return kNotSupported;
    int unit = hasInput() ? 8 : 128;
    bool isAux = auxLeading % unit == 0 && auxLeading >= static_cast<int64_t>(d.rows) && auxStride % unit == 0;
    return hasAux() && (!isAux || (hasInput() && d.type != kFloat)) ? kNotSupported : kSuccess;
  }

  std::array<std::pair<const void *, size_t>, 2> vectors() const {
    auto last = static_cast<size_t>(d.batches - 1);
    return {{{hasVector() ? bias : nullptr, d.size() * (last * static_cast<size_t>(biasStride) + vectorLength())},
             {hasAux() ? aux : nullptr, hasInput() ? sizeof(float) * (last * static_cast<size_t>(auxStride) + (d.columns - 1) * static_cast<size_t>(auxLeading) + d.rows)
                                                   : (last * static_cast<size_t>(auxStride) + d.columns * static_cast<size_t>(auxLeading)) / 8}}};
  }
  float factor(float value) const {
    if (compute == kFastTf32)
      return tf32(value);
    uint32_t bits = uint32_t{bfloat(value)} << 16;
    float rounded;
    std::memcpy(&rounded, &bits, 4);
    return compute == kFastBf16 ? rounded : value;
  }
  float left(const void *memory, int batch, uint64_t row, uint64_t term) const {
    return factor(a.read(memory, transposedA ? a.at(batch, term, row) : a.at(batch, row, term)));
  }
  float right(const void *memory, int batch, uint64_t term, uint64_t column) const {
    return factor(b.read(memory, transposedB ? b.at(batch, column, term) : b.at(batch, term, column)));
  }

  float finish(float value, int batch, uint64_t row, uint64_t column) const {
    if (epilogue & kBias && !hasGradient())
      value += d.read(bias, static_cast<size_t>(batch) * static_cast<size_t>(biasStride) + row);
    size_t bit = static_cast<size_t>(batch) * static_cast<size_t>(auxStride) + column * static_cast<size_t>(auxLeading) + row;
    if (hasInput()) {
      float &input = reinterpret_cast<float *>(aux)[bit];
      if (epilogue == kDgelu || epilogue == kDgeluBgrad)
        return value * geluSlope(input);
      input = value;
    }
    if (epilogue == kGelu || epilogue == kGeluBias || hasInput())
      return gelu(value);
    char mark = static_cast<char>(1 << bit % 8);
    if (epilogue & kRelu && !hasGradient()) {
      if (hasAux())
        aux[bit / 8] = static_cast<char>(value > 0 ? aux[bit / 8] | mark : aux[bit / 8] & ~mark);
      return value < 0 ? 0 : value; // what is no number stays none
    }
    return epilogue == kDrelu || epilogue == kDreluBgrad ? (aux[bit / 8] & mark ? value : 0) : value;
  }

  void multiply(float alpha, const void *leftMemory, const void *rightMemory, float beta, const void *added, void *result) const {
    std::vector<float> gradient(vectorLength());
    for (int g = 0; g < d.batches; ++g)
      for (uint64_t j = 0; j < d.columns; ++j)
        for (uint64_t i = 0; i < d.rows; ++i) {
          float sum = 0;
          for (uint64_t k = 0; k < terms; ++k) {
            float x = left(leftMemory, g, i, k), y = right(rightMemory, g, k, j);
            sum += x * y;
            if (epilogue == kBgradA && j == 0)
              gradient[i] += x;
            if (epilogue == kBgradB && i == 0)
              gradient[j] += y;
          }
          float value = alpha * sum;
          if (beta != 0) // otherwise it is not read
            value += beta * c.read(added, c.at(g, i, j));
          value = finish(value, g, i, j);
          if (epilogue == kDreluBgrad || epilogue == kDgeluBgrad)
            gradient[i] += value;
          d.write(result, d.at(g, i, j), value);
        }
    for (size_t i = 0; hasGradient() && i < gradient.size(); ++i)
      d.write(bias, i, gradient[i]);
  }
};

/// What the heuristic gave out, by number.
struct Way {
  std::string problem;
  size_t workspace;
  std::array<uint32_t, 4> alignment; // of A, B, C, D
  uintptr_t biasAlignment;
};

fake::Objects<Object> objects;
fake::Objects<int> handles;
std::vector<Way> ways;
size_t heuristics = 0, products = 0, inPlace = 0;

int setting(const char *name, int otherwise) {
  const char *all = std::getenv("FAKE_CUBLASLT");
  const char *found = all ? std::strstr(all, name) : nullptr;
  return found ? std::atoi(found + std::strlen(name) + 1) : otherwise;
}

Object *find(void *handle, Object::Kind kind) {
  Object *found = objects.find(handle);
  return found && found->kind == kind ? found : nullptr;
}

int make(void **made, Object object) {
  *made = objects.make(std::move(object));
  return kSuccess;
}

int destroy(void *handle, Object::Kind kind) {
  if (!handle)
    return kSuccess;
  Object *found = find(handle, kind);
  if (!found)
    return kInvalidValue;
  objects.destroy(found);
  return kSuccess;
}

int set(void *handle, Object::Kind kind, int attribute, const void *value, size_t bytes) {
  Object *object = find(handle, kind);
  auto size = kSizes[kind].find(attribute);
  if (!object || !value || size == kSizes[kind].end() || size->second != bytes)
    return kInvalidValue;
  std::memcpy(object->values[attribute].data(), value, bytes);
  return kSuccess;
}

std::string print(std::initializer_list<const Object *> all) {
  std::string text;
  for (const Object *object : all) {
    for (const auto &[attribute, value] : object->values)
      if (value != std::array<char, 8>{} && (object->kind != Object::Description || (attribute != kBiasPointer && attribute != kAuxPointer)))
        text += std::to_string(attribute) + ":" + std::string(value.data(), value.size());
    text += ";";
  }
  return text;
}

uintptr_t alignmentOf(const void *memory) {
  auto address = reinterpret_cast<uintptr_t>(memory) | 16;
  return address & -address;
}

} // namespace

extern "C" {

/// "heuristics" that were asked, "products" that were asked for, objects "alive", "in place": heuristics that allowed reductions by atomics.
size_t fakeCublasLtCount(const char *what) {
  std::string name = what;
  return name == "heuristics" ? heuristics : name == "products" ? products : name == "in place" ? inPlace : objects.size() + handles.size();
}

size_t cublasLtGetVersion() { return static_cast<size_t>(setting("version", 130100)); }
const char *cublasLtGetStatusString(int status) {
  switch (status) {
  case kSuccess:
    return "success";
  case kNotInitialised:
    return "the library was not initialized";
  case kAllocationFailed:
    return "the resource allocation failed";
  case kInvalidValue:
    return "an unsupported value or parameter was passed to the function";
  case kExecutionFailed:
    return "the function failed to launch on the GPU";
  case kNotSupported:
    return "the requested functionality is not supported";
  default:
    return "unknown error";
  }
}

int cublasLtCreate(void **handle) {
  if (fake::enter())
    return kNotInitialised;
  if (fake::refusedByCapture())
    return kAllocationFailed;
  *handle = handles.make();
  return kSuccess;
}
int cublasLtDestroy(void *handle) {
  int *found = handles.find(handle);
  if (!found || !fake::hasContext())
    return kNotInitialised;
  handles.destroy(found);
  return kSuccess;
}

int cublasLtMatmulDescCreate(void **desc, int computeType, int scaleType) {
  Object object{Object::Description, {}};
  object.set(kComputeType, computeType);
  object.set(kScaleType, scaleType);
  return make(desc, std::move(object));
}
int cublasLtMatmulDescDestroy(void *desc) { return destroy(desc, Object::Description); }
int cublasLtMatmulDescSetAttribute(void *desc, int attribute, const void *value, size_t bytes) {
  return set(desc, Object::Description, attribute, value, bytes);
}

int cublasLtMatrixLayoutCreate(void **layout, int type, uint64_t rows, uint64_t columns, int64_t leading) {
  Object object{Object::Layout, {}};
  object.set(0, type);
  object.set(2, rows);
  object.set(3, columns);
  object.set(4, leading);
  return make(layout, std::move(object));
}
int cublasLtMatrixLayoutDestroy(void *layout) { return destroy(layout, Object::Layout); }
int cublasLtMatrixLayoutSetAttribute(void *layout, int attribute, const void *value, size_t bytes) {
  return set(layout, Object::Layout, attribute, value, bytes);
}

int cublasLtMatmulPreferenceCreate(void **preference) { return make(preference, {Object::Preference, {}}); }
int cublasLtMatmulPreferenceDestroy(void *preference) { return destroy(preference, Object::Preference); }
int cublasLtMatmulPreferenceSetAttribute(void *preference, int attribute, const void *value, size_t bytes) {
  return set(preference, Object::Preference, attribute, value, bytes);
}

struct Algorithm {
  uint64_t data[8];
};
struct HeuristicResult {
  Algorithm algorithm;
  size_t workspaceBytes;
  int state;
  float waves;
  int reserved[4];
};

int cublasLtMatmulAlgoGetHeuristic(void *handle, void *descHandle, void *aHandle, void *bHandle, void *cHandle, void *dHandle, void *preferenceHandle,
                                   int wanted, HeuristicResult *results, int *found) {
  ++heuristics;
  *found = 0;
  const Object *desc = find(descHandle, Object::Description), *a = find(aHandle, Object::Layout), *b = find(bHandle, Object::Layout);
  const Object *c = find(cHandle, Object::Layout), *d = find(dHandle, Object::Layout), *preference = find(preferenceHandle, Object::Preference);
  if (!handles.find(handle))
    return kNotInitialised;
  if (!desc || !a || !b || !c || !d || !preference || wanted < 1)
    return kInvalidValue;
  Problem problem(*desc, *a, *b, *c, *d);
  if (Status status = problem.check(*desc))
    return status;
  if (problem.epilogue == setting("refuse", 0) || preference->get<int>(0) != 0)
    return kNotSupported;
  auto reductions = preference->get<uint32_t>(kReductions, 7);
  if (reductions > 7)
    return kInvalidValue;
  inPlace += reductions & 1;
  if (setting("ways", 1) == 0)
    return kSuccess;
  Way way{print({desc, a, b, c, d}), std::min<size_t>(preference->get<uint64_t>(kWorkspace), 4096), {}, alignmentOf(problem.bias)};
  for (int i = 0; i < 4; ++i)
    way.alignment[static_cast<size_t>(i)] = preference->get<uint32_t>(kAlignments + i, 256);
  ways.push_back(way);
  results[0] = {};
  results[0].algorithm.data[0] = ways.size();
  results[0].workspaceBytes = way.workspace;
  *found = 1;
  return kSuccess;
}

int cublasLtMatmul(void *handle, void *descHandle, const void *alpha, const void *a, void *aHandle, const void *b, void *bHandle, const void *beta,
                   const void *c, void *cHandle, void *d, void *dHandle, const Algorithm *algorithm, void *workspace, size_t workspaceBytes, void *stream) {
  ++products;
  const Object *desc = find(descHandle, Object::Description), *aLayout = find(aHandle, Object::Layout), *bLayout = find(bHandle, Object::Layout);
  const Object *cLayout = find(cHandle, Object::Layout), *dLayout = find(dHandle, Object::Layout);
  if (!handles.find(handle) || fake::enter())
    return kNotInitialised;
  if (!desc || !aLayout || !bLayout || !cLayout || !dLayout || !alpha || !beta || !a || !b || !d)
    return kInvalidValue;
  if (int status = setting("fail", 0))
    return status;
  Problem problem(*desc, *aLayout, *bLayout, *cLayout, *dLayout);
  if (Status status = problem.check(*desc))
    return status;
  float scale = *static_cast<const float *>(alpha), keep = *static_cast<const float *>(beta);
  if ((keep != 0 && !c) || (c == d && print({cLayout}) != print({dLayout})) || (problem.hasVector() && !problem.bias) || (problem.hasAux() && !problem.aux))
    return kInvalidValue;
  size_t number = algorithm ? algorithm->data[0] : 0;
  if (number < 1 || number > ways.size() || ways[number - 1].problem != print({desc, aLayout, bLayout, cLayout, dLayout}))
    return kInvalidValue;
  const Way &way = ways[number - 1];
  const void *pointers[] = {a, b, c, d};
  for (size_t i = 0; i < 4; ++i)
    if (way.alignment[i] == 0 || reinterpret_cast<uintptr_t>(pointers[i]) % way.alignment[i] != 0)
      return kInvalidValue;
  bool isMisaligned = (problem.hasVector() && alignmentOf(problem.bias) < way.biasAlignment) || (problem.hasAux() && alignmentOf(problem.aux) < 16) ||
                      alignmentOf(workspace) < 16;
  if (isMisaligned || workspaceBytes < way.workspace || (way.workspace && !workspace))
    return kInvalidValue;
  size_t used = way.workspace;
  int error = fake::enqueue(stream, [=] {
    auto holds = [](const void *memory, size_t bytes) { return !memory || fake::isMemory(memory, bytes); };
    bool isAllThere = holds(a, problem.a.bytes()) && holds(b, problem.b.bytes()) && holds(d, problem.d.bytes()) && holds(used ? workspace : nullptr, used) &&
                      (keep == 0 || holds(c, problem.c.bytes()));
    for (auto [memory, bytes] : problem.vectors())
      isAllThere &= holds(memory, bytes);
    if (!isAllThere)
      return static_cast<int>(fake::kIllegalAddress);
    if (used)
      std::memset(workspace, 0xFF, used);
    problem.multiply(scale, a, b, keep, c, d);
    return 0;
  });
  return error ? kExecutionFailed : kSuccess;
}
}
