// Condensing: places that belong to one model become a tree.
#include "passes/Condense.h"
#include "passes/Util.h"

#include "ir/Names.h"

#include "llvm/ADT/MapVector.h"

namespace dlc::passes {
using namespace mlir;

namespace {

/// `net.layers.0.weight:adam.m`.
struct Place {
  StringRef kind, tree, leaf, suffix;
};

/// The place that an argument or a result is, where nothing else is said of it but how it is stored.
std::optional<Place> placeOf(DictionaryAttr attrs, Type type) {
  std::optional<Place> place;
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!attrs || !tensor || !tensor.hasStaticShape())
    return std::nullopt;
  for (NamedAttribute attr : attrs) {
    StringRef kind = attr.getName();
    if (kind == "dl.stored")
      continue;
    if ((kind != kParam && kind != kState && kind != kUpdate) || place)
      return std::nullopt;
    auto [whole, suffix] = cast<StringAttr>(attr.getValue()).getValue().split(':');
    auto [tree, leaf] = whole.split('.');
    if (leaf.empty())
      return std::nullopt;
    place = Place{kind, tree, leaf, suffix};
  }
  return place;
}

/// Models, by their names, with the names of their leaves in order.
using Models = llvm::MapVector<StringRef, SmallVector<std::string>>;

/// Consecutive places: for each leaf of a model, each of the suffixes.
struct Group {
  Place first;
  SmallVector<StringRef> suffixes;
  size_t size = 1;
};

class Signature {
public:
  Signature(const Models &models, ArrayRef<Type> types, ArrayRef<DictionaryAttr> attrs) : types(types) {
    for (auto [type, dict] : llvm::zip(types, attrs))
      places.push_back(placeOf(dict, type));
    for (size_t i = 0; i < types.size(); i += groups.back().second.size)
      groups.emplace_back(i, groupAt(models, i));
  }
  SmallVector<std::pair<size_t, Group>> groups;

private:
  Group groupAt(const Models &models, size_t begin) const {
    Group group;
    if (!places[begin])
      return group;
    group.first = *places[begin];
    auto model = models.find(group.first.tree);
    if (model == models.end() || model->second.size() < 2)
      return group;
    const SmallVector<std::string> &leaves = model->second;
    SmallVector<StringRef> suffixes;
    for (size_t i = begin; i < places.size() && fits(i, group.first, leaves.front()) && !llvm::is_contained(suffixes, places[i]->suffix); ++i)
      suffixes.push_back(places[i]->suffix);
    size_t size = suffixes.size() * leaves.size();
    if (suffixes.empty() || begin + size > places.size())
      return group;
    for (size_t i = 0; i < size; ++i)
      if (!fits(begin + i, group.first, leaves[i / suffixes.size()]) || places[begin + i]->suffix != suffixes[i % suffixes.size()])
        return group;
    group.suffixes = suffixes;
    group.size = size;
    return group;
  }
  bool fits(size_t i, const Place &first, StringRef leaf) const {
    return places[i] && places[i]->kind == first.kind && places[i]->tree == first.tree && places[i]->leaf == leaf;
  }
  ArrayRef<Type> types;
  SmallVector<std::optional<Place>> places;
};

Models modelsOf(ModuleOp module) {
  Models models;
  auto add = [&](DictionaryAttr attrs, Type type) {
    std::optional<Place> place = placeOf(attrs, type);
    if (place && place->kind == kParam && !llvm::is_contained(models[place->tree], place->leaf))
      models[place->tree].push_back(place->leaf.str());
  };
  for (auto func : module.getOps<ir::FuncOp>()) {
    for (unsigned i = 0; i < func.getNumResults(); ++i)
      add(func.getResultAttrDict(i), func.getResultTypes()[i]);
    for (unsigned i = 0; i < func.getNumArguments(); ++i)
      add(func.getArgAttrDict(i), func.getArgumentTypes()[i]);
  }
  return models;
}

std::string treePlace(const Group &group, StringRef suffix) { return suffix.empty() ? group.first.tree.str() : (group.first.tree + ":" + suffix).str(); }

class FunctionCondenser {
public:
  FunctionCondenser(const Models &models, ir::FuncOp func) : models(models), func(func), builder(func.getContext()) {}

  void run() {
    condenseArguments();
    condenseResults();
    // In a region only leaves are taken.
    for (auto gradient : llvm::make_early_inc_range(func.getOps<ir::GradientOp>()))
      condenseGradient(gradient);
    eraseDead(func);
  }

private:
  template <typename Dict>
  SmallVector<DictionaryAttr> dictionaries(unsigned count, Dict dict) {
    SmallVector<DictionaryAttr> all;
    for (unsigned i = 0; i < count; ++i)
      all.push_back(dict(i));
    return all;
  }

  TupleType typeOf(const Group &group, ArrayRef<Type> types, size_t begin, size_t suffix) {
    SmallVector<RankedTensorType> leaves;
    const SmallVector<std::string> &names = models.find(group.first.tree)->second;
    for (size_t leaf = 0; leaf < names.size(); ++leaf)
      leaves.push_back(ranked(types[begin + leaf * group.suffixes.size() + suffix]));
    return ir::treeType(names, leaves);
  }

  /// A `dl.get` in front of each use: it costs nothing, and each formula names the leaf.
  void replaceByGets(Value old, Value tree, StringRef leaf) {
    for (OpOperand &use : llvm::make_early_inc_range(old.getUses())) {
      builder.setInsertionPoint(use.getOwner());
      use.set(ir::GetOp::create(builder, ir::named("", use.getOwner()->getLoc()), tree, leaf));
    }
  }

  void condenseArguments() {
    Block &body = func.getBody().front();
    SmallVector<Type> types = llvm::to_vector(func.getArgumentTypes());
    SmallVector<DictionaryAttr> attrs = dictionaries(types.size(), [&](unsigned i) { return func.getArgAttrDict(i); });
    Signature signature(models, types, attrs);
    SmallVector<Type> newTypes;
    SmallVector<DictionaryAttr> newAttrs;
    for (auto &[begin, group] : signature.groups) {
      if (group.suffixes.empty()) {
        newTypes.push_back(types[begin]);
        newAttrs.push_back(attrs[begin]);
        body.getArgument(begin).replaceAllUsesWith(body.addArgument(types[begin], body.getArgument(begin).getLoc()));
        continue;
      }
      const SmallVector<std::string> &names = models.find(group.first.tree)->second;
      for (auto [number, suffix] : llvm::enumerate(group.suffixes)) {
        std::string place = treePlace(group, suffix);
        newTypes.push_back(typeOf(group, types, begin, number));
        newAttrs.push_back(builder.getDictionaryAttr(builder.getNamedAttr(group.first.kind, builder.getStringAttr(place))));
        Value tree = body.addArgument(newTypes.back(), ir::named(place, body.getArgument(begin + number).getLoc()));
        for (auto [leaf, name] : llvm::enumerate(names))
          replaceByGets(body.getArgument(begin + leaf * group.suffixes.size() + number), tree, name);
      }
    }
    body.eraseArguments(0, types.size());
    func.setFunctionType(builder.getFunctionType(newTypes, func.getResultTypes()));
    func.setAllArgAttrs(newAttrs);
  }

  void condenseResults() {
    auto terminator = cast<ir::ReturnOp>(func.getBody().front().back());
    SmallVector<Type> types = llvm::to_vector(func.getResultTypes());
    SmallVector<DictionaryAttr> attrs = dictionaries(types.size(), [&](unsigned i) { return func.getResultAttrDict(i); });
    Signature signature(models, types, attrs);
    SmallVector<Type> newTypes;
    SmallVector<DictionaryAttr> newAttrs;
    SmallVector<Value> operands;
    builder.setInsertionPoint(terminator);
    for (auto &[begin, group] : signature.groups) {
      if (group.suffixes.empty()) {
        newTypes.push_back(types[begin]);
        newAttrs.push_back(attrs[begin]);
        operands.push_back(terminator.getOperand(begin));
        continue;
      }
      size_t stride = group.suffixes.size();
      for (auto [number, suffix] : llvm::enumerate(group.suffixes)) {
        SmallVector<Value> leaves;
        SmallVector<Attribute> stored;
        bool isStored = false;
        for (size_t i = begin + number; i < begin + group.size; i += stride) {
          leaves.push_back(terminator.getOperand(i));
          Attribute order = attrs[i].get("dl.stored");
          isStored |= order != nullptr;
          stored.push_back(order ? order : builder.getArrayAttr({}));
        }
        newTypes.push_back(typeOf(group, types, begin, number));
        SmallVector<NamedAttribute> named{builder.getNamedAttr(group.first.kind, builder.getStringAttr(treePlace(group, suffix)))};
        if (isStored)
          named.push_back(builder.getNamedAttr("dl.stored", builder.getArrayAttr(stored)));
        newAttrs.push_back(builder.getDictionaryAttr(named));
        operands.push_back(ir::TreeOp::create(builder, ir::named("", leaves.front().getLoc()), newTypes.back(), leaves));
      }
    }
    terminator->setOperands(operands);
    func.setFunctionType(builder.getFunctionType(func.getArgumentTypes(), newTypes));
    func.setAllResultAttrs(newAttrs);
  }

  void condenseGradient(ir::GradientOp gradient) {
    Value tree;
    for (auto [number, by] : llvm::enumerate(gradient.getBy())) {
      auto get = by.getDefiningOp<ir::GetOp>();
      if (!get || (tree && get.getTree() != tree))
        return;
      tree = get.getTree();
      if (ir::leafNumber(tree.getType(), get.getLeaf()) != number)
        return;
    }
    if (!tree || cast<TupleType>(tree.getType()).size() != gradient.getBy().size())
      return;
    builder.setInsertionPoint(gradient);
    Value whole = ir::TreeGradientOp::create(builder, gradient.getLoc(), tree.getType(), gradient.getOf(), tree);
    for (auto [result, leaf] : llvm::zip(gradient.getResults(), ir::leafNames(tree.getType())))
      replaceByGets(result, whole, leaf);
    gradient.erase();
  }

  const Models &models;
  ir::FuncOp func;
  OpBuilder builder;
};

} // namespace

void condenseTrees(ModuleOp module) {
  Models models = modelsOf(module);
  for (auto func : module.getOps<ir::FuncOp>())
    if (!func.isPrivate())
      FunctionCondenser(models, func).run();
}

} // namespace dlc::passes
