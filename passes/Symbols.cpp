#include "passes/Symbols.h"
#include "passes/Util.h"

#include "mlir/IR/AttrTypeSubElements.h"

namespace dlc::passes {
using namespace mlir;
using ir::SizeExpr;

namespace {

/// The entry `N = 4*n` of `dl.symbols`; without `=` both are the same.
struct Entry {
  StringRef name;
  std::optional<SizeExpr> form;
};

Entry parseEntry(Attribute attribute) {
  auto text = cast<StringAttr>(attribute).getValue();
  auto [name, form] = text.split('=');
  if (form.empty())
    return {text.trim(), std::nullopt};
  return {name.trim(), SizeExpr::parse(form.trim())};
}

/// Solves `form = value` for the one symbol of `form`, which is linear in it.
LogicalResult solve(ir::FuncOp func, const Entry &entry, int64_t value,
                    llvm::StringMap<SizeExpr> &values) {
  SmallVector<StringRef> symbols;
  entry.form->forEachSymbol([&](StringRef symbol) { symbols.push_back(symbol); });
  auto at = [&](int64_t n) {
    return entry.form->substitute([&](StringRef) { return SizeExpr(n); }).constant();
  };
  if (symbols.size() != 1 || !at(0) || !at(1) || *at(1) == *at(0))
    return func.emitError() << "cannot find the size in `" << entry.name << " = "
                            << entry.form->str() << "`: it must be linear in one symbol";
  int64_t n = (value - *at(0)) / (*at(1) - *at(0));
  if (n < 0 || at(n) != value)
    return func.emitError() << "the size `" << entry.name << "` must have the form `"
                            << entry.form->str() << "`, but is " << value;
  values.insert_or_assign(symbols[0], SizeExpr(n));
  return success();
}

/// Replaces the symbols in tensor types and in size attributes.
class Replacer {
public:
  Replacer(MLIRContext *context, const llvm::StringMap<SizeExpr> &values)
      : context(context), values(values) {
    replacer.addReplacement(
        [this](RankedTensorType type) -> std::optional<std::pair<Type, WalkResult>> {
          return std::make_pair(Type(replace(type)), WalkResult::skip());
        });
    replacer.addReplacement(
        [this](ir::SymAttr attribute) -> std::optional<std::pair<Attribute, WalkResult>> {
          SmallVector<SizeExpr> sizes;
          for (const SizeExpr &size : attribute.getSizes())
            sizes.push_back(substitute(size));
          return std::make_pair(Attribute(ir::SymAttr::get(this->context, sizes)),
                                WalkResult::skip());
        });
  }

  void run(Operation *op) {
    replacer.recursivelyReplaceElementsIn(op, /*replaceAttrs=*/true, /*replaceLocs=*/false,
                                          /*replaceTypes=*/true);
  }
  /// A size that became negative, as it was written.
  std::optional<SizeExpr> negative;

private:
  SizeExpr substitute(const SizeExpr &size) {
    SizeExpr result = size.substitute([this](StringRef symbol) -> std::optional<SizeExpr> {
      auto it = values.find(symbol);
      return it == values.end() ? std::nullopt : std::optional<SizeExpr>(it->second);
    });
    if (auto number = result.constant(); number && *number < 0)
      negative = size;
    return result;
  }

  RankedTensorType replace(RankedTensorType type) {
    auto sym = dyn_cast_or_null<ir::SymAttr>(type.getEncoding());
    if (!sym)
      return type;
    ir::Shape shape = ir::shapeOf(type);
    for (SizeExpr &size : shape)
      if (size = substitute(size); size.constant().value_or(0) < 0)
        size = 0;
    return ir::tensorType(shape, type.getElementType());
  }

  MLIRContext *context;
  const llvm::StringMap<SizeExpr> &values;
  AttrTypeReplacer replacer;
};

/// A loop without a pass is what goes into it: its body may take parts of what has none.
void foldEmptyLoops(ir::FuncOp func) {
  SmallVector<ir::LoopOp> empty;
  func.walk([&](ir::LoopOp loop) {
    if (loop.getBound().getSizes().front().constant() == 0)
      empty.push_back(loop);
  });
  for (ir::LoopOp loop : llvm::reverse(empty)) { // the inner ones were seen first
    OpBuilder builder(loop);
    for (auto [result, init] : llvm::zip(loop.getCarriedResults(), loop.getInits()))
      result.replaceAllUsesWith(init);
    for (Value result : loop.getCollectedResults()) {
      auto none = cast<DenseElementsAttr>(builder.getZeroAttr(result.getType()));
      result.replaceAllUsesWith(ir::ConstantOp::create(builder, loop.getLoc(), none));
    }
    loop.erase();
  }
}

/// The text of a check with a number for `{operand}`, and the operands behind it renumbered; nothing where it has a format there.
std::optional<std::string> withNumber(StringRef text, size_t operand, int64_t number) {
  std::string result;
  size_t next = 0;
  while (!text.empty()) {
    size_t literal = std::min(text.find('{'), text.size());
    bool isEscaped = text.substr(literal).starts_with("{{");
    result += text.take_front(literal + (isEscaped ? 2 : 0));
    text = text.drop_front(literal + (isEscaped ? 2 : 0));
    if (isEscaped || text.empty())
      continue;
    StringRef inside = text.take_until([](char c) { return c == '}'; }).drop_front();
    auto [digits, format] = inside.split(':');
    size_t current = next;
    if (!digits.empty() && digits.getAsInteger(10, current))
      return std::nullopt;
    next = current + 1;
    text = text.drop_front(std::min(inside.size() + 2, text.size()));
    if (current == operand && !format.empty())
      return std::nullopt;
    if (current == operand)
      result += std::to_string(number);
    else
      result += ("{" + Twine(current - (current > operand)) + (format.empty() ? "" : ":") + format + "}").str();
  }
  return result;
}

/// A check that fails says the number: its text is all that needs it.
void writeIntoChecks(Value size, int64_t number) {
  for (Operation *user : llvm::to_vector(size.getUsers())) {
    auto check = dyn_cast<ir::CheckOp>(user);
    if (!check)
      continue;
    for (size_t i = check.getValues().size(); i-- > 0;) {
      if (check.getValues()[i] != size)
        continue;
      if (auto text = withNumber(check.getMessage(), i, number)) {
        check.setMessage(*text);
        check.getValuesMutable().erase(i);
      }
    }
  }
}

/// `dl.size` of a number is a constant.
void foldSizes(ir::FuncOp func) {
  func.walk([](ir::SizeOp op) {
    auto number = op.getSize().getSizes()[0].constant();
    if (!number)
      return;
    writeIntoChecks(op.getResult(), *number);
    OpBuilder builder(op);
    auto type = ranked(op.getResult());
    auto constant = ir::ConstantOp::create(builder, op.getLoc(),
                                           DenseElementsAttr::get(type, APInt(64, *number, true)));
    op.getResult().replaceAllUsesWith(constant.getResult());
    op.erase();
  });
}

} // namespace

SmallVector<StringRef> symbolNames(ir::FuncOp func) {
  SmallVector<StringRef> names;
  if (auto symbols = func->getAttrOfType<ArrayAttr>(kSymbols))
    for (Attribute attribute : symbols)
      names.push_back(parseEntry(attribute).name);
  return names;
}

LogicalResult bindTestRows(ModuleOp module) {
  for (auto test : module.getOps<ir::TestOp>()) {
    auto body = module.lookupSymbol<ir::FuncOp>(test.getBody());
    auto rows = test.getSettings().getAs<IntegerAttr>("rows");
    if (!body || !rows || test.getMetrics() || !llvm::is_contained(symbolNames(body), "rows"))
      continue;
    llvm::StringMap<SizeExpr> values;
    values.insert_or_assign("rows", SizeExpr(rows.getInt()));
    if (failed(bindSymbols(body, values)))
      return failure();
  }
  return success();
}

LogicalResult bindSymbols(ir::FuncOp func, const llvm::StringMap<SizeExpr> &given) {
  llvm::StringMap<SizeExpr> values = given;
  SmallVector<Attribute> left;
  if (auto symbols = func->getAttrOfType<ArrayAttr>(kSymbols))
    for (Attribute attribute : symbols) {
      Entry entry = parseEntry(attribute);
      auto it = given.find(entry.name);
      if (it == given.end()) {
        left.push_back(attribute);
        continue;
      }
      auto number = it->second.constant();
      if (entry.form && number && failed(solve(func, entry, *number, values)))
        return failure();
      if (!number)
        it->second.forEachSymbol(
            [&](StringRef symbol) { left.push_back(StringAttr::get(func.getContext(), symbol)); });
    }

  Replacer replacer(func.getContext(), values);
  replacer.run(func);
  if (replacer.negative)
    return func.emitError() << "the size `" << replacer.negative->str() << "` becomes negative";
  foldSizes(func);
  foldEmptyLoops(func);
  if (left.empty())
    func->removeAttr(kSymbols);
  else
    func->setAttr(kSymbols, ArrayAttr::get(func.getContext(), left));
  return success();
}

} // namespace dlc::passes
