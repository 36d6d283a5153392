// Condensing: operations that stand in several places become a function.
#include "passes/Condense.h"
#include "passes/Util.h"

#include "ir/Formulas.h"
#include "ir/Names.h"

#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"

namespace dlc::passes {
using namespace mlir;

namespace {

constexpr size_t shortest = 8;        // operations that are worth a function
constexpr size_t linesOfFunction = 4; // beside its formulas
constexpr int mostFunctions = 32;
/// Operations compared in the search for one function: a second or so. A graph in which more could be compared is one that nobody reads.
constexpr size_t mostCompared = 4'000'000;

/// Texts as numbers from 1 on.
class Numbers {
public:
  unsigned of(StringRef text) { return numbers.try_emplace(text, numbers.size() + 1).first->second; }

private:
  llvm::StringMap<unsigned> numbers;
};

/// A function's operations in order.
struct Sequence {
  ir::FuncOp func;
  SmallVector<Operation *> operations;
  /// What has to be equal in another function: equal numbers say so. 0 is equal to nothing.
  SmallVector<unsigned> keys;
  /// The number of the last operation that uses the result; of one behind all others where that is the terminator or stands in a region.
  SmallVector<size_t> lastUse;
  llvm::DenseMap<Operation *, size_t> numbers;
  /// How many of the first i operations are lines of their own.
  SmallVector<size_t> lines{0};
};

struct Place {
  size_t sequence, begin;
};

/// A part of another place that is the same as what the anchor begins.
struct Match {
  Place place;
  /// Lengths at which only the last value is used behind the part.
  llvm::BitVector ends;
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

/// The one symbol of a function, which stands for another one where the function's part is called; empty where it has several.
StringRef symbolOf(ir::FuncOp func) {
  auto symbols = func->getAttrOfType<ArrayAttr>(kSymbols);
  return symbols && symbols.size() == 1 ? cast<StringAttr>(symbols[0]).getValue() : "";
}

class CallCondenser {
public:
  explicit CallCondenser(ModuleOp module) : module(module) {}

  bool condenseOne() {
    sequences.clear();
    types.clear();
    starts.clear();
    compared = best = 0;
    for (auto func : module.getOps<ir::FuncOp>())
      if (ir::hasFormulas(func))
        sequences.push_back(sequenceOf(func));
    for (auto [number, sequence] : llvm::enumerate(sequences))
      for (size_t begin = 0; begin + shortest <= sequence.keys.size(); ++begin)
        if (ArrayRef<unsigned> window = ArrayRef(sequence.keys).slice(begin, shortest); !llvm::is_contained(window, 0u))
          starts[llvm::hash_combine_range(window)].push_back({number, begin});
    for (size_t sequence = 0; sequence < sequences.size(); ++sequence)
      for (size_t begin = 0; begin + shortest <= sequences[sequence].operations.size() && compared < mostCompared; ++begin)
        consider({sequence, begin});
    if (best == 0)
      return false;
    extract();
    return true;
  }

private:
  Sequence sequenceOf(ir::FuncOp func) {
    Sequence sequence;
    sequence.func = func;
    StringRef symbol = symbolOf(func);
    for (Operation &op : func.getBody().front().without_terminator()) {
      std::string key = op.getName().getStringRef().str() + textOf(op.getAttrDictionary());
      for (Type type : op.getResultTypes())
        key += textOf(type);
      bool isValue = op.getNumResults() == 1 && (isMemoryEffectFree(&op) || isa<ir::VariableOp>(op));
      sequence.numbers[&op] = sequence.operations.size();
      sequence.operations.push_back(&op);
      sequence.keys.push_back(isValue ? texts.of(withoutSymbol(key, symbol)) : 0);
      sequence.lines.push_back(sequence.lines.back() + !ir::standsInUser(&op));
    }
    for (Operation *op : sequence.operations) {
      size_t last = 0;
      for (Operation *user : op->getUsers()) {
        auto number = sequence.numbers.find(user);
        last = std::max(last, number == sequence.numbers.end() ? sequence.operations.size() : number->second);
      }
      sequence.lastUse.push_back(last);
    }
    return sequence;
  }

  /// The number of a type in a function, the symbol of that apart.
  unsigned typeNumber(const Sequence &sequence, Type type) {
    ir::FuncOp func = sequence.func;
    unsigned &number = types[{func, type}];
    if (number == 0)
      number = texts.of(withoutSymbol(textOf(type), symbolOf(func)));
    return number;
  }

  static bool isInside(const Sequence &sequence, Value value, size_t begin) {
    Operation *op = value.getDefiningOp();
    auto number = op ? sequence.numbers.find(op) : sequence.numbers.end();
    return number != sequence.numbers.end() && number->second >= begin;
  }

  /// How many operations from `a` and from `b` on are the same.
  size_t matchLength(Place a, Place b, size_t most) {
    const Sequence &f = sequences[a.sequence], &g = sequences[b.sequence];
    llvm::DenseMap<Value, Value> inner, outer;
    auto fits = [&](Value value, Value image) {
      if (isInside(f, value, a.begin))
        return inner.lookup(value) == image;
      if (isInside(g, image, b.begin) || typeNumber(f, value.getType()) != typeNumber(g, image.getType()))
        return false;
      return outer.try_emplace(value, image).first->second == image;
    };
    size_t length = 0;
    most = std::min({most, f.operations.size() - a.begin, g.operations.size() - b.begin});
    while (length < most) {
      Operation *op = f.operations[a.begin + length], *other = g.operations[b.begin + length];
      unsigned key = f.keys[a.begin + length];
      if (key == 0 || key != g.keys[b.begin + length] || op->getNumOperands() != other->getNumOperands() ||
          !llvm::all_of(llvm::zip(op->getOperands(), other->getOperands()), [&](auto pair) { return fits(std::get<0>(pair), std::get<1>(pair)); }))
        break;
      inner[op->getResult(0)] = other->getResult(0);
      ++length;
      // Where the names differ the part ends: its result takes the name of the call.
      if (ir::nameOf(op->getResult(0)) != ir::nameOf(other->getResult(0)))
        break;
    }
    compared += length + 1;
    return length;
  }

  /// The lengths, up to `most`, at which only the last value is used behind the part.
  llvm::BitVector endsOf(Place place, size_t most) {
    const Sequence &sequence = sequences[place.sequence];
    llvm::BitVector ends(most + 1);
    size_t last = 0; // use of the values before the last one
    for (size_t length = 1; length <= most; ++length) {
      size_t end = place.begin + length;
      ends[length] = last < end && sequence.lastUse[end - 1] >= end;
      last = std::max(last, sequence.lastUse[end - 1]);
    }
    compared += most;
    return ends;
  }

  void consider(Place anchor) {
    const Sequence &f = sequences[anchor.sequence];
    ArrayRef<unsigned> window = ArrayRef(f.keys).slice(anchor.begin, shortest);
    auto bucket = starts.find(llvm::hash_combine_range(window));
    if (bucket == starts.end())
      return;
    std::vector<Match> matches;
    size_t longest = 0;
    for (Place place : bucket->second) {
      bool isSame = place.sequence == anchor.sequence;
      bool isBehind = place.sequence > anchor.sequence || (isSame && place.begin >= anchor.begin + shortest);
      if (!isBehind || compared >= mostCompared)
        continue;
      if (size_t length = matchLength(anchor, place, isSame ? place.begin - anchor.begin : f.operations.size()); length >= shortest) {
        matches.push_back({place, endsOf(place, length)});
        longest = std::max(longest, length);
      }
    }
    llvm::BitVector own = endsOf(anchor, longest);
    for (size_t length = longest; length >= shortest; --length)
      if (own[length])
        weigh(anchor, length, matches);
  }

  /// Remembers the part where it saves more lines than all before. A formula is a line; those of all places but one go, and the function has its own.
  void weigh(Place anchor, size_t length, ArrayRef<Match> matches) {
    const SmallVector<size_t> &lines = sequences[anchor.sequence].lines;
    size_t linesOfPart = lines[anchor.begin + length] - lines[anchor.begin];
    if (matches.size() * linesOfPart <= std::max(best, linesOfFunction))
      return;
    SmallVector<Place> places{anchor};
    for (const Match &match : matches) {
      bool overlaps = match.place.sequence == places.back().sequence && match.place.begin < places.back().begin + length;
      if (!overlaps && length < match.ends.size() && match.ends[length])
        places.push_back(match.place);
    }
    compared += matches.size();
    size_t saved = (places.size() - 1) * linesOfPart;
    if (saved <= std::max(best, linesOfFunction))
      return;
    best = saved;
    chosen = places;
    chosenLength = length;
  }

  /// An argument of the function: where its operations read it.
  struct Read {
    size_t operation;
    unsigned operand;
  };

  void extract() {
    const Place anchor = chosen.front();
    const Sequence &f = sequences[anchor.sequence];
    SmallVector<Read> reads;
    llvm::SetVector<Value> arguments;
    for (size_t i = 0; i < chosenLength; ++i)
      for (OpOperand &operand : f.operations[anchor.begin + i]->getOpOperands())
        if (!isInside(f, operand.get(), anchor.begin) && arguments.insert(operand.get()))
          reads.push_back({i, operand.getOperandNumber()});
    ir::FuncOp callee = build(f, anchor, arguments.getArrayRef());
    for (Place place : chosen) {
      ArrayRef<Operation *> part = ArrayRef(sequences[place.sequence].operations).slice(place.begin, chosenLength);
      Operation *last = part.back();
      // Asked for only now: a value may be the result of a call that has just been made.
      SmallVector<Value> operands = llvm::map_to_vector(reads, [&](Read read) { return part[read.operation]->getOperand(read.operand); });
      OpBuilder builder(last);
      auto call = ir::CallOp::create(builder, last->getLoc(), last->getResultTypes(), FlatSymbolRefAttr::get(callee.getSymNameAttr()), operands);
      last->getResult(0).replaceAllUsesWith(call.getResult(0));
      for (Operation *op : llvm::reverse(part))
        op->erase();
    }
  }

  ir::FuncOp build(const Sequence &f, Place anchor, ArrayRef<Value> arguments) {
    OpBuilder builder(module.getContext());
    Value result = f.operations[anchor.begin + chosenLength - 1]->getResult(0);
    SmallVector<Type> argumentTypes = llvm::to_vector(ValueRange(arguments).getTypes());
    auto func = ir::FuncOp::create(builder, ir::named("", result.getLoc()), "part", builder.getFunctionType(argumentTypes, result.getType()));
    func.setPrivate();
    Block &body = func.getBody().emplaceBlock();
    builder.setInsertionPointToEnd(&body);
    IRMapping mapping;
    StringRef name = ir::nameOf(result);
    bool usesSymbol = false;
    for (Value argument : arguments) {
      mapping.map(argument, body.addArgument(argument.getType(), argument.getLoc()));
      usesSymbol |= withoutSymbol(textOf(argument.getType()), symbolOf(f.func)) != textOf(argument.getType());
      if (ir::isTree(argument.getType()) && !ir::nameOf(argument).contains('$'))
        name = ir::nameOf(argument);
    }
    for (size_t i = 0; i < chosenLength; ++i)
      builder.clone(*f.operations[anchor.begin + i], mapping);
    ir::ReturnOp::create(builder, func.getLoc(), mapping.lookup(result));
    if (usesSymbol)
      func->setAttr(kSymbols, f.func->getAttr(kSymbols));
    if (!name.empty())
      func.setSymName(name);
    SymbolTable(module).insert(func, Block::iterator(f.func));
    return func;
  }

  ModuleOp module;
  Numbers texts;
  std::vector<Sequence> sequences;
  llvm::DenseMap<std::pair<Operation *, Type>, unsigned> types;
  /// Where the same `shortest` operations begin.
  llvm::DenseMap<llvm::hash_code, SmallVector<Place>> starts;
  size_t compared = 0, best = 0, chosenLength = 0;
  SmallVector<Place> chosen;
};

} // namespace

void condenseCalls(ModuleOp module) {
  CallCondenser condenser(module);
  for (int i = 0; i < mostFunctions && condenser.condenseOne(); ++i) {
  }
}

} // namespace dlc::passes
