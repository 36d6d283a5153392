// dlc-kernel-test FILE [--target TARGET] [--multiprocessors N] [--only NAME] [--time] [--plain-products] [--without-epilogues] [--few-arguments] [--remarks]
// [--scale S] [--reference GRAPH] [--emit STAGE]: compiles functions of a graph and compares them with the evaluator.
//
// Each `dl.func` whose body has value operations alone is made one kernel and launched from an entry; functions with launches stand as
// they are, in the stage `optimized`. Arguments are random: floats in [-2, 2), integers in [-8, 8) (u8 in [0, 10)), unless the
// attribute `ranges = [[low, high], …]` says otherwise; `onto = [operand, …]` computes results in place; `tolerance = 1.0e-5` is
// relative to the element and to the root mean square of the tensor. Each function runs with its tiles in one range and
// in several, or on a device once more as a recording, where it can be recorded; the bits must agree. Prints a line for each function. `--emit` prints a
// stage instead: kernels, llvm or assembly for the CPU, llvm or ptx with `--target cuda`. `--multiprocessors` is for the emulated card and for `--emit` with
// `--target cuda`: kernels whose blocks wait for each other have so many blocks at the most.
#include "Tensors.h"
#include "codegen/common/Jit.h"
#include "codegen/cpu/Compile.h"
#include "codegen/cuda/Compile.h"
#include "ir/Ops.h"
#include "ir/eval/Evaluator.h"
#include "runtime/CudaDevice.h"
#include "runtime/Emulator.h"
#include "runtime/abi.h"

#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <random>
#include <xmmintrin.h>

using namespace mlir;
using namespace dlc;
using ir::eval::Tensor;

namespace {

/// Null: kernels run on the memory of the program.
std::unique_ptr<runtime::Device> device;

constexpr int64_t kGuard = 256; // bytes after each buffer that nobody may write

struct Memory {
  explicit Memory(int64_t bytes) : bytes(bytes) {
    if (device) {
      data = static_cast<char *>(*device->allocate(bytes));
      return;
    }
    data = static_cast<char *>(std::aligned_alloc(64, (bytes + kGuard + 127) / 64 * 64));
    std::memset(data, 0x5a, (bytes + kGuard + 127) / 64 * 64);
  }
  ~Memory() {
    if (device)
      device->release(data);
    else
      std::free(data);
  }
  void read(void *to) const {
    if (device)
      (void)device->copyOut(to, data, bytes);
    else
      std::memcpy(to, data, bytes);
  }
  void fill(const void *from) {
    if (device)
      (void)device->copyIn(data, from, bytes);
    else
      std::memcpy(data, from, bytes);
  }
  bool intact() const {
    if (device)
      return true; // it watches every access
    for (int64_t i = bytes; i < bytes + kGuard; ++i)
      if (data[i] != 0x5a)
        return false;
    return true;
  }
  char *data;
  int64_t bytes;
};

/// How `parallel_for` splits the tiles.
int ranges = 1;
double floatScale = 1; // of the range of random floats
int64_t multiprocessors = 0; // of the card that kernels are made for; 0: as ever
int32_t libraryEpilogues = -1;
bool hasFewArguments = false; // a launch, as with older drivers
std::vector<std::string> hostCalls;
bool wasRecorded = false; // the last call that was to be

int32_t parallelFor(dlc_context *, dlc_kernel kernel, void *const *buffers, const int64_t *sizes, int64_t tiles,
                    int64_t workspaceBytes, int32_t) {
  Memory workspace(workspaceBytes);
  for (int r = ranges; r-- > 0;) {
    int64_t begin = tiles * r / ranges, end = tiles * (r + 1) / ranges;
    if (begin < end)
      kernel(buffers, sizes, begin, end, workspace.data);
  }
  if (!workspace.intact()) {
    llvm::errs() << "error: a kernel wrote behind its workspace\n";
    std::exit(1);
  }
  return 0;
}
bool mustWait(dlc_context *context);
int32_t hostCall(dlc_context *context, int32_t site, void *const *) {
  if (mustWait(context))
    return context->status;
  return hostCalls.push_back(std::to_string(site)), 0;
}
int32_t checkFailed(dlc_context *context, int32_t site, void *const *) {
  hostCalls.push_back("check " + std::to_string(site));
  return context->status |= DLC_CHECK_FAILED;
}
int32_t hook(dlc_context *, int64_t) { return 0; }

//===- The device ---------------------------------------------------------===//

/// What must wait for the device ends a recording; the function is called without one then.
bool mustWait(dlc_context *context) {
  if (!device || !device->isRecording())
    return false;
  context->status |= DLC_HOST_NEEDED;
  return true;
}
int32_t done(dlc_context *context, const runtime::Status &status) {
  if (status)
    return 0;
  llvm::outs() << status.message() << "; ";
  return context->status |= DLC_DEVICE_FAILED;
}
int32_t deviceLaunch(dlc_context *context, const char *kernel, void *const *buffers, const int64_t *bytes, int32_t count, int64_t blocks,
                     int64_t threads) {
  return done(context, device->launch({kernel, buffers, bytes, count, blocks, threads}));
}
int32_t deviceLaunchCooperative(dlc_context *context, const char *kernel, void *const *buffers, const int64_t *bytes, int32_t count, int64_t blocks,
                             int64_t threads) {
  return done(context, device->launch({kernel, buffers, bytes, count, blocks, threads, /*isCooperative=*/true}));
}
int32_t deviceCopy(dlc_context *context, void *to, const void *from, int64_t bytes) { return done(context, device->copy(to, from, bytes)); }
int32_t deviceClear(dlc_context *context, void *memory, int64_t bytes) { return done(context, device->clear(memory, bytes)); }
int32_t deviceRead(dlc_context *context, void *to, const void *from, int64_t bytes) {
  return mustWait(context) ? context->status : done(context, device->copyOut(to, from, bytes));
}
std::map<const void *, void *> constants;
int32_t deviceConstant(dlc_context *context, void **place, const void *data, int64_t bytes) {
  void *&known = constants[data];
  if (!known) {
    auto memory = device->allocate(bytes);
    if (!memory)
      return done(context, memory.status());
    known = *memory;
    if (int32_t status = done(context, device->copyIn(known, data, bytes)))
      return status;
  }
  *place = known;
  return 0;
}
int32_t deviceAll(dlc_context *context, const void *flags, int64_t count, uint8_t *result) {
  std::vector<uint8_t> values(count);
  int32_t status = deviceRead(context, values.data(), flags, count);
  *result = llvm::all_of(values, [](uint8_t value) { return value != 0; });
  return status;
}
int32_t deviceCheck(dlc_context *context, int32_t site, const void *flags, int64_t count, void *const *, const int64_t *, int32_t) {
  uint8_t good = 0;
  int32_t status = deviceAll(context, flags, count, &good);
  return status || good ? status : checkFailed(context, site, nullptr);
}
int32_t deviceNumber(dlc_context *context, void *to, int64_t number) {
  void *buffers[] = {to, reinterpret_cast<void *>(number)};
  const int64_t bytes[] = {sizeof number, 0};
  return done(context, device->launch({DLC_NUMBER_KERNEL, buffers, bytes, 2, 1, 1}));
}

int32_t deviceIf(dlc_context *context, const void *flag, int32_t value, uint8_t *enter) {
  if (device->isRecording()) {
    auto can = device->beginIf(flag, value != 0);
    if (!can || *can)
      return *enter = 1, done(context, can.status());
  }
  uint8_t byte = 0;
  int32_t status = deviceRead(context, &byte, flag, 1);
  *enter = (byte != 0) == (value != 0);
  return status;
}
int32_t deviceEndif(dlc_context *context) { return device->isRecording() ? done(context, device->endIf()) : 0; }
int32_t deviceProduct(dlc_context *context, const dlc_product *product, const dlc_product_memory *memory) {
  return done(context, device->multiply(*product, *memory));
}
int32_t devicePasses(dlc_context *context, const void *count, int64_t bound, int64_t *passes, uint8_t *conditional) {
  *conditional = device->isRecording();
  *passes = bound;
  if (*conditional)
    return 0;
  int64_t counted = 0;
  int32_t status = deviceRead(context, &counted, count, sizeof counted);
  *passes = std::clamp<int64_t>(counted, 0, bound);
  return status;
}
int32_t deviceWhile(dlc_context *context, const void *flag, int64_t left, uint8_t *enter) {
  if (!device->isRecording())
    return *enter = left > 0, left < 0 ? deviceRead(context, enter, flag, 1) : 0;
  auto can = device->beginWhile(flag);
  *enter = 1;
  return can && !*can ? mustWait(context), context->status : done(context, can.status());
}
int32_t deviceEndWhile(dlc_context *context, const void *flag, int64_t left, uint8_t *enter) {
  if (!device->isRecording())
    return deviceWhile(context, flag, left, enter);
  return *enter = 0, done(context, device->endWhile());
}

const dlc_runtime kTable = {DLC_ABI_VERSION, sizeof(dlc_runtime), parallelFor, hostCall,   checkFailed, hook,           hook,
                            deviceLaunch,    deviceCopy,          deviceClear, deviceRead, deviceConstant, deviceAll,
                            deviceCheck,     deviceNumber,        deviceIf,   deviceEndif, deviceProduct, devicePasses,
                            deviceWhile,     deviceEndWhile,         deviceLaunchCooperative};

bool isPlain(ir::FuncOp func) {
  if (func->hasAttr("dl.kernel"))
    return false;
  for (Operation &op : func.getBody().front().without_terminator())
    if (isa<ir::LaunchOp, ir::CondOp, ir::LoopOp, ir::CopyOp, ir::CheckOp, ir::HostOp, ir::KernelOp>(op))
      return false;
  return true;
}

/// Makes the body of a function a kernel that it launches. Results are copied from the arena, as a program's often are, unless `inPlace`.
void makeKernel(ir::FuncOp func, bool inPlace) {
  OpBuilder b(func);
  auto kernel = cast<ir::FuncOp>(b.clone(*func));
  kernel.setName((func.getSymName() + "_kernel").str());
  kernel->setAttr("dl.kernel", b.getStringAttr(func->hasAttr("kind") ? cast<StringAttr>(func->getAttr("kind")).getValue() : "map"));
  kernel->setAttr("sym_visibility", b.getStringAttr("private"));
  Block &body = func.getBody().front();
  body.clear();
  b.setInsertionPointToEnd(&body);
  SmallVector<int64_t> at, onto, into;
  int64_t offset = 0;
  auto wanted = func->getAttrOfType<ArrayAttr>("onto");
  for (auto [i, type] : llvm::enumerate(func.getResultTypes())) {
    auto tensor = cast<RankedTensorType>(type);
    int64_t operand = wanted && i < wanted.size() ? cast<IntegerAttr>(wanted[i]).getInt() : -1;
    onto.push_back(operand);
    into.push_back(inPlace && operand < 0 ? static_cast<int64_t>(i) : -1);
    at.push_back(operand >= 0 || inPlace ? -1 : offset);
    if (operand < 0 && !inPlace)
      offset += (tensor.getNumElements() * ((tensor.getElementTypeBitWidth() + 7) / 8) + 63) / 64 * 64;
  }
  func->setAttr("dl.arena", b.getI64IntegerAttr(offset));
  auto launch = ir::LaunchOp::create(b, func.getLoc(), func.getResultTypes(), FlatSymbolRefAttr::get(kernel.getSymNameAttr()),
                                     body.getArguments(), b.getDenseI64ArrayAttr(at), b.getDenseI64ArrayAttr(onto),
                                     inPlace ? b.getDenseI64ArrayAttr(into) : nullptr);
  ir::ReturnOp::create(b, func.getLoc(), launch.getResults());
}

struct Run {
  std::vector<Tensor> results;
  bool intact = true;
  int32_t status = 0;
  double seconds = 0;
};

/// One call of an entry. `isRecorded`: of a device, by a recording, unless the function must wait for it.
int32_t call(dlc_entry entry, void *const *buffers, bool isRecorded) {
  dlc_context context{&kTable, buffers, nullptr, nullptr, 0};
  if (!device || !isRecorded)
    return entry(&context, buffers);
  if (int32_t status = done(&context, device->beginRecording()))
    return status;
  int32_t status = entry(&context, buffers);
  wasRecorded = status == 0;
  if (status) {
    device->dropRecording();
    return status & DLC_HOST_NEEDED ? call(entry, buffers, false) : status;
  }
  auto recording = device->endRecording();
  status = done(&context, recording ? device->replay(*recording) : recording.status());
  return status ? status : done(&context, device->synchronise());
}

Run execute(ir::FuncOp func, dlc_entry entry, const codegen::FunctionInfo &info, ArrayRef<Tensor> arguments, int repeat, bool isRecorded) {
  std::vector<std::unique_ptr<Memory>> memory;
  std::vector<void *> buffers;
  for (const Tensor &argument : arguments) {
    memory.push_back(std::make_unique<Memory>(argument.bytes()));
    memory.back()->fill(argument.data());
  }
  std::vector<int> owner;
  for (unsigned i = 0; i < func.getNumResults(); ++i) {
    int shared = -1;
    if (auto update = func.getResultAttrOfType<StringAttr>(i, "dl.update"))
      for (unsigned a = 0; a < func.getNumArguments(); ++a)
        for (const char *kind : {"dl.param", "dl.state"})
          if (func.getArgAttrOfType<StringAttr>(a, kind) == update)
            shared = a;
    if (shared < 0) {
      shared = memory.size();
      memory.push_back(std::make_unique<Memory>(Tensor(cast<RankedTensorType>(func.getResultTypes()[i])).bytes()));
    }
    owner.push_back(shared);
  }
  memory.push_back(std::make_unique<Memory>(info.arenaBytes));
  for (size_t a = 0; a < arguments.size(); ++a)
    buffers.push_back(memory[a]->data);
  for (int o : owner)
    buffers.push_back(memory[o]->data);
  buffers.push_back(memory.back()->data);
  dlc_context context{&kTable, buffers.data(), nullptr, nullptr, 0};
  Run run;
  run.status = call(entry, buffers.data(), isRecorded);
  for (unsigned i = 0; i < func.getNumResults(); ++i) {
    Tensor tensor(cast<RankedTensorType>(func.getResultTypes()[i]));
    memory[owner[i]]->read(tensor.mutableData());
    run.results.push_back(tensor);
  }
  run.seconds = 1e9;
  // A device is asked for several calls before it is waited for: what it takes to ask is hidden.
  const int calls = device ? 20 : 1;
  for (int r = 0; r < repeat; ++r) {
    auto start = std::chrono::steady_clock::now();
    for (int call = 0; call < calls; ++call)
      run.status |= entry(&context, buffers.data());
    if (device)
      run.status |= done(&context, device->synchronise());
    run.seconds = std::min(run.seconds, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() / calls);
  }
  for (auto &m : memory)
    run.intact &= m->intact();
  return run;
}

/// `reference` is the function that the evaluator runs.
bool testFunction(ir::FuncOp func, ir::FuncOp reference, codegen::LoadedObject &object, const codegen::FunctionInfo &info, bool time) {
  std::mt19937 random(12345);
  std::vector<Tensor> arguments;
  auto list = func->getAttrOfType<ArrayAttr>("ranges");
  for (auto [i, type] : llvm::enumerate(func.getArgumentTypes())) {
    std::optional<std::pair<double, double>> range;
    if (list && i < list.size())
      if (auto pair = dyn_cast<ArrayAttr>(list[i]); pair && pair.size() == 2)
        range = {cast<FloatAttr>(pair[0]).getValueAsDouble(), cast<FloatAttr>(pair[1]).getValueAsDouble()};
    arguments.push_back(test::randomTensor(cast<RankedTensorType>(type), random, floatScale, range));
  }
  auto entry = object.lookupAs<dlc_entry>(info.entry);
  if (!entry) {
    llvm::outs() << "no symbol " << info.entry << "\n";
    return false;
  }
  int failures = 0;
  ranges = 1;
  hostCalls.clear();
  Run first = execute(func, entry, info, arguments, time ? 20 : 0, /*isRecorded=*/false);
  std::vector<std::string> calls = hostCalls;
  if (time) {
    llvm::outs() << llvm::format("%.3f ms%s\n", first.seconds * 1e3, first.status ? " FAILED" : "");
    return first.status == 0;
  }
  ranges = 3;
  Run second = execute(func, entry, info, arguments, 0, /*isRecorded=*/true);
  if (!first.intact || !second.intact)
    failures++, llvm::outs() << "wrote behind a buffer; ";
  ir::eval::Environment environment;
  bool checked = false;
  environment.onCheckFailed = [&](ir::CheckOp, llvm::StringRef) { checked = true; };
  auto expected = ir::eval::evaluateFunction(reference, arguments, environment);
  for (const std::string &call : calls)
    llvm::outs() << "[" << call << "] ";
  if (checked || first.status) {
    bool same = checked == (first.status != 0);
    llvm::outs() << (same ? "stopped\n" : "the evaluator and the code differ in a check\n");
    return same && !failures;
  }
  if (failed(expected)) {
    llvm::outs() << "the evaluator failed\n";
    return false;
  }
  double tolerance = 1e-5;
  if (auto attr = func->getAttrOfType<FloatAttr>("tolerance"))
    tolerance = attr.getValueAsDouble();
  for (auto [i, tensor] : llvm::enumerate(*expected)) {
    std::string text = test::difference(tensor, first.results[i], tolerance);
    if (!text.empty())
      failures++, llvm::outs() << "result " << i << " " << tensor.type() << " " << text << "; ";
    if (std::memcmp(first.results[i].data(), second.results[i].data(), tensor.bytes()) != 0)
      failures++, llvm::outs() << "result " << i << (device ? " is another of a recording; " : " depends on the ranges of tiles; ");
  }
  llvm::outs() << (failures ? "FAILED\n" : !device || wasRecorded ? "ok\n" : "ok, not recorded\n");
  return failures == 0;
}

/// What runs the functions of a module.
struct Code {
  std::unique_ptr<codegen::LoadedObject> host, kernels;
  std::vector<codegen::FunctionInfo> functions;
};

bool compileForCpu(ModuleOp module, const codegen::CompileOptions &options, bool time, Code &code) {
  codegen::CompiledObject object;
  if (failed(codegen::compile(module, options, object)))
    return false;
  if (time)
    for (auto &phase : object.times)
      llvm::errs() << llvm::format("%-14s %8.2f ms\n", phase.phase.c_str(), phase.seconds * 1e3);
  std::string error;
  code.functions = object.functions;
  code.host = codegen::LoadedObject::load(object.bytes, error);
  if (!code.host)
    llvm::errs() << "error: " << error << "\n";
  return code.host != nullptr;
}

bool compileForDevice(ModuleOp module, const codegen::CompileOptions &options, bool isEmulated, Code &code) {
  codegen::cuda::DeviceProgram program;
  codegen::cuda::DeviceOptions deviceOptions;
  deviceOptions.emulated = isEmulated;
  if (isEmulated)
    deviceOptions.multiprocessors = multiprocessors ? multiprocessors : runtime::Emulator::kMultiprocessors;
  auto driver = isEmulated ? runtime::Result<runtime::CudaDriver>(runtime::CudaDriver{}) : runtime::CudaDriver::open("libcuda.so.1");
  auto found = isEmulated ? runtime::Result<std::shared_ptr<runtime::CublasLt>>(nullptr) : runtime::CublasLt::open();
  auto products = found ? *found : nullptr;
  deviceOptions.library = isEmulated || products;
  deviceOptions.libraryEpilogues = libraryEpilogues;
  if (hasFewArguments || (!isEmulated && driver && !driver->takesManyArguments()))
    deviceOptions.parameterBytes = codegen::cuda::kFewParameters;
  if (failed(codegen::cuda::compile(module, deviceOptions, options.processor, program)))
    return false;
  std::string error;
  code.functions = program.functions;
  code.host = codegen::LoadedObject::load(program.host, error);
  if (code.host && !isEmulated) {
    auto card = driver ? runtime::CudaDevice::open(*driver, 0, codegen::cuda::capabilityOf(deviceOptions), program.kernels, products)
                       : runtime::Result<std::unique_ptr<runtime::CudaDevice>>(driver.status());
    if (!card) {
      llvm::errs() << "error: " << card.message() << "\n";
      return false;
    }
    device = *std::move(card);
    return true;
  }
  code.kernels = codegen::LoadedObject::load(program.kernels, error, runtime::emulatorFunctions());
  if (!code.host || !code.kernels) {
    llvm::errs() << "error: " << error << "\n";
    return false;
  }
  device = std::make_unique<runtime::Emulator>([&code, program](const std::string &name) -> runtime::Result<runtime::EmulatedKernel> {
    for (const auto &kernel : program.emulated)
      if (kernel.kernel == name)
        return runtime::EmulatedKernel{code.kernels->lookupAs<void (*)(void *const *)>(kernel.run),
                                       kernel.shared.empty() ? nullptr : code.kernels->lookup(kernel.shared),
                                       static_cast<size_t>(kernel.sharedBytes), kernel.collective};
    return runtime::Status::run("no kernel " + name);
  });
  return true;
}

} // namespace

int main(int argc, char **argv) {
  bool time = false, remarks = false;
  std::string file, reference, only, emit, target = "cpu";
  codegen::CompileOptions options;
  options.processor = codegen::hostProcessor();
  for (int i = 1; i < argc; ++i) {
    std::string argument = argv[i];
    if (argument == "--time")
      time = true;
    else if (argument == "--remarks")
      remarks = true;
    else if (argument == "--without-epilogues")
      libraryEpilogues = 0;
    else if (argument == "--few-arguments")
      hasFewArguments = true;
    else if (argument == "--plain-products")
      options.packedProducts = false;
    else if (argument == "--scale" && i + 1 < argc)
      floatScale = std::atof(argv[++i]);
    else if (argument == "--multiprocessors" && i + 1 < argc)
      multiprocessors = std::atoll(argv[++i]);
    else if (argument == "--target" && i + 1 < argc)
      target = argv[++i];
    else if (argument == "--reference" && i + 1 < argc)
      reference = argv[++i];
    else if (argument == "--only" && i + 1 < argc)
      only = argv[++i];
    else if (argument == "--emit" && i + 1 < argc)
      emit = argv[++i];
    else if (argument == "--cpu" && i + 1 < argc)
      options.processor = codegen::processorNamed(argv[++i]).processor;
    else if (argument == "-O" && i + 1 < argc)
      options.optLevel = std::atoi(argv[++i]);
    else
      file = argument;
  }
  if (multiprocessors && (multiprocessors < 0 || (target != "cuda-emulator" && (target != "cuda" || emit.empty())))) {
    llvm::errs() << "error: `--multiprocessors` is a number for `--target cuda-emulator`, or for `--emit` with `--target cuda`\n";
    return 2;
  }
  _mm_setcsr(_mm_getcsr() | 0x8040);
  MLIRContext context;
  context.loadDialect<ir::DLDialect>();
  llvm::SourceMgr sources;
  SourceMgrDiagnosticHandler handler(sources, &context);
  ScopedDiagnosticHandler withoutRemarks(&context, [&](Diagnostic &diagnostic) {
    return success(!remarks && diagnostic.getSeverity() == DiagnosticSeverity::Remark); // one that is taken here is not printed
  });
  context.printOpOnDiagnostic(false);
  auto module = parseSourceFile<ModuleOp>(file, sources, &context);
  if (!module)
    return 1;
  auto stage = (*module)->getAttrOfType<StringAttr>("dl.stage");
  OwningOpRef<ModuleOp> graph;
  if (!reference.empty() && !(graph = parseSourceFile<ModuleOp>(reference, &context)))
    return 1;
  bool planned = stage && stage.getValue() == "optimized";
  SmallVector<ir::FuncOp> functions;
  for (auto func : llvm::make_early_inc_range(module->getOps<ir::FuncOp>()))
    if (!only.empty() && func.getSymName() != only && !func->hasAttr("dl.kernel"))
      func.erase();
  for (auto func : module->getOps<ir::FuncOp>())
    if (!func->hasAttr("dl.kernel"))
      functions.push_back(func);
  for (ir::FuncOp func : functions)
    if (!planned && isPlain(func))
      makeKernel(func, time);
  if (failed(verify(*module)))
    return 1;
  if (!emit.empty()) {
    if (target != "cpu") {
      codegen::cuda::DeviceOptions deviceOptions;
      if (multiprocessors)
        deviceOptions.multiprocessors = multiprocessors;
      auto wanted = emit == "ptx" ? codegen::cuda::CodeStage::ptx : codegen::cuda::CodeStage::llvm;
      return failed(codegen::cuda::printStage(*module, deviceOptions, wanted, llvm::outs()));
    }
    auto wanted = emit == "kernels" ? codegen::Stage::kernels : emit == "llvm" ? codegen::Stage::llvm : codegen::Stage::assembly;
    return failed(codegen::printStage(*module, options, wanted, llvm::outs()));
  }
  Code code;
  if (!(target == "cpu" ? compileForCpu(*module, options, time, code) : compileForDevice(*module, options, target == "cuda-emulator", code)))
    return 1;
  bool good = true;
  for (ir::FuncOp func : functions) {
    llvm::outs() << func.getSymName() << ": ";
    auto info = llvm::find_if(code.functions, [&](const codegen::FunctionInfo &info) { return info.name == func.getSymName(); });
    ir::FuncOp evaluated = graph ? graph->lookupSymbol<ir::FuncOp>(func.getSymName()) : func;
    if (info == code.functions.end() || !evaluated || evaluated.getFunctionType() != func.getFunctionType()) {
      llvm::outs() << (info == code.functions.end() ? "has no code\n" : "has no reference\n");
      good = false;
      continue;
    }
    good &= testFunction(func, evaluated, *code.host, *info, time);
  }
  return good ? 0 : 1;
}
