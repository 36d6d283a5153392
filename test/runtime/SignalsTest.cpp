#include "runtime/Signals.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <string>

#include <sys/wait.h>
#include <unistd.h>

namespace dlc::runtime {
namespace {

int statusOfChild(void (*body)()) {
  pid_t child = fork();
  if (child == 0) {
    body();
    _exit(42);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return status;
}

TEST(Signals, theFirstOneSetsAFlag) {
  int status = statusOfChild([] {
    catchInterrupts();
    if (interrupted())
      _exit(1);
    raise(SIGINT);
    _exit(interrupted() && interruptSignal() == SIGINT ? 0 : 2);
  });
  EXPECT_EQ(status, 0);
}

TEST(Signals, theSecondOneEndsTheProcess) {
  for (auto second : {SIGINT, SIGTERM}) {
    static int signal;
    signal = second;
    int status = statusOfChild([] {
      catchInterrupts();
      raise(SIGTERM);
      raise(signal);
    });
    ASSERT_TRUE(WIFSIGNALED(status));
    EXPECT_EQ(WTERMSIG(status), second);
  }
}

/// What a child says on standard error.
std::string saidByChild(void (*body)()) {
  int ends[2];
  EXPECT_EQ(pipe(ends), 0);
  static int out;
  static void (*run)();
  out = ends[1], run = body;
  int status = statusOfChild([] {
    dup2(out, STDERR_FILENO);
    run();
  });
  EXPECT_EQ(WEXITSTATUS(status), 42);
  close(ends[1]);
  std::string said(1000, '\0');
  said.resize(static_cast<size_t>(std::max<ssize_t>(read(ends[0], said.data(), said.size()), 0)));
  close(ends[0]);
  return said;
}

TEST(Signals, theFirstOneIsAnsweredAtOnce) {
  EXPECT_EQ(saidByChild([] {
              catchInterrupts({.text = "stopping", .afterCtrlC = " (again: now)"});
              raise(SIGINT);
            }),
            "stopping (again: now)\n");
  EXPECT_EQ(saidByChild([] {
              catchInterrupts({.text = "stopping", .afterCtrlC = " (again: now)", .overStatus = true});
              raise(SIGTERM);
            }),
            "\r\x1b[Kstopping\n");
  EXPECT_EQ(saidByChild([] {
              catchInterrupts();
              errno = ENOENT;
              raise(SIGINT);
              if (errno != ENOENT)
                _exit(3);
            }),
            "");
}

} // namespace
} // namespace dlc::runtime
