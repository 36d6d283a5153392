#include "codegen/cpu/Compile.h"

#include "codegen/cpu/Entries.h"
#include "codegen/common/Lower.h"
#include "codegen/common/Sanitize.h"
#include "codegen/cpu/StepProgram.h"
#include "codegen/cpu/Target.h"

#include "mlir/IR/OwningOpRef.h"
#include "mlir/IR/Verifier.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Object/ArchiveWriter.h"
#include "llvm/Support/Chrono.h"
#include "llvm/Support/raw_ostream.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

using namespace mlir;

namespace dlc::codegen {

namespace {

using Clock = std::chrono::steady_clock;

/// Seconds by phase, from all threads.
class Times {
public:
  class Span {
  public:
    Span(Times &times, const char *phase) : times(times), phase(phase), start(Clock::now()) {}
    ~Span() { times.add(phase, std::chrono::duration<double>(Clock::now() - start).count()); }

  private:
    Times &times;
    const char *phase;
    Clock::time_point start;
  };
  void add(const char *phase, double seconds) {
    std::lock_guard lock(mutex);
    for (PhaseTime &time : list)
      if (time.phase == phase) {
        time.seconds += seconds;
        return;
      }
    list.push_back({phase, seconds});
  }
  std::vector<PhaseTime> take() { return std::move(list); }

private:
  std::mutex mutex;
  std::vector<PhaseTime> list;
};

/// What becomes one object: a module of the MLIR stage, and later its code.
struct Unit {
  std::string name;
  OwningOpRef<ModuleOp> module;
  std::unique_ptr<llvm::LLVMContext> context;
  std::unique_ptr<llvm::Module> code;
  std::string bytes;
  bool failed = false;
};

class Compiler {
public:
  /// Works on a copy: kernels are rewritten on the way.
  Compiler(ModuleOp original, const CompileOptions &options) : copy(original.clone()), module(*copy), options(options) {}

  /// Makes the units in the stage `kernels`; with `perKernel` each kernel is one. A module that is in a later stage has them.
  LogicalResult begin(bool perKernel);
  LogicalResult lower(Unit &unit);
  void generate(Unit &unit, llvm::TargetMachine &machine, bool assembly);
  std::unique_ptr<llvm::TargetMachine> machineFor() {
    std::string error;
    auto machine = makeHostMachine(options.processor, options.optLevel, error);
    if (!machine)
      module.emitError("no code generator for the processor: ") << error;
    return machine;
  }

  OwningOpRef<ModuleOp> copy;
  ModuleOp module;
  const CompileOptions &options;
  std::vector<std::unique_ptr<Unit>> units;
  std::vector<FunctionInfo> functions;
  Times times;
  std::unique_ptr<llvm::TargetMachine> machine;

private:
  LogicalResult emit(bool perKernel);
  void read();
  Unit &newUnit(std::string name) {
    units.push_back(std::make_unique<Unit>());
    units.back()->name = std::move(name);
    units.back()->module = ModuleOp::create(module.getLoc());
    return *units.back();
  }
};

static bool isCode(ModuleOp module) {
  auto stage = module->getAttrOfType<StringAttr>("dl.stage");
  return stage && (stage.getValue() == "kernels" || stage.getValue() == "llvm");
}

LogicalResult Compiler::begin(bool perKernel) {
  registerLowering(*module.getContext());
  machine = machineFor();
  if (!machine)
    return failure();
  if (!isCode(module))
    return emit(perKernel);
  read();
  return success();
}

void Compiler::read() {
  for (auto code : llvm::make_early_inc_range(module.getOps<ModuleOp>())) {
    units.push_back(std::make_unique<Unit>());
    units.back()->name = code.getSymName().value_or("").str();
    code->remove();
    units.back()->module = code;
  }
  for (auto entry : module.getOps<ir::EntryOp>()) {
    std::string name = entry.getSymName().str(), symbol = "dlc." + name;
    functions.push_back({name, symbol, symbol + ".steps", int64_t(entry.getArena()), static_cast<int64_t>(entry.getWorkspace())});
  }
}

LogicalResult Compiler::emit(bool perKernel) {
  Times::Span span(times, "kernels");
  TargetTraits traits = traitsOf(*machine);
  traits.packedProducts = options.packedProducts;

  // What still has open sizes waits for a call that binds them; its sites count nevertheless.
  SmallVector<ir::FuncOp> kernels, entries;
  SmallVector<int64_t> firstSites;
  llvm::StringSet<> launched;
  int64_t sites = 0;
  for (auto function : module.getOps<ir::FuncOp>()) {
    if (function->hasAttr("dl.kernel"))
      continue;
    if (isCompiled(function)) {
      entries.push_back(function);
      firstSites.push_back(sites);
      function.walk([&](ir::LaunchOp launch) { launched.insert(launch.getCallee()); });
    }
    function.walk([&](Operation *op) { sites += isa<ir::CheckOp, ir::HostOp>(op); });
  }
  for (auto function : module.getOps<ir::FuncOp>())
    if (function->hasAttr("dl.kernel") && launched.contains(function.getSymName()))
      kernels.push_back(function);
  std::vector<Places> places;
  Aliases aliases;
  for (ir::FuncOp function : entries) {
    auto placed = Places::of(function);
    if (failed(placed))
      return failure();
    places.push_back(std::move(*placed));
    collectAliases(function, places.back(), aliases);
  }

  // Kernels of like size go to one unit, so that threads have about as much to do.
  std::map<std::string, KernelInfo> infos;
  SharedFunctions shared;
  constexpr int64_t kOperationsOfUnit = 120;
  int64_t operations = 0;
  Unit *unit = nullptr;
  for (ir::FuncOp kernel : kernels) {
    if (!unit || perKernel || operations > kOperationsOfUnit) {
      unit = &newUnit(kernel.getSymName().str());
      operations = 0;
    }
    auto &operations_ = kernel.getBody().front().getOperations();
    operations += 4 + static_cast<int64_t>(std::distance(operations_.begin(), operations_.end()));
    auto info = KernelBuilder(kernel, *unit->module, traits, shared, aliases[kernel.getSymName().str()]).build();
    if (failed(info))
      return failure();
    infos[kernel.getSymName().str()] = std::move(*info);
  }
  if (!shared.empty()) {
    Unit &common = newUnit("dlc.shared");
    OpBuilder b = OpBuilder::atBlockEnd(common.module->getBody());
    for (auto &[name, definition] : shared) {
      b.setInsertionPointToEnd(common.module->getBody());
      definition.second(LLVM::LLVMFuncOp::create(b, module.getLoc(), name, definition.first));
    }
  }
  Unit &program = newUnit("dlc.program");
  for (auto [function, placed, site] : llvm::zip(entries, places, firstSites)) {
    auto info = emitFunction(function, placed, *program.module, infos, site, /*guards=*/!perKernel && sanitizesCode());
    if (failed(info))
      return failure();
    functions.push_back(*info);
  }
  return success();
}

LogicalResult Compiler::lower(Unit &unit) {
  {
    Times::Span span(times, "lower");
    if (failed(lowerToLlvmDialect(*unit.module)))
      return failure();
  }
  Times::Span span(times, "translate");
  unit.context = std::make_unique<llvm::LLVMContext>();
  unit.code = translate(*unit.module, *unit.context, *machine);
  unit.module = nullptr;
  if (!unit.code)
    return module.emitError("translation to LLVM failed for `") << unit.name << "`";
  return success();
}

void Compiler::generate(Unit &unit, llvm::TargetMachine &machine, bool assembly) {
  {
    Times::Span span(times, "llvm");
    optimize(*unit.code, machine, options.optLevel);
    if (!assembly && sanitizesCode())
      sanitize(*unit.code);
  }
  Times::Span span(times, "machine code");
  unit.failed = !emitCode(*unit.code, machine, assembly, unit.bytes);
  unit.code = nullptr;
  unit.context = nullptr;
}

/// Units that wait for machine code, from the thread that lowers them to all others.
class Queue {
public:
  void push(Unit *unit) {
    std::lock_guard lock(mutex);
    waiting.push_back(unit);
    ready.notify_one();
  }
  void close() {
    std::lock_guard lock(mutex);
    closed = true;
    ready.notify_all();
  }
  Unit *pop() {
    std::unique_lock lock(mutex);
    ready.wait(lock, [&] { return closed || !waiting.empty(); });
    if (waiting.empty())
      return nullptr;
    Unit *unit = waiting.front();
    waiting.erase(waiting.begin());
    return unit;
  }

private:
  std::mutex mutex;
  std::condition_variable ready;
  std::vector<Unit *> waiting;
  bool closed = false;
};

LogicalResult joinObjects(Compiler &compiler, std::string &bytes) {
  if (compiler.units.size() == 1) {
    bytes = std::move(compiler.units[0]->bytes);
    return success();
  }
  std::vector<llvm::NewArchiveMember> members;
  std::vector<std::string> names; // of members, which only refer to them
  names.reserve(compiler.units.size());
  for (auto &unit : compiler.units) {
    names.push_back(std::to_string(names.size()) + ".o");
    members.emplace_back(llvm::MemoryBufferRef(unit->bytes, names.back()));
  }
  auto archive = llvm::writeArchiveToBuffer(members, llvm::SymtabWritingMode::NormalSymtab, llvm::object::Archive::K_GNU,
                                            /*Deterministic=*/true, /*Thin=*/false);
  if (!archive)
    return compiler.module.emitError("cannot join objects: ") << llvm::toString(archive.takeError());
  bytes = (*archive)->getBuffer().str();
  return success();
}

} // namespace

LogicalResult compile(ModuleOp module, const CompileOptions &options, CompiledObject &object) {
  Compiler compiler(module, options);
  if (failed(compiler.begin(/*perKernel=*/false)))
    return failure();
  Queue queue;
  std::vector<std::unique_ptr<llvm::TargetMachine>> machines;
  std::vector<std::thread> threads;
  for (int t = 1; t < options.threads; ++t) {
    machines.push_back(compiler.machineFor());
    threads.emplace_back([&compiler, &queue, machine = machines.back().get()] {
      while (Unit *unit = queue.pop())
        compiler.generate(*unit, *machine, false);
    });
  }
  bool lowered = true;
  for (auto &unit : compiler.units) {
    lowered = lowered && succeeded(compiler.lower(*unit));
    if (lowered)
      queue.push(unit.get());
  }
  queue.close();
  while (Unit *unit = queue.pop())
    if (lowered)
      compiler.generate(*unit, *compiler.machine, false);
  for (std::thread &thread : threads)
    thread.join();
  if (!lowered)
    return failure();
  for (auto &unit : compiler.units)
    if (unit->failed)
      return module.emitError("machine code could not be made for `") << unit->name << "`";
  object.functions = std::move(compiler.functions);
  if (failed(joinObjects(compiler, object.bytes)))
    return failure();
  object.times = compiler.times.take();
  return success();
}

//===- The stages as modules ----------------------------------------------===//

static void setStage(ModuleOp module, StringRef stage) { module->setAttr("dl.stage", StringAttr::get(module.getContext(), stage)); }

/// The functions that become code give way to their entries; kernels and what cannot be compiled go.
static LogicalResult replaceFunctions(ModuleOp module, ArrayRef<FunctionInfo> functions) {
  llvm::StringMap<FunctionInfo> infos;
  for (const FunctionInfo &info : functions)
    infos[info.name] = info;
  int64_t site = 0;
  for (auto function : llvm::make_early_inc_range(module.getOps<ir::FuncOp>())) {
    if (function->hasAttr("dl.kernel")) {
      function.erase();
      continue;
    }
    ArrayAttr sites = sitesOf(function, site);
    if (function->hasAttr("dl.evaluated"))
      continue;
    auto info = infos.find(function.getSymName());
    if (info != infos.end())
      makeEntry(function, info->second, sites);
    else if (!function->hasAttr("dl.export"))
      return function.emitError("code needs sizes that are known: `") << function.getSymName() << "` has open ones";
    function.erase();
  }
  return success();
}

/// Arguments of loops are printed without locations. So in `kernels` they have no names, which reading back would lose, and on the way to `llvm` they
/// are where their loops are, whether or not they were read.
static void placeLoopArguments(ModuleOp code, bool forgetNames) {
  code.walk([&](Operation *op) {
    if (isa<LLVM::LLVMFuncOp, ModuleOp>(op))
      return;
    Location location = op->getLoc();
    if (forgetNames) {
      auto line = location->findInstanceOf<FileLineColRange>();
      location = line ? Location(line) : UnknownLoc::get(op->getContext());
    }
    for (Region &region : op->getRegions())
      for (BlockArgument argument : region.getArguments())
        argument.setLoc(location);
  });
}

LogicalResult toKernels(ModuleOp module, const CompileOptions &options) {
  Compiler compiler(module, options);
  if (failed(compiler.begin(/*perKernel=*/true)) || failed(replaceFunctions(module, compiler.functions)))
    return failure();
  for (auto &unit : compiler.units) {
    unit->module->setSymName(unit->name);
    placeLoopArguments(*unit->module, /*forgetNames=*/true);
    module.push_back(unit->module.release());
  }
  Builder builder(module.getContext());
  module->setAttr("dl.processor", builder.getDictionaryAttr({builder.getNamedAttr("name", builder.getStringAttr(options.processor.name)),
                                                            builder.getNamedAttr("features", builder.getStringAttr(options.processor.features))}));
  setStage(module, "kernels");
  return success();
}

LogicalResult toLlvm(ModuleOp module) {
  registerLowering(*module.getContext());
  for (auto code : module.getOps<ModuleOp>()) {
    placeLoopArguments(code, /*forgetNames=*/false);
    if (failed(lowerToLlvmDialect(code)))
      return failure();
  }
  setStage(module, "llvm");
  return success();
}

Processor processorOf(ModuleOp module) {
  Processor processor;
  if (auto attribute = module->getAttrOfType<DictionaryAttr>("dl.processor")) {
    processor.name = attribute.getAs<StringAttr>("name").str();
    processor.features = attribute.getAs<StringAttr>("features").str();
  }
  return processor;
}

static LogicalResult printAssembly(ModuleOp module, const CompileOptions &options, llvm::raw_ostream &os) {
  Compiler compiler(module, options);
  if (failed(compiler.begin(/*perKernel=*/true)))
    return failure();
  bool first = true;
  for (auto &unit : compiler.units) {
    if (!std::exchange(first, false))
      os << "# -----\n";
    if (failed(compiler.lower(*unit)))
      return failure();
    compiler.generate(*unit, *compiler.machine, /*assembly=*/true);
    if (unit->failed)
      return module.emitError("machine code could not be made for `") << unit->name << "`";
    os << unit->bytes;
  }
  return success();
}

LogicalResult printStage(ModuleOp module, const CompileOptions &options, Stage stage, llvm::raw_ostream &os) {
  if (stage == Stage::assembly)
    return printAssembly(module, options, os);
  OwningOpRef<ModuleOp> copy = module.clone();
  if ((!isCode(*copy) && failed(toKernels(*copy, options))) || (stage == Stage::llvm && failed(toLlvm(*copy))))
    return failure();
  copy->print(os);
  os << "\n";
  return success();
}

} // namespace dlc::codegen
