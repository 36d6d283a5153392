// One program on its way through the compiler.
#ifndef DLC_TOOLS_DRIVER_SESSION_H
#define DLC_TOOLS_DRIVER_SESSION_H

#include "tools/driver/CommandLine.h"

#include "frontend/Frontend.h"
#include "passes/Pipeline.h"
#include "runtime/DataFiles.h"

#include "mlir/IR/MLIRContext.h"

#include <memory>
#include <string>
#include <vector>

namespace dlc::driver {

/// Where the time of compiling went.
struct PhaseTime {
  std::string name;
  double seconds;
};

/// `mnist_cnn` of `examples/mnist_cnn.dl`.
std::string stemOf(const Arguments &arguments);
/// Where the program's data files are looked for.
runtime::DataPath dataPathOf(const Arguments &arguments);

/// What a target's kernels can do.
void limitFusion(passes::FusionLimits &limits, const std::string &target);

class Session {
public:
  explicit Session(const Arguments &arguments);
  ~Session();

  const Arguments &arguments() const { return args; }
  const std::string &file() const { return args.positional[0]; }
  /// `--seed`, else the program's `const seed`, else 0; after toGraph().
  int64_t seed() const;
  /// `examples/mnist_cnn.dl` and everything that it imports, for the cache.
  std::vector<std::string> sourceFiles() const;

  /// Reads, checks names, elaborates. A `.mlir` file is read at whatever stage it is in. Diagnostics go to standard error; false after an error.
  /// Without `dataNeeded`, data files may be missing.
  bool toGraph(bool dataNeeded);
  /// The tree only, printed to `out`.
  bool printTree(llvm::raw_ostream &out);
  /// Runs the pipeline, and generates code, up to `stage`.
  bool toStage(passes::Stage stage, const passes::PipelineOptions &options);
  /// The pipeline's options as the command line says.
  passes::PipelineOptions pipelineOptions();

  mlir::ModuleOp module() { return *root; }
  mlir::MLIRContext *context() { return &mlir; }
  /// Starts again from another module of stage `graph`.
  void replaceModule(mlir::OwningOpRef<mlir::ModuleOp> module) {
    root = std::move(module);
    reached = passes::Stage::Graph;
  }
  passes::Stage stage() const { return reached; }
  std::vector<PhaseTime> times;
  /// Seconds of them that several threads spent at once.
  double overlapped = 0;
  /// Rows of each data file that are used; 0: all. Before toGraph().
  int64_t rowLimit = 0;
  /// Set by toGraph() where it failed, without a word, because filters keep none of so few rows.
  bool tooFewRows = false;
  /// What the front end asked about data files, and the answers.
  std::vector<std::pair<frontend::ReaderRequest, frontend::ReaderSchema>> dataAnswers;
  /// Why toGraph() failed: the program, a data file (missing, or not what its format says), or a `--set` that fits nothing.
  runtime::ErrorKind failure = runtime::ErrorKind::Program;

private:
  bool parseProgram();
  bool readModule();
  bool toCode(passes::Stage stage, const passes::PipelineOptions &options);
  bool applySettings(frontend::ElaborateOptions &options);
  bool checkConstants(const frontend::ElaborateOptions &options);
  bool render();

  const Arguments &args;
  mlir::MLIRContext mlir;
  frontend::SourceManager sources;
  frontend::DiagnosticEngine diagnostics;
  frontend::StdLibrary library;
  std::unique_ptr<frontend::Program> program;
  mlir::OwningOpRef<mlir::ModuleOp> root;
  passes::Stage reached = passes::Stage::Graph;
  std::unique_ptr<class MlirDiagnostics> handler;
};

} // namespace dlc::driver

#endif
