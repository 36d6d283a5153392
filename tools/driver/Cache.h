// Compiled programs on disk, by content: the source texts, the options, the shapes of the data, the processor and this very build of dlc.
#ifndef DLC_TOOLS_DRIVER_CACHE_H
#define DLC_TOOLS_DRIVER_CACHE_H

#include "tools/driver/CommandLine.h"
#include "tools/driver/Manifest.h"
#include "tools/driver/NativeExecutor.h"

#include "frontend/DataSource.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace dlc::driver {

/// One question of the front end about data files, and what it was told.
struct DataAnswer {
  frontend::ReaderRequest request;
  std::string schema;
};

/// What the cache holds of a program.
struct CachedProgram {
  Manifest manifest;
  NativeCode code;
  std::map<std::string, std::vector<runtime::Tensor>> known;
  int64_t seed = 0;
  std::vector<std::string> sources;  ///< files that were read: the program and its imports
  std::vector<DataAnswer> data;
};

/// The text of a schema, for comparing.
std::string schemaText(const frontend::ReaderSchema &schema);

class CodeCache {
public:
  /// `variant` is what else decides the code beside the command line: sizes that are bound.
  CodeCache(const Arguments &arguments, const std::string &variant);

  /// The program, if it is there and nothing that it was made from has changed.
  std::optional<CachedProgram> find() const;
  /// Writes it; a failure is no error of the run. Keeps the cache below its limit by removing what was not used for longest.
  void store(const CachedProgram &program) const;

private:
  std::string path; ///< empty: no cache
  const Arguments &arguments;
};

} // namespace dlc::driver

#endif
