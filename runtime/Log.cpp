#include "runtime/Log.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cerrno>
#include <cmath>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

namespace dlc::runtime {

namespace {

using Json = nlohmann::ordered_json;

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json numbers(const NamedNumbers &named) {
  Json object = Json::object();
  for (const auto &[name, value] : named)
    object[name] = number(value);
  return object;
}

std::string text(const Json &json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace

Result<Log> Log::open(const std::string &path, bool append) {
  Log log;
  log.path = path;
  log.descriptor =
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | (append ? O_APPEND : O_TRUNC), 0666);
  if (log.descriptor < 0)
    return Status::run(fmt::format("cannot write `{}`: {}", path, std::strerror(errno)));
  return log;
}

Log::Log(Log &&other)
    : path(std::move(other.path)), pending(std::move(other.pending)),
      pendingSince(other.pendingSince), descriptor(std::exchange(other.descriptor, -1)),
      problem(std::move(other.problem)) {}

Log &Log::operator=(Log &&other) {
  std::swap(path, other.path);
  std::swap(pending, other.pending);
  std::swap(pendingSince, other.pendingSince);
  std::swap(descriptor, other.descriptor);
  std::swap(problem, other.problem);
  return *this;
}

Log::~Log() {
  if (descriptor < 0)
    return;
  (void)flush();
  close(descriptor);
}

void Log::compile(double seconds, int64_t peakBytes, int64_t kernels) {
  if (isOpen())
    add(text({{"event", "compile"},
              {"seconds", number(seconds)},
              {"peak_bytes", peakBytes},
              {"kernels", kernels}}),
        true);
}

void Log::step(int64_t step, std::optional<double> loss, const NamedNumbers &reports,
               double seconds) {
  if (!isOpen())
    return;
  Json json = {{"event", "step"}, {"step", step}};
  if (loss)
    json["loss"] = number(*loss);
  json["reports"] = numbers(reports);
  json["seconds"] = number(seconds);
  add(text(json), false);
}

void Log::epoch(int64_t epoch, std::optional<double> loss, const NamedNumbers &metrics) {
  if (!isOpen())
    return;
  Json json = {{"event", "epoch"}, {"epoch", epoch}};
  if (loss)
    json["loss"] = number(*loss);
  json["metrics"] = numbers(metrics);
  add(text(json), true);
}

void Log::test(const std::string &name, const NamedNumbers &metrics) {
  if (isOpen())
    add(text({{"event", "test"}, {"name", name}, {"metrics", numbers(metrics)}}), true);
}

void Log::done(double seconds, int64_t grownBytes) {
  if (!isOpen())
    return;
  Json event = {{"event", "done"}, {"seconds", number(seconds)}};
  if (grownBytes > 0)
    event["grown_bytes"] = grownBytes;
  add(text(event), true);
}

void Log::add(const std::string &line, bool now) {
  auto time = std::chrono::steady_clock::now();
  if (pending.empty())
    pendingSince = time;
  pending += line;
  pending += '\n';
  if (now || pending.size() > 60'000 || time - pendingSince > std::chrono::seconds(1))
    (void)flush();
}

Status Log::flush() {
  for (size_t done = 0; done < pending.size();) {
    ssize_t put = ::write(descriptor, pending.data() + done, pending.size() - done);
    if (put < 0 && errno == EINTR)
      continue;
    if (put < 0) {
      if (problem)
        problem = Status::run(fmt::format("cannot write `{}`: {}", path, std::strerror(errno)));
      break;
    }
    done += static_cast<size_t>(put);
  }
  pending.clear();
  return problem;
}

} // namespace dlc::runtime
