#include "tools/driver/Exports.h"

#include "tools/driver/ReferenceExecutor.h"

#include "ir/Ops.h"
#include "ir/eval/Evaluator.h"

#include <fmt/format.h>

#include <charconv>
#include <set>

namespace dlc::driver {

using runtime::ErrorKind;
using runtime::Result;
using runtime::Status;

static Status wrong(std::string message) { return Status::error(ErrorKind::Command, std::move(message)); }

Result<const Function *> findExport(const Manifest &manifest, const std::string &name) {
  const Function *function = manifest.find(name);
  if (function && function->exported)
    return function;
  std::string all;
  for (const auto &[other, candidate] : manifest.functions)
    if (candidate.exported)
      all += (all.empty() ? "" : ", ") + other;
  return wrong(all.empty() ? "the program exports no function"
                           : fmt::format("there is no exported function `{}`; there is {}", name, all));
}

SizeName::SizeName(const std::string &entry) : name(entry), form(entry) {
  constexpr std::string_view between = " = ";
  if (size_t at = entry.find(between); at != std::string::npos)
    name = entry.substr(0, at), form = entry.substr(at + between.size());
}

std::string signatureOf(const Function &function) {
  std::string text;
  std::set<std::string> bound; // by the shape of a tensor
  for (const Argument &argument : function.arguments)
    if (argument.role == ArgumentRole::Input) {
      text += (text.empty() ? "" : ", ") + argument.name + ": " + argument.type.text();
      bound.insert(argument.type.open.begin(), argument.type.open.end());
    }
  for (const std::string &entry : function.symbols)
    if (SizeName size(entry); !bound.count(size.form))
      text += (text.empty() ? "" : ", ") + size.name + ": int";
  return function.name + "(" + text + ")";
}

Status checkCallable(const Session &session) {
  passes::Stage stage = session.stage();
  if (stage == passes::Stage::Graph || stage >= passes::Stage::Kernels)
    return Status();
  return wrong(fmt::format("{} is in stage `{}`: exported functions are called from the program, from its graph, or from `kernels` on", session.file(),
                           passes::stageName(stage).str()));
}

Result<int64_t> readSize(const std::string &name, const std::string &text) {
  int64_t size = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
  if (text.empty() || error != std::errc() || end != text.data() + text.size() || size < 0)
    return wrong(fmt::format("`{}` must be an integer of at least 0, found `{}`", name, text));
  return size;
}

Result<std::optional<runtime::Tensor>> defaultTensor(mlir::ModuleOp module, const Function &function, const std::string &parameter) {
  auto func = module.lookupSymbol<ir::FuncOp>(function.name);
  auto defaults = func ? func->getAttrOfType<mlir::DictionaryAttr>("dl.defaults") : mlir::DictionaryAttr();
  auto value = defaults ? defaults.getAs<mlir::DenseElementsAttr>(parameter) : mlir::DenseElementsAttr();
  if (!value)
    return std::optional<runtime::Tensor>();
  DLC_ASSIGN(tensor, toRuntime(ir::eval::tensorFromAttr(value)));
  return std::optional(tensor);
}

Status bindDefaults(mlir::ModuleOp module, const Function &function, std::map<std::string, int64_t> &sizes) {
  auto func = module.lookupSymbol<ir::FuncOp>(function.name);
  if (!func)
    return Status();
  auto defaults = func->getAttrOfType<mlir::DictionaryAttr>("dl.defaults");
  auto parameters = func->getAttrOfType<mlir::ArrayAttr>("dl.parameters");
  for (const std::string &entry : function.symbols) {
    const std::string symbol = SizeName(entry).name;
    if (sizes.count(symbol))
      continue;
    if (auto value = defaults ? defaults.getAs<mlir::IntegerAttr>(symbol) : mlir::IntegerAttr())
      sizes[symbol] = value.getInt();
    else if (parameters && llvm::is_contained(parameters.getAsValueRange<mlir::StringAttr>(), symbol))
      return wrong(fmt::format("`{}` needs --arg {}=…, an integer", function.name, symbol));
  }
  return Status();
}

} // namespace dlc::driver
