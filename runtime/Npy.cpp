#include "runtime/File.h"
#include "runtime/Format.h"
#include "runtime/Readers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

// The format: the magic, a version, the length of a header, the header (a Python dictionary as
// text), the elements. https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
namespace dlc::runtime {

namespace {

constexpr std::string_view magic = "\x93NUMPY";

struct Header {
  std::string descr; // `<f4`
  bool fortran = false;
  Shape shape;
  size_t begin = 0; // of the elements
};

/// Reads the one kind of Python literal that these headers consist of.
class DictionaryReader {
public:
  explicit DictionaryReader(std::string_view text) : text(text) {}

  bool read(Header &header) {
    bool descr = false, order = false, shape = false;
    if (!take('{'))
      return false;
    while (!take('}')) {
      std::string key;
      if (!string(key) || !take(':'))
        return false;
      if (key == "descr" && !descr)
        descr = string(header.descr);
      else if (key == "fortran_order" && !order)
        order = boolean(header.fortran);
      else if (key == "shape" && !shape)
        shape = tuple(header.shape);
      else
        return false;
      if (!take(',') && peek() != '}')
        return false;
    }
    return descr && order && shape && peek() == 0;
  }

private:
  char peek() {
    while (at < text.size() && (text[at] == ' ' || text[at] == '\n'))
      ++at;
    return at < text.size() ? text[at] : 0;
  }
  bool take(char c) {
    if (peek() != c)
      return false;
    ++at;
    return true;
  }
  bool string(std::string &value) {
    char quote = peek();
    if (quote != '\'' && quote != '"')
      return false;
    size_t close = text.find(quote, at + 1);
    if (close == std::string_view::npos)
      return false;
    value = text.substr(at + 1, close - at - 1);
    at = close + 1;
    return true;
  }
  bool boolean(bool &value) {
    peek();
    for (std::string_view word : {"True", "False"})
      if (text.substr(at, word.size()) == word) {
        value = word == "True";
        at += word.size();
        return true;
      }
    return false;
  }
  bool tuple(Shape &shape) {
    if (!take('('))
      return false;
    while (!take(')')) {
      int64_t size = 0;
      if (char c = peek(); c < '0' || c > '9')
        return false;
      for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at)
        if (__builtin_mul_overflow(size, 10, &size) ||
            __builtin_add_overflow(size, text[at] - '0', &size))
          return false;
      if (at < text.size() && text[at] == 'L') // written by Python 2
        ++at;
      shape.push_back(size);
      if (!take(',') && peek() != ')')
        return false;
    }
    return true;
  }

  std::string_view text;
  size_t at = 0;
};

/// How the elements lie in the file and what they become.
struct Layout {
  size_t bytes;       // of an element in the file
  bool swap;          // big-endian
  ElementType type;   // what it becomes
  bool widen = false; // u16, u32 to the next larger signed type
};

std::optional<Layout> layoutOf(std::string_view descr) {
  if (descr.size() != 3 || std::string_view("<>|=").find(descr[0]) == std::string_view::npos)
    return std::nullopt;
  bool swap = descr[0] == '>';
  static constexpr std::array<std::pair<std::string_view, ElementType>, 9> direct = {
      {{"f8", ElementType::F64},
       {"f4", ElementType::F32},
       {"f2", ElementType::F16},
       {"i8", ElementType::I64},
       {"i4", ElementType::I32},
       {"i2", ElementType::I16},
       {"i1", ElementType::I8},
       {"u1", ElementType::U8},
       {"b1", ElementType::Bool}}};
  for (auto &[code, type] : direct)
    if (descr.substr(1) == code)
      return Layout{sizeOf(type), swap, type};
  if (descr.substr(1) == "u2")
    return Layout{2, swap, ElementType::I32, true};
  if (descr.substr(1) == "u4")
    return Layout{4, swap, ElementType::I64, true};
  return std::nullopt;
}

Status wrong(const InputFile &file, std::string text) {
  return Status::run(fmt::format("cannot read `{}`: {}", file.path(), text));
}

Result<std::pair<Header, Layout>> readHeader(const InputFile &file) {
  std::array<uint8_t, 12> start{};
  if (file.size() < 10)
    return wrong(file, fmt::format("it has {} bytes, too few for a .npy file", file.size()));
  DLC_TRY(file.read(
      std::as_writable_bytes(std::span(start).first(std::min<size_t>(file.size(), 12))), 0));
  if (std::memcmp(start.data(), magic.data(), magic.size()) != 0)
    return wrong(file, "it does not begin as a .npy file does");
  int version = start[6];
  if (version < 1 || version > 3)
    return wrong(file, fmt::format("version {} of the format is not known", version));
  size_t lengthBytes = version == 1 ? 2 : 4, length = 0, begin = 8 + lengthBytes;
  for (size_t i = lengthBytes; i-- > 0;)
    length = length << 8 | start[8 + i];
  if (file.size() < begin || length > file.size() - begin)
    return wrong(file, "it is cut short in its header");
  std::string text(length, '\0');
  DLC_TRY(file.read(std::as_writable_bytes(std::span(text)), begin));
  Header header;
  header.begin = begin + length;
  if (!DictionaryReader(text).read(header))
    return wrong(file, "its header " + inBackticks(text) + " is not understood");
  auto layout = layoutOf(header.descr);
  if (!layout)
    return wrong(file, "elements of type " + inBackticks(header.descr) + " are not supported");
  auto count = elementCount(header.shape, layout->type);
  size_t has = file.size() - header.begin;
  if (!count || static_cast<size_t>(*count) * layout->bytes != has)
    return wrong(file, fmt::format("`{}` does not fill its {} bytes",
                                   typeText(layout->type, header.shape),
                                   formatCount(static_cast<int64_t>(has))));
  return std::pair(std::move(header), *layout);
}

/// Rearranges elements from Fortran order (the first axis fastest) to C order.
Result<Tensor> fromFortran(const Tensor &tensor) {
  DLC_ASSIGN(result, Tensor::zeros(tensor.type(), tensor.shape()));
  const Shape &shape = tensor.shape();
  size_t bytes = sizeOf(tensor.type()), rank = shape.size();
  std::vector<size_t> stride(rank, bytes);
  for (size_t axis = 1; axis < rank; ++axis)
    stride[axis] = stride[axis - 1] * static_cast<size_t>(shape[axis - 1]);
  std::vector<int64_t> place(rank, 0);
  size_t from = 0;
  for (int64_t i = 0; i < tensor.count(); ++i) {
    std::memcpy(result.data() + static_cast<size_t>(i) * bytes, tensor.data() + from, bytes);
    for (size_t axis = rank; axis-- > 0;) {
      from += stride[axis];
      if (++place[axis] < shape[axis])
        break;
      from -= stride[axis] * static_cast<size_t>(shape[axis]);
      place[axis] = 0;
    }
  }
  return result;
}

/// The file's elements are the first half of the result's memory; extends them with zeros, from the
/// back.
template <typename Narrow, typename Wide> void widen(const Tensor &tensor) {
  for (size_t i = static_cast<size_t>(tensor.count()); i-- > 0;) {
    Narrow narrow;
    std::memcpy(&narrow, tensor.data() + i * sizeof narrow, sizeof narrow);
    Wide wide = narrow;
    std::memcpy(tensor.data() + i * sizeof wide, &wide, sizeof wide);
  }
}

} // namespace

Result<ArrayType> readNpyType(const std::string &path) {
  DLC_ASSIGN(file, InputFile::open(path));
  DLC_ASSIGN(header, readHeader(file));
  return ArrayType{header.second.type, header.first.shape};
}

Result<Tensor> readNpy(const std::string &path) {
  DLC_ASSIGN(file, InputFile::open(path));
  DLC_ASSIGN(headerAndLayout, readHeader(file));
  auto &[header, layout] = headerAndLayout;
  auto tensor = Tensor::zeros(layout.type, header.shape);
  if (!tensor)
    return std::move(tensor.status()).within(fmt::format("cannot read `{}`", path));
  size_t bytes = static_cast<size_t>(tensor->count()) * layout.bytes;
  DLC_TRY(file.read({tensor->data(), bytes}, header.begin));
  if (layout.swap && layout.bytes > 1)
    for (std::byte *at = tensor->data(), *end = at + bytes; at != end; at += layout.bytes)
      std::reverse(at, at + layout.bytes);
  if (layout.widen && layout.bytes == 2)
    widen<uint16_t, int32_t>(*tensor);
  else if (layout.widen)
    widen<uint32_t, int64_t>(*tensor);
  if (layout.type == ElementType::Bool)
    for (uint8_t &flag : tensor->as<uint8_t>())
      flag = flag != 0;
  return header.fortran && tensor->rank() > 1 ? fromFortran(*tensor) : tensor;
}

Status writeNpy(const std::string &path, const Tensor &tensor) {
  if (tensor.type() == ElementType::BF16) {
    DLC_ASSIGN(wide, tensor.converted(ElementType::F32));
    return writeNpy(path, wide);
  }
  static constexpr std::array<std::string_view, 10> descr = {"<f8", "<f4", "<f2", "",    "<i8",
                                                             "<i4", "<i2", "|i1", "|u1", "|b1"};
  std::string shape;
  for (int64_t size : tensor.shape())
    shape += fmt::format("{}, ", size);
  if (tensor.rank() > 1)
    shape.resize(shape.size() - 2);
  else if (tensor.rank() == 1)
    shape.pop_back();
  std::string header = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}), }}",
                                   descr[static_cast<size_t>(tensor.type())], shape);
  // Filled with blanks so that the elements begin at a multiple of 64 bytes.
  size_t total = (10 + header.size() + 1 + 63) / 64 * 64;
  header.resize(total - 11, ' ');
  header += '\n';
  if (header.size() > 0xffff)
    return Status::run(fmt::format(
        "cannot write `{}`: an array of rank {} is too much for a .npy file", path, tensor.rank()));
  std::string start(magic);
  start +=
      {'\1', '\0', static_cast<char>(header.size() & 0xff), static_cast<char>(header.size() >> 8)};
  DLC_ASSIGN(file, AtomicFile::create(path));
  DLC_TRY(file.write(start));
  DLC_TRY(file.write(header));
  DLC_TRY(file.write(tensor.data(), tensor.bytes()));
  return file.commit();
}

} // namespace dlc::runtime
