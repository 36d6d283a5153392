#include "test/runtime/Files.h"

#include <csignal>
#include <functional>
#include <thread>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace dlc::runtime {
namespace {

TEST(InputFile, readsOnlyRegularFiles) {
  Folder folder;
  ASSERT_EQ(mkfifo(folder.at("pipe").c_str(), 0600), 0);
  expectFailure(InputFile::open(folder.at("pipe")), {folder.at("pipe"), "a device or a pipe"});
  expectFailure(InputFile::open("/dev/zero"), {"/dev/zero", "a device or a pipe"});
  expectFailure(InputFile::open(folder.path), {folder.path, "a directory"});
  expectFailure(InputFile::open(folder.at("none")), {folder.at("none"), "no such file"});
}

TEST(AtomicFile, appearsOnlyWhenCommitted) {
  Folder folder;
  folder.put("a", "old");
  {
    auto file = AtomicFile::create(folder.at("a"));
    ASSERT_TRUE(file.ok());
    ASSERT_TRUE(file->write(std::string(200'000, 'x')).ok());
    EXPECT_EQ(contents(folder.at("a")), "old");
    EXPECT_EQ(folder.entries().size(), 2u);
  }
  EXPECT_EQ(contents(folder.at("a")), "old");
  EXPECT_EQ(folder.entries(), (std::vector<std::string>{"a"}));
  ASSERT_TRUE(writeWhole(folder.at("a"), "new").ok());
  EXPECT_EQ(contents(folder.at("a")), "new");
  EXPECT_EQ(folder.entries(), (std::vector<std::string>{"a"}));
}

TEST(AtomicFile, namesWhatIsWrong) {
  Folder folder;
  expectFailure(writeWhole(folder.at("none/a"), "x"),
                {"cannot write", "none/a", "no such file or directory"});
  expectFailure(writeWhole(folder.path, "x"), {"it is a directory"});
  expectFailure(readWhole(folder.at("gone")), {"cannot open", "gone", "no such file"});
  expectFailure(readWhole(folder.path), {"it is a directory"});
  expectFailure(readWhole(folder.put("long", "12345"), 4), {"5 bytes", "more than 4"});
}

TEST(AtomicFile, followsLinksAndKeepsThem) {
  Folder folder;
  folder.put("target", "old");
  ASSERT_EQ(symlink("target", folder.at("link").c_str()), 0);
  ASSERT_TRUE(writeWhole(folder.at("link"), "new").ok());
  EXPECT_EQ(contents(folder.at("target")), "new");
  EXPECT_TRUE(std::filesystem::is_symlink(folder.at("link")));
}

TEST(AtomicFile, writesToDevices) {
  EXPECT_TRUE(writeWhole("/dev/null", "x").ok());
  expectFailure(writeWhole("/dev/full", "x"), {"/dev/full", "no space left on device"});
}

TEST(AtomicFile, removesLeftoversOfTheDeadOnly) {
  Folder folder;
  folder.put(".a.tmp-999999999-0", "left by a killed writer");
  folder.put(".b.tmp-999999999-0", "of another file");
  auto living = AtomicFile::create(folder.at("a"));
  ASSERT_TRUE(living.ok());
  EXPECT_EQ(folder.entries().size(), 2u); // the leftover is gone
  ASSERT_TRUE(writeWhole(folder.at("a"), "second").ok());
  ASSERT_TRUE(living->write("first").ok());
  ASSERT_TRUE(living->commit().ok());
  EXPECT_EQ(contents(folder.at("a")), "first");
  EXPECT_EQ(folder.entries(), (std::vector<std::string>{".b.tmp-999999999-0", "a"}));
}

/// Runs `body` in a child process; its result, or -signal.
int inChild(const std::function<int()> &body) {
  pid_t child = fork();
  if (child == 0)
    _exit(body());
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

TEST(AtomicFile, aFullDiskLeavesTheOldFileWhole) {
  Folder folder;
  std::string path = folder.put("a", "old");
  int result = inChild([&] {
    signal(SIGXFSZ, SIG_IGN);
    rlimit limit{100'000, 100'000};
    setrlimit(RLIMIT_FSIZE, &limit);
    Status status = writeWhole(path, std::string(300'000, 'x'));
    return status ? 1 : status.message().find("larger than the limit") == std::string::npos ? 2 : 0;
  });
  EXPECT_EQ(result, 0);
  EXPECT_EQ(contents(path), "old");
  EXPECT_EQ(folder.entries(), (std::vector<std::string>{"a"}));
}

TEST(AtomicFile, aKilledWriterLeavesTheOldOrTheNewFileWhole) {
  Folder folder;
  const std::string first(400'000, 'a'), second(500'000, 'b');
  std::string path = folder.put("a", first);
  for (int round = 0; round < 30; ++round) {
    pid_t child = fork();
    if (child == 0) {
      for (;;)
        (void)writeWhole(path, contents(path) == first ? second : first);
    }
    std::this_thread::sleep_for(std::chrono::microseconds(500 + 700 * round));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    std::string now = contents(path);
    ASSERT_TRUE(now == first || now == second)
        << "round " << round << ": " << now.size() << " bytes";
  }
  ASSERT_TRUE(writeWhole(path, "end").ok());
  EXPECT_EQ(folder.entries(), (std::vector<std::string>{"a"})); // the next writer cleaned up
}

TEST(AtomicFile, writersAtTheSameTimeDoEachOtherNoHarm) {
  Folder folder;
  std::string path = folder.at("a");
  std::vector<pid_t> children;
  for (char letter : {'a', 'b', 'c', 'd'}) {
    pid_t child = fork();
    if (child == 0) {
      for (int i = 0; i < 50; ++i)
        if (!writeWhole(path, std::string(100'000 + letter, letter)))
          _exit(1);
      _exit(0);
    }
    children.push_back(child);
  }
  bool whole = true;
  for (int i = 0; i < 200; ++i) {
    std::string now = contents(path);
    whole = whole && (now.empty() || (now.size() == size_t{100'000} + static_cast<size_t>(now[0]) &&
                                      now.find_first_not_of(now[0]) == std::string::npos));
  }
  EXPECT_TRUE(whole);
  for (pid_t child : children) {
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(folder.entries(), (std::vector<std::string>{"a"}));
}

} // namespace
} // namespace dlc::runtime
