#include "runtime/Signals.h"

#include <gtest/gtest.h>

#include <csignal>

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

} // namespace
} // namespace dlc::runtime
