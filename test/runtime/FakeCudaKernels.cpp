// The kernels that the model of the driver knows. A module has those of them whose names its PTX declares, with as many parameters as stand here.
#include "FakeCuda.h"

#include <algorithm>
#include <iterator>

namespace fake {

namespace {

/// The elements behind an argument; null where they are not memory of the device.
template <typename T> T *elements(uint64_t argument, size_t count) {
  auto *first = reinterpret_cast<T *>(argument);
  return isMemory(first, count * sizeof(T)) ? first : nullptr;
}

/// twice(x, y): y = 2 x, an element for each thread.
int twice(const Launch &launch) {
  const float *x = elements<float>(launch.arguments[0], launch.threads);
  auto *y = elements<float>(launch.arguments[1], launch.threads);
  if (!x || !y)
    return kIllegalAddress;
  std::transform(x, x + launch.threads, y, [](float value) { return 2 * value; });
  return 0;
}

/// is_above(x, limit, flag): whether the first element of x is above the first of `limit`.
int isAbove(const Launch &launch) {
  const float *x = elements<float>(launch.arguments[0], 1), *limit = elements<float>(launch.arguments[1], 1);
  auto *flag = elements<uint8_t>(launch.arguments[2], 1);
  if (!x || !limit || !flag)
    return kIllegalAddress;
  *flag = *x > *limit;
  return 0;
}

/// cudaGraphSetConditional of the device, which only works in a graph that has the condition.
int setConditional(unsigned long long handle, unsigned value) {
  Executable *graph = state().running;
  auto found = graph ? graph->values.find(handle) : std::map<unsigned long long, unsigned>::iterator();
  if (!graph || found == graph->values.end())
    return kLaunchFailed;
  found->second = value;
  return 0;
}

/// dlc_set_condition(flag, value, handle): whether the byte at `flag` is `value`.
int setCondition(const Launch &launch) {
  const auto *flag = elements<uint8_t>(launch.arguments[0], 1);
  return flag ? setConditional(launch.arguments[2], *flag == static_cast<uint32_t>(launch.arguments[1])) : kIllegalAddress;
}

/// The kernels of loops that every program brings, as runtime/abi.h tells of them.
int enter(const Launch &launch) {
  auto *index = elements<int64_t>(launch.arguments[0], 1), *left = elements<int64_t>(launch.arguments[1], 1);
  auto *more = elements<uint8_t>(launch.arguments[2], 1);
  const auto *count = elements<int64_t>(launch.arguments[3], 1);
  if (!index || !left || !more || (launch.arguments[3] && !count))
    return kIllegalAddress;
  auto bound = static_cast<int64_t>(launch.arguments[4]);
  *left = count ? std::clamp<int64_t>(*count, 0, bound) : bound;
  *index = launch.arguments[5] ? *left - 1 : 0;
  *more = *left > 0;
  return 0;
}

int next(const Launch &launch) {
  auto *index = elements<int64_t>(launch.arguments[0], 1), *left = elements<int64_t>(launch.arguments[1], 1);
  auto *more = elements<uint8_t>(launch.arguments[2], 1);
  const auto *stop = elements<uint8_t>(launch.arguments[3], 1);
  if (!index || !left || !more || (launch.arguments[3] && !stop))
    return kIllegalAddress;
  *index += static_cast<int64_t>(launch.arguments[4]);
  *more = --*left > 0 && !(stop && *stop);
  return 0;
}

int slices(const Launch &launch) {
  const auto *index = elements<uint64_t>(launch.arguments[0], 1);
  for (size_t at = 2; at < 22; at += 5) {
    size_t bytes = launch.arguments[at + 4];
    if (!bytes)
      continue;
    auto *to = index ? elements<uint8_t>(launch.arguments[at] + *index * launch.arguments[at + 1], bytes) : nullptr;
    const auto *from = index ? elements<uint8_t>(launch.arguments[at + 2] + *index * launch.arguments[at + 3], bytes) : nullptr;
    if (!to || !from)
      return kIllegalAddress;
    std::copy_n(from, bytes, to);
  }
  return 0;
}

/// twice_first(table): of the last of its 600 pointers an element for each thread, twice that of the first.
constexpr size_t kTable = 600;
int twiceFirst(const Launch &launch) { return twice({{launch.arguments.front(), launch.arguments.back()}, launch.threads}); }

constexpr Kernel kKernels[] = {
    {"dlc$enter", 6, enter},
    {"dlc$next", 5, next},
    {"dlc$slices", 22, slices},
    {"twice", 2, twice},
    {"is_above", 3, isAbove},
    {"twice_first", 1, twiceFirst, kTable},
    {"dlc_set_condition", 3, setCondition},
};

} // namespace

const Kernel *kernelOf(const std::string &name) {
  const auto *found = std::find_if(std::begin(kKernels), std::end(kKernels), [&](const Kernel &kernel) { return kernel.name == name; });
  return found == std::end(kKernels) ? nullptr : found;
}

} // namespace fake
