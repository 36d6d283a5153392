// A child process for what may crash.
#include "tools/driver/Commands.h"
#include "tools/driver/Verify.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace dlc::driver {
namespace {

/// What both processes see.
struct Shared {
  bool finished;
  char phase[256];
};

using Enter = std::function<void(const std::string &)>;

[[noreturn]] void runChild(const std::function<int(const Enter &)> &body, Shared &shared) {
  prctl(PR_SET_PDEATHSIG, SIGKILL); // nobody would wait for it
  int status = body([&](const std::string &phase) {
    size_t length = std::min(phase.size(), sizeof shared.phase - 1);
    std::memcpy(shared.phase, phase.data(), length);
    shared.phase[length] = '\0';
  });
  status = finishOutput(status);
  shared.finished = true;
  std::exit(status);
}

} // namespace

int runGuarded(const std::function<int(const Enter &)> &body) {
  void *memory = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  std::fflush(nullptr);
  pid_t child = memory == MAP_FAILED ? -1 : fork();
  if (child < 0) // as well as it goes
    return body([](const std::string &) {});
  Shared &shared = *static_cast<Shared *>(memory);
  if (child == 0)
    runChild(body, shared);
  int status = 0;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR)
      return fail(runtime::Status::run(fmt::format("cannot wait for the child process: {}", std::strerror(errno))));
  if (WIFEXITED(status) && shared.finished) {
    munmap(memory, sizeof(Shared));
    return WEXITSTATUS(status);
  }
  std::string phase = *shared.phase ? shared.phase : "the front end";
  munmap(memory, sizeof(Shared));
  // Somebody ended it: a closed pipe, Ctrl-C. This process ends in the same way.
  if (WIFSIGNALED(status))
    for (int outside : {SIGPIPE, SIGINT, SIGTERM, SIGHUP})
      if (WTERMSIG(status) == outside) {
        signal(outside, SIG_DFL);
        raise(outside);
      }
  // No fault of a pass: the system ends what takes the last of its memory, or `kill -9` was meant.
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
    return fail(runtime::Status::run(fmt::format("{} was killed from outside; when memory runs out, the system does that", phase)));
  std::string how = WIFSIGNALED(status) ? fmt::format("signal {}: {}", WTERMSIG(status), strsignal(WTERMSIG(status)))
                                        : fmt::format("it ended the process with status {}", WEXITSTATUS(status));
  return fail(runtime::Status::error(runtime::ErrorKind::Program,
                                     fmt::format("{} crashed ({})", phase, how)));
}

} // namespace dlc::driver
