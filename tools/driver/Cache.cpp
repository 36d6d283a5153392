#include "tools/driver/Cache.h"

#include "tools/driver/Data.h"
#include "tools/driver/Processor.h"
#include "tools/driver/Session.h"

#include "codegen/cpu/Compile.h"
#include "runtime/Checkpoint.h"
#include "runtime/DataFiles.h"
#include "runtime/File.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/SHA256.h"
#include "llvm/Support/xxhash.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <link.h>
#include <unistd.h>

namespace dlc::driver {

using Json = nlohmann::json;
using runtime::Checkpoint;
using runtime::Tensor;

namespace {

/// Bytes of all entries together.
constexpr uintmax_t sizeLimit = uintmax_t{512} << 20;

std::string hashOf(const std::string &text) {
  std::array<uint8_t, 32> digest = llvm::SHA256::hash(llvm::arrayRefFromStringRef(text));
  return llvm::toHex(digest, /*LowerCase=*/true);
}

/// The build id that the linker gave this program.
std::string buildId() {
  std::string id;
  dl_iterate_phdr(
      [](dl_phdr_info *info, size_t, void *out) {
        for (int i = 0; i < info->dlpi_phnum; ++i) {
          if (info->dlpi_phdr[i].p_type != PT_NOTE)
            continue;
          const char *at = reinterpret_cast<const char *>(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);
          const char *end = at + info->dlpi_phdr[i].p_memsz;
          while (at + sizeof(ElfW(Nhdr)) <= end) {
            ElfW(Nhdr) header;
            std::memcpy(&header, at, sizeof header);
            const char *name = at + sizeof header, *value = name + ((header.n_namesz + 3) & ~3u);
            if (header.n_type == 3 && header.n_namesz == 4 && std::memcmp(name, "GNU", 4) == 0) {
              static_cast<std::string *>(out)->assign(value, header.n_descsz);
              return 1;
            }
            at = value + ((header.n_descsz + 3) & ~3u);
          }
        }
        return 1; // the first object is the program itself
      },
      &id);
  return llvm::toHex(id, true);
}

/// Of the code and of how it is called.
std::string sumOf(const Tensor &object, const std::string &manifest) {
  llvm::ArrayRef<uint8_t> code(reinterpret_cast<const uint8_t *>(object.data()), object.bytes());
  return fmt::format("{:016x}{:016x}", llvm::xxh3_64bits(code), llvm::xxh3_64bits(manifest));
}

std::string fileHash(const std::string &path) {
  auto text = runtime::readWhole(path);
  return text ? hashOf(*text) : "";
}

Json toJson(const DataAnswer &answer) {
  Json columns = Json::array();
  for (const frontend::ReaderColumn &column : answer.request.columns)
    columns.push_back({{"name", column.name}, {"element", static_cast<int>(column.element)}, {"shape", column.rowShape}});
  return {{"kind", answer.request.kind}, {"files", answer.request.files}, {"columns", columns}, {"schema", answer.schema}};
}

DataAnswer answerOf(const Json &json) {
  DataAnswer answer;
  answer.request.kind = json.value("kind", "");
  for (const Json &file : json.value("files", Json::array()))
    answer.request.files.push_back(file.is_string() ? file.get<std::string>() : "");
  for (const Json &column : json.value("columns", Json::array())) {
    frontend::ReaderColumn wanted;
    wanted.name = column.value("name", "");
    wanted.element = static_cast<frontend::ElementType>(column.value("element", 0));
    for (const Json &size : column.value("shape", Json::array()))
      wanted.rowShape.push_back(size.is_number_integer() ? size.get<int64_t>() : 0);
    answer.request.columns.push_back(wanted);
  }
  answer.schema = json.value("schema", "");
  return answer;
}

/// Whether the files that the program was made from are what they were.
bool isCurrent(const Json &json, const Arguments &arguments) {
  // In a variable: a range-for does not prolong the life of what `items` refers to.
  const Json sources = json.value("sources", Json::object());
  for (const auto &[path, hash] : sources.items())
    if (!hash.is_string() || fileHash(path) != hash.get<std::string>())
      return false;
  FileDataSource source(dataPathOf(arguments), true, 0);
  for (const Json &entry : json.value("data", Json::array())) {
    DataAnswer answer = answerOf(entry);
    std::string error;
    auto schema = source.open(answer.request, error);
    if (!schema || schemaText(*schema) != answer.schema)
      return false;
  }
  return true;
}

/// Removes what was not used for longest.
void keepBelowLimit(const std::filesystem::path &folder) {
  struct Entry {
    std::filesystem::path path;
    std::filesystem::file_time_type used;
    uintmax_t bytes;
  };
  std::vector<Entry> entries;
  uintmax_t total = 0;
  std::error_code ignored;
  for (const auto &file : std::filesystem::directory_iterator(folder, ignored)) {
    if (file.path().extension() != ".program")
      continue;
    entries.push_back({file.path(), file.last_write_time(ignored), file.file_size(ignored)});
    total += entries.back().bytes;
  }
  std::sort(entries.begin(), entries.end(), [](const Entry &a, const Entry &b) { return a.used < b.used; });
  for (const Entry &entry : entries) {
    if (total <= sizeLimit)
      return;
    std::filesystem::remove(entry.path, ignored);
    total -= entry.bytes;
  }
}

} // namespace

std::string schemaText(const frontend::ReaderSchema &schema) {
  std::string text = schema.rows ? std::to_string(*schema.rows) : "?";
  for (const frontend::ReaderColumn &column : schema.columns)
    text += fmt::format(" {}:{}[{}]", column.name, static_cast<int>(column.element), fmt::join(column.rowShape, ","));
  return text;
}

CodeCache::CodeCache(const Arguments &arguments, const std::string &variant) : arguments(arguments) {
  if (arguments.noCache || arguments.target != "cpu" || arguments.remarks || arguments.roundTrip ||
      std::getenv("DLC_ROUND_TRIP") || !arguments.printAfter.empty())
    return;
  auto text = runtime::readWhole(arguments.positional[0]);
  std::string id = buildId();
  if (!text || id.empty())
    return;
  std::error_code nowhere; // the current folder may be gone
  std::filesystem::path program = std::filesystem::absolute(arguments.positional[0], nowhere);
  if (nowhere)
    return;
  auto processor = processorOf(arguments);
  if (!processor)
    return;
  std::string key = fmt::format("{}\n{}\n{}\n{} {} {}\n{}\n{}\n{}\n", id, program.string(), *text, arguments.cpu, processor->name, featuresOf(*processor),
                                arguments.precision, arguments.seed ? std::to_string(*arguments.seed) : "", variant);
  for (const auto &[name, value] : arguments.set)
    key += fmt::format("{}={}\n", name, value);
  path = (std::filesystem::path(runtime::codeCacheRoot()) / (hashOf(key) + ".program")).string();
}

std::optional<CachedProgram> CodeCache::find() const {
  if (path.empty() || access(path.c_str(), R_OK) != 0)
    return std::nullopt;
  auto file = runtime::readSafetensors(path);
  if (!file)
    return std::nullopt;
  Json json = Json::parse(file->metadata["program"], nullptr, false);
  auto manifest = fromJson(file->metadata["manifest"]);
  const Tensor *object = file->find("object");
  // Code that is not what was written must not be run: a file of a cache may have lost blocks of its disk.
  if (json.is_discarded() || !manifest || !object || sumOf(*object, file->metadata["manifest"]) != json.value("sum", "") ||
      !isCurrent(json, arguments))
    return std::nullopt;
  CachedProgram program;
  program.manifest = std::move(*manifest);
  program.seed = json.value("seed", int64_t{0});
  program.code.object.assign(reinterpret_cast<const char *>(object->data()), object->bytes());
  const Json functions = json.value("functions", Json::object()), known = json.value("known", Json::object());
  for (const auto &[name, function] : functions.items())
    program.code.functions[name] = {function.value("entry", ""), function.value("arena", int64_t{0}),
                                    function.value("workspace", int64_t{0})};
  for (const auto &[name, count] : known.items()) {
    program.known[name]; // also where it has no results
    for (int64_t i = 0; i < count.get<int64_t>(); ++i) {
      const Tensor *value = file->find(fmt::format("known:{}:{}", name, i));
      if (!value)
        return std::nullopt;
      program.known[name].push_back(*value);
    }
  }
  std::error_code ignored;
  std::filesystem::last_write_time(path, std::filesystem::file_time_type::clock::now(), ignored);
  return program;
}

void CodeCache::store(const CachedProgram &program) const {
  if (path.empty())
    return;
  std::error_code ignored;
  std::filesystem::path folder = std::filesystem::path(path).parent_path();
  std::filesystem::create_directories(folder, ignored);
  Checkpoint file;
  Json json = {{"seed", program.seed}, {"sources", Json::object()}, {"functions", Json::object()}, {"known", Json::object()},
               {"data", Json::array()}};
  for (const std::string &source : program.sources)
    json["sources"][source] = fileHash(source);
  for (const DataAnswer &answer : program.data)
    json["data"].push_back(toJson(answer));
  for (const auto &[name, function] : program.code.functions)
    json["functions"][name] = {{"entry", function.entry}, {"arena", function.arenaBytes}, {"workspace", function.workspaceBytes}};
  for (const auto &[name, values] : program.known) {
    json["known"][name] = values.size();
    for (size_t i = 0; i < values.size(); ++i)
      file.tensors.push_back({fmt::format("known:{}:{}", name, i), values[i]});
  }
  std::string object = program.code.object;
  file.tensors.push_back({"object", Tensor::borrowed(runtime::ElementType::U8, {static_cast<int64_t>(object.size())}, object.data())});
  std::string manifest = driver::toJson(program.manifest);
  json["sum"] = sumOf(file.tensors.back().value, manifest);
  file.metadata = {{"program", json.dump()}, {"manifest", manifest}};
  // A full disk or a folder that cannot be written: the next run compiles again.
  if (runtime::writeSafetensors(path, file))
    keepBelowLimit(folder);
}

} // namespace dlc::driver
