#include "runtime/DataFiles.h"

#include "runtime/DataSets.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

namespace dlc::runtime {

namespace {

std::string variable(const char *name) {
  const char *value = std::getenv(name);
  return value ? value : "";
}

std::string userCache() {
  if (std::string cache = variable("XDG_CACHE_HOME"); cache.starts_with('/'))
    return cache;
  std::string home = variable("HOME");
  if (home.empty())
    if (passwd *user = getpwuid(getuid()); user && user->pw_dir)
      home = user->pw_dir;
  return (home.empty() ? "/tmp" : home) + "/.cache";
}

bool isFile(const std::string &path) {
  struct stat info {};
  return stat(path.c_str(), &info) == 0 && !S_ISDIR(info.st_mode);
}

std::string joined(const std::string &folder, const std::string &name) {
  return folder.empty() ? name : folder.ends_with('/') ? folder + name : folder + "/" + name;
}

} // namespace

std::string fetchedDataRoot() {
  std::string root = variable("DLC_DATA");
  return root.empty() ? userCache() + "/dlc/data" : root;
}

std::string codeCacheRoot() {
  std::string root = variable("DLC_CACHE");
  return root.empty() ? userCache() + "/dlc/code" : root;
}

Result<std::string> findDataFile(const std::string &name, const DataPath &path) {
  auto missing = [&](std::string rest) {
    return Status::run(fmt::format("`{}` is not there{}", name, rest));
  };
  if (name.empty())
    return Status::error(ErrorKind::Program, "the name of a file is empty");
  if (name.find('\0') != std::string::npos)
    return Status::error(ErrorKind::Program, "the name of a file holds a NUL byte");
  if (name[0] == '/')
    return isFile(name) ? Result<std::string>(name) : missing("");
  std::vector<std::string> folders = {path.programFolder, ""};
  folders.insert(folders.end(), path.folders.begin(), path.folders.end());
  folders.push_back(fetchedDataRoot());
  std::vector<std::string> looked;
  for (const std::string &folder : folders) {
    std::string candidate = joined(folder, name);
    if (isFile(candidate))
      return candidate;
    std::string shown = folder.empty() ? "." : folder;
    if (std::find(looked.begin(), looked.end(), shown) == looked.end())
      looked.push_back(shown);
  }
  size_t slash = name.find('/');
  std::string first = name.substr(0, slash);
  if (const DataSet *set = slash == std::string::npos ? nullptr : findDataSet(first)) {
    std::vector<std::string> names;
    for (const DataSetFile &file : set->files)
      names.push_back(fmt::format("`{}/{}`", set->name, file.name));
    bool isOne = std::find(names.begin(), names.end(), "`" + name + "`") != names.end();
    return missing(isOne ? fmt::format("; `dlc data {}` fetches it", first) : fmt::format("; the set has {}", fmt::join(names, ", ")));
  }
  return missing(fmt::format("; looked in `{}`", fmt::join(looked, "`, `")));
}

} // namespace dlc::runtime
