// Errors as values. Nothing in the runtime throws, exits or prints an error by itself.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <variant>

namespace dlc::runtime {

/// What an error means to the caller of the tool; the value is the process's exit code.
enum class ErrorKind {
  Program = 1, ///< the program is wrong, or its data does not fit what it declares
  Command = 2, ///< the command line is wrong
  Run = 3,     ///< it failed while running: bad data, no memory, a full disk, no device
};

/// Success, or a message with the kind of failure. The message is lower case, without a full stop,
/// code in backticks.
class [[nodiscard]] Status {
public:
  Status() = default; ///< success
  static Status error(ErrorKind kind, std::string message) {
    Status status;
    status.failure = std::make_unique<Failure>(Failure{kind, std::move(message)});
    return status;
  }
  /// Shorthand for a failure while running.
  static Status run(std::string message) { return error(ErrorKind::Run, std::move(message)); }

  Status(const Status &other)
      : failure(other.failure ? std::make_unique<Failure>(*other.failure) : nullptr) {}
  Status(Status &&) = default;
  Status &operator=(const Status &other) { return *this = Status(other); }
  Status &operator=(Status &&) = default;

  /// True for success.
  explicit operator bool() const { return !failure; }
  bool ok() const { return !failure; }
  /// Empty for success.
  const std::string &message() const {
    static const std::string none;
    return failure ? failure->message : none;
  }
  /// The exit code: 0 for success.
  int exitCode() const { return failure ? static_cast<int>(failure->kind) : 0; }
  ErrorKind kind() const { return failure ? failure->kind : ErrorKind::Run; }

  /// Puts `prefix` and ": " before the message of a failure.
  Status within(const std::string &prefix) && {
    if (failure)
      failure->message = prefix + ": " + failure->message;
    return std::move(*this);
  }

  /// Puts a line "note: TEXT" behind the message of a failure.
  Status noting(const std::string &text) && {
    if (failure)
      failure->message += "\nnote: " + text;
    return std::move(*this);
  }

private:
  struct Failure {
    ErrorKind kind;
    std::string message;
  };
  std::unique_ptr<Failure> failure;
};

/// A value, or the status of the failure to get it.
template <typename T> class [[nodiscard]] Result {
public:
  Result(T value) : content(std::in_place_index<0>, std::move(value)) {}
  /// `status` must be a failure.
  Result(Status status) : content(std::in_place_index<1>, std::move(status)) {}

  explicit operator bool() const { return content.index() == 0; }
  bool ok() const { return content.index() == 0; }
  /// Only for success.
  T &operator*() & { return *std::get_if<0>(&content); }
  const T &operator*() const & { return *std::get_if<0>(&content); }
  T &&operator*() && { return std::move(*std::get_if<0>(&content)); }
  T *operator->() { return std::get_if<0>(&content); }
  const T *operator->() const { return std::get_if<0>(&content); }
  /// Success becomes `Status()`.
  Status status() const { return ok() ? Status() : *std::get_if<1>(&content); }
  const std::string &message() const { return std::get_if<1>(&content)->message(); }

private:
  std::variant<T, Status> content;
};

#define DLC_CONCAT_(a, b) a##b
#define DLC_CONCAT(a, b) DLC_CONCAT_(a, b)
/// Returns the status of `expression` from the enclosing function if it is a failure.
#define DLC_TRY(expression)                                                                        \
  if (::dlc::runtime::Status dlcStatus = (expression); !dlcStatus)                                 \
  return dlcStatus
/// Declares `name` with the value of the `Result` expression, or returns its status.
#define DLC_ASSIGN(name, expression)                                                               \
  auto DLC_CONCAT(name, Result_) = (expression);                                                   \
  if (!DLC_CONCAT(name, Result_))                                                                  \
    return DLC_CONCAT(name, Result_).status();                                                     \
  auto name = *std::move(DLC_CONCAT(name, Result_))

} // namespace dlc::runtime
