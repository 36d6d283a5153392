#include "tools/driver/NativeExecutor.h"

#include "codegen/common/Jit.h"
#include "runtime/Context.h"

#include <fmt/format.h>

#include <algorithm>

namespace dlc::driver {

using runtime::Result;
using runtime::Status;
using runtime::Tensor;

namespace {

class Bound : public BoundFunction {
public:
  Bound(runtime::Context &context, dlc_entry entry, std::vector<Tensor> arguments, std::vector<Tensor> results, void *arena)
      : context(context), entry(entry), arguments(std::move(arguments)), results(std::move(results)) {
    for (const Tensor &tensor : this->arguments)
      buffers.push_back(tensor.data());
    for (const Tensor &tensor : this->results)
      buffers.push_back(tensor.data());
    buffers.push_back(arena);
  }

  Status run() override { return context.run(entry, buffers.data()); }

private:
  runtime::Context &context;
  dlc_entry entry;
  std::vector<Tensor> arguments, results; // keep the buffers alive
  std::vector<void *> buffers;
};

class NativeExecutor : public Executor {
public:
  NativeExecutor(std::unique_ptr<codegen::LoadedObject> object, const NativeCode &code, Sites sites, runtime::ThreadPool &pool,
                 runtime::Console &console)
      : object(std::move(object)), functions(code.functions),
        context(pool, console, std::move(sites.effects), std::move(sites.checks)) {}

  Status prepare(runtime::ThreadPool &pool) {
    int64_t workspace = 0;
    for (const auto &[name, function] : functions) {
      arenaSize = std::max(arenaSize, function.arenaBytes);
      workspace = std::max(workspace, function.workspaceBytes);
    }
    DLC_ASSIGN(made, runtime::Storage::allocate(static_cast<size_t>(arenaSize)));
    arena = made;
    return pool.reserveWorkspace(workspace);
  }

  Result<std::unique_ptr<BoundFunction>> bind(const Function &function, std::vector<Tensor> arguments,
                                              std::vector<Tensor> results) override {
    auto it = functions.find(function.name);
    auto entry = it == functions.end() ? nullptr : object->lookupAs<dlc_entry>(it->second.entry);
    if (!entry)
      return Status::run(fmt::format("there is no code for the function `{}`", function.name));
    return std::unique_ptr<BoundFunction>(
        std::make_unique<Bound>(context, entry, std::move(arguments), std::move(results), arena->data()));
  }

  int64_t arenaBytes() const override { return arenaSize; }

private:
  std::unique_ptr<codegen::LoadedObject> object;
  std::map<std::string, NativeFunction> functions;
  runtime::Context context;
  std::shared_ptr<runtime::Storage> arena;
  int64_t arenaSize = 0;
};

} // namespace

Result<std::unique_ptr<Executor>> makeNativeExecutor(const NativeCode &code, Sites sites, runtime::ThreadPool &pool,
                                                     runtime::Console &console) {
  std::string error;
  auto object = codegen::LoadedObject::load(code.object, error);
  if (!object)
    return Status::run(fmt::format("the compiled code could not be loaded: {}", error));
  auto executor = std::make_unique<NativeExecutor>(std::move(object), code, std::move(sites), pool, console);
  DLC_TRY(executor->prepare(pool));
  return std::unique_ptr<Executor>(std::move(executor));
}

} // namespace dlc::driver
