// Expressions and statements.
#include "frontend/elab/Elaborator.h"

namespace dlc::frontend {

Value Elaborator::eval(const ast::Expr *expr) {
  if (!expr || !fuel(expr->range()))
    return Value::error();
  Restore<SourceRange> place(current, expr->range());
  Restore<unsigned> nesting(depth, depth + 1);
  // Frames differ from build to build: what counts is the stack.
  const char *frame = static_cast<const char *>(__builtin_frame_address(0));
  if (depth > 4000 || (stackBase && stackBase - frame > (5 << 20))) {
    if (!exhausted)
      error(diag::too_deep_calls, expr->range());
    exhausted = true;
    return Value::error();
  }
  switch (expr->kind()) {
  case ast::NodeKind::Number: {
    auto *number = llvm::cast<ast::NumberExpr>(expr);
    return number->isFloat ? Value::floating(number->floating) : Value::size(Dim(number->integer, expr->range()));
  }
  case ast::NodeKind::String: return evalString(llvm::cast<ast::StringExpr>(expr));
  case ast::NodeKind::Name: return evalName(llvm::cast<ast::NameExpr>(expr));
  case ast::NodeKind::Self:
    return active->self ? Value::instance(active->self) : Value::error();
  case ast::NodeKind::Bool: return Value::boolean(llvm::cast<ast::BoolExpr>(expr)->value);
  case ast::NodeKind::None: return Value::none();
  case ast::NodeKind::Paren: return eval(llvm::cast<ast::ParenExpr>(expr)->inner);
  case ast::NodeKind::Tuple: return evalTuple(llvm::cast<ast::TupleExpr>(expr));
  case ast::NodeKind::List: return evalList(llvm::cast<ast::ListExpr>(expr));
  case ast::NodeKind::Block: return evalBlock(llvm::cast<ast::BlockExpr>(expr));
  case ast::NodeKind::If: return evalIf(llvm::cast<ast::IfExpr>(expr));
  case ast::NodeKind::For: return evalFor(llvm::cast<ast::ForExpr>(expr));
  case ast::NodeKind::Lambda: return evalLambda(llvm::cast<ast::LambdaExpr>(expr));
  case ast::NodeKind::Unary: return evalUnary(llvm::cast<ast::UnaryExpr>(expr));
  case ast::NodeKind::Binary: return evalBinary(llvm::cast<ast::BinaryExpr>(expr));
  case ast::NodeKind::Range: {
    auto *range = llvm::cast<ast::RangeExpr>(expr);
    Value low = evalRead(range->low), high = evalRead(range->high);
    if (low.isError() || high.isError())
      return Value::error();
    for (const Value &bound : {low, high})
      if (!bound.is(ValueKind::Size)) {
        auto builder = report(diag::range_bounds, expr->range(), bound.describe());
        if (bound.isTensor())
          builder.addHelp("a number known only at run time is a `break if` in a loop with a greater bound");
        return Value::error();
      }
    return Value::range({low.asSize(), high.asSize()});
  }
  case ast::NodeKind::Pipe: return evalPipe(llvm::cast<ast::PipeExpr>(expr));
  case ast::NodeKind::Member: return evalMember(llvm::cast<ast::MemberExpr>(expr));
  case ast::NodeKind::Call: return evalCall(llvm::cast<ast::CallExpr>(expr));
  case ast::NodeKind::Index: return evalIndex(llvm::cast<ast::IndexExpr>(expr));
  default: return Value::error();
  }
}

Value Elaborator::read(const Value &value) {
  switch (value.kind()) {
  case ValueKind::PlaceRef: {
    Place *place = value.asPlace();
    if ((cx().kind == ContextKind::Data || cx().kind == ContextKind::RowMap) && (place->kind == PlaceKind::Param || place->kind == PlaceKind::State)) {
      report(diag::trained_in_data, current, cx().kind == ContextKind::Data ? "`data`" : "the function of a row", place->name)
          .help("`data` may use other `data` and constants; in a `train` or `test` block the value is there");
      return Value::error();
    }
    mlir::Value present = cx().read(place, location(current));
    if (!present) {
      report(diag::value_of_another_function, current);
      return Value::error();
    }
    if (place->data)
      place->data->used = true;
    return Value::tensor(emit.wrap(present, place->element, place->shape));
  }
  case ValueKind::List:
  case ValueKind::Record: {
    bool any = llvm::any_of(value.items(), [](const Value &item) {
      return item.is(ValueKind::PlaceRef) || item.is(ValueKind::List) || item.is(ValueKind::Record);
    });
    if (!any)
      return value;
    std::vector<Value> items;
    for (const Value &item : value.items())
      items.push_back(read(item));
    if (value.is(ValueKind::List))
      return Value::list(std::move(items));
    return Value::record(value.labels(), std::move(items));
  }
  default:
    return value;
  }
}

// ------------------------------------------------------------------------------------------ names

Value Elaborator::evalName(const ast::NameExpr *name) {
  return evalBinding(active->file->binding(*name), name->range());
}

Value Elaborator::evalBinding(const Binding &binding, SourceRange range) {
  switch (binding.kind) {
  case Binding::Kind::Error:
    return Value::error();
  case Binding::Kind::Local:
  case Binding::Kind::ConstructorParameter: {
    Environment::Cell *slot = nullptr;
    if (binding.kind == Binding::Kind::ConstructorParameter && active->self && active->self->parameters &&
        active->self->parameters->info == binding.local->owner) {
      auto &slots = active->self->parameters->slots;
      if (binding.local->slot < slots.size())
        slot = &slots[binding.local->slot];
    } else {
      slot = cell(binding.local);
    }
    if (!slot || !*slot)
      return poisoned() ? Value::error() : error(diag::not_bound_yet, range, binding.local->name);
    return **slot;
  }
  case Binding::Kind::Member:
    if (!active->self)
      return error(diag::not_bound_yet, range, binding.name);
    if (!active->self->find(binding.name) &&
        llvm::none_of(active->self->methods, [&](const ast::FunctionDecl *method) { return method->name.text == binding.name; }))
      return error(diag::not_bound_yet, range, binding.name);
    return memberOf(Value::instance(active->self), binding.name, -1, range);
  case Binding::Kind::Item:
    return item(binding.file, binding.node, range);
  case Binding::Kind::ImportedFile:
    return Value::file({binding.file});
  case Binding::Kind::Library:
    return Value::file({nullptr});
  case Binding::Kind::LibraryItem: {
    LibraryItem library = program.libraryItem(binding.name);
    if (library.isBuiltin) {
      auto it = builtins.find(binding.name);
      return it == builtins.end() ? refuse(range, binding.name) : Value::builtin(it->second);
    }
    if (!library.node)
      return refuse(range, binding.name);
    return item(library.file, library.node, range);
  }
  case Binding::Kind::BuiltinType: {
    if (auto element = parseElementType(binding.name))
      return Value::elementType(*element);
    auto it = builtins.find(binding.name);
    return it == builtins.end() ? error(diag::type_is_no_value, range, binding.name) : Value::builtin(it->second);
  }
  case Binding::Kind::Implicit:
    if (binding.name == "training")
      return Value::boolean(active->training);
    if (!block)
      return error(diag::not_bound_yet, range, binding.name);
    if (binding.name == "step" || binding.name == "epoch")
      return Value::tensor(counter(binding.name));
    if (binding.name == "batch")
      return block->rows ? Value::size(*block->rows) : error(diag::batch_without_rows, range);
    if (binding.name == "epochs")
      return Value::size(Dim(block->epochs.value_or(1), range));
    if (binding.name == "steps") {
      if (block->steps)
        return Value::size(Dim(*block->steps, range));
      return Value::size(Dim(1, range));
    }
    return Value::error();
  }
  return Value::error();
}

Value Elaborator::memberOf(const Value &base, llvm::StringRef name, int64_t position, SourceRange range) {
  if (base.is(ValueKind::Function) && base.asFunction().recomputed)
    return memberOf(*base.asFunction().recomputed, name, position, range);
  auto missing = [&](llvm::ArrayRef<llvm::StringRef> known) {
    auto builder = report(diag::no_member, range, base.describe(), position >= 0 ? std::to_string(position) : name.str());
    std::string hint = likely(name, known, "it has");
    // `x.mean()`, as elsewhere.
    LibraryItem library = position < 0 && known.empty() ? program.libraryItem(name) : LibraryItem();
    if (library.isBuiltin || library.node)
      hint = "functions are called with what they apply to: `" + name.str() + "(x)`, or `x |> " + name.str() + "`";
    if (!hint.empty())
      builder.addHelp(hint);
    return Value::error();
  };
  if (base.isError())
    return base;
  if (base.is(ValueKind::Instance)) {
    const std::shared_ptr<Instance> &instance = base.asInstance();
    if (const Member *member = instance->find(name))
      return member->value;
    for (const ast::FunctionDecl *method : instance->methods)
      if (method->name.text == name) {
        FunctionValue function;
        function.node = method;
        function.file = instance->file;
        function.self = instance;
        function.name = name.str();
        return Value::function(function);
      }
    llvm::SmallVector<llvm::StringRef> known;
    for (const Member &member : instance->members)
      known.push_back(member.name);
    for (const ast::FunctionDecl *method : instance->methods)
      if (!method->name.text.empty())
        known.push_back(method->name.text);
    return missing(known);
  }
  if (base.is(ValueKind::Record)) {
    if (position >= 0 && position < static_cast<int64_t>(base.items().size()))
      return base.items()[position];
    for (size_t i = 0; position < 0 && i < base.items().size(); ++i)
      if (base.labels()[i] == name)
        return base.items()[i];
  }
  if (base.is(ValueKind::List) && position >= 0 && position < static_cast<int64_t>(base.items().size()))
    return base.items()[position];
  llvm::SmallVector<llvm::StringRef> labels;
  if (base.is(ValueKind::Record))
    for (const std::string &label : base.labels())
      if (!label.empty())
        labels.push_back(label);
  return missing(labels);
}

Value Elaborator::evalMember(const ast::MemberExpr *expr) {
  const Binding &binding = active->file->binding(*expr);
  if (binding.kind != Binding::Kind::Error)
    return evalBinding(binding, expr->range());
  Value base = eval(expr->base);
  if (base.is(ValueKind::File))
    return Value::error();
  return memberOf(base, expr->name.text, expr->position, expr->range());
}

// ------------------------------------------------------------------------------------------ operators

static ir::BinaryFn arithmeticFn(ast::BinaryOp op) {
  switch (op) {
  case ast::BinaryOp::Add: return ir::BinaryFn::add;
  case ast::BinaryOp::Sub: return ir::BinaryFn::sub;
  case ast::BinaryOp::Mul: return ir::BinaryFn::mul;
  case ast::BinaryOp::Div: return ir::BinaryFn::div;
  default: return ir::BinaryFn::mod;
  }
}

Value Elaborator::evalBinary(const ast::BinaryExpr *expr) {
  if (expr->op == ast::BinaryOp::And || expr->op == ast::BinaryOp::Or) {
    Value a = evalRead(expr->lhs);
    // A side that decides alone leaves the other one out: `x == none or x > 0`.
    if (a.is(ValueKind::Bool) && a.asBool() == (expr->op == ast::BinaryOp::Or))
      return a;
    Value b = evalRead(expr->rhs);
    return logical(expr->op, a, b, expr->range());
  }
  Value a = eval(expr->lhs), b = eval(expr->rhs);
  return binaryValue(expr->op, a, b, expr->range());
}

Value Elaborator::logical(ast::BinaryOp op, const Value &a, const Value &b, SourceRange range) {
  if (a.is(ValueKind::Bool) && !b.is(ValueKind::Bool))
    return b.isTensor() && b.asTensor().element == ElementType::Bool
               ? b
               : emit.arithmetic(op == ast::BinaryOp::And ? ir::BinaryFn::and_ : ir::BinaryFn::or_, a, b, range);
  if (b.is(ValueKind::Bool) && a.isTensor() && a.asTensor().element == ElementType::Bool && b.asBool() == (op == ast::BinaryOp::And))
    return a;
  return emit.arithmetic(op == ast::BinaryOp::And ? ir::BinaryFn::and_ : ir::BinaryFn::or_, a, b, range);
}

Value Elaborator::binaryValue(ast::BinaryOp op, const Value &a, const Value &b, SourceRange range) {
  if (a.isError() || b.isError())
    return Value::error();
  switch (op) {
  case ast::BinaryOp::Eq: return emit.comparison(ir::CompareFn::eq, a, b, range);
  case ast::BinaryOp::Ne: return emit.comparison(ir::CompareFn::ne, a, b, range);
  case ast::BinaryOp::Lt: return emit.comparison(ir::CompareFn::lt, a, b, range);
  case ast::BinaryOp::Le: return emit.comparison(ir::CompareFn::le, a, b, range);
  case ast::BinaryOp::Gt: return emit.comparison(ir::CompareFn::gt, a, b, range);
  case ast::BinaryOp::Ge: return emit.comparison(ir::CompareFn::ge, a, b, range);
  case ast::BinaryOp::And:
  case ast::BinaryOp::Or: return logical(op, read(a), read(b), range);
  case ast::BinaryOp::MatMul: {
    std::array<Value, 2> values{a, b};
    llvm::SmallVector<Tensor, 2> operands;
    if (!emit.unify(values, range, "@", operands))
      return Value::error();
    if (!isFloat(operands[0].element))
      return error(diag::product_of_integers, range, operands[0].typeText());
    Restore<SourceRange> place(current, range);
    Tensor product = emit.matmul(operands[0], operands[1], range);
    return product.isError() ? Value::error() : Value::tensor(product);
  }
  default:
    break;
  }
  auto tree = [&](const Value &v) {
    return v.is(ValueKind::Instance) || v.is(ValueKind::Record) || (v.is(ValueKind::List) && containsInstance(v));
  };
  if (tree(a) || tree(b))
    return treeArithmetic(op, a, b, range);
  return emit.arithmetic(arithmeticFn(op), a, b, range);
}

Value Elaborator::evalUnary(const ast::UnaryExpr *expr) {
  Value value = eval(expr->operand);
  if (value.isError())
    return value;
  if (expr->op == ast::UnaryOp::Not) {
    value = read(value);
    if (value.is(ValueKind::Bool))
      return Value::boolean(!value.asBool());
    if (value.isTensor() && value.asTensor().element == ElementType::Bool)
      return Value::tensor(emit.unary(ir::UnaryFn::not_, value.asTensor()));
    return error(diag::needs_booleans, expr->range(), "not", value.describe());
  }
  if (value.is(ValueKind::Instance) || value.is(ValueKind::Record))
    return treeArithmetic(ast::BinaryOp::Sub, Value::size(Dim(0)), value, expr->range());
  value = read(value);
  if (value.is(ValueKind::Size)) {
    const Dim &size = value.asSize();
    return Value::size(Dim(ir::SizeExpr(0) - size.value, ir::SizeExpr(0) - size.written, expr->range()));
  }
  if (value.is(ValueKind::Float))
    return Value::floating(-value.asFloat());
  if (value.is(ValueKind::List))
    value = toTensorValue(value, expr->range());
  if (value.isError())
    return value;
  if (!value.isTensor() || value.asTensor().element == ElementType::Bool || value.asTensor().element == ElementType::U8)
    return error(diag::cannot_negate, expr->range(), value.describe());
  return Value::tensor(emit.unary(ir::UnaryFn::neg, value.asTensor()));
}

// ------------------------------------------------------------------------------------------ literals

Value Elaborator::evalTuple(const ast::TupleExpr *expr) {
  std::vector<std::string> labels;
  std::vector<Value> items;
  for (const ast::Argument &field : expr->fields) {
    Value value = eval(field.value);
    if (!field.spread) {
      labels.push_back(field.label.text.str());
      items.push_back(value);
      continue;
    }
    if (value.isError())
      return value;
    if (!value.is(ValueKind::List) && !value.is(ValueKind::Record))
      return error(diag::cannot_spread, field.range, value.describe());
    for (size_t i = 0; i < value.items().size(); ++i) {
      labels.push_back(value.is(ValueKind::Record) ? value.labels()[i] : "");
      items.push_back(value.items()[i]);
    }
  }
  return Value::record(std::move(labels), std::move(items));
}

static bool addElements(Elaborator &elab, const ast::ListElement &element, size_t clause, std::vector<Value> &items) {
  if (clause == element.clauses.size()) {
    Restore<SourceRange> place(elab.listElement, element.value->range());
    Value value = elab.eval(element.value);
    if (!element.spread) {
      items.push_back(value);
    } else if (value.is(ValueKind::List) || value.is(ValueKind::Record)) {
      items.insert(items.end(), value.items().begin(), value.items().end());
    } else {
      if (!value.isError())
        elab.error(diag::cannot_spread, element.range, value.describe());
      return false;
    }
    if (items.size() > 100'000) {
      elab.error(diag::list_too_long, element.range, 100'000);
      elab.exhausted = true;
      return false;
    }
    return true;
  }
  const ast::ListClause &loop = element.clauses[clause];
  Value iterable = elab.eval(loop.iterable);
  std::vector<Value> walked;
  if (iterable.is(ValueKind::Range)) {
    auto low = iterable.asRange().low.constant(), high = iterable.asRange().high.constant();
    if (!low || !high) {
      elab.error(diag::comprehension_needs_list, loop.iterable->range(), iterable.describe());
      return false;
    }
    if (*high - *low > 100'000) {
      elab.error(diag::list_too_long, loop.iterable->range(), 100'000);
      return false;
    }
    for (int64_t i = *low; i < *high; ++i)
      walked.push_back(Value::size(Dim(i)));
  } else if (iterable.is(ValueKind::List) || iterable.is(ValueKind::Record)) {
    walked = iterable.items();
  } else {
    Value present = elab.read(iterable);
    if (present.isTensor() && !present.isError() && present.asTensor().rank() > 0 && present.asTensor().shape[0].constant() &&
        *present.asTensor().shape[0].constant() <= 4096) {
      // A tensor is a table of its rows.
      for (int64_t i = 0; i < *present.asTensor().shape[0].constant(); ++i) {
        const Tensor &tensor = present.asTensor();
        Tensor row = elab.emit.sliceAxis(tensor, 0, Dim(i), Dim(1));
        walked.push_back(Value::tensor(elab.emit.reshape(row, Shape(llvm::ArrayRef(tensor.shape.dims).drop_front()))));
      }
    } else {
      if (!present.isError())
        elab.error(diag::comprehension_needs_list, loop.iterable->range(), iterable.describe());
      return false;
    }
  }
  for (size_t i = 0; i < walked.size(); ++i) {
    elab.active->passes.push_back("[" + std::to_string(i) + "]");
    elab.bindPattern(loop.pattern, walked[i], false, loop.range);
    bool taken = true;
    if (loop.condition) {
      Value condition = elab.evalRead(loop.condition);
      if (condition.is(ValueKind::Bool)) {
        taken = condition.asBool();
      } else {
        if (!condition.isError())
          elab.error(diag::compile_time_condition, loop.condition->range(), condition.describe());
        taken = false;
      }
    }
    bool fine = !taken || addElements(elab, element, clause + 1, items);
    elab.active->passes.pop_back();
    if (!fine)
      return false;
  }
  return true;
}

Value Elaborator::evalList(const ast::ListExpr *expr) {
  std::vector<Value> items;
  for (const ast::ListElement &element : expr->elements)
    if (!addElements(*this, element, 0, items))
      return Value::error();
  return Value::list(std::move(items));
}

Value Elaborator::evalLambda(const ast::LambdaExpr *expr) {
  FunctionValue function;
  function.node = expr;
  function.file = active->file;
  function.self = active->self;
  function.environment = capture(expr);
  return Value::function(std::move(function));
}

// ------------------------------------------------------------------------------------------ statements

Value Elaborator::evalBlock(const ast::BlockExpr *body) {
  const ast::Expr *last = body->value();
  for (const ast::Stmt *statement : body->statements) {
    if (last && statement == body->statements.back())
      return eval(last);
    execute(statement);
    if (active->failed)
      return Value::error();
  }
  return Value::tuple({});
}

void Elaborator::execute(const ast::Stmt *statement) {
  if (exhausted)
    return;
  Restore<SourceRange> place(current, statement->range());
  switch (statement->kind()) {
  case ast::NodeKind::Let: {
    auto *let = llvm::cast<ast::LetStmt>(statement);
    Value value = eval(let->init);
    Restore<SourceRange> whole(current, let->init->range());
    bindPattern(let->pattern, value, let->isVar, let->init->range());
    return;
  }
  case ast::NodeKind::Minimize: return minimize(llvm::cast<ast::MinimizeStmt>(statement));
  case ast::NodeKind::Update: return update(llvm::cast<ast::UpdateStmt>(statement));
  case ast::NodeKind::Report: return reportStatement(llvm::cast<ast::ReportStmt>(statement));
  case ast::NodeKind::EachEpoch:
  case ast::NodeKind::AtEnd:
    return; // elaborated after the step (Hook.cpp)
  case ast::NodeKind::Stop: return stop(statement->range());
  case ast::NodeKind::BreakIf:
    return; // a loop takes its body apart at these (Control.cpp)
  case ast::NodeKind::Require: return require(llvm::cast<ast::RequireStmt>(statement));
  case ast::NodeKind::Emit:
    refuse(statement->range(), "emit");
    return;
  case ast::NodeKind::ExprStatement: {
    const ast::Expr *expr = llvm::cast<ast::ExprStmt>(statement)->expr;
    if (auto *branch = llvm::dyn_cast<ast::IfExpr>(expr))
      evalIf(branch, false);
    else
      eval(expr);
    return;
  }
  case ast::NodeKind::Assign: return assign(llvm::cast<ast::AssignStmt>(statement));
  case ast::NodeKind::Value: return declareState(llvm::cast<ast::ValueDecl>(statement));
  default:
    return;
  }
}

} // namespace dlc::frontend
