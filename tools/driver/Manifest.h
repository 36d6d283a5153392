// What a run must know of a compiled program besides its code: the functions with the roles of their arguments and results, the data,
// the blocks. Plain data, so that a program from the cache runs without MLIR.
#ifndef DLC_TOOLS_DRIVER_MANIFEST_H
#define DLC_TOOLS_DRIVER_MANIFEST_H

#include "runtime/Tensor.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace mlir {
class ModuleOp;
}

namespace dlc::driver {

/// A tensor type. An open size is the text of its polynomial in `open`, and -1 in `shape`.
struct TypeInfo {
  runtime::ElementType element = runtime::ElementType::F32;
  runtime::Shape shape;
  std::vector<std::string> open; ///< one for each -1, in order

  int64_t elements() const; ///< only for static shapes
  int64_t bytes() const { return elements() * static_cast<int64_t>(runtime::sizeOf(element)); }
  std::string text() const;
};

/// What an argument is bound to.
enum class ArgumentRole { Param, State, Input, Data, Counter, Mean, Sum, Rows };
/// Where a result goes.
enum class ResultRole { Update, Report, Output, Stop, Param, State, Sum, Rows };

struct Argument {
  ArgumentRole role;
  std::string name;
  TypeInfo type;
};

struct Outcome {
  ResultRole role;
  std::string name;
  std::string part; ///< "sum" or "weight" for a report of a step
  bool loss = false;
  std::vector<int64_t> stored; ///< the order of axes in files, if it is not the declared one
  std::string location;        ///< of a loss: `model.dl:3:7`
  TypeInfo type;
};

struct Function {
  std::string name;
  std::vector<Argument> arguments;
  std::vector<Outcome> results;
  std::vector<std::string> symbols;
  int64_t arena = 0; ///< bytes
  bool exported = false;
};

/// A `dl.check` or `dl.host`, in the order of their numbers.
struct Site {
  std::string effect; ///< empty for a check
  std::map<std::string, std::string> settings; ///< of a check: `message`
  std::vector<TypeInfo> operands;
  std::string location; ///< `model.dl:3:7`
};

struct DataDecl {
  std::string name;
  std::vector<std::string> columns;
  std::vector<TypeInfo> types;
  std::string kind;
  std::vector<std::string> of;    ///< data that it is made from
  std::vector<std::string> take;  ///< of a zip of some columns: the column of the table at the same place in `of`
  std::vector<std::string> files;
  std::string function;
  std::vector<double> parts;
  int64_t part = 0;
  bool shuffle = true;
  int64_t site = 0;
};

struct TrainDecl {
  std::string name, init, step, tail, table, epochHook, endHook;
  int64_t batch = 0, rows = 0; ///< 0: no table
  std::optional<int64_t> epochs, steps;
  bool shuffle = true, dropRemainder = false;
  std::string precision; ///< of the products of a step: `tf32`, `bf16`; empty: f32
};

struct TestDecl {
  std::string name, body, tail, metrics, table;
  int64_t batch = 0, rows = 0;
};

struct LoadDecl {
  std::string file;
  std::vector<std::pair<std::string, std::string>> names; ///< ours, theirs
  std::string under;               ///< only entries below this name of the file count
  std::vector<std::string> except; ///< patterns of ours that may be missing and of theirs that may be left over
  std::string location;            ///< `model.dl:3:7`
};

/// A value of a sequence: result `result` of its step `step`.
struct SequenceValue {
  int64_t step = 0, result = 0;
};
struct SequenceStep {
  std::string callee;
  bool test = false;
  std::vector<SequenceValue> operands;
};
struct Sequence {
  std::string name;
  std::vector<SequenceStep> steps;
};

/// One block of the program, in file order.
struct Block {
  enum class Kind { Train, Test, Load } kind;
  size_t index; ///< into the list of that kind
};

struct Manifest {
  std::map<std::string, Function> functions;
  std::vector<Site> sites;
  std::vector<DataDecl> data;
  std::vector<TrainDecl> trains;
  std::vector<TestDecl> tests;
  std::vector<LoadDecl> loads;
  std::map<std::string, Sequence> sequences;
  std::vector<Block> blocks;
  int64_t seed = 0;
  int64_t kernels = 0;

  const Function *find(const std::string &name) const;
  const TestDecl *test(const std::string &name) const;
};

/// Reads everything off a module of any stage. Sites are numbered in the order of docs/architecture.md.
Manifest describe(mlir::ModuleOp module);

/// JSON for the cache. `fromJson` gives nothing for a text of another version or a damaged one.
std::string toJson(const Manifest &manifest);
std::optional<Manifest> fromJson(const std::string &text);

} // namespace dlc::driver

#endif
