#include "runtime/CudaConditions.h"
#include "runtime/CudaNumbers.h"

#include <fmt/format.h>

#include <array>

namespace dlc::runtime {

using namespace cuda;

namespace {

constexpr int kFirstVersion = 12040; // of a driver that has conditional nodes

/// Sets a condition to whether the byte at `flag` is `value`. Only drivers that have conditions know what it calls, so it is a module of its own.
constexpr const char *kSetCondition = R"(.version 7.0
.target sm_80
.address_size 64
.extern .func cudaGraphSetConditional (.param .b64 handle, .param .b32 value);
.visible .entry dlc_set_condition(.param .u64 flag, .param .u64 value, .param .u64 handle)
{
  .reg .b64 %d<4>;
  .reg .b32 %r<4>;
  .reg .pred %p;
  ld.param.u64 %d1, [flag];
  ld.param.u64 %d2, [value];
  ld.param.u64 %d3, [handle];
  ld.u8 %r1, [%d1];
  cvt.u32.u64 %r2, %d2;
  setp.eq.u32 %p, %r1, %r2;
  selp.u32 %r3, 1, 0, %p;
  {
    .param .b64 a;
    .param .b32 b;
    st.param.b64 [a], %d3;
    st.param.b32 [b], %r3;
    call.uni cudaGraphSetConditional, (a, b);
  }
  ret;
}
)";

} // namespace

CudaConditions::~CudaConditions() {
  for (void *stream : idle)
    driver.StreamDestroy(stream);
  if (module)
    driver.ModuleUnload(module);
}

Status CudaConditions::check(int error) const {
  if (!error)
    return {};
  const char *text = nullptr;
  driver.GetErrorString(error, &text);
  return Status::run(fmt::format("a conditional part of a graph: the driver says {} (error {})", text ? text : "nothing more", error));
}

bool CudaConditions::areThere() {
  if (std::exchange(asked, true))
    return kernel != nullptr;
  int version = 0;
  if (!driver.GraphConditionalHandleCreate || !driver.GraphAddNode || !driver.StreamGetCaptureInfo || !driver.StreamUpdateCaptureDependencies ||
      !driver.StreamBeginCaptureToGraph || driver.DriverGetVersion(&version) != 0 || version < kFirstVersion)
    return false;
  if (driver.ModuleLoadDataEx(&module, kSetCondition, 0, nullptr, nullptr) != 0) {
    module = nullptr;
    return false;
  }
  if (driver.ModuleGetFunction(&kernel, module, "dlc_set_condition") != 0)
    kernel = nullptr;
  return kernel != nullptr;
}

int CudaConditions::set(unsigned long long condition, void *stream, const void *flag, bool value) const {
  auto address = reinterpret_cast<unsigned long long>(flag);
  unsigned long long wanted = value;
  std::array<void *, 3> arguments = {&address, &wanted, &condition};
  return driver.LaunchKernel(kernel, 1, 1, 1, 1, 1, 1, 0, stream, arguments.data(), nullptr);
}

Result<CudaConditions::Part> CudaConditions::begin(void *stream, const void *flag, bool value, bool repeats) {
  int state = 0;
  unsigned long long id = 0, handle = 0;
  void *graph = nullptr, *node = nullptr;
  void *const *before = nullptr;
  size_t count = 0;
  DLC_TRY(check(driver.StreamGetCaptureInfo(stream, &state, &id, &graph, &before, &count)));
  DLC_TRY(check(driver.GraphConditionalHandleCreate(&handle, graph, context, 0, kAssignDefault)));
  DLC_TRY(check(set(handle, stream, flag, value)));
  DLC_TRY(check(driver.StreamGetCaptureInfo(stream, &state, &id, &graph, &before, &count))); // the kernel is a node now
  NodeParams params{};
  params.type = kConditionalNode;
  params.handle = handle;
  params.conditionType = repeats ? kWhile : kIf;
  params.size = 1;
  params.context = context;
  DLC_TRY(check(driver.GraphAddNode(&node, graph, before, count, &params)));
  DLC_TRY(check(driver.StreamUpdateCaptureDependencies(stream, &node, 1, kSetDependencies)));
  void *body = nullptr;
  if (idle.empty()) {
    DLC_TRY(check(driver.StreamCreate(&body, kNonBlocking)));
  } else {
    body = idle.back();
    idle.pop_back();
  }
  int error = driver.StreamBeginCaptureToGraph(body, params.graphs[0], nullptr, nullptr, 0, kRelaxedCapture);
  if (error)
    idle.push_back(body);
  DLC_TRY(check(error));
  return Part{body, flag, handle, repeats};
}

Status CudaConditions::end(const Part &part) {
  // A part that repeats sets its condition anew at the end of each turn.
  Status status = part.repeats ? check(set(part.condition, part.stream, part.flag, true)) : Status();
  Status ended = drop(part);
  return status ? ended : status;
}

Status CudaConditions::drop(const Part &part) {
  void *graph = nullptr; // the node's own
  int error = driver.StreamEndCapture(part.stream, &graph);
  idle.push_back(part.stream);
  return check(error);
}

} // namespace dlc::runtime
