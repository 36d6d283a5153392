// Instances, records, tuples and lists as trees of leaves: one walk in declaration order serves all that acts leaf by leaf (rule 20).
#include "frontend/elab/Elaborator.h"

namespace dlc::frontend {

namespace {
using LeafFn = llvm::function_ref<Value(const Value &, llvm::StringRef, bool)>;

struct TreeMapper {
  TreeMapper(Elaborator &elab, LeafFn leaf, bool parametersOnly) : elab(elab), leaf(leaf), parametersOnly(parametersOnly) {}

  Elaborator &elab;
  LeafFn leaf;
  bool parametersOnly;
  llvm::DenseMap<Place *, Value> places;
  llvm::DenseMap<Instance *, std::shared_ptr<Instance>> instances;

  Value visitLeaf(const Value &value, const std::string &path, bool isState) {
    if (!value.is(ValueKind::PlaceRef))
      return leaf(value, path, isState);
    auto it = places.find(value.asPlace());
    if (it != places.end())
      return it->second;
    Value result = leaf(value, path, isState);
    places[value.asPlace()] = result;
    return result;
  }

  Value visit(const Value &value, const std::string &path, bool isState) {
    auto inner = [&](llvm::StringRef name) { return path.empty() ? name.str() : path + "." + name.str(); };
    switch (value.kind()) {
    case ValueKind::PlaceRef:
    case ValueKind::Tensor:
      return visitLeaf(value, path, isState);
    case ValueKind::List:
    case ValueKind::Record: {
      std::vector<Value> items;
      bool isRecord = value.is(ValueKind::Record);
      for (size_t i = 0; i < value.items().size(); ++i)
        items.push_back(visit(value.items()[i], inner(isRecord && !value.labels()[i].empty() ? value.labels()[i] : std::to_string(i)), isState));
      return isRecord ? Value::record(value.labels(), std::move(items)) : Value::list(std::move(items));
    }
    case ValueKind::Function: {
      const FunctionValue &function = value.asFunction();
      if (function.recomputed) {
        FunctionValue copy;
        copy.recomputed = std::make_shared<Value>(visit(*function.recomputed, path, isState));
        return Value::function(std::move(copy));
      }
      if (!function.environment || !elab.containsInstance(value))
        return value;
      FunctionValue copy = function;
      copy.environment = std::make_shared<Environment>(*function.environment);
      for (auto &[local, slot] : copy.environment->captured)
        if (slot && elab.containsInstance(*slot))
          slot = std::make_shared<Value>(visit(*slot, inner(local->name), isState));
      return Value::function(std::move(copy));
    }
    case ValueKind::Instance: {
      const std::shared_ptr<Instance> &instance = value.asInstance();
      auto &copy = instances[instance.get()];
      if (copy)
        return Value::instance(copy);
      copy = std::make_shared<Instance>(*instance);
      std::shared_ptr<Instance> made = copy;
      made->derived = true;
      made->parametersOnly |= parametersOnly;
      for (Member &member : made->members) {
        if (member.kind == Member::Kind::Const)
          continue;
        Value mapped = visit(member.value, inner(member.name), isState || member.kind == Member::Kind::State);
        updateParameter(*made, member, mapped);
        member.value = std::move(mapped);
      }
      return Value::instance(made);
    }
    default:
      return value;
    }
  }

  /// An instance passed to the constructor is a member under the parameter's name: the parameter follows it.
  void updateParameter(Instance &instance, const Member &member, const Value &mapped) {
    for (const ast::Param *param : instance.module->params)
      if (param->name.text == member.name && instance.parameters)
        if (const Local *local = instance.file->local(*param); local && local->slot < instance.parameters->slots.size()) {
          const Environment::Cell &held = instance.parameters->slots[local->slot];
          if (member.kind != Member::Kind::Value || !held || !elab.containsInstance(*held))
            continue;
          instance.parameters = std::make_shared<Environment>(*instance.parameters);
          instance.parameters->slots[local->slot] = std::make_shared<Value>(mapped);
        }
  }
};
} // namespace

Value Elaborator::mapTree(const Value &value, LeafFn leaf, bool parametersOnly, const std::string &path) {
  TreeMapper mapper(*this, leaf, parametersOnly);
  return mapper.visit(value, path, false);
}

std::vector<TreeLeaf> Elaborator::flatten(const Value &value, bool withState) {
  std::vector<TreeLeaf> leaves;
  mapTree(value, [&](const Value &leaf, llvm::StringRef path, bool isState) -> Value {
    if (withState || !isState)
      leaves.push_back({path.str(), leaf, isState});
    return leaf;
  });
  return leaves;
}

bool Elaborator::containsInstance(const Value &value) {
  switch (value.kind()) {
  case ValueKind::Instance:
    return true;
  case ValueKind::List:
  case ValueKind::Record:
    return llvm::any_of(value.items(), [&](const Value &item) { return containsInstance(item); });
  case ValueKind::Function:
    if (value.asFunction().recomputed)
      return containsInstance(*value.asFunction().recomputed);
    return value.asFunction().environment &&
           llvm::any_of(value.asFunction().environment->captured,
                        [&](const auto &entry) { return entry.second && containsInstance(*entry.second); });
  default:
    return false;
  }
}

bool Elaborator::hasParams(const Value &value) { return containsInstance(value) && !flatten(value, false).empty(); }

/// Something with more than one leaf: an instance, or a record or list that is not numbers alone.
bool Elaborator::isTree(const Value &value) {
  if (value.is(ValueKind::Instance) || value.is(ValueKind::Record))
    return true;
  if (!value.is(ValueKind::List))
    return false;
  return llvm::any_of(value.items(), [&](const Value &item) {
    return item.isTensor() || item.is(ValueKind::PlaceRef) || isTree(item);
  });
}

static std::string pathName(const TreeLeaf *leaf) {
  return !leaf ? "nothing" : leaf->path.empty() ? "a value" : "`" + leaf->path + "`";
}

Value Elaborator::mapLeaves(llvm::ArrayRef<Value> trees, SourceRange range,
                            llvm::function_ref<Value(llvm::ArrayRef<Value>, llvm::StringRef)> leaf) {
  // The structure is that of the first instance that has its state, else of the first instance, else of the first tree.
  int chosen = -1, rank = 0;
  std::vector<std::vector<TreeLeaf>> leaves;
  for (size_t i = 0; i < trees.size(); ++i) {
    const Value &tree = trees[i];
    if (tree.isError())
      return Value::error();
    bool whole = tree.is(ValueKind::Record) || tree.is(ValueKind::Instance) || (tree.is(ValueKind::List) && isTree(tree));
    leaves.push_back(whole ? flatten(tree, false) : std::vector<TreeLeaf>());
    if (!whole)
      continue;
    int worth = !containsInstance(tree) ? 1 : tree.is(ValueKind::Instance) && tree.asInstance()->parametersOnly ? 2 : 3;
    if (worth > rank) {
      rank = worth;
      chosen = static_cast<int>(i);
    }
  }
  if (chosen < 0) {
    std::vector<Value> values;
    for (const Value &tree : trees)
      values.push_back(read(tree));
    return leaf(values, "");
  }
  for (size_t i = 0; i < trees.size(); ++i) {
    if (leaves[i].empty() && !isTree(trees[i]))
      continue;
    size_t count = std::min(leaves[i].size(), leaves[chosen].size());
    for (size_t k = 0; k <= count; ++k) {
      bool endI = k == leaves[i].size(), endC = k == leaves[chosen].size();
      if (endI && endC)
        break;
      if (endI || endC || leaves[i][k].path != leaves[chosen][k].path)
        return error(diag::structures_differ, range, pathName(endC ? nullptr : &leaves[chosen][k]), pathName(endI ? nullptr : &leaves[i][k]));
    }
  }
  size_t index = 0;
  bool failed = false;
  Value result = mapTree(trees[chosen], [&](const Value &own, llvm::StringRef path, bool isState) -> Value {
    if (isState)
      return own;
    std::vector<Value> operands;
    for (size_t i = 0; i < trees.size(); ++i)
      operands.push_back(read(leaves[i].empty() ? trees[i] : leaves[i][index].value));
    ++index;
    Value mapped = leaf(operands, path);
    failed |= mapped.isError();
    return mapped;
  });
  return failed ? Value::error() : result;
}

Value Elaborator::treeArithmetic(ast::BinaryOp op, const Value &a, const Value &b, SourceRange range) {
  if (op != ast::BinaryOp::Add && op != ast::BinaryOp::Sub && op != ast::BinaryOp::Mul && op != ast::BinaryOp::Div)
    return error(diag::not_a_tensor, range, spelling(op), isTree(a) ? a.describe() : b.describe());
  return mapLeaves({a, b}, range, [&](llvm::ArrayRef<Value> operands, llvm::StringRef) {
    return binaryValue(op, operands[0], operands[1], range);
  });
}

} // namespace dlc::frontend
