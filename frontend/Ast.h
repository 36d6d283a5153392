// The tree of a file: immutable nodes in an arena, each with the range of its text, cast with llvm::isa / dyn_cast.
// A node keeps what was written: brackets, pipes and the order of labels are not simplified away.
#pragma once

#include "frontend/AstStmt.h"

#include "llvm/Support/Allocator.h"

namespace dlc::frontend::ast {

#undef DLC_AST_NODE
#undef DLC_AST_BASE

/// A parsed file; owns its nodes. The texts of names point into the SourceFile.
class File {
public:
  explicit File(const SourceFile &source) : source_(&source) {}

  const SourceFile &source() const { return *source_; }
  llvm::ArrayRef<const Stmt *> items() const { return items_; }
  /// One more than the greatest Node::id().
  uint32_t nodeCount() const { return nodeCount_; }
  bool hasErrors() const { return errors_; }

  // For the parser.
  template <typename T> T *make(SourceRange range) {
    return new (arena_.Allocate<T>()) T(range, nodeCount_++);
  }
  template <typename T> llvm::ArrayRef<T> copy(llvm::ArrayRef<T> values) {
    static_assert(std::is_trivially_destructible_v<T>);
    T *memory = arena_.Allocate<T>(values.size());
    std::uninitialized_copy(values.begin(), values.end(), memory);
    return {memory, values.size()};
  }
  llvm::StringRef copy(llvm::StringRef text) {
    llvm::ArrayRef<char> bytes = copy(llvm::ArrayRef<char>(text.data(), text.size()));
    return {bytes.data(), bytes.size()};
  }
  void setItems(llvm::ArrayRef<const Stmt *> items) { items_ = items; }
  void setErrors() { errors_ = true; }

private:
  const SourceFile *source_;
  llvm::BumpPtrAllocator arena_;
  llvm::ArrayRef<const Stmt *> items_;
  uint32_t nodeCount_ = 0;
  bool errors_ = false;
};

} // namespace dlc::frontend::ast
