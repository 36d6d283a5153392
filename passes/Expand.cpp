// Expanding: trees, calls and what is done for each leaf become plain operations again.
#include "passes/Condense.h"
#include "passes/Symbols.h"
#include "passes/Util.h"

#include "ir/Formulas.h"
#include "ir/Names.h"

#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/SetVector.h"

namespace dlc::passes {
using namespace mlir;

std::string leafPlace(StringRef place, StringRef leaf) {
  auto [tree, suffix] = place.split(':');
  std::string name = (tree + "." + leaf).str();
  return suffix.empty() ? name : name + ":" + suffix.str();
}

Operation *cloneElementwise(OpBuilder &builder, Operation *op, ArrayRef<Value> operands) {
  RankedTensorType shaped;
  for (Value operand : operands)
    if (ranked(operand).getRank() > 0) {
      if (shaped && shaped.getShape() != ranked(operand).getShape())
        return nullptr;
      shaped = ranked(operand);
    }
  if (shaped && !isElementwise(op))
    return nullptr;
  SmallVector<Value> fitting;
  for (Value operand : operands) {
    auto type = ranked(operand);
    bool isScalar = shaped && type.getRank() == 0;
    fitting.push_back(
        isScalar ? ir::BroadcastOp::create(builder, ir::named("", op->getLoc()), ir::withElement(shaped, type.getElementType()), operand, ArrayRef<int64_t>())
                       .getResult()
                 : operand);
  }
  Operation *clone = builder.clone(*op);
  clone->setOperands(fitting);
  if (shaped)
    clone->getResult(0).setType(ir::withElement(shaped, ranked(op->getResult(0)).getElementType()));
  return clone;
}

namespace {

/// Consecutive trees of one model stand for its leaves, one after the other, each with all of the trees.
struct Run {
  size_t begin, size;
  bool isTree;
};

template <typename PlaceAt>
SmallVector<Run> runsOf(ArrayRef<Type> types, PlaceAt placeAt) {
  SmallVector<Run> runs;
  for (size_t i = 0; i < types.size(); ++i) {
    bool isTree = ir::isTree(types[i]);
    if (isTree && !runs.empty() && runs.back().isTree) {
      auto [kind, place] = placeAt(i);
      auto [lastKind, lastPlace] = placeAt(i - 1);
      if (kind == lastKind && place.split(':').first == lastPlace.split(':').first && ir::leafNames(types[i]) == ir::leafNames(types[i - 1])) {
        ++runs.back().size;
        continue;
      }
    }
    runs.push_back({i, 1, isTree});
  }
  return runs;
}

std::pair<StringRef, StringRef> placeIn(DictionaryAttr attrs) {
  for (StringRef kind : {StringRef(kParam), StringRef(kState), StringRef(kUpdate)})
    if (auto place = attrs ? attrs.getAs<StringAttr>(kind) : nullptr)
      return {kind, place.getValue()};
  return {"", ""};
}

class Expander {
public:
  Expander(ModuleOp module, ir::FuncOp func) : symbols(module), func(func), builder(func.getContext()) {}

  LogicalResult run() {
    expandArguments();
    Block &body = func.getBody().front();
    for (Operation *op = &body.front(); op;) {
      Operation *next = op->getNextNode();
      Operation *before = op->getPrevNode();
      builder.setInsertionPoint(op);
      if (auto call = dyn_cast<ir::CallOp>(op)) {
        if (failed(inlined(call)))
          return failure();
        next = before ? before->getNextNode() : &body.front();
      } else if (failed(expanded(op))) {
        return failure();
      }
      op = next;
    }
    if (failed(expandRegions()))
      return failure();
    expandResults();
    for (Operation *op : llvm::reverse(condensed))
      op->erase();
    return success();
  }

private:
  //===- Signatures -------------------------------------------------------===//

  /// Types and attributes with leaves in place of trees. `visit` gets, for each new one, its tree's number and the leaf's, or none.
  template <typename DictAt, typename Visit>
  std::pair<SmallVector<Type>, SmallVector<DictionaryAttr>> leaves(ArrayRef<Type> types, DictAt dictAt, Visit visit) {
    SmallVector<Type> newTypes;
    SmallVector<DictionaryAttr> newAttrs;
    for (Run run : runsOf(types, [&](size_t i) { return placeIn(dictAt(i)); })) {
      size_t count = run.isTree ? ir::leafNames(types[run.begin]).size() : 1;
      for (size_t leaf = 0; leaf < count; ++leaf)
        for (size_t i = run.begin; i < run.begin + run.size; ++i) {
          DictionaryAttr attrs = dictAt(i);
          newTypes.push_back(run.isTree ? Type(ir::leafTypes(types[i])[leaf]) : types[i]);
          newAttrs.push_back(run.isTree ? leafAttrs(attrs, types[i], leaf) : attrs ? attrs : builder.getDictionaryAttr({}));
          visit(i, run.isTree ? std::optional(leaf) : std::nullopt, newAttrs.back(), newTypes.back());
        }
    }
    return {newTypes, newAttrs};
  }

  DictionaryAttr leafAttrs(DictionaryAttr attrs, Type tree, size_t leaf) {
    NamedAttrList all(attrs);
    auto [kind, place] = placeIn(attrs);
    if (!kind.empty())
      all.set(kind, builder.getStringAttr(leafPlace(place, ir::leafNames(tree)[leaf])));
    if (auto stored = dyn_cast_or_null<ArrayAttr>(all.get("dl.stored"))) {
      all.erase("dl.stored");
      if (auto order = leaf < stored.size() ? dyn_cast<ArrayAttr>(stored[leaf]) : nullptr; order && !order.empty())
        all.set("dl.stored", order);
    }
    return all.getDictionary(builder.getContext());
  }

  void expandArguments() {
    Block &body = func.getBody().front();
    SmallVector<Type> types = llvm::to_vector(func.getArgumentTypes());
    if (llvm::none_of(types, ir::isTree))
      return;
    SmallVector<BlockArgument> old = llvm::to_vector(body.getArguments());
    llvm::DenseMap<size_t, SmallVector<Value>> values;
    auto [newTypes, newAttrs] = leaves(
        types, [&](size_t i) { return func.getArgAttrDict(i); },
        [&](size_t i, std::optional<size_t> leaf, DictionaryAttr attrs, Type type) {
          Location location = old[i].getLoc();
          if (leaf)
            location = ir::named(placeIn(attrs).second, location);
          values[i].push_back(body.addArgument(type, location));
        });
    for (auto [i, argument] : llvm::enumerate(old)) {
      if (!ir::isTree(types[i])) {
        argument.replaceAllUsesWith(values[i].front());
        continue;
      }
      // The tree of the new arguments stands in for the old one until its uses are gone.
      builder.setInsertionPointToStart(&body);
      argument.replaceAllUsesWith(ir::TreeOp::create(builder, func.getLoc(), types[i], values[i]).getResult());
    }
    body.eraseArguments(0, types.size());
    func.setFunctionType(builder.getFunctionType(newTypes, func.getResultTypes()));
    func.setAllArgAttrs(newAttrs);
  }

  void expandResults() {
    auto terminator = cast<ir::ReturnOp>(func.getBody().front().back());
    SmallVector<Type> types = llvm::to_vector(func.getResultTypes());
    if (llvm::none_of(types, ir::isTree))
      return;
    SmallVector<Value> old = llvm::to_vector(terminator.getOperands()), operands;
    auto [newTypes, newAttrs] = leaves(
        types, [&](size_t i) { return func.getResultAttrDict(i); },
        [&](size_t i, std::optional<size_t> leaf, DictionaryAttr attrs, Type) {
          operands.push_back(leaf ? trees[old[i]][*leaf] : old[i]);
          Operation *op = operands.back().getDefiningOp();
          if (leaf && op && op->getNumResults() == 1 && !placeIn(attrs).second.empty())
            operands.back().setLoc(ir::named(placeIn(attrs).second, operands.back().getLoc()));
        });
    terminator->setOperands(operands);
    func.setFunctionType(builder.getFunctionType(func.getArgumentTypes(), newTypes));
    func.setAllResultAttrs(newAttrs);
  }

  //===- Operations -------------------------------------------------------===//

  LogicalResult expanded(Operation *op) {
    if (auto tree = dyn_cast<ir::TreeOp>(op))
      trees[tree.getResult()] = llvm::to_vector(tree.getLeaves());
    else if (auto get = dyn_cast<ir::GetOp>(op))
      get.getResult().replaceAllUsesWith(trees[get.getTree()][*ir::leafNumber(get.getTree().getType(), get.getLeaf())]);
    else if (auto fill = dyn_cast<ir::FillOp>(op))
      trees[fill.getResult()] = filled(fill);
    else if (auto gradient = dyn_cast<ir::TreeGradientOp>(op))
      trees[gradient.getResult()] =
          llvm::to_vector_of<Value>(ir::GradientOp::create(builder, op->getLoc(), llvm::to_vector_of<Type>(ir::leafTypes(gradient.getTree().getType())),
                                                           gradient.getOf(), trees[gradient.getTree()])
                                        .getResults());
    else if (auto each = dyn_cast<ir::EachOp>(op))
      return expandedEach(each);
    else
      return success();
    condensed.push_back(op);
    return success();
  }

  SmallVector<Value> filled(ir::FillOp fill) {
    SmallVector<Value> values;
    for (RankedTensorType type : ir::leafTypes(fill.getResult().getType())) {
      Value number = fill.getValue();
      if (auto constant = number.getDefiningOp<ir::ConstantOp>())
        number = builder.clone(*constant)->getResult(0);
      values.push_back(type.getRank() == 0 ? number : ir::BroadcastOp::create(builder, fill.getLoc(), type, number, ArrayRef<int64_t>()).getResult());
    }
    return values;
  }

  /// What is left stands in regions: only leaves may be taken there.
  LogicalResult expandRegions() {
    WalkResult result = func.walk([&](Operation *op) {
      if (op->getParentOp() == func)
        return WalkResult::advance();
      if (isa<ir::TreeOp, ir::FillOp, ir::TreeGradientOp, ir::CallOp, ir::EachOp>(op))
        return op->emitOpError() << "stands in a region, expected it in the body of a function", WalkResult::interrupt();
      if (isa<ir::GetOp>(op))
        (void)expanded(op);
      return WalkResult::advance();
    });
    return failure(result.wasInterrupted());
  }

  LogicalResult expandedEach(ir::EachOp each) {
    auto callee = symbols.lookup<ir::FuncOp>(each.getCallee());
    SmallVector<SmallVector<Value>> results(each.getNumResults());
    for (size_t leaf = 0; leaf < ir::leafNames(each.getResult(0).getType()).size(); ++leaf) {
      IRMapping mapping;
      for (auto [formal, actual] : llvm::zip(callee.getBody().getArguments(), each.getOperands())) {
        Value value = ir::isTree(actual.getType()) ? trees[actual][leaf] : actual;
        if (ranked(value).getElementType() != ranked(formal).getElementType())
          return each.emitOpError() << "each_c1: expected " << ranked(formal).getElementType() << " as an operand of " << each.getCalleeAttr() << ", found "
                                    << value.getType();
        mapping.map(formal, value);
      }
      for (Operation &op : callee.getBody().front().without_terminator()) {
        if (isa<ir::CallOp, ir::EachOp, ir::TreeOp, ir::FillOp, ir::GetOp, ir::TreeGradientOp>(op))
          return op.emitOpError() << "each_c1: expected element-wise functions in " << each.getCalleeAttr();
        SmallVector<Value> operands = llvm::map_to_vector(op.getOperands(), [&](Value operand) { return mapping.lookup(operand); });
        Operation *clone = op.getNumResults() == 1 && op.getNumRegions() == 0 ? cloneElementwise(builder, &op, operands) : nullptr;
        if (!clone)
          return op.emitOpError() << "each_c1: expected element-wise functions in " << each.getCalleeAttr();
        mapping.map(op.getResult(0), clone->getResult(0));
      }
      for (auto [k, operand] : llvm::enumerate(callee.getBody().front().getTerminator()->getOperands())) {
        Value value = mapping.lookup(operand);
        auto type = ir::leafTypes(each.getResult(k).getType())[leaf];
        if (ranked(value).getRank() == 0 && type.getRank() > 0 && ranked(value).getElementType() == type.getElementType())
          value = ir::BroadcastOp::create(builder, each.getLoc(), type, value, ArrayRef<int64_t>());
        if (value.getType() != type)
          return each.emitOpError() << "each_c1: expected " << type << " from " << each.getCalleeAttr() << ", found " << value.getType();
        results[k].push_back(value);
      }
    }
    for (auto [result, values] : llvm::zip(each.getResults(), results))
      trees[result] = values;
    condensed.push_back(each);
    return success();
  }

  /// Puts the body of the callee in front of the call, with the call's sizes for the callee's symbols.
  LogicalResult inlined(ir::CallOp call) {
    auto callee = symbols.lookup<ir::FuncOp>(call.getCallee());
    inlinedOperations += callee.getBody().front().getOperations().size();
    if (inlinedOperations > mostInlined)
      return call.emitOpError() << "stands for more operations than " << mostInlined << ", with all calls of this function";
    OwningOpRef<ir::FuncOp> copy = cast<ir::FuncOp>(callee->clone());
    llvm::StringMap<ir::SizeExpr> sizes;
    for (auto [formal, actual] : llvm::zip(callee.getArgumentTypes(), call.getOperandTypes()))
      if (auto tensor = dyn_cast<RankedTensorType>(formal))
        if (failed(matchSizes(call, tensor, cast<RankedTensorType>(actual), sizes)))
          return failure();
    if (failed(bindSymbols(*copy, sizes)))
      return failure();
    Block &body = copy->getBody().front();
    Operation *terminator = body.getTerminator();
    for (auto [formal, actual] : llvm::zip(copy->getArgumentTypes(), call.getOperandTypes()))
      if (formal != actual)
        return call.emitOpError() << "call_c1: expected an operand " << formal << ", found " << actual;
    for (auto [result, value] : llvm::zip(call.getResults(), terminator->getOperands()))
      if (result.getType() != value.getType())
        return call.emitOpError() << "call_c1: expected a result " << value.getType() << ", found " << result.getType();
    for (auto [formal, actual] : llvm::zip(body.getArguments(), call.getOperands()))
      formal.replaceAllUsesWith(actual);
    SmallVector<Value> results = llvm::to_vector(terminator->getOperands());
    terminator->erase();
    call->getBlock()->getOperations().splice(Block::iterator(call), body.getOperations());
    for (auto [result, value] : llvm::zip(call.getResults(), results)) {
      if (call.getNumResults() == 1 && value.getDefiningOp())
        value.setLoc(ir::named(ir::nameOf(result), value.getLoc()));
      result.replaceAllUsesWith(value);
    }
    call.erase();
    return success();
  }

  LogicalResult matchSizes(ir::CallOp call, RankedTensorType formal, RankedTensorType actual, llvm::StringMap<ir::SizeExpr> &sizes) {
    ir::Shape formalShape = ir::shapeOf(formal), actualShape = ir::shapeOf(actual);
    if (formalShape.size() != actualShape.size())
      return call.emitOpError() << "call_c1: expected an operand " << formal << ", found " << actual;
    for (auto [size, value] : llvm::zip(formalShape, actualShape))
      if (!size.constant())
        sizes.try_emplace(size.str(), value);
    return success();
  }

  SymbolTable symbols;
  ir::FuncOp func;
  OpBuilder builder;
  llvm::DenseMap<Value, SmallVector<Value>> trees;
  SmallVector<Operation *> condensed;
  /// Functions that call functions are short texts of large graphs.
  static constexpr size_t mostInlined = 1'000'000;
  size_t inlinedOperations = 0;
};

/// Reports a function that is reached from itself by calls.
class CallGraph {
public:
  explicit CallGraph(SymbolTable &symbols) : symbols(symbols) {}
  LogicalResult check(ir::FuncOp root) {
    // An entry is visited twice: to open the callees' entries, and to close its own.
    SmallVector<ir::FuncOp> stack{root};
    while (!stack.empty()) {
      ir::FuncOp func = stack.back();
      State &state = states[func];
      if (state != State::unknown) {
        state = State::done;
        stack.pop_back();
        continue;
      }
      state = State::open;
      for (Operation &op : func.getBody().front()) {
        auto name = isa<ir::CallOp, ir::EachOp>(op) ? op.getAttrOfType<FlatSymbolRefAttr>("callee") : nullptr;
        auto callee = name ? symbols.lookup<ir::FuncOp>(name.getValue()) : nullptr;
        if (!callee)
          continue;
        State known = states.lookup(callee);
        if (known == State::open)
          return op.emitOpError() << "calls " << name << ", in which it stands: expected calls that end";
        if (known == State::unknown)
          stack.push_back(callee);
      }
    }
    return success();
  }

private:
  enum class State { unknown, open, done };
  SymbolTable &symbols;
  llvm::DenseMap<Operation *, State> states;
};

} // namespace

LogicalResult expand(ModuleOp module) {
  llvm::SetVector<StringAttr> callees;
  bool isCondensed = false;
  for (auto func : module.getOps<ir::FuncOp>()) {
    isCondensed |= llvm::any_of(llvm::concat<const Type>(func.getArgumentTypes(), func.getResultTypes()), ir::isTree);
    func.walk([&](Operation *op) {
      isCondensed |= isa<ir::GetOp, ir::TreeOp, ir::FillOp, ir::TreeGradientOp>(op);
      if (isa<ir::CallOp, ir::EachOp>(op))
        callees.insert(cast<FlatSymbolRefAttr>(op->getAttr("callee")).getAttr());
    });
  }
  if (!isCondensed && callees.empty())
    return success();
  SymbolTable symbols(module);
  CallGraph graph(symbols);
  for (auto func : module.getOps<ir::FuncOp>())
    if (failed(graph.check(func)))
      return failure();
  for (auto func : module.getOps<ir::FuncOp>())
    if (!callees.contains(func.getSymNameAttr()) && failed(Expander(module, func).run()))
      return failure();
  for (StringAttr callee : callees)
    if (Operation *func = symbols.lookup(callee))
      symbols.erase(func);
  return success();
}

} // namespace dlc::passes
