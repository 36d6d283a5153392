// The buffers that a compiled entry works on.
#pragma once

#include "runtime/Status.h"
#include "runtime/Tensor.h"

#include <memory>
#include <vector>

namespace dlc::runtime {

/// The memory for values between arguments and results. One arena serves all entries of a program,
/// since only one runs at a time; it has the size of the largest need.
class Arena {
public:
  /// Makes room for `bytes`; what was in the arena is lost, and pointers into it are no longer
  /// good.
  Status reserve(int64_t bytes);
  int64_t bytes() const { return storage ? static_cast<int64_t>(storage->size()) : 0; }
  void *data() const { return storage ? storage->data() : nullptr; }

private:
  std::shared_ptr<Storage> storage;
};

/// What `dlc_entry` gets, in its order: the arguments, the results, the arena (null when the entry
/// needs none), the constants. Keeps the tensors alive; the arena must outlive it and keep its
/// place.
class EntryBuffers {
public:
  EntryBuffers() = default;
  /// A failure when a tensor does not begin at a multiple of 64 bytes (a view may not: clone it).
  static Result<EntryBuffers> make(std::vector<Tensor> arguments, std::vector<Tensor> results,
                                   const Arena &arena, std::vector<Tensor> constants = {});

  void *const *data() const { return pointers.data(); }
  size_t size() const { return pointers.size(); }
  const Tensor &argument(size_t i) const { return tensors[i]; }
  const Tensor &result(size_t i) const { return tensors[arguments + i]; }

private:
  std::vector<Tensor> tensors; // arguments, results, constants
  size_t arguments = 0;
  std::vector<void *> pointers;
};

} // namespace dlc::runtime
