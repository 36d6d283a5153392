#ifndef DLC_CODEGEN_CUDA_COMPILE_H
#define DLC_CODEGEN_CUDA_COMPILE_H

#include "codegen/common/FunctionInfo.h"
#include "codegen/common/Host.h"
#include "runtime/abi.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Support/LogicalResult.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace llvm {
class raw_ostream;
} // namespace llvm

namespace dlc::codegen::cuda {

/// A product that the library computes, and where its tensors lie among the pointers of a kernel (operands, results, scratch memory).
struct LibraryProduct {
  dlc_product product{};
  struct Place {
    int64_t slot = -1, offset = 0; // bytes
  };
  Place left, right, result;
  std::optional<Place> bias, aux, sums;
};

/// One launch of a function of the device, a grid and blocks of one dimension, or a product.
struct Launch {
  std::string symbol;
  int64_t blocks = 1, threads = 1; // of a block
  bool isCooperative = false; // all blocks run at the same time, as they wait for each other
  std::shared_ptr<const LibraryProduct> product; // null: a function
  bool keepsRows = false; // in registers, of which its threads need many
};

/// PTX ISA, "Kernel Function Parameters": before version 8.1, and from it on.
constexpr int64_t kFewParameters = 4352, kManyParameters = 32764;

struct DeviceOptions {
  /// The compute capability that the code is made for, as NVPTX names it.
  std::string chip = "sm_80";
  /// 0: as it is emitted, for debugging; 2: what runs.
  int optLevel = 2;
  /// Large matrix products are the library's.
  bool library = true;
  /// For remarks: nobody has looked whether the library is there.
  bool isLibraryAssumed = false;
  /// Where they are not, why: for remarks.
  std::string whyNoLibrary;
  /// What the library can do behind a product: DLC_BIAS …
  int32_t libraryEpilogues = -1;
  /// Blocks that wait for each other are at most so many: one for each multiprocessor of the card. As it stands here, those of an A100.
  int64_t multiprocessors = 108;
  /// What the arguments of a launch take at most: kFewParameters of any driver, kManyParameters of those that know PTX 8.1.
  int64_t parameterBytes = kManyParameters;
  /// The kernels as code for the emulator.
  bool emulated = false;
};
/// The compute capability in `chip` as a number: 80.
int capabilityOf(const DeviceOptions &options);

/// A program of which the kernels are code for the device and the rest is code for the host.
struct DeviceProgram {
  std::string host; // an ELF object with the entries of the functions (runtime/abi.h)
  std::vector<FunctionInfo> functions;
  /// The products that the library will be asked for.
  std::vector<dlc_product> products;
  /// The kernels: PTX, or an ELF object for the emulator.
  std::string kernels;
  struct Emulated {
    std::string kernel, run; // symbols: what a launch names, and what runs a thread
    std::string shared;      // of the memory that threads share; empty if there is none
    int64_t sharedBytes = 0;
    bool collective = false; // whether threads wait for each other
  };
  std::vector<Emulated> emulated;
};

/// Compiles a module in the stage `optimized`, its host part for a processor. Fails with a diagnostic at the operation that is not supported.
mlir::LogicalResult compile(mlir::ModuleOp module, const DeviceOptions &options, const Processor &processor, DeviceProgram &program);

/// The kernels of a module in the stage `optimized` as functions of the device, in scf, arith, math and nvvm. Null after a diagnostic at the operation
/// that is not supported.
mlir::OwningOpRef<mlir::ModuleOp> makeKernels(mlir::ModuleOp module, const DeviceOptions &options);

/// So that their text can be read; and whether a module holds them. Nothing else can be done with it.
void registerKernels(mlir::DialectRegistry &registry);
bool holdsKernels(mlir::ModuleOp module);

/// What the kernels become behind that: LLVM, optimized, and PTX, as a device is given it.
enum class CodeStage { llvm, ptx };
/// Prints one of them for all kernels of a module in the stage `optimized`. Fails with a diagnostic as makeKernels does.
mlir::LogicalResult printStage(mlir::ModuleOp module, const DeviceOptions &options, CodeStage stage, llvm::raw_ostream &os);

} // namespace dlc::codegen::cuda

#endif
