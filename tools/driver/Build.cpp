#include "tools/driver/Build.h"

#include "tools/driver/Cache.h"
#include "tools/driver/DeviceExecutor.h"
#include "tools/driver/KnownValues.h"
#include "tools/driver/MlirDiagnostics.h"
#include "tools/driver/NativeExecutor.h"
#include "tools/driver/Processor.h"
#include "tools/driver/ReferenceExecutor.h"
#include "tools/driver/Sites.h"

#include "codegen/common/Sanitize.h"
#include "codegen/cpu/Compile.h"
#include "codegen/cuda/Compile.h"
#include "ir/Ops.h"
#include "runtime/CublasLt.h"

#include "mlir/IR/SymbolTable.h"

#include <fmt/format.h>

#include <chrono>

namespace dlc::driver {

using runtime::ErrorKind;
using runtime::Result;
using runtime::Status;

namespace {

/// Seconds since the last look.
class Watch {
public:
  double lap() {
    auto now = std::chrono::steady_clock::now();
    return std::chrono::duration<double>(now - std::exchange(then, now)).count();
  }

private:
  std::chrono::steady_clock::time_point then = std::chrono::steady_clock::now();
};

/// The processor to make code for: that of `--cpu`, or the one that code in a file was made for.
Result<codegen::Processor> processorFor(Session &session) {
  DLC_TRY(checkRunsHere(session.arguments()));
  if (session.stage() < passes::Stage::Kernels)
    return processorOf(session.arguments());
  codegen::Processor made = codegen::processorOf(session.module());
  std::vector<std::string> missing = codegen::featuresMissingHere(made);
  if (missing.empty())
    return made;
  return Status::error(ErrorKind::Command,
                       fmt::format("{}: this code is made for `{}` and cannot run here: this processor, `{}`, has no {}", session.file(), made.name,
                                   codegen::hostProcessor().name, fmt::join(missing, ", ")));
}

/// Compiles the module, which is in stage `optimized` or behind it.
Result<NativeCode> compileNative(Session &session) {
  DLC_ASSIGN(processor, processorFor(session));
  codegen::CompileOptions options;
  options.processor = processor;
  codegen::CompiledObject object;
  Watch watch;
  if (mlir::failed(codegen::compile(session.module(), options, object)))
    return Status::error(ErrorKind::Program, "");
  for (const codegen::PhaseTime &time : object.times)
    session.times.push_back({time.phase, time.seconds});
  double sum = 0;
  for (const codegen::PhaseTime &time : object.times)
    sum += time.seconds;
  session.overlapped = std::max(0.0, sum - watch.lap());
  NativeCode code;
  code.object = std::move(object.bytes);
  for (const codegen::FunctionInfo &function : object.functions)
    code.functions[function.name] = {function.entry, function.arenaBytes, function.workspaceBytes};
  return code;
}

/// Compiles the module, which is in stage `optimized`, for a device.
Result<std::unique_ptr<Executor>> buildForDevice(Session &session, bool isEmulated, const Card &card, Sites sites,
                                                 runtime::ThreadPool &pool, runtime::Console &console) {
  DLC_ASSIGN(processor, processorFor(session));
  if (session.stage() > passes::Stage::Optimized)
    return Status::error(ErrorKind::Command, fmt::format("{}: this file, of the stage `{}`, holds code for --target cpu", session.file(),
                                                         passes::stageName(session.stage()).str()));
  Watch watch;
  codegen::cuda::DeviceOptions options;
  options.emulated = isEmulated;
  options.library = !card.library.empty();
  options.whyNoLibrary = card.whyNone;
  options.multiprocessors = card.multiprocessors;
  options.parameterBytes = card.takesManyArguments ? codegen::cuda::kManyParameters : codegen::cuda::kFewParameters;
  codegen::cuda::DeviceProgram program;
  std::unique_ptr<runtime::Device> device;
  // What the library has shows on the card; a program that asks for more is compiled again, for less each time.
  LastRemarks remarks(session.context());
  for (int32_t missing = 0; !device || missing;) {
    remarks.forget();
    options.libraryEpilogues &= ~missing;
    if (options.libraryEpilogues == 0) {
      options.library = false;
      options.whyNoLibrary = "cuBLASLt has no way for a product of this program";
    }
    program = {};
    device.reset();
    if (mlir::failed(codegen::cuda::compile(session.module(), options, processor, program)))
      return Status::error(ErrorKind::Program, "");
    session.times.push_back({"kernels", watch.lap()});
    DLC_ASSIGN(opened, card.open(program));
    device = std::move(opened);
    DLC_ASSIGN(lacks, runtime::missingEpilogues(*device, program.products));
    missing = lacks;
  }
  auto executor = makeDeviceExecutor(program, std::move(device), card.library, std::move(sites), pool, console);
  session.times.push_back({"load", watch.lap()});
  return executor;
}

/// What beside the command line decides the code.
std::string variantOf(const BuildRequest &request) {
  std::string text = request.exported + (request.blocks ? " blocks" : "") + (codegen::sanitizesCode() ? " sanitized" : "");
  for (const passes::Binding &binding : request.bindings)
    text += fmt::format(" {}:{}={}", binding.function, binding.symbol, binding.value);
  return text;
}

void storeInCache(Session &session, const BuildRequest &request, const Runnable &runnable, const NativeCode &code) {
  CachedProgram program;
  program.manifest = runnable.manifest;
  program.code = code;
  program.known = runnable.known;
  program.seed = runnable.seed;
  program.sources = session.sourceFiles();
  for (const auto &[question, schema] : session.dataAnswers)
    program.data.push_back({question, schemaText(schema)});
  CodeCache(session.arguments(), variantOf(request)).store(program);
}

} // namespace

void pruneExports(mlir::ModuleOp module, const BuildRequest &request) {
  for (mlir::Operation &op : llvm::make_early_inc_range(*module.getBody())) {
    auto func = mlir::dyn_cast<ir::FuncOp>(op);
    if (func && func->hasAttr("dl.export") && !request.everyExport && func.getSymName() != request.exported)
      op.erase();
    else if (!request.blocks && mlir::isa<ir::TrainOp, ir::TestOp, ir::SequenceOp>(op))
      op.erase();
  }
  if (request.blocks)
    return;
  for (auto func : llvm::make_early_inc_range(module.getOps<ir::FuncOp>())) {
    llvm::StringRef name = func.getSymName();
    if (name != request.exported && name != "init" && !name.starts_with("data.") && !name.starts_with("map."))
      func.erase();
  }
}

Result<Runnable> build(Session &session, const BuildRequest &request, runtime::Console &console, runtime::ThreadPool &pool) {
  Runnable runnable;
  runnable.seed = session.seed();
  pruneExports(session.module(), request);
  const std::string &target = request.target.empty() ? session.arguments().target : request.target;
  bool reference = target == "reference";
  std::optional<Card> card;
  if (target == "cuda-emulator")
    card = emulatedCard();
  if (target == "cuda") {
    DLC_ASSIGN(found, findCard(static_cast<int>(session.arguments().device)));
    card = std::move(found);
  }
  Manifest early = describe(session.module());
  if (reference && session.stage() > passes::Stage::Optimized)
    return Status::error(ErrorKind::Command, fmt::format("{}: the evaluator runs graphs; this file, of the stage `{}`, holds code for --target cpu",
                                                         session.file(), passes::stageName(session.stage()).str()));
  if (!reference) {
    if (session.stage() == passes::Stage::Graph)
      markEvaluated(session.module());
    DLC_ASSIGN(known, takeKnownValues(session.module(), runnable.seed));
    runnable.known = std::move(known);
  }
  passes::PipelineOptions options = session.pipelineOptions();
  options.bindings = request.bindings;
  limitFusion(options.fusion, target);
  // Code is made straight from `optimized`, with several kernels to an object; its printed stages are on the way only where they are to be read back.
  passes::Stage last = reference ? passes::Stage::Train : options.roundTrip && target == "cpu" ? passes::Stage::Llvm : passes::Stage::Optimized;
  if (!session.toStage(last, options))
    return Status::error(ErrorKind::Program, "");
  runnable.manifest = describe(session.module());
  // Functions that were evaluated are not in the module any more; what they return is still to be known.
  for (const auto &[name, values] : runnable.known)
    runnable.manifest.functions[name] = early.functions.at(name);
  DLC_ASSIGN(sites, makeSites(runnable.manifest));
  if (reference) {
    runnable.executor = std::make_unique<ReferenceExecutor>(session.module(), std::move(sites), console);
  } else if (card) {
    DLC_ASSIGN(executor, buildForDevice(session, target == "cuda-emulator", *card, std::move(sites), pool, console));
    runnable.executor = std::move(executor);
  } else {
    DLC_ASSIGN(code, compileNative(session));
    Watch watch;
    storeInCache(session, request, runnable, code);
    session.times.push_back({"write cache", watch.lap()});
    DLC_ASSIGN(executor, makeNativeExecutor(code, std::move(sites), pool, console));
    runnable.executor = std::move(executor);
    session.times.push_back({"link", watch.lap()});
  }
  for (const PhaseTime &phase : session.times)
    runnable.seconds += phase.seconds;
  runnable.seconds -= session.overlapped;
  runnable.times = session.times;
  return runnable;
}

Result<std::optional<Runnable>> buildFromCache(const Arguments &arguments, const BuildRequest &request, runtime::Console &console,
                                               runtime::ThreadPool &pool) {
  Watch watch;
  std::optional<CachedProgram> program = CodeCache(arguments, variantOf(request)).find();
  if (!program)
    return std::optional<Runnable>();
  Runnable runnable;
  runnable.times.push_back({"read cache", watch.lap()});
  runnable.manifest = std::move(program->manifest);
  runnable.known = std::move(program->known);
  runnable.seed = program->seed;
  runnable.cached = true;
  DLC_ASSIGN(sites, makeSites(runnable.manifest));
  DLC_ASSIGN(executor, makeNativeExecutor(program->code, std::move(sites), pool, console));
  runnable.executor = std::move(executor);
  runnable.times.push_back({"link", watch.lap()});
  for (const PhaseTime &phase : runnable.times)
    runnable.seconds += phase.seconds;
  return std::optional<Runnable>(std::move(runnable));
}

} // namespace dlc::driver
