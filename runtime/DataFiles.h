// Where the files that a program names are found.
#pragma once

#include "runtime/Status.h"

#include <string>
#include <string_view>
#include <vector>

namespace dlc::runtime {

/// `$DLC_DATA`, else `dlc/data` under the user's cache directory (`$XDG_CACHE_HOME`, else
/// `~/.cache`).
std::string fetchedDataRoot();
/// `$DLC_CACHE`, else `dlc/code` under the user's cache directory: compiled code.
std::string codeCacheRoot();

/// Places to look for a file, besides the current directory and the fetched sets.
struct DataPath {
  std::string programFolder;        ///< the folder of the program; empty: none
  std::vector<std::string> folders; ///< `--data DIR`, in order
};

/// The path of the file that a program calls `name`: beside the program, in the current directory,
/// in the `--data` folders, then among the fetched sets; an absolute path stands for itself. A
/// failure names the places, or the `dlc data NAME` that would fetch it.
Result<std::string> findDataFile(const std::string &name, const DataPath &path);

} // namespace dlc::runtime
