// Files of a test, in a folder that goes with it.
#pragma once

#include "runtime/File.h"
#include "runtime/Tensor.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <stdlib.h>

namespace dlc::runtime {

class Folder {
public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "dlc-test-XXXXXX").string();
    path = mkdtemp(name.data());
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  std::string at(std::string_view name) const { return path + "/" + std::string(name); }
  /// Writes a file and returns its path.
  std::string put(std::string_view name, std::string_view bytes) const {
    std::ofstream(at(name), std::ios::binary)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return at(name);
  }
  /// The names of all entries, sorted.
  std::vector<std::string> entries() const {
    std::vector<std::string> names;
    for (auto &entry : std::filesystem::directory_iterator(path))
      names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
  }

  std::string path;
};

inline std::string contents(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The bytes of a literal that may hold zeros.
template <size_t n> std::string bytes(const char (&text)[n]) { return {text, n - 1}; }

template <typename T> Tensor tensorOf(ElementType type, Shape shape, std::vector<T> values) {
  auto tensor = Tensor::of<T>(type, std::move(shape), std::span<const T>(values));
  EXPECT_TRUE(tensor.ok());
  return *tensor;
}
inline Tensor floats(Shape shape, std::vector<float> values) {
  return tensorOf(ElementType::F32, std::move(shape), std::move(values));
}
inline Tensor integers(Shape shape, std::vector<int64_t> values) {
  return tensorOf(ElementType::I64, std::move(shape), std::move(values));
}
inline std::vector<double> numbers(const Tensor &tensor) {
  std::vector<double> values;
  for (int64_t i = 0; i < tensor.count(); ++i)
    values.push_back(tensor.number(i));
  return values;
}

/// Expects a failure whose message holds every one of `parts`.
template <typename T>
void expectFailure(const T &result, std::initializer_list<std::string_view> parts) {
  ASSERT_FALSE(static_cast<bool>(result)) << "it succeeded";
  for (std::string_view part : parts)
    EXPECT_NE(result.message().find(part), std::string::npos)
        << "`" << part << "` is not in: " << result.message();
}

} // namespace dlc::runtime
