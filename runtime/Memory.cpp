#include "runtime/Memory.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <string>

#include <unistd.h>

namespace dlc::runtime {

namespace {

/// The whole of a small file of the kernel; empty when it is not there.
std::string kernelFile(const char *path) {
  std::string text;
  if (FILE *file = std::fopen(path, "re")) {
    char buffer[4096];
    for (size_t got; (got = std::fread(buffer, 1, sizeof buffer, file)) > 0;)
      text.append(buffer, got);
    std::fclose(file);
  }
  return text;
}

/// The number after `name` at the start of a line; 0 when there is none.
size_t field(const std::string &text, const std::string &name) {
  for (size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + 1))
    if (at == 0 || text[at - 1] == '\n')
      return std::strtoull(text.c_str() + at + name.size(), nullptr, 10);
  return 0;
}

} // namespace

size_t availableMemory() {
  std::string info = kernelFile("/proc/meminfo");
  size_t available = info.empty()
                         ? std::numeric_limits<size_t>::max()
                         : (field(info, "MemAvailable:") + field(info, "SwapFree:")) * 1024;
  std::string limit = kernelFile("/sys/fs/cgroup/memory.max");
  if (!limit.empty() && limit[0] != 'm') { // "max" is no limit
    size_t most = std::strtoull(limit.c_str(), nullptr, 10);
    size_t used = std::strtoull(kernelFile("/sys/fs/cgroup/memory.current").c_str(), nullptr, 10);
    size_t cache = field(kernelFile("/sys/fs/cgroup/memory.stat"), "inactive_file ");
    used -= std::min(used, cache);
    available = std::min(available, most - std::min(most, used));
  }
  return available;
}

size_t residentMemory() {
  std::string text = kernelFile("/proc/self/statm");
  size_t space = text.find(' ');
  if (space == std::string::npos)
    return 0;
  return std::strtoull(text.c_str() + space, nullptr, 10) *
         static_cast<size_t>(sysconf(_SC_PAGESIZE));
}

size_t peakResidentMemory() {
  // Not getrusage: that also counts what stood in the process before exec.
  size_t kilobytes = field(kernelFile("/proc/self/status"), "VmHWM:");
  return kilobytes ? kilobytes * 1024 : residentMemory();
}

bool restartPeakResidentMemory() {
  FILE *file = std::fopen("/proc/self/clear_refs", "we");
  if (!file)
    return false;
  bool written = std::fputc('5', file) != EOF;
  return (std::fclose(file) == 0) & written;
}

} // namespace dlc::runtime
