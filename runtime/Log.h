// The log of a run: one JSON object a line.
#pragma once

#include "runtime/Console.h"
#include "runtime/Status.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace dlc::runtime {

/// Writes `--log FILE.jsonl`. Numbers that JSON cannot express are `null`. Lines are whole at every
/// moment: they are written together, at the latest a second after the first of them. A log without
/// a file takes everything and writes nothing.
class Log {
public:
  Log() = default;
  /// `append` is for a resumed run; otherwise an old file is replaced.
  static Result<Log> open(const std::string &path, bool append = false);
  Log(Log &&other);
  Log &operator=(Log &&other);
  ~Log();

  bool isOpen() const { return descriptor >= 0; }

  void compile(double seconds, int64_t peakBytes, int64_t kernels);
  /// `loss` where the block has exactly one.
  void step(int64_t step, std::optional<double> loss, const NamedNumbers &reports, double seconds);
  void epoch(int64_t epoch, std::optional<double> loss, const NamedNumbers &metrics);
  void test(const std::string &name, const NamedNumbers &metrics);
  /// `grownBytes` is by how much the process grew from before the buffers were made; 0: unknown.
  void done(double seconds, int64_t grownBytes = 0);

  /// A failure when a line could not be written, now or earlier.
  Status flush();

private:
  void add(const std::string &line, bool now);

  std::string path, pending;
  std::chrono::steady_clock::time_point pendingSince;
  int descriptor = -1;
  Status problem;
};

} // namespace dlc::runtime
