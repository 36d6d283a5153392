#include "runtime/Checkpoint.h"

#include "runtime/File.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <set>

// The format: 8 bytes, little-endian, the length of a JSON header; the header; the data. Offsets
// count from the end of the header; entries may neither overlap nor leave a gap.
// https://huggingface.co/docs/safetensors
namespace dlc::runtime {

namespace {

using Json = nlohmann::json;

constexpr std::string_view metadataKey = "__metadata__";
constexpr size_t mostHeaderBytes = 100'000'000; // the limit of the reference implementation

constexpr std::array<std::pair<std::string_view, ElementType>, 10> dtypes = {
    {{"F64", ElementType::F64},
     {"F32", ElementType::F32},
     {"F16", ElementType::F16},
     {"BF16", ElementType::BF16},
     {"I64", ElementType::I64},
     {"I32", ElementType::I32},
     {"I16", ElementType::I16},
     {"I8", ElementType::I8},
     {"U8", ElementType::U8},
     {"BOOL", ElementType::Bool}}};

std::string_view dtypeOf(ElementType type) {
  return std::find_if(dtypes.begin(), dtypes.end(), [&](auto &row) { return row.second == type; })
      ->first;
}

struct Entry {
  std::string name;
  ElementType type;
  Shape shape;
  size_t begin, end;
};

/// The order of the data: large elements first, so that each stays aligned without padding, then by
/// name.
std::vector<const NamedTensor *> ordered(const Checkpoint &checkpoint) {
  std::vector<const NamedTensor *> order;
  for (const NamedTensor &entry : checkpoint.tensors)
    order.push_back(&entry);
  std::sort(order.begin(), order.end(), [](const NamedTensor *a, const NamedTensor *b) {
    size_t left = sizeOf(a->value.type()), right = sizeOf(b->value.type());
    return left != right ? left > right : a->name < b->name;
  });
  return order;
}

/// A JSON object from an object of numbers that are whole and not negative, or nothing.
std::optional<std::vector<int64_t>> wholeNumbers(const Json &json) {
  if (!json.is_array())
    return std::nullopt;
  std::vector<int64_t> numbers;
  for (const Json &number : json) {
    if (!number.is_number_unsigned() || number.get<uint64_t>() > uint64_t{1} << 62)
      return std::nullopt;
    numbers.push_back(static_cast<int64_t>(number.get<uint64_t>()));
  }
  return numbers;
}

Status readEntry(const std::string &name, const Json &json, size_t dataBytes, Entry &entry) {
  auto wrong = [&](std::string text) {
    return Status::run(fmt::format("entry `{}` {}", name, text));
  };
  if (!json.is_object() || !json.contains("dtype") || !json.contains("shape") ||
      !json.contains("data_offsets"))
    return wrong("needs `dtype`, `shape` and `data_offsets`");
  const Json &dtype = json["dtype"];
  auto row = std::find_if(dtypes.begin(), dtypes.end(), [&](auto &row) {
    return dtype.is_string() && dtype.get_ref<const std::string &>() == row.first;
  });
  if (row == dtypes.end())
    return wrong("has an element type that is not supported: " +
                 dtype.dump(-1, ' ', true, Json::error_handler_t::replace));
  auto shape = wholeNumbers(json["shape"]);
  if (!shape)
    return wrong("has a `shape` that is no list of sizes");
  auto offsets = wholeNumbers(json["data_offsets"]);
  if (!offsets || offsets->size() != 2 || (*offsets)[0] > (*offsets)[1])
    return wrong("has `data_offsets` that are no begin and end");
  entry = {name, row->second, *shape, static_cast<size_t>((*offsets)[0]),
           static_cast<size_t>((*offsets)[1])};
  if (entry.end > dataBytes)
    return wrong(
        fmt::format("ends at byte {} of the data, the file holds {}", entry.end, dataBytes));
  auto count = elementCount(entry.shape, entry.type);
  if (!count || static_cast<size_t>(*count) * sizeOf(entry.type) != entry.end - entry.begin)
    return wrong(fmt::format("is `{}`, which does not fill its {} bytes",
                             typeText(entry.type, entry.shape), entry.end - entry.begin));
  return {};
}

/// Parses the header; a name that stands twice is an error, which the parser alone would not see.
Status parseHeader(const std::string &text, Json &header) {
  std::set<std::string> names;
  std::string twice;
  auto watch = [&](int depth, Json::parse_event_t event, Json &parsed) {
    if (depth == 1 && event == Json::parse_event_t::key &&
        !names.insert(parsed.get<std::string>()).second)
      twice = parsed.get<std::string>();
    return true;
  };
  header = Json::parse(text, watch, /*allow_exceptions=*/false);
  if (header.is_discarded() || !header.is_object())
    return Status::run("its header is not a JSON object, so it is no safetensors file");
  if (!twice.empty())
    return Status::run(fmt::format("entry `{}` stands twice in its header", twice));
  return {};
}

Status readMetadata(const Json &json, std::map<std::string, std::string> &metadata) {
  if (!json.is_object())
    return Status::run("`__metadata__` is not an object");
  for (const auto &[key, value] : json.items()) {
    if (!value.is_string())
      return Status::run(fmt::format("`__metadata__` holds `{}`, which is not a string", key));
    metadata[key] = value.get<std::string>();
  }
  return {};
}

Status checkLayout(std::vector<Entry> &entries, size_t dataBytes) {
  std::sort(entries.begin(), entries.end(), [](const Entry &a, const Entry &b) {
    return a.begin != b.begin ? a.begin < b.begin
           : a.end != b.end   ? a.end < b.end
                              : a.name < b.name;
  });
  size_t at = 0;
  for (size_t i = 0; i < entries.size(); ++i) {
    if (entries[i].begin < at)
      return Status::run(
          fmt::format("entries `{}` and `{}` overlap", entries[i - 1].name, entries[i].name));
    if (entries[i].begin > at)
      return Status::run(fmt::format("{} bytes before entry `{}` belong to none",
                                     entries[i].begin - at, entries[i].name));
    at = entries[i].end;
  }
  if (at != dataBytes)
    return Status::run(fmt::format("the last {} bytes belong to no entry", dataBytes - at));
  return {};
}

Result<Checkpoint> readOpen(const InputFile &file) {
  unsigned char lengthBytes[8];
  if (file.size() < 8)
    return Status::run(fmt::format("it has {} bytes, too few for a safetensors file", file.size()));
  DLC_TRY(file.read(std::as_writable_bytes(std::span(lengthBytes)), 0));
  uint64_t length = 0;
  for (int i = 7; i >= 0; --i)
    length = length << 8 | lengthBytes[i];
  if (length > mostHeaderBytes || length > file.size() - 8)
    return Status::run(fmt::format(
        "its header would have {} bytes, so it is cut short or no safetensors file", length));
  std::string text(length, '\0');
  DLC_TRY(file.read(std::as_writable_bytes(std::span(text)), 8));
  Json header;
  DLC_TRY(parseHeader(text, header));

  Checkpoint checkpoint;
  std::vector<Entry> entries;
  size_t dataBytes = file.size() - 8 - length;
  for (const auto &[name, json] : header.items()) {
    if (name == metadataKey) {
      DLC_TRY(readMetadata(json, checkpoint.metadata));
      continue;
    }
    Entry entry;
    DLC_TRY(readEntry(name, json, dataBytes, entry));
    entries.push_back(std::move(entry));
  }
  DLC_TRY(checkLayout(entries, dataBytes));
  for (Entry &entry : entries) {
    DLC_ASSIGN(tensor, Tensor::zeros(entry.type, entry.shape));
    DLC_TRY(file.read({tensor.data(), tensor.bytes()}, 8 + length + entry.begin));
    if (entry.type == ElementType::Bool)
      for (uint8_t flag : tensor.as<uint8_t>())
        if (flag > 1)
          return Status::run(fmt::format("entry `{}` is bool and holds {}", entry.name, flag));
    checkpoint.tensors.push_back({std::move(entry.name), std::move(tensor)});
  }
  return checkpoint;
}

} // namespace

const Tensor *Checkpoint::find(std::string_view name) const {
  for (const NamedTensor &entry : tensors)
    if (entry.name == name)
      return &entry.value;
  return nullptr;
}

Status writeSafetensors(const std::string &path, const Checkpoint &checkpoint) {
  Json header = Json::object();
  if (!checkpoint.metadata.empty())
    header[std::string(metadataKey)] = checkpoint.metadata;
  auto order = ordered(checkpoint);
  size_t offset = 0;
  for (const NamedTensor *entry : order) {
    if (entry->name == metadataKey || header.contains(entry->name))
      return Status::run(
          fmt::format("cannot write `{}`: two entries are named `{}`", path, entry->name));
    size_t end = offset + entry->value.bytes();
    header[entry->name] = {{"dtype", dtypeOf(entry->value.type())},
                           {"shape", entry->value.shape()},
                           {"data_offsets", {offset, end}}};
    offset = end;
  }
  std::string text = header.dump(-1, ' ', false, Json::error_handler_t::replace);
  text.resize((text.size() + 7) / 8 * 8, ' '); // so that the data begins aligned
  unsigned char length[8];
  for (int i = 0; i < 8; ++i)
    length[i] = static_cast<unsigned char>(uint64_t{text.size()} >> (8 * i));

  DLC_ASSIGN(file, AtomicFile::create(path));
  DLC_TRY(file.write(length, sizeof length));
  DLC_TRY(file.write(text));
  for (const NamedTensor *entry : order)
    DLC_TRY(file.write(entry->value.data(), entry->value.bytes()));
  return file.commit();
}

Result<Checkpoint> readSafetensors(const std::string &path) {
  DLC_ASSIGN(file, InputFile::open(path));
  auto checkpoint = readOpen(file);
  if (!checkpoint)
    return std::move(checkpoint.status()).within(fmt::format("cannot read `{}`", path));
  return checkpoint;
}

} // namespace dlc::runtime
