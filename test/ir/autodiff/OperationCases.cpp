#include "test/ir/autodiff/OperationCases.h"

#include "llvm/Support/FormatVariadic.h"

#include <cctype>

namespace dlc::ir::test {
namespace {

/// A function of these arguments whose body ends in `%y`.
std::string function(const std::string &arguments, const std::string &type, const std::string &body) {
  return "dl.func @f(" + arguments + ") -> " + type + " {\n" + body + "\n  dl.return %y : " + type + "\n}\n";
}

class Table {
public:
  void add(const std::string &operation, const std::string &name, const std::string &arguments, const std::string &type,
           const std::string &body, double low = -1, double high = 1) {
    cases.push_back({operation, name, function(arguments, type, body), low, high});
  }
  std::vector<OperationCase> cases;
};

void addElementwise(Table &table) {
#define DLC_UNARY(name, value, derivative, low, high)                                                                  \
  table.add("dl.unary", #name, "%x: tensor<5xf64>", "tensor<5xf64>", "%y = dl.unary " #name " %x : tensor<5xf64>", low, high);
#define DLC_UNARY_THROUGH(name, value) // EdgesTest.cpp has these
#include "ir/Elementwise.def"
  // The domains of the two operands differ: the arguments are from (0, 1), moved and stretched inside.
#define DLC_BINARY(name, value, derivativeA, derivativeB, lowA, highA, lowB, highB)                                    \
  table.add("dl.binary", #name, "%u: tensor<5xf64>, %v: tensor<5xf64>", "tensor<5xf64>",                               \
            llvm::formatv(R"(
  %la = dl.constant dense<{0:e}> : tensor<5xf64>
  %wa = dl.constant dense<{1:e}> : tensor<5xf64>
  %lb = dl.constant dense<{2:e}> : tensor<5xf64>
  %wb = dl.constant dense<{3:e}> : tensor<5xf64>
  %su = dl.binary mul %u, %wa : tensor<5xf64>
  %sv = dl.binary mul %v, %wb : tensor<5xf64>
  %a = dl.binary add %su, %la : tensor<5xf64>
  %b = dl.binary add %sv, %lb : tensor<5xf64>
  %y = dl.binary )" #name R"( %a, %b : tensor<5xf64>)",                                                                \
                          double(lowA), double(highA) - (lowA), double(lowB), double(highB) - (lowB))                  \
                .str(),                                                                                                \
            0, 1);
#include "ir/Elementwise.def"
  table.add("dl.select", "both sides", "%a: tensor<4xf64>, %b: tensor<4xf64>", "tensor<4xf64>", R"(
  %c = dl.constant dense<[true, false, false, true]> : tensor<4xi1>
  %y = dl.select %c, %a, %b : tensor<4xf64>)");
  table.add("dl.cast", "f64 to f64", "%x: tensor<4xf64>", "tensor<4xf64>", "%y = dl.cast %x : tensor<4xf64> to tensor<4xf64>");
  table.add("dl.variable", "alone", "%x: tensor<4xf64>", "tensor<4xf64>", "%y = dl.variable %x : tensor<4xf64>");
  table.add("dl.barrier", "after another", "%x: tensor<4xf64>, %z: tensor<f64>", "tensor<4xf64>",
            "%y = dl.barrier %x after(%z) : tensor<4xf64> after(tensor<f64>)");
}

void addShape(Table &table) {
  table.add("dl.broadcast", "scalar", "%x: tensor<f64>", "tensor<2x3xf64>", "%y = dl.broadcast %x axes [] : tensor<f64> to tensor<2x3xf64>");
  table.add("dl.broadcast", "unit axis", "%x: tensor<3x1xf64>", "tensor<2x3x4xf64>",
            "%y = dl.broadcast %x axes [1, 2] : tensor<3x1xf64> to tensor<2x3x4xf64>");
  table.add("dl.broadcast", "unit axis that stays", "%x: tensor<1x3xf64>", "tensor<1x3x2xf64>",
            "%y = dl.broadcast %x axes [0, 1] : tensor<1x3xf64> to tensor<1x3x2xf64>");
  table.add("dl.reshape", "flat", "%x: tensor<2x3xf64>", "tensor<6xf64>", "%y = dl.reshape %x : tensor<2x3xf64> to tensor<6xf64>");
  table.add("dl.transpose", "a cycle", "%x: tensor<2x3x4xf64>", "tensor<4x2x3xf64>",
            "%y = dl.transpose %x [2, 0, 1] : tensor<2x3x4xf64> to tensor<4x2x3xf64>");
  table.add("dl.slice", "with strides", "%x: tensor<4x9xf64>", "tensor<3x3xf64>",
            "%y = dl.slice %x start [1, 2] stride [1, 3] : tensor<4x9xf64> to tensor<3x3xf64>");
  table.add("dl.pad", "with interior", "%x: tensor<2x3xf64>, %v: tensor<f64>", "tensor<5x9xf64>",
            "%y = dl.pad %x, %v low [1, 2] interior [2, 1] : tensor<2x3xf64> to tensor<5x9xf64>");
  table.add("dl.pad", "of nothing", "%x: tensor<2x0xf64>, %v: tensor<f64>", "tensor<2x3xf64>",
            "%y = dl.pad %x, %v low [0, 1] interior [0, 0] : tensor<2x0xf64> to tensor<2x3xf64>");
  table.add("dl.concat", "three, one twice", "%a: tensor<2x1xf64>, %b: tensor<2x3xf64>", "tensor<2x5xf64>",
            "%y = dl.concat %a, %b, %a axis 1 : (tensor<2x1xf64>, tensor<2x3xf64>, tensor<2x1xf64>) -> tensor<2x5xf64>");
  table.add("dl.reverse", "two axes", "%x: tensor<2x3x2xf64>", "tensor<2x3x2xf64>", "%y = dl.reverse %x axes [0, 1] : tensor<2x3x2xf64>");
  table.add("dl.window", "overlapping, dilated", "%x: tensor<2x8xf64>", "tensor<2x2x3xf64>",
            "%y = dl.window %x axes [1] size [3] stride [2] dilation [2] : tensor<2x8xf64> to tensor<2x2x3xf64>");
  table.add("dl.window", "two axes", "%x: tensor<4x5xf64>", "tensor<3x2x2x3xf64>",
            "%y = dl.window %x axes [0, 1] size [2, 3] stride [1, 2] dilation [1, 1] : tensor<4x5xf64> to tensor<3x2x2x3xf64>");
  table.add("dl.overlap_add", "rest untouched", "%w: tensor<2x3xf64>", "tensor<6xf64>",
            "%y = dl.overlap_add %w axes [0] size [3] stride [2] dilation [1] : tensor<2x3xf64> to tensor<6xf64>");
}

void addDynamic(Table &table) {
  const char *starts = R"(
  %i = dl.constant dense<1> : tensor<i64>
  %far = dl.constant dense<7> : tensor<i64>)";
  table.add("dl.dynamic_slice", "one start clamped", "%x: tensor<4x5xf64>", "tensor<2x3xf64>",
            std::string(starts) + "\n  %y = dl.dynamic_slice %x[%i, %far] : tensor<4x5xf64> to tensor<2x3xf64>");
  table.add("dl.dynamic_update", "one start clamped", "%x: tensor<4x5xf64>, %u: tensor<2x3xf64>", "tensor<4x5xf64>",
            std::string(starts) + "\n  %y = dl.dynamic_update %x, %u[%i, %far] : tensor<4x5xf64>, tensor<2x3xf64>");
}

void addReductions(Table &table) {
  for (const char *fn : {"sum", "prod", "max", "min"}) {
    auto reduce = [&](const char *name, const char *axes, const char *from, const char *to) {
      table.add("dl.reduce", std::string(fn) + " " + name, std::string("%x: ") + from, to,
                llvm::formatv("%y = dl.reduce {0} %x axes [{1}] : {2} to {3}", fn, axes, from, to).str());
    };
    reduce("of one axis", "1", "tensor<2x3x2xf64>", "tensor<2x2xf64>");
    reduce("of two axes", "0, 2", "tensor<2x3x2xf64>", "tensor<3xf64>");
    reduce("of all", "0, 1", "tensor<2x3xf64>", "tensor<f64>");
    reduce("of no axis", "", "tensor<2x3xf64>", "tensor<2x3xf64>");
    reduce("of one element", "0", "tensor<1x3xf64>", "tensor<3xf64>");
    for (const char *how : {"", " reverse", " exclusive", " reverse exclusive"}) {
      if (std::string(how).ends_with("exclusive") && std::string(fn).starts_with("m"))
        continue; // an exclusive extremum starts with an infinity, of which the test can make no sum: see EdgesTest
      table.add("dl.cumulate", std::string(fn) + how, "%x: tensor<2x4x2xf64>", "tensor<2x4x2xf64>",
                llvm::formatv("%y = dl.cumulate {0} %x axis 1{1} : tensor<2x4x2xf64>", fn, how).str());
    }
  }
}

void addProducts(Table &table) {
  auto dot = [&](const char *name, const char *lhs, const char *rhs, const char *result, const char *axes) {
    table.add("dl.dot", name, llvm::formatv("%a: {0}, %b: {1}", lhs, rhs).str(), result,
              llvm::formatv("%y = dl.dot %a, %b {0} : ({1}, {2}) -> {3}", axes, lhs, rhs, result).str());
  };
  dot("of matrices", "tensor<2x3xf64>", "tensor<3x4xf64>", "tensor<2x4xf64>", "batch [] [] contract [1] [0]");
  dot("of transposed matrices", "tensor<3x2xf64>", "tensor<4x3xf64>", "tensor<2x4xf64>", "batch [] [] contract [0] [1]");
  dot("outer", "tensor<2xf64>", "tensor<3xf64>", "tensor<2x3xf64>", "batch [] [] contract [] []");
  dot("inner", "tensor<4xf64>", "tensor<4xf64>", "tensor<f64>", "batch [] [] contract [0] [0]");
  dot("batches behind", "tensor<2x3x2xf64>", "tensor<3x2x4xf64>", "tensor<2x2x4xf64>", "batch [2] [1] contract [1] [0]");
  dot("two contractions crossed, two batches", "tensor<2x3x2x4x2xf64>", "tensor<4x2x2x3x2xf64>", "tensor<2x2x2x2xf64>",
      "batch [0, 2] [1, 4] contract [3, 1] [0, 3]");

  auto conv = [&](const char *name, const char *x, const char *w, const char *y, const char *geometry) {
    std::string how = llvm::formatv("%a, %b {0} : ", geometry).str();
    auto kind = [&](const char *which, const char *lhs, const char *rhs, const char *result) {
      table.add("dl.conv", std::string(which) + " " + name, llvm::formatv("%a: {0}, %b: {1}", lhs, rhs).str(), result,
                llvm::formatv("%y = dl.conv {0} {1}({2}, {3}) -> {4}", which, how, lhs, rhs, result).str());
    };
    kind("forward", x, w, y);
    kind("input", y, w, x);
    kind("weight", x, y, w);
  };
  conv("plain", "tensor<2x4x4x2xf64>", "tensor<3x3x2x2xf64>", "tensor<2x2x2x2xf64>",
       "stride [1, 1] low [0, 0] high [0, 0] dilation [1, 1] groups 1");
  conv("padded, with stride and a rest", "tensor<1x5x4x1xf64>", "tensor<2x3x1x2xf64>", "tensor<1x3x2x2xf64>",
       "stride [2, 2] low [1, 1] high [0, 0] dilation [1, 1] groups 1");
  conv("grouped and dilated", "tensor<1x6x4xf64>", "tensor<2x2x6xf64>", "tensor<1x4x6xf64>",
       "stride [1] low [0] high [0] dilation [2] groups 2");
  conv("of three axes", "tensor<1x2x3x2x1xf64>", "tensor<2x2x1x1x2xf64>", "tensor<1x1x2x2x2xf64>",
       "stride [1, 1, 1] low [0, 0, 0] high [0, 0, 0] dilation [1, 1, 1] groups 1");
}

void addIndexing(Table &table) {
  const char *indices = R"(
  %i = dl.constant dense<[[2, 0, 2], [9, 1, -1]]> : tensor<2x3xi64>)"; // repeated, and outside on both ends
  table.add("dl.gather", "of rows", "%x: tensor<3x2xf64>", "tensor<2x3x2xf64>",
            std::string(indices) + "\n  %y = dl.gather %x, %i axis 0 batch 0 : (tensor<3x2xf64>, tensor<2x3xi64>) -> tensor<2x3x2xf64>");
  table.add("dl.gather", "with a batch", "%x: tensor<2x2x3xf64>", "tensor<2x2x3xf64>",
            std::string(indices) + "\n  %y = dl.gather %x, %i axis 2 batch 1 : (tensor<2x2x3xf64>, tensor<2x3xi64>) -> tensor<2x2x3xf64>");
  for (const char *fn : {"add", "set"}) {
    table.add("dl.scatter", std::string(fn) + " of rows", "%x: tensor<3x2xf64>, %u: tensor<2x3x2xf64>", "tensor<3x2xf64>",
              std::string(indices) + "\n  %y = dl.scatter " + fn +
                  " %x, %i, %u axis 0 batch 0 : tensor<3x2xf64>, tensor<2x3xi64>, tensor<2x3x2xf64>");
    table.add("dl.scatter", std::string(fn) + " with a batch", "%x: tensor<2x2x3xf64>, %u: tensor<2x2x3xf64>", "tensor<2x2x3xf64>",
              std::string(indices) + "\n  %y = dl.scatter " + fn +
                  " %x, %i, %u axis 2 batch 1 : tensor<2x2x3xf64>, tensor<2x3xi64>, tensor<2x2x3xf64>");
  }
  for (const char *how : {"", " descending"})
    table.add("dl.sort", std::string("along the middle") + how, "%x: tensor<2x4x2xf64>", "tensor<2x4x2xf64>",
              llvm::formatv("%y, %p = dl.sort %x axis 1{0} : tensor<2x4x2xf64> to tensor<2x4x2xi64>", how).str());
}

} // namespace

std::string nameOf(const OperationCase &operation) {
  std::string name = operation.operation.substr(3) + "_" + operation.name;
  for (char &c : name)
    if (!std::isalnum(static_cast<unsigned char>(c)))
      c = '_';
  return name;
}

std::vector<OperationCase> operationCases() {
  Table table;
  addElementwise(table);
  addShape(table);
  addDynamic(table);
  addReductions(table);
  addProducts(table);
  addIndexing(table);
  return table.cases;
}

} // namespace dlc::ir::test
