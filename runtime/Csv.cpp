#include "runtime/File.h"
#include "runtime/Format.h"
#include "runtime/Readers.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace dlc::runtime {

namespace {

/// Splits a text into records of fields. A field is valid until the next record.
class Scanner {
public:
  Scanner(std::string path, std::string_view text, char separator)
      : path(std::move(path)), text(text), separator(separator) {
    if (this->text.substr(0, 3) == "\xEF\xBB\xBF")
      this->text.remove_prefix(3);
  }

  /// The next record that is not an empty line; false at the end.
  Result<bool> next() {
    while (at < text.size() && (text[at] == '\n' || text.substr(at, 2) == "\r\n")) {
      at += text[at] == '\n' ? 1 : 2;
      ++line;
    }
    if (at == text.size())
      return false;
    fields.clear();
    unescaped.clear();
    recordLine = line;
    ++records;
    for (;;) {
      DLC_TRY(field());
      if (at < text.size() && text[at] == separator) {
        ++at;
        continue;
      }
      break;
    }
    if (at < text.size()) { // a line end
      at += text[at] == '\r' ? 2 : 1;
      ++line;
    }
    return true;
  }

  std::vector<std::string_view> fields;

  /// Rows of data are counted from 1 after the header.
  Status wrong(std::string message) const {
    std::string row = records > 1 ? fmt::format("row {}", records - 1) : "the header";
    return Status::run(fmt::format("{}:{}: {}{}", path, recordLine, row, message));
  }
  Status wrongField(size_t column, std::string_view name, std::string message) const {
    return wrong(fmt::format(", column {} ({}): {}", column + 1, inBackticks(name), message));
  }

private:
  Status field() {
    size_t start = at;
    while (start < text.size() && text[start] == ' ')
      ++start;
    if (start < text.size() && text[start] == '"') {
      at = start;
      return quotedField();
    }
    size_t end = at;
    for (; end < text.size() && text[end] != separator && text[end] != '\n'; ++end)
      if (text[end] == 0)
        return wrong(": it holds a NUL byte, so the file is no text");
    std::string_view value = text.substr(at, end - at);
    at = end;
    if (at < text.size() && text[at] == '\n' && value.ends_with('\r')) {
      value.remove_suffix(1);
      --at; // the line end begins with the carriage return
    } else if (at == text.size() && value.ends_with('\r')) {
      value.remove_suffix(1);
    }
    fields.push_back(trimmed(value));
    return {};
  }

  Status quotedField() {
    size_t begin = ++at;
    bool escapes = false;
    for (;; ++at) {
      at = std::min(text.find('"', at), text.size());
      if (at == text.size())
        return wrong(fmt::format(": the quote of field {} is never closed", fields.size() + 1));
      if (text.substr(at, 2) != "\"\"")
        break;
      escapes = true;
      ++at;
    }
    std::string_view value = text.substr(begin, at - begin);
    line += static_cast<int64_t>(std::count(value.begin(), value.end(), '\n'));
    ++at;
    while (at < text.size() && text[at] == ' ')
      ++at;
    bool carriage = text.substr(at, 2) == "\r\n" || text.substr(at) == "\r";
    if (text.substr(at) == "\r")
      ++at;
    if (at < text.size() && text[at] != separator && text[at] != '\n' && !carriage)
      return wrong(fmt::format(": {} stands after the closing quote of field {}",
                               inBackticks(text.substr(at, 1)), fields.size() + 1));
    if (escapes) {
      auto copy = std::make_unique<std::string>();
      for (size_t i = 0; i < value.size(); ++i) {
        *copy += value[i];
        i += value[i] == '"';
      }
      unescaped.push_back(std::move(copy));
      value = *unescaped.back();
    }
    fields.push_back(value);
    return {};
  }

  static std::string_view trimmed(std::string_view value) {
    while (!value.empty() && (value.front() == ' ' || value.front() == '\t'))
      value.remove_prefix(1);
    while (!value.empty() && (value.back() == ' ' || value.back() == '\t'))
      value.remove_suffix(1);
    return value;
  }

  std::string path;
  std::string_view text;
  char separator;
  size_t at = 0;
  int64_t line = 1, recordLine = 1, records = 0;
  std::vector<std::unique_ptr<std::string>> unescaped;
};

enum class Parsed { Fine, NoNumber, TooLarge };

std::string_view withoutPlus(std::string_view text) {
  return text.size() > 1 && text[0] == '+' && text[1] != '-' ? text.substr(1) : text;
}

template <typename T> Parsed parseFloat(std::string_view text, T &value) {
  text = withoutPlus(text);
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size() || error == std::errc::invalid_argument)
    return Parsed::NoNumber;
  if (error != std::errc::result_out_of_range)
    return Parsed::Fine;
  // Too small is zero, too large is an error; the library does not tell the two apart.
  double wide = std::strtod(std::string(text).c_str(), nullptr);
  if (std::fabs(wide) > 1)
    return Parsed::TooLarge;
  value = static_cast<T>(wide);
  return Parsed::Fine;
}

Parsed parseInteger(std::string_view text, int64_t &value) {
  text = withoutPlus(text);
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size() || error == std::errc::invalid_argument)
    return Parsed::NoNumber;
  return error == std::errc() ? Parsed::Fine : Parsed::TooLarge;
}

bool parseFlag(std::string_view text, bool &value) {
  value = text == "true" || text == "True" || text == "TRUE" || text == "1";
  return value || text == "false" || text == "False" || text == "FALSE" || text == "0";
}

std::pair<int64_t, int64_t> rangeOf(ElementType type) {
  switch (type) {
  case ElementType::I32:
    return {INT32_MIN, INT32_MAX};
  case ElementType::I16:
    return {INT16_MIN, INT16_MAX};
  case ElementType::I8:
    return {INT8_MIN, INT8_MAX};
  case ElementType::U8:
    return {0, UINT8_MAX};
  default:
    return {INT64_MIN, INT64_MAX};
  }
}

template <typename T> void put(const Tensor &column, int64_t row, T value) {
  reinterpret_cast<T *>(column.data())[row] = value;
}

/// Stores the number that `text` spells; the message says what is wrong with it.
std::optional<std::string> store(const Tensor &column, int64_t row, std::string_view text) {
  ElementType type = column.type();
  if (text.empty())
    return fmt::format("the field is empty, `{}` is needed", nameOf(type));
  auto tooLarge = [&] {
    return fmt::format("{} does not fit `{}`", inBackticks(text), nameOf(type));
  };
  Parsed parsed;
  if (type == ElementType::F32) {
    float value = 0;
    if ((parsed = parseFloat(text, value)) == Parsed::Fine)
      put(column, row, value);
  } else if (isFloat(type)) {
    double value = 0;
    if ((parsed = parseFloat(text, value)) == Parsed::Fine) {
      column.setNumber(row, value);
      if (std::isfinite(value) && !std::isfinite(column.number(row)))
        return tooLarge();
    }
  } else if (type == ElementType::Bool) {
    bool value = false;
    if (!parseFlag(text, value))
      return fmt::format("{} is not `true`, `false`, `1` or `0`", inBackticks(text));
    put<uint8_t>(column, row, value);
    return std::nullopt;
  } else {
    int64_t value = 0;
    if ((parsed = parseInteger(text, value)) == Parsed::NoNumber)
      return fmt::format("{} is not a whole number, `{}` is needed", inBackticks(text),
                         nameOf(type));
    auto [least, most] = rangeOf(type);
    if (parsed == Parsed::TooLarge || value < least || value > most)
      return tooLarge();
    if (type == ElementType::I64)
      put(column, row, value);
    else
      column.setNumber(row, static_cast<double>(value));
  }
  if (parsed == Parsed::NoNumber)
    return fmt::format("{} is not a number", inBackticks(text));
  if (parsed == Parsed::TooLarge)
    return tooLarge();
  return std::nullopt;
}

/// The whole file, as memory that can be refused (a `std::string` of that size cannot).
Result<Tensor> readText(const std::string &path) {
  DLC_ASSIGN(file, InputFile::open(path));
  DLC_ASSIGN(text, Tensor::zeros(ElementType::U8, {static_cast<int64_t>(file.size())}));
  DLC_TRY(file.read({text.data(), text.bytes()}, 0));
  return text;
}

std::string_view viewOf(const Tensor &text) {
  return {reinterpret_cast<const char *>(text.data()), text.bytes()};
}

Result<std::vector<std::string>> readHeader(Scanner &scanner, const std::string &path) {
  DLC_ASSIGN(any, scanner.next());
  if (!any)
    return Status::run(
        fmt::format("cannot read `{}`: it is empty; its first row must name the columns", path));
  std::vector<std::string> names(scanner.fields.begin(), scanner.fields.end());
  bool numbers = true;
  for (size_t i = 0; i < names.size(); ++i) {
    double value;
    numbers = numbers && parseFloat(names[i], value) == Parsed::Fine;
    if (names[i].empty())
      return scanner.wrong(fmt::format(" has no name for column {}", i + 1));
    if (std::find(names.begin(), names.begin() + static_cast<ptrdiff_t>(i), names[i]) !=
        names.begin() + static_cast<ptrdiff_t>(i))
      return scanner.wrong(fmt::format(" names column {} twice", inBackticks(names[i])));
  }
  if (numbers)
    return scanner.wrong(" holds only numbers; the first row must name the columns");
  return names;
}

Status checkWidth(const Scanner &scanner, size_t columns) {
  if (scanner.fields.size() == columns)
    return {};
  return scanner.wrong(fmt::format(" has {} field{}, the header has {}", scanner.fields.size(),
                                   scanner.fields.size() == 1 ? "" : "s", columns));
}

std::string joinedNames(const std::vector<std::string> &names) {
  std::string text;
  for (size_t i = 0; i < names.size() && i < 20; ++i)
    text += (i ? ", " : "") + inBackticks(names[i]);
  return names.size() > 20 ? text + ", …" : text;
}

} // namespace

Result<std::vector<ColumnType>> readCsvTypes(const std::string &path, char separator) {
  DLC_ASSIGN(text, readText(path));
  Scanner scanner(path, viewOf(text), separator);
  DLC_ASSIGN(names, readHeader(scanner, path));
  struct Seen {
    bool any = false, integer = true, number = true, flag = true;
    std::string noNumber; ///< the first field that is none, with its row
  };
  int64_t row = 0;
  std::vector<Seen> seen(names.size());
  for (;;) {
    DLC_ASSIGN(more, scanner.next());
    if (!more)
      break;
    DLC_TRY(checkWidth(scanner, names.size()));
    ++row;
    for (size_t i = 0; i < names.size(); ++i) {
      std::string_view field = scanner.fields[i];
      int64_t integer;
      float number;
      bool flag;
      if (field.empty()) // tells nothing; reading will name the place
        continue;
      Seen &column = seen[i];
      column.any = true;
      column.integer = column.integer && parseInteger(field, integer) == Parsed::Fine;
      column.number =
          column.number && (column.integer || parseFloat(field, number) == Parsed::Fine);
      if (!column.number && column.noNumber.empty())
        column.noNumber = fmt::format("{} in row {}", inBackticks(field), row);
      column.flag = column.flag && parseFlag(field, flag);
    }
  }
  std::vector<ColumnType> types;
  for (size_t i = 0; i < names.size(); ++i) {
    std::optional<ElementType> type;
    if (seen[i].any && seen[i].integer)
      type = ElementType::I64;
    else if (seen[i].number) // also a column without any value
      type = ElementType::F32;
    else if (seen[i].flag)
      type = ElementType::Bool;
    types.push_back({names[i], type, type ? "" : seen[i].noNumber});
  }
  return types;
}

Result<Table> readCsv(const std::string &path, const CsvOptions &options) {
  std::vector<ColumnType> wanted = options.columns;
  if (wanted.empty()) {
    DLC_ASSIGN(types, readCsvTypes(path, options.separator));
    wanted = std::move(types);
  }
  DLC_ASSIGN(text, readText(path));
  Scanner scanner(path, viewOf(text), options.separator);
  DLC_ASSIGN(names, readHeader(scanner, path));
  // At most as many rows as lines; untouched memory costs nothing.
  int64_t most = 1 + std::count(viewOf(text).begin(), viewOf(text).end(), '\n');
  std::vector<size_t> places;
  std::vector<Column> columns;
  for (const ColumnType &column : wanted) {
    auto found = std::find(names.begin(), names.end(), column.name);
    if (found == names.end())
      return Status::error(ErrorKind::Program,
                           fmt::format("`{}` has no column {}; it has {}", path,
                                       inBackticks(column.name), joinedNames(names)));
    if (!column.type)
      return Status::error(
          ErrorKind::Program,
          fmt::format(
              "column {} of `{}` is text, as {} shows, and text is not supported yet; declare the columns to read",
              inBackticks(column.name), path, column.example));
    places.push_back(static_cast<size_t>(found - names.begin()));
    DLC_ASSIGN(values, Tensor::zeros(*column.type, {most}));
    columns.push_back({column.name, std::move(values), nullptr});
  }
  int64_t rows = 0;
  for (;; ++rows) {
    DLC_ASSIGN(more, scanner.next());
    if (!more)
      break;
    DLC_TRY(checkWidth(scanner, names.size()));
    for (size_t i = 0; i < columns.size(); ++i)
      if (auto problem = store(columns[i].values, rows, scanner.fields[places[i]]))
        return scanner.wrongField(places[i], columns[i].name, *problem);
  }
  for (Column &column : columns)
    column.values = column.values.slice(0, rows);
  return Table::make(std::move(columns));
}

Status writeCsv(const std::string &path, const std::vector<Column> &columns, char separator) {
  DLC_ASSIGN(table, Table::make(columns));
  auto name = [&](const std::string &text) {
    if (text.find_first_of("\"\n\r") == std::string::npos &&
        text.find(separator) == std::string::npos)
      return text;
    std::string result = "\"";
    for (char c : text)
      result += c == '"' ? std::string("\"\"") : std::string(1, c);
    return result + "\"";
  };
  DLC_ASSIGN(file, AtomicFile::create(path));
  std::string line;
  std::vector<Tensor> values;
  for (size_t i = 0; i < columns.size(); ++i) {
    DLC_ASSIGN(whole, table.whole(i));
    if (whole.rank() > 2)
      return Status::run(
          fmt::format("cannot write `{}`: column `{}` is `{}`, at most two axes can be written",
                      path, columns[i].name, typeText(whole.type(), whole.shape())));
    std::string label = columns[i].name.empty() ? std::to_string(i) : columns[i].name;
    if (whole.rank() == 1)
      line += name(label) + separator;
    for (int64_t j = 0; whole.rank() == 2 && j < whole.shape()[1]; ++j)
      line += name(fmt::format("{}.{}", label, j)) + separator;
    values.push_back(std::move(whole));
  }
  auto finish = [&]() -> Status {
    if (!line.empty())
      line.back() = '\n';
    return file.write(std::exchange(line, {}));
  };
  DLC_TRY(finish());
  for (int64_t row = 0; row < table.rows(); ++row) {
    for (const Tensor &column : values) {
      int64_t width = column.rank() == 1 ? 1 : column.shape()[1];
      for (int64_t j = 0; j < width; ++j)
        line += formatElement(column, row * width + j) + separator;
    }
    DLC_TRY(finish());
  }
  return file.commit();
}

} // namespace dlc::runtime
