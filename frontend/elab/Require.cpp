// `require`: decided at once, a fact about sizes, or a check when the function runs (rule 10).
#include "frontend/elab/Elaborator.h"

namespace dlc::frontend {

bool Elaborator::requireSizes(const ast::RequireStmt *statement) {
  auto *comparison = llvm::dyn_cast<ast::BinaryExpr>(statement->condition);
  if (!comparison || comparison->op < ast::BinaryOp::Eq || comparison->op > ast::BinaryOp::Ge)
    return false;
  Value a = evalRead(comparison->lhs), b = evalRead(comparison->rhs);
  if (!a.is(ValueKind::Size) || !b.is(ValueKind::Size))
    return false;
  if (normalized(a.asSize().value - b.asSize().value).constant())
    return false;
  // The batch has one or two known sizes: the requirement must hold for each.
  if (block && !block->batchSizes.empty()) {
    for (int64_t rows : block->batchSizes) {
      auto number = [&](const Value &size) {
        return size.asSize()
            .value.substitute([&](llvm::StringRef symbol) { return symbol == "batch" ? std::optional<ir::SizeExpr>(rows) : std::nullopt; })
            .constant();
      };
      auto x = number(a), y = number(b);
      if (!x || !y)
        break;
      Value holds = binaryValue(comparison->op, Value::size(Dim(*x)), Value::size(Dim(*y)), comparison->range());
      if (holds.is(ValueKind::Bool) && !holds.asBool()) {
        auto builder = report(diag::requirement_fails, statement->range(),
                              "`" + program.sources().text(comparison->range()).str() + "` does not hold for a batch of " + std::to_string(rows) + " rows");
        if (block->batchSizes.size() > 1 && rows == block->batchSizes.back())
          builder.addHelp("the last batch has " + std::to_string(rows) + " rows; `remainder: \"drop\"` leaves it out");
        return true;
      }
    }
  }
  // `H % 16 == 0`: from here on H is 16 times another size.
  auto *remainder = llvm::dyn_cast<ast::BinaryExpr>(comparison->lhs);
  if (comparison->op != ast::BinaryOp::Eq || !remainder || remainder->op != ast::BinaryOp::Mod || b.asSize().constant() != 0)
    return false;
  Value whole = evalRead(remainder->lhs), part = evalRead(remainder->rhs);
  if (!whole.is(ValueKind::Size) || !part.is(ValueKind::Size))
    return false;
  ir::SizeExpr size = normalized(whole.asSize().value);
  auto symbol = size.asSymbol();
  auto divisor = part.asSize().constant();
  if (!symbol || !divisor || *divisor < 2)
    return false;
  ir::SizeExpr form = ir::SizeExpr(*divisor) * ir::SizeExpr::symbol((*symbol + "_" + llvm::Twine(*divisor)).str());
  std::string name = symbol->str();
  for (SizeFact &fact : cx().facts)
    fact.form = fact.form.substitute([&](llvm::StringRef other) { return other == name ? std::optional(form) : std::nullopt; });
  if (llvm::is_contained(cx().symbols, name))
    cx().facts.push_back({name, form});
  factsInForce = &cx().facts;
  return true;
}

void Elaborator::require(const ast::RequireStmt *statement) {
  if (requireSizes(statement))
    return;
  Value condition = evalRead(statement->condition);
  if (condition.isError())
    return;
  auto message = [&]() -> TextData {
    if (!statement->message)
      return {"`" + program.sources().text(statement->condition->range()).str() + "` does not hold", {}};
    Value text = evalRead(statement->message);
    return text.is(ValueKind::Str) ? text.asText() : TextData{};
  };
  if (condition.is(ValueKind::Bool)) {
    if (condition.asBool())
      return;
    TextData text = message();
    SourceRange range = statement->range();
    active->failed = true;
    // The caller's line is the mistake's.
    if (active->site.isValid() && !isLibrary(active->site))
      report(diag::requirement_fails, active->site, text.text).note(range, "required here");
    else
      error(diag::requirement_fails, range, text.text);
    return;
  }
  Tensor tensor = toTensor(condition, statement->condition->range());
  if (tensor.isError())
    return;
  if (tensor.element != ElementType::Bool) {
    error(diag::condition_type, statement->condition->range(), condition.describe());
    return;
  }
  TextData text = message();
  if (text.operands.empty())
    text.text = escapeBraces(text.text);
  emit.check(tensor, text.text, text.operands);
}

} // namespace dlc::frontend
