// Checkpoints and weights: safetensors files.
#pragma once

#include "runtime/Status.h"
#include "runtime/Tensor.h"

#include <map>
#include <string>
#include <vector>

namespace dlc::runtime {

struct NamedTensor {
  std::string name;
  Tensor value;
};

/// What a safetensors file holds. The tensors are in the order of the file's data.
struct Checkpoint {
  std::vector<NamedTensor> tensors;
  std::map<std::string, std::string> metadata; ///< the file's `__metadata__`

  const Tensor *find(std::string_view name) const;
};

/// Writes `path` so that at every moment, and after a crash or on a full disk, the file there is
/// the old one or the new one, whole. Equal contents give equal bytes: entries are ordered by
/// alignment and name, and nothing else is written. Names must be unique, and none may be
/// `__metadata__`.
Status writeSafetensors(const std::string &path, const Checkpoint &checkpoint);

/// Reads and checks the whole file: header length, JSON, element types, shapes, offsets without gap
/// or overlap, unique names, bools of 0 and 1. Errors name the file and the entry.
Result<Checkpoint> readSafetensors(const std::string &path);

} // namespace dlc::runtime
