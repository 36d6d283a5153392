// dlc-elab FILE [--locations] [--set name=value]: prints the `graph` stage of a program whose data compute themselves; files have the columns
// that the program declares, or two of `u8` for `idx`, and 64 rows.
#include "frontend/Frontend.h"
#include "ir/Dialect.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/PrettyStackTrace.h"
#include "llvm/Support/raw_ostream.h"

using namespace dlc::frontend;

namespace {
class SyntheticData : public DataSource {
public:
  explicit SyntheticData(bool known) : known(known) {}
  std::optional<ReaderSchema> open(const ReaderRequest &request, std::string &) override {
    ReaderSchema schema;
    if (known)
      schema.rows = 64;
    schema.columns = request.columns;
    if (request.kind == "idx") {
      schema.columns.clear();
      for (size_t i = 0; i < request.files.size(); ++i) {
        bool labels = request.files[i].find("labels") != std::string::npos;
        schema.columns.push_back({request.files.size() == 1 ? "" : std::to_string(i), ElementType::U8,
                                  labels ? std::vector<int64_t>{} : std::vector<int64_t>{28, 28}});
      }
    }
    return schema;
  }
  std::optional<dlc::ir::eval::Tensor> evaluate(mlir::ModuleOp, llvm::StringRef, std::string &error) override {
    error = "this tool runs nothing";
    return std::nullopt;
  }

private:
  bool known;
};

llvm::cl::opt<std::string> path(llvm::cl::Positional, llvm::cl::Required, llvm::cl::desc("FILE"));
llvm::cl::opt<bool> locations("locations", llvm::cl::desc("print locations"));
llvm::cl::opt<bool> absent("absent", llvm::cl::desc("files have an unknown number of rows"));
llvm::cl::list<std::string> sets("set", llvm::cl::desc("name=value"));
} // namespace

int main(int argc, char **argv) {
  llvm::cl::ParseCommandLineOptions(argc, argv);
  SourceManager sources;
  DiagnosticEngine diagnostics(sources);
  StdLibrary library = standardLibrary();
  Program program(sources, library, diagnostics);
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  context.loadDialect<dlc::ir::DLDialect>();
  ElaborateOptions options;
  for (const std::string &set : sets) {
    auto [name, value] = llvm::StringRef(set).split('=');
    options.constants.push_back({name.str(), value.str()});
  }
  SyntheticData data(!absent);
  mlir::OwningOpRef<mlir::ModuleOp> module;
  if (program.load(path))
    module = elaborate(&context, program, options, data, diagnostics);
  diagnostics.render(llvm::errs());
  if (!module)
    return 1;
  mlir::OpPrintingFlags flags;
  flags.enableDebugInfo(locations).printNameLocAsPrefix();
  module->print(llvm::outs(), flags);
  llvm::outs() << "\n";
  return 0;
}
