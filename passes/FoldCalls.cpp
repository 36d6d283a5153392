// Folding: operations that stand in several places become a function. Quadratic in the operations with equal keys, for graphs of a size that one reads.
#include "passes/FoldGraph.h"
#include "passes/Util.h"

#include "ir/Formulas.h"
#include "ir/Names.h"

#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"

namespace dlc::passes {
using namespace mlir;

namespace {

constexpr size_t shortest = 8;     // operations that are worth a function
constexpr size_t linesOfFunction = 4; // beside its formulas
constexpr size_t mostOperations = 4000;
constexpr int mostFunctions = 32;

/// A function's operations in order, with what has to be equal in another function: its own symbol stands there as `$`.
struct Sequence {
  ir::FuncOp func;
  std::string symbol;
  SmallVector<Operation *> operations;
  SmallVector<std::string> keys;
  llvm::DenseMap<Operation *, size_t> numbers;
};

struct Place {
  size_t sequence, begin, length;
};

/// The text with `$` for the symbol.
std::string withoutSymbol(StringRef text, StringRef symbol) {
  std::string result;
  for (size_t i = 0; i < text.size();) {
    size_t end = i;
    while (end < text.size() && (llvm::isAlnum(text[end]) || text[end] == '_'))
      ++end;
    StringRef word = text.slice(i, std::max(end, i + 1));
    result += !symbol.empty() && word == symbol ? "$" : word.str();
    i += word.size();
  }
  return result;
}

template <typename T>
std::string textOf(T value) {
  std::string text;
  llvm::raw_string_ostream(text) << value;
  return text;
}

Sequence sequenceOf(ir::FuncOp func) {
  Sequence sequence;
  sequence.func = func;
  if (auto symbols = func->getAttrOfType<ArrayAttr>("dl.symbols"); symbols && symbols.size() == 1)
    sequence.symbol = cast<StringAttr>(symbols[0]).getValue().str();
  for (Operation &op : func.getBody().front().without_terminator()) {
    std::string key = op.getName().getStringRef().str() + textOf(op.getAttrDictionary());
    for (Type type : op.getResultTypes())
      key += textOf(type);
    bool isValue = op.getNumResults() == 1 && (isMemoryEffectFree(&op) || isa<ir::VariableOp>(op));
    sequence.numbers[&op] = sequence.operations.size();
    sequence.operations.push_back(&op);
    // An effect is equal to nothing.
    sequence.keys.push_back(isValue ? withoutSymbol(key, sequence.symbol) : "");
  }
  return sequence;
}

class CallFolder {
public:
  explicit CallFolder(ModuleOp module) : module(module) {}

  bool foldOne() {
    sequences.clear();
    size_t count = 0;
    for (auto func : module.getOps<ir::FuncOp>())
      if (ir::hasFormulas(func)) {
        sequences.push_back(sequenceOf(func));
        count += sequences.back().operations.size();
      }
    if (count > mostOperations)
      return false;
    best = 0;
    for (size_t sequence = 0; sequence < sequences.size(); ++sequence)
      for (size_t begin = 0; begin + shortest <= sequences[sequence].operations.size(); ++begin)
        consider(sequence, begin);
    if (best == 0)
      return false;
    extract();
    return true;
  }

private:
  using Mapping = llvm::MapVector<Value, Value>;

  bool isInside(const Sequence &sequence, Value value, size_t begin) const {
    Operation *op = value.getDefiningOp();
    return op && sequence.numbers.lookup(op) >= begin;
  }

  /// How many operations from `a` and from `b` on are the same, and which outer values they have in each other's place.
  size_t matchLength(const Place &a, const Place &b, size_t most, Mapping &outer) const {
    const Sequence &f = sequences[a.sequence], &g = sequences[b.sequence];
    llvm::DenseMap<Value, Value> inner;
    size_t length = 0;
    for (; length < most && a.begin + length < f.operations.size() && b.begin + length < g.operations.size(); ++length) {
      Operation *op = f.operations[a.begin + length], *other = g.operations[b.begin + length];
      const std::string &key = f.keys[a.begin + length];
      if (key.empty() || key != g.keys[b.begin + length] || op->getNumOperands() != other->getNumOperands())
        break;
      bool fits = llvm::all_of(llvm::zip(op->getOperands(), other->getOperands()), [&](auto pair) {
        auto [value, image] = pair;
        if (isInside(f, value, a.begin))
          return inner.lookup(value) == image;
        if (isInside(g, image, b.begin) || withoutSymbol(textOf(value.getType()), f.symbol) != withoutSymbol(textOf(image.getType()), g.symbol))
          return false;
        auto [entry, isNew] = outer.insert({value, image});
        return isNew || entry->second == image;
      });
      if (!fits)
        break;
      inner[op->getResult(0)] = other->getResult(0);
      // Where the names differ the part ends: its result takes the name of the call.
      if (ir::nameOf(op->getResult(0)) != ir::nameOf(other->getResult(0))) {
        ++length;
        break;
      }
    }
    return length;
  }

  /// Whether only the last value is used behind the part.
  bool hasOneResult(const Place &place, size_t length) const {
    const Sequence &sequence = sequences[place.sequence];
    for (size_t i = place.begin; i < place.begin + length; ++i) {
      bool escapes = llvm::any_of(sequence.operations[i]->getUsers(), [&](Operation *user) {
        auto number = sequence.numbers.find(user);
        return number == sequence.numbers.end() || number->second >= place.begin + length;
      });
      if (escapes != (i + 1 == place.begin + length))
        return false;
    }
    return true;
  }

  void consider(size_t sequence, size_t begin) {
    const Sequence &f = sequences[sequence];
    Place anchor{sequence, begin, 0};
    SmallVector<Place> matches;
    size_t longest = 0;
    for (size_t other = sequence; other < sequences.size(); ++other) {
      size_t first = other == sequence ? begin + shortest : 0;
      for (size_t at = first; at + shortest <= sequences[other].operations.size(); ++at) {
        if (f.keys[begin].empty() || sequences[other].keys[at] != f.keys[begin])
          continue;
        Mapping outer;
        size_t most = other == sequence ? at - begin : f.operations.size();
        Place match{other, at, 0};
        match.length = matchLength(anchor, match, most, outer);
        if (match.length >= shortest) {
          matches.push_back(match);
          longest = std::max(longest, match.length);
        }
      }
    }
    for (size_t length = longest; length >= shortest; --length) {
      if (!hasOneResult(anchor, length))
        continue;
      SmallVector<Place> places{{sequence, begin, length}};
      for (Place match : matches) {
        bool overlaps = match.sequence == places.back().sequence && match.begin < places.back().begin + length;
        if (match.length >= length && !overlaps && hasOneResult(match, length))
          places.push_back({match.sequence, match.begin, length});
      }
      // A formula is a line; those of all places but one go, and the function has its own.
      ArrayRef<Operation *> part = ArrayRef(f.operations).slice(begin, length);
      size_t saved = (places.size() - 1) * (llvm::count_if(part, [](Operation *op) { return !ir::standsInUser(op); }));
      if (saved > linesOfFunction && saved > best) {
        best = saved;
        chosen = places;
      }
    }
  }

  void extract() {
    const Place &anchor = chosen.front();
    size_t length = anchor.length;
    const Sequence &f = sequences[anchor.sequence];
    // The arguments, by what each place has for them.
    SmallVector<Mapping> outers(chosen.size());
    for (auto [number, place] : llvm::enumerate(chosen))
      if (number > 0)
        matchLength(anchor, place, length, outers[number]);
    SmallVector<Value> arguments;
    for (auto [value, image] : outers[1])
      arguments.push_back(value);
    ir::FuncOp callee = build(f, anchor, arguments);
    for (auto [number, place] : llvm::enumerate(chosen)) {
      const Sequence &g = sequences[place.sequence];
      Operation *last = g.operations[place.begin + length - 1];
      SmallVector<Value> operands;
      for (Value argument : arguments)
        operands.push_back(number == 0 ? argument : outers[number].lookup(argument));
      OpBuilder builder(last);
      auto call = ir::CallOp::create(builder, last->getLoc(), last->getResultTypes(), FlatSymbolRefAttr::get(callee.getSymNameAttr()), operands);
      last->getResult(0).replaceAllUsesWith(call.getResult(0));
      for (size_t i = length; i-- > 0;)
        g.operations[place.begin + i]->erase();
    }
  }

  ir::FuncOp build(const Sequence &f, const Place &anchor, ArrayRef<Value> arguments) {
    OpBuilder builder(module.getContext());
    Value result = f.operations[anchor.begin + anchor.length - 1]->getResult(0);
    SmallVector<Type> types = llvm::to_vector(ValueRange(arguments).getTypes());
    auto func = ir::FuncOp::create(builder, ir::named("", result.getLoc()), "part", builder.getFunctionType(types, result.getType()));
    func.setPrivate();
    Block &body = func.getBody().emplaceBlock();
    builder.setInsertionPointToEnd(&body);
    IRMapping mapping;
    StringRef name = ir::nameOf(result);
    bool usesSymbol = false;
    for (Value argument : arguments) {
      mapping.map(argument, body.addArgument(argument.getType(), argument.getLoc()));
      usesSymbol |= withoutSymbol(textOf(argument.getType()), f.symbol) != textOf(argument.getType());
      if (ir::isTree(argument.getType()) && !ir::nameOf(argument).contains('$'))
        name = ir::nameOf(argument);
    }
    for (size_t i = 0; i < anchor.length; ++i)
      builder.clone(*f.operations[anchor.begin + i], mapping);
    ir::ReturnOp::create(builder, func.getLoc(), mapping.lookup(result));
    if (usesSymbol)
      func->setAttr("dl.symbols", f.func->getAttr("dl.symbols"));
    if (!name.empty())
      func.setSymName(name);
    SymbolTable(module).insert(func, Block::iterator(f.func));
    return func;
  }

  ModuleOp module;
  std::vector<Sequence> sequences;
  size_t best = 0;
  SmallVector<Place> chosen;
};

} // namespace

void foldCalls(ModuleOp module) {
  CallFolder folder(module);
  for (int i = 0; i < mostFunctions && folder.foldOne(); ++i) {
  }
}

} // namespace dlc::passes
