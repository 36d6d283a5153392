#include "runtime/File.h"
#include "runtime/Format.h"
#include "runtime/Readers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace dlc::runtime {

namespace {

struct Header {
  ArrayType array;
  size_t bytes; // of the header itself
};

std::optional<ElementType> elementTypeOf(uint8_t code) {
  switch (code) {
  case 0x08:
    return ElementType::U8;
  case 0x09:
    return ElementType::I8;
  case 0x0B:
    return ElementType::I16;
  case 0x0C:
    return ElementType::I32;
  case 0x0D:
    return ElementType::F32;
  case 0x0E:
    return ElementType::F64;
  default:
    return std::nullopt;
  }
}

Result<Header> readHeader(const InputFile &file) {
  auto wrong = [&](std::string text) {
    return Status::run(fmt::format("cannot read `{}`: {}", file.path(), text));
  };
  std::array<uint8_t, 4> magic{};
  if (file.size() < magic.size())
    return wrong(fmt::format("it has {} bytes, too few for an IDX file", file.size()));
  DLC_TRY(file.read(std::as_writable_bytes(std::span(magic)), 0));
  if (magic[0] == 0x1f && magic[1] == 0x8b)
    return wrong("it is compressed with gzip; unpack it with `gunzip`");
  auto type = elementTypeOf(magic[2]);
  if (magic[0] != 0 || magic[1] != 0 || !type || magic[3] == 0)
    return wrong(
        fmt::format("it begins with the bytes {:02x} {:02x} {:02x} {:02x}, which is no IDX file",
                    magic[0], magic[1], magic[2], magic[3]));
  Header header{{*type, {}}, 4 + size_t{4} * magic[3]};
  if (file.size() < header.bytes)
    return wrong(fmt::format("it is cut short in its header: {} axes need {} bytes, it has {}",
                             magic[3], header.bytes, file.size()));
  std::vector<uint8_t> sizes(size_t{4} * magic[3]);
  DLC_TRY(file.read(std::as_writable_bytes(std::span(sizes)), 4));
  for (size_t axis = 0; axis < magic[3]; ++axis) {
    const uint8_t *at = &sizes[4 * axis];
    header.array.shape.push_back(int64_t{at[0]} << 24 | at[1] << 16 | at[2] << 8 | at[3]);
  }
  auto count = elementCount(header.array.shape, *type);
  std::string text = typeText(*type, header.array.shape);
  if (!count)
    return wrong(fmt::format("its header says `{}`, which is too large", text));
  size_t expected = header.bytes + static_cast<size_t>(*count) * sizeOf(*type);
  if (file.size() < expected)
    return wrong(fmt::format("it is cut short: `{}` needs {} bytes, it has {}", text,
                             formatCount(static_cast<int64_t>(expected)),
                             formatCount(static_cast<int64_t>(file.size()))));
  if (file.size() > expected)
    return wrong(fmt::format("{} bytes follow the {} of `{}`",
                             formatCount(static_cast<int64_t>(file.size() - expected)),
                             formatCount(static_cast<int64_t>(expected)), text));
  return header;
}

} // namespace

Result<ArrayType> readIdxType(const std::string &path) {
  DLC_ASSIGN(file, InputFile::open(path));
  DLC_ASSIGN(header, readHeader(file));
  return header.array;
}

Result<Tensor> readIdx(const std::string &path) {
  DLC_ASSIGN(file, InputFile::open(path));
  DLC_ASSIGN(header, readHeader(file));
  auto tensor = Tensor::zeros(header.array.type, header.array.shape);
  if (!tensor)
    return std::move(tensor.status()).within(fmt::format("cannot read `{}`", path));
  DLC_TRY(file.read({tensor->data(), tensor->bytes()}, header.bytes));
  if (size_t size = sizeOf(tensor->type()); size > 1) // big-endian in the file
    for (std::byte *at = tensor->data(), *end = at + tensor->bytes(); at != end; at += size)
      std::reverse(at, at + size);
  return tensor;
}

} // namespace dlc::runtime
