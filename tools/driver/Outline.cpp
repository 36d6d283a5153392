#include "tools/driver/Outline.h"

#include "ir/Names.h"
#include "ir/Ops.h"
#include "ir/Types.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/raw_ostream.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace dlc::driver {
namespace {

std::string typeText(mlir::Type type) {
  auto tensor = mlir::cast<mlir::RankedTensorType>(type);
  std::string text;
  llvm::raw_string_ostream os(text);
  mlir::Type element = tensor.getElementType();
  if (element.isInteger(1))
    os << "bool";
  else if (element.isUnsignedInteger())
    os << 'u' << element.getIntOrFloatBitWidth();
  else
    os << element;
  if (tensor.getRank() == 0)
    return text;
  os << '[';
  llvm::interleaveComma(ir::shapeOf(tensor), os, [&](const ir::SizeExpr &size) { os << size.str(); });
  os << ']';
  return text;
}

/// A line and what it is but for names and numbers.
struct Statement {
  std::string name, text, shape;
};

/// Names, numbers and the sizes of types are `#`.
std::string shapeOfText(llvm::StringRef text) {
  std::string shape;
  for (size_t i = 0; i < text.size(); ++i) {
    auto inWord = [&](size_t at) { return at < text.size() && (llvm::isAlnum(text[at]) || llvm::StringRef("._$'").contains(text[at])); };
    if (text[i] == '[')
      i = std::min(text.find(']', i), text.size() - 1);
    if (!llvm::isAlnum(text[i]) && text[i] != '%') {
      shape += text[i];
      continue;
    }
    size_t begin = i;
    while (inWord(i + 1))
      ++i;
    // The name of a function stays.
    bool isCall = i + 1 < text.size() && text[i + 1] == '(';
    shape += isCall ? text.slice(begin, i + 1).str() : "#";
  }
  return shape;
}

class FunctionOutline {
public:
  FunctionOutline(ir::FuncOp func, llvm::raw_ostream &out) : func(func), out(out) {}

  void print() {
    for (mlir::Value value : func.getBody().front().getTerminator()->getOperands())
      results.insert(value);
    header();
    block(func.getBody().front());
    flush();
    out << "}\n";
  }

private:
  void header() {
    llvm::SmallVector<std::string> inputs;
    std::map<std::string, int> places;
    for (mlir::BlockArgument argument : func.getArguments()) {
      mlir::DictionaryAttr attrs = func.getArgAttrDict(argument.getArgNumber());
      texts[argument] = nameFor(argument);
      bool isPlace = attrs && (attrs.get("dl.param") || attrs.get("dl.state"));
      if (isPlace)
        ++places[attrs.get("dl.param") ? "parameters" : "states"];
      else
        inputs.push_back(texts[argument] + ": " + typeText(argument.getType()));
    }
    for (const auto &[kind, count] : places)
      inputs.push_back(fmt::format("{} {}", count, kind));
    out << '@' << func.getSymName() << '(' << llvm::join(inputs, ", ") << ") {\n";
  }

  /// A name that no other value of the function has: its own, or a number.
  std::string nameFor(mlir::Value value) {
    std::string name = ir::nameOf(value).str();
    if (name.empty() || llvm::isDigit(name[0]))
      return '%' + std::to_string(++numbers);
    std::string unique = name;
    for (int i = 2; !taken.insert(unique).second; ++i)
      unique = name + "'" + (i > 2 ? std::to_string(i - 1) : "");
    return unique;
  }

  /// Whether the program, not the inside of a function of the library, calls it by a name.
  bool isNamed(mlir::Value value) {
    if (results.contains(value))
      return !ir::nameOf(value).empty();
    auto location = mlir::dyn_cast<mlir::NameLoc>(value.getLoc());
    return location && (location.getName().getValue().contains('.') || !mlir::isa<mlir::CallSiteLoc>(location.getChildLoc()));
  }

  static bool isTrivial(mlir::Operation *op) {
    if (mlir::isa<ir::ConstantOp, ir::SizeOp>(op))
      return true;
    return mlir::isa<ir::BroadcastOp, ir::CastOp>(op) && (mlir::isa<mlir::BlockArgument>(op->getOperand(0)) || isTrivial(op->getOperand(0).getDefiningOp()));
  }

  void block(mlir::Block &body) {
    for (mlir::Operation &op : body)
      operation(&op);
  }

  void operation(mlir::Operation *op) {
    if (mlir::isa<ir::ReturnOp>(op))
      return returned(op);
    if (op->getNumRegions() > 0)
      return regions(op);
    bool isFormula = op->getNumResults() == 1 && !mlir::isa<ir::CheckOp, ir::HostOp>(op);
    std::string text = formula(op);
    if (isFormula && (isTrivial(op) || op->hasOneUse()) && !isNamed(op->getResult(0))) {
      texts[op->getResult(0)] = text;
      return;
    }
    statement(op, text);
  }

  void statement(mlir::Operation *op, const std::string &text) {
    llvm::SmallVector<std::string> names;
    for (mlir::Value result : op->getResults()) {
      texts[result] = nameFor(result);
      names.push_back(texts[result]);
    }
    if (op->getNumResults() > 3)
      names = {names.front(), "…", names.back()};
    std::string left = llvm::join(names, ", ");
    std::string type = op->getNumResults() == 1 ? ": " + typeText(op->getResult(0).getType()) : "";
    add(left, left.empty() ? text : left + type + " = " + text);
  }

  void add(const std::string &name, const std::string &text) {
    std::string line(2 * depth, ' ');
    line += text;
    statements.push_back({name, line, shapeOfText(line)});
  }

  void regions(mlir::Operation *op) {
    statement(op, op->getName().stripDialect().str() + '(' + list(op->getOperands()) + ") {");
    for (mlir::Region &region : op->getRegions()) {
      for (mlir::BlockArgument argument : region.getArguments())
        texts[argument] = nameFor(argument);
      ++depth;
      if (!region.empty())
        block(region.front());
      --depth;
      add("", &region == &op->getRegions().back() ? "}" : "} else {");
    }
  }

  /// What goes where: results under another name than the place's own are said.
  void returned(mlir::Operation *op) {
    llvm::SmallVector<std::string> parts;
    for (unsigned i = 0; i < func.getNumResults(); ++i) {
      std::string what;
      if (mlir::DictionaryAttr attrs = func.getResultAttrDict(i))
        for (llvm::StringRef kind : {"dl.report", "dl.output", "dl.stop"})
          if (mlir::Attribute name = attrs.get(kind); name && !attrs.get("dl.part"))
            what = kind.drop_front(3).str();
      if (!what.empty())
        parts.push_back(what + ' ' + textOf(op->getOperand(i)));
    }
    if (!parts.empty())
      add("", llvm::join(parts, ", "));
  }

  std::string textOf(mlir::Value value) {
    auto found = texts.find(value);
    return found == texts.end() ? "?" : found->second;
  }

  std::string list(mlir::ValueRange values) {
    llvm::SmallVector<std::string> all;
    for (mlir::Value value : values)
      all.push_back(textOf(value));
    if (all.size() > 6)
      all = {all.front(), "…", all.back()};
    return llvm::join(all, ", ");
  }

  static std::string constantText(ir::ConstantOp op) {
    auto dense = mlir::dyn_cast<mlir::DenseElementsAttr>(op.getValue());
    if (!dense || !dense.isSplat())
      return "constants " + typeText(op.getType());
    if (auto number = mlir::dyn_cast<mlir::FloatAttr>(dense.getSplatValue<mlir::Attribute>()))
      return fmt::format("{:.6g}", number.getValueAsDouble());
    auto integer = mlir::dyn_cast<mlir::IntegerAttr>(dense.getSplatValue<mlir::Attribute>());
    return integer ? llvm::toString(integer.getValue(), 10, !integer.getType().isUnsignedInteger()) : "constant";
  }

  std::string infix(llvm::StringRef function, const std::string &a, const std::string &b) {
    llvm::StringRef sign = function == "add" ? "+" : function == "sub" ? "-" : function == "mul" ? "*" : function == "div" ? "/" : "";
    if (sign.empty())
      return fmt::format("{}({}, {})", function.str(), a, b);
    return fmt::format("({} {} {})", a, sign.str(), b);
  }

  std::string formula(mlir::Operation *op) {
    if (auto constant = mlir::dyn_cast<ir::ConstantOp>(op))
      return constantText(constant);
    if (auto size = mlir::dyn_cast<ir::SizeOp>(op))
      return size.getSize().getSizes().front().str();
    if (auto broadcast = mlir::dyn_cast<ir::BroadcastOp>(op))
      return textOf(broadcast.getOperand());
    if (auto binary = mlir::dyn_cast<ir::BinaryOp>(op))
      return infix(ir::stringifyEnum(binary.getFn()), textOf(op->getOperand(0)), textOf(op->getOperand(1)));
    if (auto unary = mlir::dyn_cast<ir::UnaryOp>(op))
      return fmt::format("{}({})", ir::stringifyEnum(unary.getFn()).str(), textOf(op->getOperand(0)));
    if (auto compare = mlir::dyn_cast<ir::CompareOp>(op))
      return fmt::format("{}({})", ir::stringifyEnum(compare.getFn()).str(), list(op->getOperands()));
    if (auto reduce = mlir::dyn_cast<ir::ReduceOp>(op))
      return fmt::format("{}({})", ir::stringifyEnum(reduce.getFn()).str(), textOf(op->getOperand(0)));
    if (auto cast = mlir::dyn_cast<ir::CastOp>(op))
      return fmt::format("{}({})", typeText(mlir::RankedTensorType::get({}, mlir::cast<mlir::RankedTensorType>(cast.getType()).getElementType())),
                         textOf(op->getOperand(0)));
    return fmt::format("{}({})", op->getName().stripDialect().str(), list(op->getOperands()));
  }

  /// Prints the lines; a group of lines that repeats but for names and numbers stands there once.
  void flush() {
    for (size_t i = 0; i < statements.size();) {
      size_t period = 0, times = 1;
      for (size_t p = 1; p <= 12 && !period; ++p) {
        times = repeats(i, p);
        if (times > 1 && (times - 1) * p > 1)
          period = p;
      }
      size_t group = period ? period : 1;
      for (size_t k = 0; k < group; ++k)
        out << statements[i + k].text << (period && k + 1 == group ? "" : "\n");
      if (period) {
        llvm::SmallVector<std::string> names;
        for (size_t t = 1; t < times; ++t)
          names.push_back(statements[i + t * period + period - 1].name);
        out << "  … likewise " << llvm::join(names, ", ") << '\n';
      }
      i += group * (period ? times : 1);
    }
  }

  size_t repeats(size_t begin, size_t period) {
    size_t times = 1;
    auto same = [&](size_t at) {
      if (at + period > statements.size())
        return false;
      for (size_t k = 0; k < period; ++k)
        if (statements[begin + k].shape != statements[at + k].shape || statements[at + k].name.empty())
          return false;
      return true;
    };
    while (same(begin + times * period))
      ++times;
    return times;
  }

  ir::FuncOp func;
  llvm::raw_ostream &out;
  llvm::DenseMap<mlir::Value, std::string> texts;
  llvm::DenseSet<mlir::Value> results;
  llvm::StringSet<> taken;
  std::vector<Statement> statements;
  int numbers = 0;
  unsigned depth = 1;
};

} // namespace

void printOutline(mlir::ModuleOp module, llvm::raw_ostream &out) {
  for (mlir::Operation &op : *module.getBody()) {
    if (auto func = mlir::dyn_cast<ir::FuncOp>(op)) {
      FunctionOutline(func, out).print();
    } else {
      op.print(out, mlir::OpPrintingFlags().printNameLocAsPrefix(true));
      out << '\n';
    }
  }
}

} // namespace dlc::driver
