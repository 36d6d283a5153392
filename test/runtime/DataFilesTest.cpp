#include "runtime/DataFiles.h"

#include "test/runtime/Files.h"

namespace dlc::runtime {
namespace {

class DataFiles : public testing::Test {
protected:
  DataFiles() {
    for (const char *name : {"program", "here", "given", "fetched/mnist"})
      std::filesystem::create_directories(folder.at(name));
    setenv("DLC_DATA", folder.at("fetched").c_str(), 1);
    before = std::filesystem::current_path();
    std::filesystem::current_path(folder.at("here"));
  }
  ~DataFiles() override {
    std::filesystem::current_path(before);
    unsetenv("DLC_DATA");
  }
  DataPath path() { return {folder.at("program"), {folder.at("given")}}; }

  Folder folder;
  std::filesystem::path before;
};

TEST_F(DataFiles, looksInOrder) {
  folder.put("fetched/a.csv", "");
  EXPECT_EQ(*findDataFile("a.csv", path()), folder.at("fetched/a.csv"));
  folder.put("given/a.csv", "");
  EXPECT_EQ(*findDataFile("a.csv", path()), folder.at("given/a.csv"));
  folder.put("here/a.csv", "");
  EXPECT_EQ(*findDataFile("a.csv", path()), "a.csv");
  folder.put("program/a.csv", "");
  EXPECT_EQ(*findDataFile("a.csv", path()), folder.at("program/a.csv"));
  EXPECT_EQ(*findDataFile(folder.at("given/a.csv"), path()), folder.at("given/a.csv"));
}

TEST_F(DataFiles, aFetchedSetIsAFolder) {
  folder.put("fetched/mnist/train", "");
  EXPECT_EQ(*findDataFile("mnist/train", path()), folder.at("fetched/mnist/train"));
  expectFailure(findDataFile("mnist/test", path()),
                {"`mnist/test` is not there", "the set has `mnist/train-images-idx3-ubyte`, "});
  expectFailure(findDataFile("mnist/t10k-labels-idx1-ubyte", path()), {"`dlc data mnist` fetches it"});
}

TEST_F(DataFiles, namesWhereItLooked) {
  expectFailure(findDataFile("b.csv", path()), {"`b.csv` is not there", folder.at("program"), "`.`",
                                                folder.at("given"), folder.at("fetched")});
  expectFailure(findDataFile("mnist", path()), {"looked in"}); // a folder is no file
  expectFailure(findDataFile("", path()), {"empty"});
  expectFailure(findDataFile("/none/b.csv", path()), {"`/none/b.csv` is not there"});
  expectFailure(findDataFile(bytes("a\0b"), path()), {"NUL"});
}

TEST(DataRoot, followsTheEnvironment) {
  setenv("DLC_DATA", "/x/data", 1);
  EXPECT_EQ(fetchedDataRoot(), "/x/data");
  unsetenv("DLC_DATA");
  setenv("XDG_CACHE_HOME", "/x/cache", 1);
  EXPECT_EQ(fetchedDataRoot(), "/x/cache/dlc/data");
  EXPECT_EQ(codeCacheRoot(), "/x/cache/dlc/code");
  unsetenv("XDG_CACHE_HOME");
  std::string home = getenv("HOME") ? getenv("HOME") : "";
  setenv("HOME", "/x/home", 1);
  EXPECT_EQ(fetchedDataRoot(), "/x/home/.cache/dlc/data");
  setenv("HOME", home.c_str(), 1);
  setenv("DLC_CACHE", "/x/code", 1);
  EXPECT_EQ(codeCacheRoot(), "/x/code");
  unsetenv("DLC_CACHE");
}

} // namespace
} // namespace dlc::runtime
