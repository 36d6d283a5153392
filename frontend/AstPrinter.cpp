// The `ast` stage: one node a line, children indented, with the range of each.
#include "frontend/Syntax.h"

#include "llvm/ADT/StringExtras.h"

namespace dlc::frontend {

using namespace ast;

namespace {

class Printer {
public:
  Printer(const SourceManager &sources, llvm::raw_ostream &out) : sources_(sources), out_(out) {}

  void file(const File &file) {
    out_ << "file " << quoted(file.source().path()) << '\n';
    for (const Stmt *item : file.items())
      child("", item);
  }

private:
  static std::string quoted(llvm::StringRef text) {
    std::string result;
    llvm::raw_string_ostream out(result);
    out << '"';
    out.write_escaped(text);
    out << '"';
    return result;
  }

  /// One indentation level, for as long as it lives.
  struct Level {
    explicit Level(unsigned &depth) : depth(depth) { ++depth; }
    ~Level() { --depth; }
    unsigned &depth;
  };

  llvm::raw_ostream &start() { return out_.indent(2 * depth_); }

  void child(llvm::StringRef role, const Node *node) {
    if (!node)
      return;
    Level level(depth_);
    start();
    if (!role.empty())
      out_ << role << ": ";
    out_ << kindName(node->kind());
    head(node);
    LineColumn begin = sources_.begin(node->range()), end = sources_.end(node->range());
    out_ << " <" << begin.line << ':' << begin.column << '-' << end.line << ':' << end.column << ">\n";
    children(node);
  }

  template <typename T> void each(llvm::StringRef role, llvm::ArrayRef<T> nodes) {
    for (const auto *node : nodes)
      child(role, node);
  }

  /// A line for what is no node, with children in `body`.
  template <typename Body> void group(llvm::StringRef title, Body body) {
    Level level(depth_);
    start() << title << '\n';
    body();
  }

  void name(const Identifier &identifier) {
    if (identifier.isValid())
      out_ << ' ' << identifier.text;
  }

  void arguments(llvm::ArrayRef<Argument> arguments) {
    for (const Argument &argument : arguments)
      child(argument.spread            ? std::string("...")
            : argument.label.isValid() ? argument.label.text.str()
                                       : std::string("argument"),
            argument.value);
  }

  void dims(llvm::StringRef role, llvm::ArrayRef<Dim> dims) {
    for (const Dim &dim : dims) {
      if (dim.kind == Dim::Kind::Expr)
        child(role, dim.expr);
      else if (dim.name)
        child("...", dim.name);
      else
        group(dim.kind == Dim::Kind::Ellipsis ? "..." : dim.kind == Dim::Kind::Open ? "?" : "_", [] {});
    }
  }

  /// What follows the kind on the node's own line.
  void head(const Node *node) {
    switch (node->kind()) {
    case NodeKind::Number: {
      const auto *number = llvm::cast<NumberExpr>(node);
      out_ << ' ' << sources_.text(number->range());
      return;
    }
    case NodeKind::String:
      if (!llvm::cast<StringExpr>(node)->isInterpolated())
        out_ << ' ' << quoted(llvm::cast<StringExpr>(node)->value);
      return;
    case NodeKind::Name:
      out_ << ' ' << llvm::cast<NameExpr>(node)->name;
      return;
    case NodeKind::Bool:
      out_ << (llvm::cast<BoolExpr>(node)->value ? " true" : " false");
      return;
    case NodeKind::Unary:
      out_ << (llvm::cast<UnaryExpr>(node)->op == UnaryOp::Neg ? " -" : " not");
      return;
    case NodeKind::Binary:
      out_ << ' ' << spelling(llvm::cast<BinaryExpr>(node)->op);
      return;
    case NodeKind::Member:
      return name(llvm::cast<MemberExpr>(node)->name);
    case NodeKind::NamedType: {
      out_ << ' ';
      llvm::interleave(
          llvm::cast<NamedType>(node)->path, out_, [&](const Identifier &part) { out_ << part.text; }, ".");
      if (llvm::cast<NamedType>(node)->hasDims)
        out_ << " []";
      return;
    }
    case NodeKind::NamePattern:
      return name(llvm::cast<NamePattern>(node)->name);
    case NodeKind::Param:
      return name(llvm::cast<Param>(node)->name);
    case NodeKind::Let:
      out_ << (llvm::cast<LetStmt>(node)->isVar ? " var" : "");
      return;
    case NodeKind::Report:
      out_ << (llvm::cast<ReportStmt>(node)->spread ? " ..." : "");
      return name(llvm::cast<ReportStmt>(node)->name);
    case NodeKind::Assign:
      out_ << ' ' << spelling(llvm::cast<AssignStmt>(node)->op);
      return;
    case NodeKind::Value:
      out_ << ' ' << spelling(llvm::cast<ValueDecl>(node)->keyword);
      return name(llvm::cast<ValueDecl>(node)->name);
    case NodeKind::MemberValue:
      return name(llvm::cast<MemberValue>(node)->name);
    case NodeKind::Import: {
      const auto *import = llvm::cast<ImportDecl>(node);
      auto part = [&](const Identifier &identifier) { out_ << identifier.text; };
      out_ << ' ';
      llvm::interleave(import->path, out_, part, ".");
      if (!import->names.empty())
        out_ << ": ";
      llvm::interleave(import->names, out_, part, ", ");
      return;
    }
    case NodeKind::Model:
      return name(llvm::cast<ModelDecl>(node)->name);
    case NodeKind::Module:
      return name(llvm::cast<ModuleDecl>(node)->name);
    case NodeKind::Optimizer:
      return name(llvm::cast<OptimizerDecl>(node)->name);
    case NodeKind::Function: {
      const auto *function = llvm::cast<FunctionDecl>(node);
      out_ << (function->isExport ? " export" : "");
      name(function->name);
      if (!function->operation.empty())
        out_ << " = op " << quoted(function->operation);
      return;
    }
    case NodeKind::Train:
    case NodeKind::Test:
      return name(llvm::cast<RunDecl>(node)->name);
    case NodeKind::TestAlias:
      return name(llvm::cast<TestAlias>(node)->name);
    default:
      return;
    }
  }

  void children(const Node *node) {
    if (llvm::isa<Expr>(node))
      return expression(node);
    if (llvm::isa<Type>(node) || llvm::isa<Pattern>(node) || llvm::isa<Param>(node))
      return typeOrPattern(node);
    if (llvm::isa<Decl>(node))
      return declaration(node);
    statement(node);
  }

  void expression(const Node *node);
  void typeOrPattern(const Node *node);
  void statement(const Node *node);
  void declaration(const Node *node);

  const SourceManager &sources_;
  llvm::raw_ostream &out_;
  unsigned depth_ = 0;
};

void Printer::expression(const Node *node) {
  if (const auto *string = llvm::dyn_cast<StringExpr>(node)) {
    for (const StringPiece &piece : string->pieces) {
      if (!piece.text.empty())
        group("text " + quoted(piece.text), [] {});
      if (piece.expr)
        child(piece.specRange ? "format " + sources_.text(piece.specRange).str() : "", piece.expr);
    }
  } else if (const auto *paren = llvm::dyn_cast<ParenExpr>(node)) {
    child("", paren->inner);
  } else if (const auto *tuple = llvm::dyn_cast<TupleExpr>(node)) {
    arguments(tuple->fields);
  } else if (const auto *list = llvm::dyn_cast<ListExpr>(node)) {
    for (const ListElement &element : list->elements) {
      child(element.spread ? "..." : "", element.value);
      for (const ListClause &clause : element.clauses)
        group("for", [&] {
          child("", clause.pattern);
          child("in", clause.iterable);
          child("if", clause.condition);
        });
    }
  } else if (const auto *block = llvm::dyn_cast<BlockExpr>(node)) {
    each("", block->statements);
  } else if (const auto *conditional = llvm::dyn_cast<IfExpr>(node)) {
    child("condition", conditional->condition);
    child("then", conditional->thenBlock);
    child("else", conditional->elseBranch);
  } else if (const auto *loop = llvm::dyn_cast<ForExpr>(node)) {
    child("", loop->pattern);
    child("in", loop->iterable);
    child("", loop->body);
  } else if (const auto *lambda = llvm::dyn_cast<LambdaExpr>(node)) {
    each("parameter", lambda->params);
    child("", lambda->body);
  } else if (const auto *unary = llvm::dyn_cast<UnaryExpr>(node)) {
    child("", unary->operand);
  } else if (const auto *binary = llvm::dyn_cast<BinaryExpr>(node)) {
    child("", binary->lhs);
    child("", binary->rhs);
  } else if (const auto *range = llvm::dyn_cast<RangeExpr>(node)) {
    child("", range->low);
    child("", range->high);
  } else if (const auto *pipe = llvm::dyn_cast<PipeExpr>(node)) {
    child("", pipe->value);
    child("to", pipe->target);
  } else if (const auto *member = llvm::dyn_cast<MemberExpr>(node)) {
    child("", member->base);
  } else if (const auto *call = llvm::dyn_cast<CallExpr>(node)) {
    child("", call->callee);
    arguments(call->arguments);
  } else if (const auto *index = llvm::dyn_cast<IndexExpr>(node)) {
    child("", index->base);
    for (const IndexItem &item : index->items) {
      if (item.kind == IndexItem::Kind::Expr)
        child("index", item.expr);
      else if (item.kind == IndexItem::Kind::Ellipsis)
        group("...", [] {});
      else
        group("slice", [&] {
          child("from", item.low);
          child("to", item.high);
          child("step", item.step);
        });
    }
  }
}

void Printer::typeOrPattern(const Node *node) {
  if (const auto *named = llvm::dyn_cast<NamedType>(node)) {
    dims("", named->dims);
  } else if (const auto *tuple = llvm::dyn_cast<TupleType>(node)) {
    for (const TypeField &field : tuple->fields)
      child(field.label.text, field.type);
  } else if (const auto *list = llvm::dyn_cast<ListType>(node)) {
    child("", list->element);
  } else if (const auto *rows = llvm::dyn_cast<RowsType>(node)) {
    child("", rows->row);
  } else if (const auto *function = llvm::dyn_cast<FnType>(node)) {
    each("parameter", function->params);
    child("result", function->result);
  } else if (const auto *name = llvm::dyn_cast<NamePattern>(node)) {
    child("", name->type);
  } else if (const auto *pattern = llvm::dyn_cast<TuplePattern>(node)) {
    each("", pattern->elements);
  } else if (const auto *param = llvm::dyn_cast<Param>(node)) {
    child("", param->type);
    child("default", param->defaultValue);
  }
}

void Printer::statement(const Node *node) {
  if (const auto *let = llvm::dyn_cast<LetStmt>(node)) {
    child("", let->pattern);
    child("", let->init);
  } else if (const auto *minimize = llvm::dyn_cast<MinimizeStmt>(node)) {
    child("", minimize->loss);
    child("over", minimize->over);
    child("with", minimize->with);
  } else if (const auto *update = llvm::dyn_cast<UpdateStmt>(node)) {
    child("", update->place);
    child("by", update->by);
    child("with", update->with);
  } else if (const auto *report = llvm::dyn_cast<ReportStmt>(node)) {
    child("", report->value);
  } else if (const auto *epoch = llvm::dyn_cast<EachEpochStmt>(node)) {
    child("", epoch->body);
  } else if (const auto *end = llvm::dyn_cast<AtEndStmt>(node)) {
    child("", end->body);
  } else if (const auto *leave = llvm::dyn_cast<BreakIfStmt>(node)) {
    child("", leave->condition);
  } else if (const auto *require = llvm::dyn_cast<RequireStmt>(node)) {
    child("", require->condition);
    child("message", require->message);
  } else if (const auto *emit = llvm::dyn_cast<EmitStmt>(node)) {
    child("", emit->value);
  } else if (const auto *expr = llvm::dyn_cast<ExprStmt>(node)) {
    child("", expr->expr);
  } else if (const auto *assign = llvm::dyn_cast<AssignStmt>(node)) {
    child("", assign->place);
    child("", assign->value);
  }
}

void Printer::declaration(const Node *node) {
  if (const auto *value = llvm::dyn_cast<ValueDecl>(node)) {
    child("", value->type);
    dims("stored", value->stored);
    child("", value->init);
  } else if (const auto *member = llvm::dyn_cast<MemberValue>(node)) {
    child("", member->value);
  } else if (const auto *conditional = llvm::dyn_cast<MemberIf>(node)) {
    child("condition", conditional->condition);
    each("then", conditional->thenMembers);
    each("else", conditional->elseMembers);
  } else if (const auto *model = llvm::dyn_cast<ModelDecl>(node)) {
    child("", model->init);
  } else if (const auto *module = llvm::dyn_cast<ModuleDecl>(node)) {
    each("", module->params);
    each("", module->members);
  } else if (const auto *optimizer = llvm::dyn_cast<OptimizerDecl>(node)) {
    each("", optimizer->params);
    child("weight", optimizer->weight);
    child("gradient", optimizer->gradient);
    child("touched", optimizer->touched);
    child("", optimizer->body);
  } else if (const auto *function = llvm::dyn_cast<FunctionDecl>(node)) {
    each("", function->params);
    child(function->isStream ? "stream" : "result", function->result);
    child("", function->body);
  } else if (const auto *data = llvm::dyn_cast<DataDecl>(node)) {
    child("", data->pattern);
    child("", data->init);
  } else if (const auto *load = llvm::dyn_cast<LoadDecl>(node)) {
    child("", load->target);
    child("from", load->from);
    for (const LoadOption &option : load->options)
      child(option.label.text, option.value);
  } else if (const auto *run = llvm::dyn_cast<RunDecl>(node)) {
    arguments(run->arguments);
    child("on", run->table);
    child("as", run->pattern);
    child("", run->body);
  } else if (const auto *alias = llvm::dyn_cast<TestAlias>(node)) {
    child("test", alias->test);
    child("on", alias->table);
  }
}

} // namespace

void printAst(const File &file, const SourceManager &sources, llvm::raw_ostream &out) {
  Printer(sources, out).file(file);
}

} // namespace dlc::frontend
