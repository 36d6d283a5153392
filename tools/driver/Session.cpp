#include "tools/driver/Session.h"

#include "tools/driver/Data.h"
#include "tools/driver/MlirDiagnostics.h"
#include "tools/driver/Processor.h"
#include "tools/driver/Startup.h"

#include "frontend/Syntax.h"
#include "codegen/common/Stages.h"
#include "codegen/cuda/Compile.h"
#include "ir/Dialect.h"
#include "passes/Passes.h"
#include "passes/StageChecks.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <unistd.h>

namespace dlc::driver {
namespace {

class Stopwatch {
public:
  Stopwatch(std::vector<PhaseTime> &times, std::string name)
      : times(times), name(std::move(name)), began(std::chrono::steady_clock::now()) {}
  ~Stopwatch() {
    times.push_back({name, std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count()});
  }

private:
  std::vector<PhaseTime> &times;
  std::string name;
  std::chrono::steady_clock::time_point began;
};

std::optional<int64_t> integer(const std::string &text) {
  int64_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    return std::nullopt;
  return value;
}

} // namespace

Session::Session(const Arguments &arguments)
    : args(arguments), mlir((initializeCompiler(), mlir::MLIRContext::Threading::DISABLED)), diagnostics(sources), library(frontend::standardLibrary()) {
  mlir.loadDialect<ir::DLDialect>();
  mlir.printOpOnDiagnostic(false);
  handler = std::make_unique<MlirDiagnostics>(&mlir, arguments.remarks);
}

Session::~Session() = default;

std::string stemOf(const Arguments &arguments) { return llvm::sys::path::stem(arguments.positional[0]).str(); }

runtime::DataPath dataPathOf(const Arguments &arguments) {
  runtime::DataPath path;
  path.programFolder = llvm::sys::path::parent_path(arguments.positional[0]).str();
  if (!arguments.dataFolder.empty())
    path.folders.push_back(arguments.dataFolder);
  return path;
}

int64_t Session::seed() const {
  if (args.seed)
    return *args.seed;
  if (root)
    if (auto seed = (*root)->getAttrOfType<mlir::IntegerAttr>("dl.seed"))
      return seed.getInt();
  return 0;
}

std::vector<std::string> Session::sourceFiles() const {
  std::vector<std::string> files;
  if (program)
    for (const frontend::ResolvedFile *resolved : program->files())
      files.push_back(resolved->tree().source().path().str());
  return files;
}

bool Session::render() {
  frontend::DiagnosticEngine::RenderOptions options;
  options.colors = isatty(STDERR_FILENO) && !std::getenv("NO_COLOR");
  diagnostics.render(llvm::errs(), options);
  return !diagnostics.hasErrors();
}

bool Session::parseProgram() {
  Stopwatch watch(times, "parse");
  program = std::make_unique<frontend::Program>(sources, library, diagnostics);
  return program->load(file());
}

bool Session::applySettings(frontend::ElaborateOptions &options) {
  for (const auto &[name, value] : args.set) {
    std::optional<int64_t> *setting = name == "epochs"  ? &options.epochs
                                      : name == "steps" ? &options.steps
                                      : name == "batch" ? &options.batch
                                                        : nullptr;
    if (!setting) {
      options.constants.emplace_back(name, value);
      continue;
    }
    *setting = integer(value);
    if (!*setting || **setting < 1) {
      llvm::errs() << fmt::format("error: --set {}: expected an integer of at least 1, found `{}`\n", name, value);
      failure = runtime::ErrorKind::Command;
      return false;
    }
  }
  return true;
}

/// Every name of `--set` must be a `const` of the program's own file.
bool Session::checkConstants(const frontend::ElaborateOptions &options) {
  for (const auto &[name, value] : options.constants) {
    bool found = false;
    llvm::StringRef nearest;
    unsigned best = 3;
    for (const frontend::ast::Stmt *decl : program->main().tree().items()) {
      auto *constant = llvm::dyn_cast<frontend::ast::ValueDecl>(decl);
      if (!constant || constant->keyword != frontend::ast::ValueKeyword::Const)
        continue;
      found |= constant->name.text == name;
      if (unsigned distance = constant->name.text.edit_distance(name); distance < best)
        best = distance, nearest = constant->name.text;
    }
    if (found)
      continue;
    llvm::errs() << fmt::format("error: --set {0}: the program has no `const {0}`{1}\n", name,
                                name == "precision" ? "; the option `--precision` is for all products"
                                : nearest.empty()   ? "; `epochs`, `steps` and `batch` are the settings of `train`"
                                                : fmt::format("; did you mean `{}`?", nearest.str()));
    failure = runtime::ErrorKind::Command;
    return false;
  }
  return true;
}

bool Session::readModule() {
  if (!args.set.empty()) {
    llvm::errs() << fmt::format("error: --set {}: {} is made from a program already: give the program, or change the text\n", args.set.front().first, file());
    failure = runtime::ErrorKind::Command;
    return false;
  }
  Stopwatch watch(times, "parse");
  mlir::DialectRegistry registry;
  codegen::registerStages(registry);
  codegen::cuda::registerKernels(registry); // to say what they are
  mlir.appendDialectRegistry(registry);
  root = mlir::parseSourceFile<mlir::ModuleOp>(file(), &mlir);
  if (!root)
    return false;
  std::optional<passes::Stage> stage = passes::stageOf(*root);
  if (!stage && codegen::cuda::holdsKernels(*root)) {
    llvm::errs() << fmt::format("error: {}: the kernels of a device (`--emit=kernels`) cannot be read back: give the program, or its stage `optimized`\n",
                                file());
    return false;
  }
  if (!stage) {
    llvm::errs() << fmt::format("{}:1:1: error: the module does not say its stage: expected `module attributes {{dl.stage = \"graph\", "
                                "dl.version = 1}}`\n",
                                file());
    return false;
  }
  if (!(*root)->hasAttr("dl.version")) {
    llvm::errs() << fmt::format("{}:1:1: error: the module does not say its version: expected `dl.version = 1` beside `dl.stage`\n", file());
    return false;
  }
  reached = *stage;
  if (!args.precision.empty() && reached != passes::Stage::Graph) {
    llvm::errs() << fmt::format("error: --precision {}: the products of {}, of the stage `{}`, have their precision already: give the program, or its "
                                "stage `graph`\n",
                                args.precision, file(), passes::stageName(reached).str());
    failure = runtime::ErrorKind::Command;
    return false;
  }
  if (reached == passes::Stage::Graph) {
    mlir::PassManager manager(&mlir);
    manager.addPass(passes::createExpandPass());
    if (failed(manager.run(*root)))
      return false;
  }
  // The text may have been edited: the rules of its stage are checked before anything relies on them.
  return mlir::succeeded(passes::runPipeline(*root, reached, reached, {}));
}

bool Session::toGraph(bool dataNeeded) {
  if (llvm::StringRef(file()).ends_with(".mlir"))
    return readModule();
  frontend::ElaborateOptions options;
  if (!applySettings(options))
    return false;
  if (!parseProgram())
    return render() && false;
  if (!checkConstants(options))
    return render() && false;
  FileDataSource data(dataPathOf(args), dataNeeded, args.seed, rowLimit);
  {
    Stopwatch watch(times, "elaborate");
    root = frontend::elaborate(&mlir, *program, options, data, diagnostics);
  }
  reached = passes::Stage::Graph;
  dataAnswers = data.answers;
  if (data.badFile)
    failure = runtime::ErrorKind::Run;
  tooFewRows = data.keptNone && (!root || diagnostics.hasErrors());
  return !tooFewRows && render() && root;
}

bool Session::printTree(llvm::raw_ostream &out) {
  std::unique_ptr<frontend::ast::File> tree = frontend::parseFile(sources, file(), diagnostics);
  if (tree && !diagnostics.hasErrors())
    frontend::printAst(*tree, sources, out);
  return render() && tree;
}

void limitFusion(passes::FusionLimits &limits, const std::string &target) {
  bool isDevice = target == "cuda" || target == "cuda-emulator";
  limits.reducedProducts = isDevice;
  limits.columns = isDevice;
  limits.maxConcatOperands = isDevice ? 256 : 0; // a card's kernel takes some 540 pointers
}

passes::PipelineOptions Session::pipelineOptions() {
  passes::PipelineOptions options;
  options.remarks = args.remarks;
  options.precision = args.precision;
  limitFusion(options.fusion, args.target);
  options.roundTrip = args.roundTrip || std::getenv("DLC_ROUND_TRIP");
  if (!args.printAfter.empty()) {
    options.printAfter = [wanted = args.printAfter](llvm::StringRef pass) { return wanted == "all" || pass == wanted; };
    options.printTo = &llvm::errs();
  }
  options.onTime = [this](llvm::StringRef pass, double seconds) { times.push_back({pass.str(), seconds}); };
  return options;
}

bool Session::toStage(passes::Stage stage, const passes::PipelineOptions &options) {
  passes::Stage last = std::min(stage, passes::Stage::Optimized);
  if (reached < last) {
    if (mlir::failed(passes::runPipeline(*root, reached, last, options)))
      return false;
    reached = last;
  }
  return stage <= reached || toCode(stage, options);
}

bool Session::toCode(passes::Stage stage, const passes::PipelineOptions &options) {
  auto processor = processorOf(args);
  if (!processor) {
    llvm::errs() << "error: " << processor.status().message() << '\n';
    return false;
  }
  codegen::CompileOptions compileOptions;
  compileOptions.processor = *processor;
  for (passes::Stage next : {passes::Stage::Kernels, passes::Stage::Llvm}) {
    if (next <= reached || next > stage)
      continue;
    Stopwatch watch(times, passes::stageName(next).str());
    bool isKernels = next == passes::Stage::Kernels;
    if (mlir::failed(isKernels ? codegen::toKernels(*root, compileOptions) : codegen::toLlvm(*root)))
      return false;
    if (options.roundTrip && mlir::failed(passes::printAndParse(*root)))
      return false;
    if (mlir::failed(passes::checkStage(*root, next)))
      return false;
    reached = next;
  }
  return true;
}

} // namespace dlc::driver
