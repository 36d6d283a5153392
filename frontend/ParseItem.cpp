// Declarations: what stands at file level and in modules.
#include "frontend/ParserImpl.h"

#include "llvm/ADT/StringSwitch.h"

namespace dlc::frontend {

using namespace ast;

void ParserImpl::parseFile() {
  llvm::SmallVector<const Stmt *, 16> items;
  while (!at(TK::EndOfFile)) {
    if (accept(TK::Semicolon))
      continue;
    size_t before = at_;
    if (at(TK::RightBrace)) {
      complain(diag::unexpected_closer, peek().range, "}");
      take();
      continue;
    }
    items.push_back(parseItem());
    endStatement(before);
    if (unwinding_ && at_ == before)
      take();
    unwinding_ = false;
  }
  file_.setItems(copy(items));
}

llvm::ArrayRef<llvm::StringRef> ParserImpl::docs(size_t token) {
  while (doc_ < list_.docs.size() && list_.docs[doc_].token < token)
    ++doc_;
  llvm::SmallVector<llvm::StringRef, 4> lines;
  for (; doc_ < list_.docs.size() && list_.docs[doc_].token == token; ++doc_)
    lines.push_back(list_.docs[doc_].text);
  return copy(lines);
}

const Stmt *ParserImpl::parseItem() {
  switch (peek().kind) {
  case TK::KwImport:
    return parseImport();
  case TK::KwConst:
  case TK::KwParam:
  case TK::KwState:
    return parseDeclaration(/*inBlock=*/false);
  case TK::KwModel:
    return parseModel();
  case TK::KwModule:
    return parseModule();
  case TK::KwOptimizer:
    return parseOptimizer();
  case TK::KwExport:
  case TK::KwFn:
    return parseFunction(/*isMember=*/false);
  case TK::KwData:
    return parseData();
  case TK::Name: {
    const Token &next = peek(1);
    if (atWord("train") || atWord("test")) {
      bool bracket = next.kind == TK::LeftParen || next.kind == TK::LeftBrace;
      if (bracket || next.kind == TK::Name)
        return parseRun(atWord("train"));
    }
    if (atWord("load") && beginsOperand(next))
      return parseLoad();
    return unexpectedItem();
  }
  default:
    return unexpectedItem();
  }
}

const Stmt *ParserImpl::unexpectedItem() {
  uint32_t start = begin();
  const Token &token = peek();
  const Token &next = peek(1);
  if (token.kind == TK::Name && complainForeignStatement())
    return make<ErrorStmt>(start);
  if (token.kind == TK::Name && next.kind == TK::Equal && !next.startsLine) {
    fail(diag::statement_at_file_level, token.range, "an assignment")
        .help(fmt::format("write `model {0} = …` for an instance, `const {0} = …` for a value, `data {0} = …` for data",
                          std::string_view(text(token))));
    return make<ErrorStmt>(start);
  }
  llvm::StringRef help;
  switch (token.kind) {
  case TK::KwLet:
  case TK::KwVar:
    help = "a value known at compile time is `const`, a table or tensor `data`, an instance `model`";
    break;
  case TK::KwMinimize:
  case TK::KwUpdate:
    help = "it stands in a `train` block";
    break;
  case TK::KwIf:
  case TK::KwFor:
    help = "statements stand in `train` and `test` blocks and in functions";
    break;
  case TK::KwRequire:
  case TK::KwBreak:
    help = "it stands in a block or a module";
    break;
  case TK::Name:
    if (next.touches && next.kind == TK::LeftParen)
      help = "a call stands in a `train` or `test` block, or after `data name =`";
    break;
  default:
    break;
  }
  if (!help.empty())
    fail(diag::statement_at_file_level, token.range,
         token.kind == TK::Name ? std::string("a call") : describe(token.kind).str())
        .help(help.str());
  else
    fail(diag::unexpected_item, token.range, found());
  return make<ErrorStmt>(start);
}

/// `const`, `param` or `state`.
const Stmt *ParserImpl::parseDeclaration(bool inBlock) {
  auto doc = docs(at_);
  uint32_t start = begin();
  const Token &keyword = take();
  Identifier name = expectName("a name");
  const Type *type = nullptr;
  if (accept(TK::Colon))
    type = parseType();
  bool hasStored = !inBlock && !newLine() && acceptWord("stored");
  llvm::ArrayRef<Dim> stored;
  if (hasStored) {
    if (at(TK::LeftBracket))
      stored = parseDims();
    else
      failExpected("`[` and the order of the axes in files");
  }
  const Expr *init = nullptr;
  if (accept(TK::Equal))
    init = parseExpr();
  else {
    if (!failed_)
      fail(diag::missing_initializer, expectedAt(), text(keyword), found());
    init = errorExpr();
  }
  auto *value = make<ValueDecl>(start);
  value->doc = doc;
  value->keyword = keyword.kind == TK::KwConst   ? ValueKeyword::Const
                   : keyword.kind == TK::KwParam ? ValueKeyword::Param
                                                 : ValueKeyword::State;
  value->name = name;
  value->type = type;
  value->hasStored = hasStored;
  value->stored = stored;
  value->init = init;
  return value;
}

const Stmt *ParserImpl::parseImport() {
  uint32_t start = begin();
  take();
  llvm::SmallVector<Identifier, 2> path, names;
  if (at(TK::String)) {
    fail(diag::expected, peek().range, "the name of a file beside this one", "a string")
        .help("write `import mnist_cnn` for `mnist_cnn.dl`");
  } else {
    path.push_back(expectName("the name of a file"));
    while (accept(TK::Dot))
      path.push_back(expectName("a name"));
  }
  if (!newLine() && atWord("as"))
    fail(diag::expected, peek().range, "the end of the statement", "`as`")
        .help("what is imported keeps its name: `import file` and `file.name`, or `import file: name`");
  if (accept(TK::Colon)) {
    do
      names.push_back(expectName("a name"));
    while (accept(TK::Comma));
  }
  auto *import = make<ImportDecl>(start);
  llvm::erase_if(path, [](const Identifier &name) { return !name.isValid(); });
  llvm::erase_if(names, [](const Identifier &name) { return !name.isValid(); });
  import->path = copy(path);
  import->names = copy(names);
  return import;
}

const Stmt *ParserImpl::parseModel() {
  auto doc = docs(at_);
  uint32_t start = begin();
  take();
  Identifier name = expectName("a name");
  expect(TK::Equal, "`=` and the instance");
  const Expr *init = parseExpr();
  auto *model = make<ModelDecl>(start);
  model->doc = doc;
  model->name = name;
  model->init = init;
  return model;
}

const Stmt *ParserImpl::parseModule() {
  auto doc = docs(at_);
  uint32_t start = begin();
  take();
  Identifier name = expectName("the name of the module");
  llvm::ArrayRef<const Param *> params;
  if (!failed_ && at(TK::LeftParen))
    params = parseParams();
  llvm::ArrayRef<const Stmt *> members;
  if (recoverToBlock())
    members = parseMemberBlock();
  auto *module = make<ModuleDecl>(start);
  module->doc = doc;
  module->name = name;
  module->params = params;
  module->members = members;
  return module;
}

llvm::ArrayRef<const Stmt *> ParserImpl::parseMemberBlock() {
  Nest nest(*this);
  if (!failed_ && at(TK::LeftBrace) && newLine())
    complain(diag::brace_on_next_line, peek().range, "the module")
        .help("a line end would end the statement before it");
  if (failed_ || !at(TK::LeftBrace)) {
    failExpected("`{` and the members");
    return {};
  }
  const Token &open = take();
  Scoped<unsigned> lines(bracketDepth_, 0u);
  llvm::SmallVector<const Stmt *, 8> members;
  parseStatements(members, open, /*members=*/true);
  return copy(members);
}

const Stmt *ParserImpl::parseMember() {
  switch (peek().kind) {
  case TK::KwConst:
  case TK::KwParam:
  case TK::KwState:
    return parseDeclaration(/*inBlock=*/false);
  case TK::KwFn:
    return parseFunction(/*isMember=*/true);
  case TK::KwRequire:
    return parseRequire();
  case TK::KwIf:
    return parseMemberIf();
  default:
    break;
  }
  uint32_t start = begin();
  if (at(TK::Name) && peek(1).kind == TK::Equal) {
    auto doc = docs(at_);
    Identifier name = takeName();
    take();
    const Expr *value = parseExpr();
    auto *member = make<MemberValue>(start);
    member->doc = doc;
    member->name = name;
    member->value = value;
    return member;
  }
  if (at(TK::Name) && complainForeignStatement())
    return make<ErrorStmt>(start);
  bool isLet = at(TK::KwLet) || at(TK::KwVar);
  bool isExport = at(TK::KwExport);
  bool typed = at(TK::Name) && peek(1).kind == TK::Colon;
  auto builder = fail(diag::unexpected_member, peek().range, found());
  if (isLet)
    builder.addHelp("a member is `name = expr`, or `const`, `param`, `state` with a name");
  else if (isExport)
    builder.addHelp("exported functions stand at file level");
  else if (typed)
    builder.addHelp("a member with a type is a `param`, `state` or `const`");
  return make<ErrorStmt>(start);
}

const Stmt *ParserImpl::parseMemberIf() {
  Nest nest(*this);
  auto doc = docs(at_);
  uint32_t start = begin();
  take();
  const Expr *condition = parseExpr();
  llvm::ArrayRef<const Stmt *> thenMembers, elseMembers;
  recoverToBlock();
  thenMembers = parseMemberBlock();
  if (accept(TK::KwElse)) {
    if (at(TK::KwIf)) {
      llvm::SmallVector<const Stmt *, 1> nested = {parseMemberIf()};
      elseMembers = copy(nested);
    } else {
      elseMembers = parseMemberBlock();
    }
  }
  auto *member = make<MemberIf>(start);
  member->doc = doc;
  member->condition = condition;
  member->thenMembers = thenMembers;
  member->elseMembers = elseMembers;
  return member;
}

const Stmt *ParserImpl::parseOptimizer() {
  auto doc = docs(at_);
  uint32_t start = begin();
  take();
  Identifier name = expectName("the name of the optimizer");
  llvm::ArrayRef<const Param *> params = parseParams();
  uint32_t second = begin();
  llvm::ArrayRef<const Param *> values;
  if (!failed_ && at(TK::LeftParen))
    values = parseParams();
  if (!failed_ && (values.size() < 2 || values.size() > 3 || (values.size() == 3 && !values[2]->type)))
    complain(diag::optimizer_parameters, values.empty() ? expectedAt() : from(second))
        .help("for example `optimizer sgd(lr: f32) (w, g) { w -= lr * g }`");
  const BlockExpr *body = recoverToBlock() ? parseBlock("the optimizer") : file_.make<BlockExpr>(last().after());
  auto missing = [&](size_t index) -> const Param * {
    if (index < values.size())
      return values[index];
    auto *param = file_.make<Param>(last().after());
    param->name = {"_", param->range()};
    return param;
  };
  auto *optimizer = make<OptimizerDecl>(start);
  optimizer->doc = doc;
  optimizer->name = name;
  optimizer->params = params;
  optimizer->weight = missing(0);
  optimizer->gradient = missing(1);
  optimizer->touched = values.size() > 2 ? values[2] : nullptr;
  optimizer->body = body;
  return optimizer;
}

/// `[export] fn [name] params [-> [stream] type] block`.
const Stmt *ParserImpl::parseFunction(bool isMember) {
  auto doc = docs(at_);
  uint32_t start = begin();
  bool isExport = accept(TK::KwExport);
  SourceRange keyword = peek().range;
  expect(TK::KwFn, "`fn` after `export`");
  Identifier name;
  if (!failed_ && !at(TK::LeftParen))
    name = expectName("the name of the function or `(`");
  if (!failed_ && !name.isValid() && isExport)
    complain(diag::export_needs_name, keyword);
  else if (!failed_ && !name.isValid() && !isMember)
    complain(diag::function_needs_name, keyword)
        .help("a function without a name is the call of a module and stands in it; elsewhere write `|x| e`");
  llvm::ArrayRef<const Param *> params = parseParams();
  if (isExport)
    for (const Param *param : params)
      if (!param->type)
        complain(diag::export_needs_types, param->range(), param->name.text)
            .help("for example `x: f32[N, 1]`");
  bool isStream = false;
  const Type *result = nullptr;
  if (!newLine() && accept(TK::Arrow)) {
    isStream = atWord("stream") && peek(1).kind == TK::Name && !peek(1).startsLine;
    if (isStream)
      take();
    result = parseType();
  } else if (!failed_ && at(TK::Colon)) {
    fail(diag::expected, peek().range, "`->` and the type of the result, or `{`", "`:`");
  }
  llvm::StringRef operation;
  const BlockExpr *body = nullptr;
  if (!failed_ && at(TK::Equal) && !newLine() && isWord(peek(1), "op") && peek(2).kind == TK::String) {
    take();
    const Token &op = take();
    const Token &string = take();
    operation = text(string).drop_front().drop_back();
    if (!source_.isLibrary())
      complain(diag::operation_outside_library, join(op.range, string.range));
  } else {
    if (!failed_ && at(TK::Equal))
      fail(diag::expected, peek().range, "the `{` of the function", "`=`").help("write `fn f(x) { e }`");
    body = recoverToBlock() ? parseBlock("the function") : file_.make<BlockExpr>(last().after());
  }
  auto *function = make<FunctionDecl>(start);
  function->doc = doc;
  function->isExport = isExport;
  function->name = name;
  function->nameRange = name.isValid() ? name.range : keyword;
  function->params = params;
  function->isStream = isStream;
  function->result = result;
  function->body = body;
  function->operation = operation;
  return function;
}

const Stmt *ParserImpl::parseData() {
  auto doc = docs(at_);
  uint32_t start = begin();
  take();
  const Pattern *pattern = parsePattern();
  const Expr *init = nullptr;
  if (accept(TK::Equal))
    init = parseExpr();
  else {
    if (!failed_)
      fail(diag::missing_initializer, expectedAt(), "data", found());
    init = errorExpr();
  }
  auto *data = make<DataDecl>(start);
  data->doc = doc;
  data->pattern = pattern;
  data->init = init;
  return data;
}

const Stmt *ParserImpl::parseLoad() {
  uint32_t start = begin();
  take();
  const Expr *target = parseExpr();
  expectWord("from");
  const Expr *source = parseExpr();
  llvm::SmallVector<LoadOption, 3> options;
  while (accept(TK::Comma)) {
    LoadOption option;
    if (isAnyWord(peek()) && peek(1).kind == TK::Colon) {
      option.label = takeName();
      take();
    } else {
      failExpected("`names:`, `except:` or `under:`");
    }
    option.value = parseExpr();
    options.push_back(option);
  }
  auto *load = make<LoadDecl>(start);
  load->target = target;
  load->from = source;
  load->options = copy(options);
  return load;
}

/// `train` or `test`.
const Stmt *ParserImpl::parseRun(bool isTrain) {
  auto doc = docs(at_);
  uint32_t start = begin();
  SourceRange keyword = take().range;
  Identifier name;
  if (at(TK::Name) && !atWord("on"))
    name = takeName();
  if (!isTrain && name.isValid() && accept(TK::Equal)) {
    Identifier source = expectName("the name of a test");
    auto *test = file_.make<NameExpr>(source.range);
    test->name = source.text;
    expectWord("on");
    const Expr *table = parseExpr();
    auto *alias = make<TestAlias>(start);
    alias->doc = doc;
    alias->name = name;
    alias->test = test;
    alias->table = table;
    return alias;
  }
  llvm::SmallVector<Argument, 4> arguments;
  if (at(TK::LeftParen))
    parseArguments(arguments, /*isCall=*/true);
  const Expr *table = nullptr;
  const Pattern *pattern = nullptr;
  recoverToBlock();
  if (acceptWord("on")) {
    table = parseExpr();
    if (!failed_ && !atWord("as"))
      fail(diag::on_without_as, expectedAt(), found()).help("write `on table as (x, y) { … }`");
    acceptWord("as");
    pattern = parsePattern();
  }
  const BlockExpr *body = recoverToBlock() ? parseBlock(isTrain ? "`train`" : "`test`")
                                           : file_.make<BlockExpr>(last().after());
  RunDecl *run = isTrain ? static_cast<RunDecl *>(make<TrainDecl>(start)) : make<TestDecl>(start);
  run->doc = doc;
  run->name = name;
  run->keyword = keyword;
  run->arguments = copy(arguments);
  run->table = table;
  run->pattern = pattern;
  run->body = body;
  return run;
}

} // namespace dlc::frontend
