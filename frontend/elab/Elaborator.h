// The elaborator: one walk over the resolved tree that computes what is known at compile time and emits operations for the rest.
// Its parts stand in files by subject; each says in its first line what it does.
#pragma once

#include "frontend/Frontend.h"
#include "frontend/elab/Builtin.h"
#include "frontend/elab/Context.h"

#include "llvm/ADT/StringMap.h"

#include <deque>

namespace dlc::frontend {

/// One call, block or item being elaborated.
struct Activation {
  Activation() = default;
  /// Of a block or an item of `file`, with an environment for the names that it declares.
  Activation(const ResolvedFile &file, const ast::Node &node);

  const ResolvedFile *file = nullptr;
  std::shared_ptr<Environment> env;
  std::shared_ptr<Instance> self;
  Activation *caller = nullptr;
  /// Where the caller calls.
  SourceRange site;
  /// For traces: `Linear`, `layers[3]`; empty for a block.
  std::string callee;
  bool training = false;
  /// The segment of the path that keys random numbers, and how often each segment was used below.
  std::string segment;
  llvm::StringMap<unsigned> counts;
  /// What `...` stands for in this signature.
  std::optional<Shape> ellipsis;
  /// Passes of unrolled loops around: `[3]`.
  llvm::SmallVector<std::string, 2> passes;
  /// Statement under elaboration.
  SourceRange statement;
  /// A `require` of it does not hold: what follows would only repeat that.
  bool failed = false;
  /// An argument or an annotated value was an error: the sizes that its type would have bound are unknown, which is no error of its own.
  bool poisoned = false;
};

/// An argument of a call, evaluated; a place stays a reference.
struct ArgumentValue {
  llvm::StringRef label;
  Value value;
  SourceRange range;
};

struct TreeLeaf {
  std::string path;
  Value value;
  bool isState = false;
};

/// What a train or test block collects while it is elaborated.
struct BlockState {
  const ast::RunDecl *node = nullptr;
  std::string name;
  FunctionContext *step = nullptr;
  FunctionContext *init = nullptr;
  std::shared_ptr<Environment> env;
  const ResolvedFile *file = nullptr;
  bool isTrain = false;
  /// The rows of this batch (or of the table, in a test); nothing without a table.
  std::optional<Dim> rows;
  std::optional<int64_t> batch, epochs, steps;
  /// How many rows a batch may have: all but the last, and the last if it is smaller.
  std::vector<int64_t> batchSizes;
  /// Whether an epoch has more than one of them.
  bool manyBatches = false;
  struct Report {
    Place *sum = nullptr;
    Place *weight = nullptr;
    Tensor value; ///< in a test
    bool isLoss = false;
    bool isTop = false; ///< outside of branches and loops
    SourceRange range;
    ElementType element = ElementType::F32;
  };
  llvm::MapVector<std::string, Report, llvm::StringMap<unsigned>> reports;
  std::map<ElementType, Tensor> weights; // the rows of a step as a number, for reports at the top of the block
  Place *stop = nullptr;
  std::string epochSequence, endSequence;
  /// Applications of optimizers to each parameter: (parameter, optimizer) → statements seen.
  std::map<std::pair<Place *, std::string>, std::vector<std::string>> applications;
};

/// Whether a part of the value was reported.
bool holdsError(const Value &value);

class Elaborator {
public:
  Elaborator(mlir::MLIRContext *context, Program &program, const ElaborateOptions &options,
             DataSource &data, DiagnosticEngine &diagnostics);
  mlir::OwningOpRef<mlir::ModuleOp> run();

  // Diagnostics (Report.cpp). Every report is shown at the innermost place in the user's files, with the library's line and the
  // calls between as notes.
  template <typename Kind, typename... Args>
  DiagnosticBuilder report(const Kind &kind, SourceRange range, const Args &...args) {
    return annotate(diagnostics.report(kind, userRange(range), args...), range);
  }
  template <typename Kind, typename... Args>
  Value error(const Kind &kind, SourceRange range, const Args &...args) {
    report(kind, range, args...);
    return Value::error();
  }
  Value refuse(SourceRange range, llvm::StringRef what);
  /// A label that is no parameter of `callee`: with the nearest that is one, or all.
  DiagnosticBuilder missingArgument(SourceRange range, llvm::StringRef callee, llvm::StringRef missing, bool anyGiven);
  Value unknownArgument(SourceRange range, llvm::StringRef callee, llvm::StringRef label, llvm::ArrayRef<llvm::StringRef> known);
  SourceRange userRange(SourceRange range) const;
  DiagnosticBuilder annotate(DiagnosticBuilder builder, SourceRange range) const;
  bool isLibrary(SourceRange range) const;
  mlir::Location location(SourceRange range) const;
  mlir::Location plainLocation(SourceRange range) const;
  /// Gives the operation behind a value a name, unless it has one.
  void nameValue(const Value &value, llvm::StringRef name, bool weak = false);
  llvm::DenseSet<mlir::Operation *> weakNames;

  // Expressions (Expr.cpp)
  Value eval(const ast::Expr *expr);
  /// Places within are read.
  Value evalRead(const ast::Expr *expr) { return read(eval(expr)); }
  Value read(const Value &value);
  Value evalBlock(const ast::BlockExpr *block);
  void execute(const ast::Stmt *statement);
  Value evalName(const ast::NameExpr *name);
  Value evalBinding(const Binding &binding, SourceRange range);
  Value evalMember(const ast::MemberExpr *expr);
  Value memberOf(const Value &base, llvm::StringRef name, int64_t position, SourceRange range);
  Value evalBinary(const ast::BinaryExpr *expr);
  Value binaryValue(ast::BinaryOp op, const Value &a, const Value &b, SourceRange range);
  Value logical(ast::BinaryOp op, const Value &a, const Value &b, SourceRange range);
  Value treeArithmetic(ast::BinaryOp op, const Value &a, const Value &b, SourceRange range);
  Value evalUnary(const ast::UnaryExpr *expr);
  Value evalList(const ast::ListExpr *expr);
  Value evalTuple(const ast::TupleExpr *expr);
  Value evalString(const ast::StringExpr *expr);
  Value evalLambda(const ast::LambdaExpr *expr);
  std::shared_ptr<Environment> capture(const ast::Node *node);

  // Names and patterns (Bind.cpp)
  Environment::Cell *cell(const Local *local);
  void bind(const Local *local, Value value);
  void bindPattern(const ast::Pattern *pattern, const Value &value, bool isVar, SourceRange range);
  void bindName(const ast::NamePattern *pattern, Value value, bool isVar);
  Value letValue(Value value, const Local *local, SourceRange range);
  Value varValue(const Value &value, llvm::StringRef name, bool variable, SourceRange range);
  Value snapshot(const Value &value, bool variable);
  Tensor variableOf(const Tensor &tensor, llvm::StringRef name);

  // Assignments (Assign.cpp)
  void assign(const ast::AssignStmt *statement);
  void assignTo(const ast::Expr *place, const Value &value, SourceRange range);
  void assignField(const ast::MemberExpr *target, const Value &value, SourceRange range);
  void assignIndexed(const ast::AssignStmt *statement, const ast::IndexExpr *target);
  void store(const Value &target, const Value &value, SourceRange range);
  bool writePlace(Place *place, const Value &value, SourceRange range);
  void declareState(const ast::ValueDecl *node);
  Value declareOptimizerState(const ast::ValueDecl *node);

  // Types (Type.cpp)
  /// The shape and element type of a declaration whose sizes are all known. `value` serves `_`.
  struct TensorSpec {
    ElementType element = ElementType::F32;
    Shape shape;
  };
  std::optional<TensorSpec> tensorSpec(const ast::Type *type, const Value *value = nullptr);
  /// Converts an argument or initial value to a declared type; binds sizes that stand alone. `broadcast`: rule 16. Returns an error
  /// of the declared type where it can.
  Value convert(const ast::Type *type, const Value &value, SourceRange range, bool broadcast,
                llvm::StringRef what);
  /// The second look at a signature: sizes that are expressions are compared.
  bool checkSizes(const ast::Type *type, const Value &value, SourceRange range, llvm::StringRef what);
  std::optional<Dim> evalDim(const ast::Expr *expr);

  // Values as tensors (ToTensor.cpp)
  Value toTensorValue(const Value &value, SourceRange range, std::optional<ElementType> element = {});
  Tensor toTensor(const Value &value, SourceRange range, std::optional<ElementType> element = {});
  /// Numbers as tensors, in records and lists as well.
  Value materialized(const Value &value, SourceRange range);
  Tensor stackList(const Value &list, SourceRange range, std::optional<ElementType> element);
  /// The numbers of nested lists that hold nothing else, row-major; nothing if they do, or if the lists are ragged.
  struct NumberList {
    std::vector<double> floats;
    /// The same where all are integers or booleans: those above 2^53 are no doubles.
    std::vector<int64_t> integers;
    Shape shape;
    bool isFloating = false, isBoolean = false;
  };
  std::optional<NumberList> gatherNumbers(const Value &list);
  Tensor convertTensor(const Tensor &tensor, ElementType element, SourceRange range);
  Tensor broadcastTo(const Tensor &tensor, const Shape &shape, SourceRange range,
                     llvm::StringRef what);

  // Calls (Call.cpp)
  Value evalCall(const ast::CallExpr *expr, const Value *piped = nullptr, SourceRange pipedRange = {});
  Value evalPipe(const ast::PipeExpr *expr);
  bool evalArguments(llvm::ArrayRef<ast::Argument> arguments, std::vector<ArgumentValue> &values);
  Value call(const Value &callee, std::vector<ArgumentValue> arguments, SourceRange range,
             SourceRange calleeRange);
  Value callFunction(const FunctionValue &function, std::vector<ArgumentValue> arguments,
                     SourceRange range, std::optional<bool> training);
  Value callInstance(const std::shared_ptr<Instance> &instance, std::vector<ArgumentValue> arguments,
                     SourceRange range, std::optional<bool> training);
  Value callBuiltin(const BuiltinEntry *entry, std::vector<ArgumentValue> arguments, SourceRange range);
  Value callOperation(const ast::FunctionDecl *node, const std::vector<ArgumentValue> &arguments, SourceRange range);
  bool bindParameters(llvm::ArrayRef<const ast::Param *> params, std::vector<ArgumentValue> arguments,
                      SourceRange range, llvm::StringRef callee);
  Value parameterValue(const ast::Param *param, Value value, SourceRange range, const Local *local);
  /// Calls what stands in `checkpoint(…)`: the operations of the call get its number.
  Value callRecomputed(const Value &callee, std::vector<ArgumentValue> arguments, SourceRange range, SourceRange calleeRange);
  int64_t checkpoints = 0;
  Value castTo(ElementType element, const Value &value, SourceRange range);

  // Instances and trees (Instance.cpp, Tree.cpp)
  Value construct(const ModuleValue &module, std::vector<ArgumentValue> arguments, SourceRange range);
  void addMembers(llvm::ArrayRef<const ast::Stmt *> members, Instance &instance);
  Value declareMember(const ast::ValueDecl *node, llvm::StringRef name);
  Place *makePlace(PlaceKind kind, const Tensor &initial, SourceRange range);
  void nameTree(const Value &value, const std::string &prefix);
  void namePlace(Place *place, const std::string &name);
  Value mapTree(const Value &value,
                llvm::function_ref<Value(const Value &leaf, llvm::StringRef path, bool isState)> leaf,
                bool parametersOnly = false, const std::string &path = "");
  std::vector<TreeLeaf> flatten(const Value &value, bool withState);
  bool hasParams(const Value &value);
  bool containsInstance(const Value &value);
  bool isTree(const Value &value);
  Value mapLeaves(llvm::ArrayRef<Value> trees, SourceRange range,
                  llvm::function_ref<Value(llvm::ArrayRef<Value>, llvm::StringRef path)> leaf);

  // Indexing (Index.cpp)
  Value evalIndex(const ast::IndexExpr *expr);
  struct IndexPlan;
  bool planIndex(const ast::IndexExpr *expr, const Tensor &base, IndexPlan &plan);
  bool planItem(const ast::IndexItem &item, const Dim &size, IndexPlan &plan);
  Tensor takeRegion(const Tensor &base, const IndexPlan &plan);
  Tensor applyIndex(const Tensor &base, const IndexPlan &plan, SourceRange range);
  Value indexList(const ast::IndexExpr *expr, const Value &list);
  /// Checks `0 <= index < size` (`<=` for the end of a slice) when compiled where it is known, else when run.
  bool checkBounds(const Tensor &index, const Dim &size, SourceRange range, const Dim &extent = Dim(1));

  // Control (Control.cpp)
  Value evalIf(const ast::IfExpr *expr, bool wanted = true);
  /// Two regions; `zeros`: the first one gives zeros in the shape of the second one's value. The value is that of the branches, if wanted.
  Value branch(const Tensor &condition, llvm::function_ref<Value()> onTrue, llvm::function_ref<Value()> onFalse,
               bool wanted, bool zeros, SourceRange range);
  /// What a `break if` asks: known to hold, a flag at run time, or neither (known not to hold, or an error that was reported).
  struct Leave {
    bool always = false;
    std::optional<Tensor> flag;
  };
  Leave leave(const ast::BreakIfStmt *statement);
  Value loopBody(llvm::ArrayRef<const ast::Stmt *> statements, Tensor &exit, SourceRange range);
  Value evalFor(const ast::ForExpr *expr);
  Value unroll(const ast::ForExpr *expr, const Value &list);
  std::vector<Value> unrollFrom(const ast::ForExpr *expr, const Value &list, size_t pass, size_t statement);
  Value runtimeFor(const ast::ForExpr *expr, const Value &walked);
  void promoteNumbers(llvm::ArrayRef<Local *> locals, SourceRange range);

  // Derivatives and updates (Gradient.cpp, Optimizer.cpp)
  Value gradient(const Value &of, const Value &by, SourceRange range, SourceRange ofRange, SourceRange byRange);
  void minimize(const ast::MinimizeStmt *statement);
  void update(const ast::UpdateStmt *statement);
  bool arePlaces(const Value &over, SourceRange range);
  void applyUpdate(const Value &over, Value gradients, const ast::Expr *with, SourceRange range);
  void applyOptimizer(const OptimizerValue &optimizer, Place *place, const Value &gradient, SourceRange range);
  std::string statementKey(SourceRange range) const;
  void checkGradients(FunctionContext &function);
  struct GradientCheck {
    FunctionContext *home;
    mlir::Operation *op;
    std::vector<std::string> names;
    std::vector<Place *> leaves;
    /// How many writes the function had seen.
    size_t writes;
    SourceRange range, ofRange;
  };
  std::vector<GradientCheck> gradients;

  // Blocks (Block.cpp, Hook.cpp)
  void train(const ast::TrainDecl *node);
  void test(const ast::Decl *node);
  void runTest(const ast::TestDecl *node, const ast::Expr *table, const std::string &name, SourceRange range);
  void exportFunction(const ast::FunctionDecl *node);
  void reportStatement(const ast::ReportStmt *statement);
  void addReport(llvm::StringRef name, const Value &value, SourceRange range, bool isLoss);
  void addTestReport(llvm::StringRef name, const Tensor &value, SourceRange range);
  void declareReport(BlockState::Report &entry, llvm::StringRef name, SourceRange range, bool isTop);
  void accumulateReport(BlockState::Report &entry, llvm::StringRef name, SourceRange range, bool isTop);
  void stop(SourceRange range);
  void require(const ast::RequireStmt *statement);
  /// A requirement on sizes that is not decided: it becomes a fact, or is refused; false: it is another one.
  bool requireSizes(const ast::RequireStmt *statement);
  void hook(const ast::Stmt *node, const ast::BlockExpr *body, bool atEnd);
  Value callTest(const TestData &test, SourceRange range);
  void beginHookPart();
  /// A value of an earlier part of the hook, as an input of this one; null if it is none.
  mlir::Value importValue(const Tensor &x);
  std::string testSymbol(const ast::Decl *node);
  void load(const ast::LoadDecl *node);
  void finishFunction(FunctionContext &function);
  void finishUpdates(FunctionContext &function);

  // Data and items (Data.cpp, Item.cpp)
  Value item(const ResolvedFile *file, const ast::Node *node, SourceRange use);
  Value evalItem(const ResolvedFile *file, const ast::Node *node, SourceRange use);
  void initialItem(const ast::Stmt *node);
  Value constItem(const ResolvedFile *file, const ast::ValueDecl *node);
  Value dataItem(const ResolvedFile *file, const ast::DataDecl *node);
  Value declareData(const std::string &symbol, const Value &value, const ast::Type *type, SourceRange range);
  Value emitData(const std::string &symbol, const std::vector<TreeLeaf> &leaves, const Value &tree,
                 mlir::DictionaryAttr source, SourceRange range, bool isTable);
  struct TableView {
    DataInfo *data = nullptr;
    Value row; ///< the tree of columns
  };
  std::optional<TableView> tableOf(const Value &value, SourceRange range);
  /// The same with no other columns in the table: where it is some of another's, one of its own.
  std::optional<TableView> wholeTableOf(const Value &value, SourceRange range);
  /// A table of columns of others.
  TableView sideBySide(const Value &value, const Dim &rows, SourceRange range);
  std::string freshSymbol(llvm::StringRef wanted);
  std::string filePrefix(const ResolvedFile *file) const;

  // Random sites
  std::string randomPath(llvm::StringRef name);
  Tensor counter(llvm::StringRef name);

  /// Whether a size without a value may be due to an error that was reported.
  bool poisoned() const;
  /// Counts work; false, once reported, when there is too much.
  bool fuel(SourceRange range);

  FunctionContext &cx() { return *function; }
  mlir::OpBuilder &builder() { return function->builder; }

  mlir::MLIRContext *context;
  Program &program;
  const ElaborateOptions &options;
  DataSource &data;
  DiagnosticEngine &diagnostics;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  Emitter emit;

  FunctionContext *function = nullptr;
  FunctionContext *init = nullptr;
  BlockState *block = nullptr;
  Activation *active = nullptr;
  SourceRange current;
  /// The element of a list that is being evaluated, for hints.
  SourceRange listElement;
  std::deque<std::unique_ptr<FunctionContext>> contexts;
  std::deque<Place> places;
  std::deque<DataInfo> dataInfos;
  std::deque<BlockState> blocks;
  std::vector<Place *> initialized;
  llvm::StringMap<const BuiltinEntry *> builtins;
  llvm::DenseMap<const ast::Node *, Value> items;
  llvm::DenseSet<const ast::Node *> open;
  llvm::StringSet<> symbols;
  llvm::StringMap<unsigned> blockNames;
  std::map<const ast::Node *, std::string> testSymbols;
  /// The name of the `data` being evaluated, of each part of its pattern, and its declared columns.
  std::string dataName;
  std::vector<std::string> dataParts;
  const ast::RowsType *declaredRows = nullptr;
  /// The hook being elaborated: its functions, cut at calls of tests, and what passes between them.
  struct HookPart {
    FunctionContext *function = nullptr;
    Place *stop = nullptr;
    /// A test that runs before this part, and the names of its reports.
    std::string test;
    std::vector<std::string> reports;
    llvm::SmallVector<mlir::Type> reportTypes;
    /// Inputs, in order: a value of part `from` (its output's index), or report `-1 - index` of this part's test.
    struct Input {
      int from;
      unsigned index;
    };
    std::vector<Input> inputs;
    llvm::SmallVector<mlir::Value> outputs;
  };
  std::vector<HookPart> hookParts;
  std::string hookName;
  Place *hookStop = nullptr;
  std::map<std::string, std::vector<std::pair<std::string, Tensor>>> testReports;
  /// Draws of a parameter that has no name yet: (place under initialisation, its site, the draw's last segment).
  struct PendingSite {
    mlir::Operation *site;
    std::string suffix;
  };
  std::vector<PendingSite> *pending = nullptr;
  std::map<Place *, std::vector<PendingSite>> pendingSites;
  /// The place whose optimizer runs, and the names of the optimizer's states.
  struct {
    Place *place = nullptr;
    std::string suffix;
    llvm::StringMap<Place *> *states = nullptr;
  } optimizerState;
  std::map<std::string, llvm::StringMap<Place *>> optimizerPlaces;
  /// What is known of run-time integers: `low <= value < high` (indices of loops).
  llvm::DenseMap<mlir::Value, std::pair<Dim, Dim>> intervals;
  uint64_t evaluations = 0;
  unsigned depth = 0;
  /// The frame of `run`: elaboration may use 5 MB below it.
  const char *stackBase = nullptr;
  bool exhausted = false;
  std::optional<int64_t> seed;
};

/// A hint for a name that is not among `known`: the nearest, or all after `otherwise`; empty if there are none.
std::string likely(llvm::StringRef name, llvm::ArrayRef<llvm::StringRef> known, llvm::StringRef otherwise);

/// The hint of `not_a_place`.
constexpr const char *placesAre = "a `let` and a tensor parameter hold values; `var`, `state`, `param` and instances are places";

/// Sets a member for a scope.
template <typename T> struct Restore {
  T &slot;
  T saved;
  Restore(T &slot, T value) : slot(slot), saved(slot) { slot = std::move(value); }
  ~Restore() { slot = std::move(saved); }
  Restore(const Restore &) = delete;
};

/// The facts of a function are in force while it is elaborated.
struct FactsScope : Restore<const std::vector<SizeFact> *> {
  explicit FactsScope(FunctionContext &function) : Restore(factsInForce, &function.facts) {}
};

/// A tree whose leaves are numbers of results (sizes) becomes the tree of these results.
Value fillStructure(Elaborator &elab, const Value &structure, mlir::ValueRange results, const std::vector<Tensor> &types);
uint64_t siteHash(llvm::StringRef path);
/// Doubles the braces: a text as a format.
std::string escapeBraces(llvm::StringRef text);
Value readFiles(CallContext &context, llvm::StringRef kind);
Value splitTable(CallContext &context);
Value mapTable(CallContext &context);
Value filterTable(CallContext &context);
Value sampleTable(CallContext &context);
llvm::ArrayRef<BuiltinEntry> intrinsics();

} // namespace dlc::frontend
