// Declared types: what they bind, and how values become what is declared (rules 5, 8, 9 and 16).
#include "frontend/elab/Elaborator.h"

namespace dlc::frontend {

// ------------------------------------------------------------------------------------------ sizes

std::optional<Dim> Elaborator::evalDim(const ast::Expr *expr) {
  Value value = eval(expr);
  if (value.isError())
    return std::nullopt;
  if (value.is(ValueKind::Size)) {
    Dim size = value.asSize();
    // What a user wrote says more than a name of the library.
    if (!isLibrary(expr->range()) || !size.range.isValid() || isLibrary(size.range))
      size.range = expr->range();
    if (auto number = size.constant(); number && *number < 0) {
      error(diag::negative_size, expr->range(), *number);
      return std::nullopt;
    }
    return size;
  }
  if (value.is(ValueKind::PlaceRef) && value.asPlace()->kind == PlaceKind::Data && value.asPlace()->shape.rank() == 0 && isInteger(value.asPlace()->element)) {
    std::string reason;
    auto tensor = data.evaluate(module.get(), value.asPlace()->data->symbol, reason);
    if (tensor)
      return Dim(ir::SizeExpr(tensor->getInt(0)), ir::SizeExpr::symbol(value.asPlace()->data->symbol), expr->range());
    error(diag::cannot_evaluate_size, expr->range(), value.asPlace()->data->symbol, reason);
    return std::nullopt;
  }
  error(diag::expected_size, expr->range(), value.describe());
  return std::nullopt;
}

// ------------------------------------------------------------------------------------------ types

namespace {
enum class TypeClass { Int, Float, Bool, Str, Tensor, Module, Unknown };
struct Named {
  TypeClass kind = TypeClass::Unknown;
  ElementType element = ElementType::F32;
  /// `T[…]` that this use binds.
  const Local *binds = nullptr;
  const ast::Node *module = nullptr;
};
} // namespace

static Named classify(Elaborator &elab, const ast::NamedType *type) {
  const Binding &binding = elab.active->file->binding(*type);
  Named result;
  switch (binding.kind) {
  case Binding::Kind::BuiltinType:
    if (auto element = parseElementType(binding.name); element && (*element != ElementType::Bool || type->hasDims)) {
      result.kind = TypeClass::Tensor;
      result.element = *element;
    } else {
      result.kind = binding.name == "int"     ? TypeClass::Int
                    : binding.name == "float" ? TypeClass::Float
                    : binding.name == "bool"  ? TypeClass::Bool
                                              : TypeClass::Str;
    }
    return result;
  case Binding::Kind::Local:
    result.kind = TypeClass::Tensor;
    if (binding.isDefinition) {
      result.binds = binding.local;
    } else if (auto *cell = elab.cell(binding.local); cell && *cell && (*cell)->is(ValueKind::ElementType)) {
      result.element = (*cell)->asElementType();
    } else {
      result.kind = TypeClass::Unknown;
    }
    return result;
  case Binding::Kind::ConstructorParameter:
  case Binding::Kind::Item:
  case Binding::Kind::LibraryItem:
  case Binding::Kind::Member: {
    Value value = elab.evalBinding(binding, type->range());
    if (value.is(ValueKind::ElementType)) {
      result.kind = TypeClass::Tensor;
      result.element = value.asElementType();
    } else if (value.is(ValueKind::Module)) {
      result.kind = TypeClass::Module;
      result.module = value.asModule().node;
    } else if (!value.isError()) {
      elab.error(diag::needs_tensor_type, type->range());
    }
    return result;
  }
  default:
    return result;
  }
}

std::optional<Elaborator::TensorSpec> Elaborator::tensorSpec(const ast::Type *type, const Value *value) {
  auto *named = llvm::dyn_cast<ast::NamedType>(type);
  if (!named) {
    if (!llvm::isa<ast::ErrorType>(type))
      error(diag::needs_tensor_type, type->range());
    return std::nullopt;
  }
  Named what = classify(*this, named);
  if (what.kind != TypeClass::Tensor) {
    if (what.kind != TypeClass::Unknown)
      error(diag::needs_tensor_type, type->range());
    return std::nullopt;
  }
  TensorSpec spec;
  spec.element = what.element;
  const Tensor *given = value && value->isTensor() ? &value->asTensor() : nullptr;
  auto unbound = [&](SourceRange where, llvm::StringRef name) -> std::optional<TensorSpec> {
    if (!poisoned())
      error(diag::unbound_size, where, name);
    return std::nullopt;
  };
  for (size_t i = 0; i < named->dims.size(); ++i) {
    const ast::Dim &dim = named->dims[i];
    switch (dim.kind) {
    case ast::Dim::Kind::Expr: {
      // An upper-case name that nothing binds yet takes the value's size.
      if (auto *name = llvm::dyn_cast<ast::NameExpr>(dim.expr)) {
        const Binding &binding = active->file->binding(*name);
        if (binding.kind == Binding::Kind::Local && binding.isDefinition) {
          if (!given || given->rank() != static_cast<int64_t>(named->dims.size()))
            return unbound(dim.range, name->name);
          bind(binding.local, Value::size(given->shape[i]));
        }
      }
      auto size = evalDim(dim.expr);
      if (!size)
        return std::nullopt;
      spec.shape.push_back(*size);
      break;
    }
    case ast::Dim::Kind::Inferred:
      if (!given || given->rank() != static_cast<int64_t>(named->dims.size()))
        return unbound(dim.range, "_");
      spec.shape.push_back(given->shape[i]);
      break;
    case ast::Dim::Kind::Ellipsis: {
      std::optional<Shape> sizes = active->ellipsis;
      if (dim.name) {
        const Binding &binding = active->file->binding(*dim.name);
        auto *cell_ = binding.local ? cell(binding.local) : nullptr;
        if (cell_ && *cell_ && (*cell_)->is(ValueKind::List)) {
          sizes.emplace();
          for (const Value &item : (*cell_)->items())
            sizes->push_back(item.asSize());
        }
      }
      if (!sizes)
        return unbound(dim.range, "...");
      spec.shape.dims.append(sizes->begin(), sizes->end());
      break;
    }
    case ast::Dim::Kind::Open:
      refuse(dim.range, "a column with an open size (`?`)");
      return std::nullopt;
    }
  }
  return spec;
}

/// Whether all sizes of the type can be evaluated before there is a value.
static bool isClosed(Elaborator &elab, const ast::NamedType *type) {
  for (const ast::Dim &dim : type->dims) {
    if (dim.kind == ast::Dim::Kind::Inferred || dim.kind == ast::Dim::Kind::Open)
      return false;
    if (dim.kind == ast::Dim::Kind::Ellipsis) {
      if (!dim.name && !elab.active->ellipsis)
        return false;
      if (dim.name && elab.active->file->binding(*dim.name).isDefinition)
        return false;
    }
    if (dim.kind == ast::Dim::Kind::Expr)
      if (auto *name = llvm::dyn_cast<ast::NameExpr>(dim.expr)) {
        const Binding &binding = elab.active->file->binding(*name);
        if (binding.kind == Binding::Kind::Local && binding.isDefinition)
          return false;
      }
  }
  return true;
}

/// The name is an alias of the argument's size. A number gets the name as what is written: rule 11 compares names.
static void bindSize(Elaborator &elab, const Local *local, Dim &size) {
  if (size.written.isConstant() && !size.isLiteralOne())
    size.written = ir::SizeExpr::symbol(local->name);
  elab.bind(local, Value::size(size));
}

/// Binds the sizes of a type that stand alone to those of a tensor; the rank must fit.
static bool bindSizes(Elaborator &elab, const ast::NamedType *type, Tensor &tensor, SourceRange range,
                      llvm::StringRef what) {
  int64_t fixed = llvm::count_if(type->dims, [](const ast::Dim &dim) { return dim.kind != ast::Dim::Kind::Ellipsis; });
  bool open = fixed != static_cast<int64_t>(type->dims.size());
  if (open ? tensor.rank() < fixed : tensor.rank() != fixed) {
    elab.report(diag::wrong_rank, range, what, tensor.typeText(), open ? "at least " : "", counted(fixed, "axis", "axes"))
        .label(type->range(), "the declared type");
    return false;
  }
  int64_t axis = 0;
  for (const ast::Dim &dim : type->dims) {
    if (dim.kind == ast::Dim::Kind::Ellipsis) {
      Shape taken;
      for (int64_t rest = tensor.rank() - fixed; rest > 0; --rest)
        taken.push_back(tensor.shape[axis++]);
      if (!dim.name) {
        if (!elab.active->ellipsis)
          elab.active->ellipsis = taken;
        else if (!(*elab.active->ellipsis == taken)) {
          elab.report(diag::ellipsis_differs, range, what, taken.str(), elab.active->ellipsis->str()).label(type->range(), "the declared type");
          return false;
        }
        continue;
      }
      const Binding &binding = elab.active->file->binding(*dim.name);
      if (binding.isDefinition && binding.local) {
        std::vector<Value> sizes;
        for (const Dim &size : taken)
          sizes.push_back(Value::size(size));
        elab.bind(binding.local, Value::list(std::move(sizes)));
      }
      continue;
    }
    if (dim.kind == ast::Dim::Kind::Expr)
      if (auto *name = llvm::dyn_cast<ast::NameExpr>(dim.expr)) {
        const Binding &binding = elab.active->file->binding(*name);
        if (binding.kind == Binding::Kind::Local && binding.isDefinition)
          bindSize(elab, binding.local, tensor.shape[axis]);
        else if (binding.kind == Binding::Kind::Local && binding.local->kind == LocalKind::Size)
          // The second `B` of a signature is written as the first one.
          if (auto *slot = elab.cell(binding.local); slot && *slot && (*slot)->is(ValueKind::Size) && (*slot)->asSize() == tensor.shape[axis])
            tensor.shape[axis].written = (*slot)->asSize().written;
      }
    ++axis;
  }
  return true;
}

bool Elaborator::checkSizes(const ast::Type *type, const Value &value, SourceRange range, llvm::StringRef what) {
  if (value.isError())
    return true;
  if (auto *tuple = llvm::dyn_cast<ast::TupleType>(type)) {
    bool fine = true;
    if (value.is(ValueKind::Record) && value.items().size() == tuple->fields.size())
      for (size_t i = 0; i < tuple->fields.size(); ++i)
        fine &= checkSizes(tuple->fields[i].type, value.items()[i], range, what);
    return fine;
  }
  auto *named = llvm::dyn_cast<ast::NamedType>(type);
  if (!named || !value.isTensor() || !named->hasDims)
    return true;
  const Tensor &tensor = value.asTensor();
  int64_t fixed = llvm::count_if(named->dims, [](const ast::Dim &dim) { return dim.kind != ast::Dim::Kind::Ellipsis; });
  int64_t axis = 0;
  for (const ast::Dim &dim : named->dims) {
    if (dim.kind == ast::Dim::Kind::Ellipsis) {
      Shape taken;
      for (int64_t rest = tensor.rank() - fixed; rest > 0; --rest)
        taken.push_back(tensor.shape[axis++]);
      if (dim.name && !active->file->binding(*dim.name).isDefinition) {
        const Binding &binding = active->file->binding(*dim.name);
        auto *bound = binding.local ? cell(binding.local) : nullptr;
        Shape wanted;
        if (bound && *bound && (*bound)->is(ValueKind::List))
          for (const Value &item : (*bound)->items())
            wanted.push_back(item.asSize());
        if (!(wanted == taken)) {
          if (!poisoned())
            report(diag::ellipsis_differs, range, what, taken.str(), wanted.str()).label(named->range(), "the declared type");
          return false;
        }
      }
      continue;
    }
    if (dim.kind == ast::Dim::Kind::Expr) {
      auto *name = llvm::dyn_cast<ast::NameExpr>(dim.expr);
      bool defines = name && active->file->binding(*name).kind == Binding::Kind::Local && active->file->binding(*name).isDefinition;
      if (!defines) {
        auto size = evalDim(dim.expr);
        if (!size)
          return false;
        if (!(*size == tensor.shape[axis])) {
          auto builder = report(diag::size_mismatch, range, what, tensor.typeText(), axis, tensor.shape[axis].str(), size->str());
          builder.addLabel(dim.range, "declared here");
          if (size->range.isValid() && !dim.range.contains(size->range))
            builder.addNote(size->range, "`" + size->str() + "` comes from here");
          if (tensor.shape[axis].range.isValid() && !(tensor.shape[axis].range == dim.range))
            builder.addNote(tensor.shape[axis].range, "`" + tensor.shape[axis].str() + "` comes from here");
          return false;
        }
      }
    }
    ++axis;
  }
  return true;
}

static Value convertTensorType(Elaborator &elab, const ast::NamedType *type, const Named &named, const Value &value,
                               SourceRange range, bool broadcast, llvm::StringRef what) {
  std::optional<ElementType> element;
  if (!named.binds)
    element = named.element;
  if (broadcast && isClosed(elab, type)) {
    auto spec = elab.tensorSpec(type);
    if (!spec)
      return Value::error();
    Tensor tensor;
    if (value.is(ValueKind::Maker)) {
      Restore<SourceRange> place(elab.current, range);
      Value made = value.asMaker().make(spec->shape, spec->element);
      if (made.isError())
        return Value::error();
      tensor = elab.toTensor(made, range, spec->element);
    } else {
      tensor = elab.toTensor(value, range, spec->element);
      if (tensor.isError() && tensor.shape.rank() == 0)
        tensor.shape = spec->shape;
    }
    tensor = elab.broadcastTo(tensor, spec->shape, range, what);
    if (tensor.isError())
      return Value::error();
    tensor.shape = spec->shape;
    return Value::tensor(tensor);
  }
  Tensor tensor = elab.toTensor(value, range, element);
  if (tensor.isError())
    return Value::error();
  if (named.binds)
    elab.bind(named.binds, Value::elementType(tensor.element));
  if (!bindSizes(elab, type, tensor, range, what))
    return Value::error();
  return Value::tensor(tensor);
}

Value Elaborator::convert(const ast::Type *type, const Value &original, SourceRange range, bool broadcast,
                          llvm::StringRef what) {
  Value value = original;
  if (value.isError())
    return value;
  auto mismatch = [&](llvm::StringRef wanted) {
    report(diag::wrong_type, range, what, wanted, value.describe()).label(type->range(), "the declared type");
    return Value::error();
  };
  switch (type->kind()) {
  case ast::NodeKind::NamedType: {
    auto *named = llvm::cast<ast::NamedType>(type);
    Named kind = classify(*this, named);
    switch (kind.kind) {
    case TypeClass::Int:
      return value.is(ValueKind::Size) ? value : mismatch("an integer known at compile time");
    case TypeClass::Float:
      if (auto number = value.number())
        return Value::floating(*number);
      return mismatch("a number known at compile time");
    case TypeClass::Bool:
      return value.is(ValueKind::Bool) ? value : mismatch("a boolean known at compile time");
    case TypeClass::Str:
      return value.is(ValueKind::Str) ? value : mismatch("a string");
    case TypeClass::Tensor:
      return convertTensorType(*this, named, kind, value, range, broadcast, what);
    case TypeClass::Module:
      if (value.is(ValueKind::Instance) && value.asInstance()->module == kind.module)
        return value;
      return mismatch("an instance of `" + llvm::cast<ast::ModuleDecl>(kind.module)->name.text.str() + "`");
    case TypeClass::Unknown:
      return Value::error();
    }
    break;
  }
  case ast::NodeKind::TupleType: {
    auto *tuple = llvm::cast<ast::TupleType>(type);
    if (!value.is(ValueKind::Record) || value.items().size() != tuple->fields.size())
      return mismatch("a tuple of " + std::to_string(tuple->fields.size()));
    std::vector<std::string> labels;
    std::vector<Value> items;
    for (size_t i = 0; i < tuple->fields.size(); ++i) {
      const ast::TypeField &field = tuple->fields[i];
      size_t from = i;
      if (field.label.isValid() && value.labels()[i] != field.label.text) {
        auto it = llvm::find(value.labels(), field.label.text);
        if (it != value.labels().end())
          from = it - value.labels().begin();
        else if (!value.labels()[i].empty())
          return mismatch("a record with `" + field.label.text.str() + "`");
      }
      labels.push_back(field.label.text.str());
      items.push_back(convert(field.type, value.items()[from], range, broadcast, what));
    }
    return Value::record(std::move(labels), std::move(items));
  }
  case ast::NodeKind::ListType: {
    if (!value.is(ValueKind::List))
      return mismatch("a list");
    std::vector<Value> items;
    for (const Value &item : value.items())
      items.push_back(convert(llvm::cast<ast::ListType>(type)->element, item, range, broadcast, what));
    return Value::list(std::move(items));
  }
  case ast::NodeKind::FnType:
    return value.isCallable() ? value : mismatch("a function");
  case ast::NodeKind::RowsType:
    return error(diag::rows_type_of_data, type->range());
  default:
    return Value::error();
  }
  return value;
}

} // namespace dlc::frontend
