// `dlc call`: an exported function with arguments from the command line.
#include "tools/driver/Commands.h"
#include "tools/driver/Exports.h"
#include "tools/driver/Program.h"
#include "tools/driver/SizeChecks.h"

#include "ir/SizeExpr.h"
#include "runtime/Checkpoint.h"
#include "runtime/File.h"
#include "runtime/Format.h"
#include "runtime/Readers.h"

#include <functional>
#include <set>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>

namespace dlc::driver {

using runtime::ErrorKind;
using runtime::Result;
using runtime::Status;
using runtime::Tensor;

namespace {

using Json = nlohmann::json;

Status wrong(std::string message) { return Status::error(ErrorKind::Command, std::move(message)); }

/// The shape of nested lists; all lists of one depth must be of one length.
bool shapeOfList(const Json &value, size_t depth, runtime::Shape &shape) {
  if (!value.is_array())
    return depth == shape.size() && (value.is_number() || value.is_boolean());
  if (depth == shape.size())
    shape.push_back(static_cast<int64_t>(value.size()));
  if (shape[depth] != static_cast<int64_t>(value.size()))
    return false;
  for (const Json &element : value) {
    // A sibling deeper than the first one is caught by the depth check below it.
    if (!shapeOfList(element, depth + 1, shape))
      return false;
  }
  return true;
}

/// Puts the numbers into the tensor; false where its type does not hold one.
bool fill(const Json &value, const Tensor &tensor, int64_t &next) {
  if (value.is_array())
    return std::all_of(value.begin(), value.end(), [&](const Json &element) { return fill(element, tensor, next); });
  int64_t at = next++;
  if (tensor.type() == runtime::ElementType::I64 && value.is_number_integer()) { // exact beyond 2^53
    bool fits = !value.is_number_unsigned() || value.get<uint64_t>() <= INT64_MAX;
    tensor.as<int64_t>()[at] = fits ? value.get<int64_t>() : 0;
    return fits;
  }
  double number = value.is_boolean() ? (value.get<bool>() ? 1 : 0) : value.get<double>();
  tensor.setNumber(at, number);
  return runtime::isFloat(tensor.type()) ? std::isfinite(tensor.number(at)) : tensor.number(at) == number;
}

/// A number, a nested list of numbers, or the name of a .npy file, converted to the element type of the parameter.
Result<Tensor> readArgument(const std::string &name, const std::string &text, const TypeInfo &type) {
  if (text.size() > 4 && text.compare(text.size() - 4, 4, ".npy") == 0) {
    DLC_ASSIGN(file, runtime::readNpy(text));
    if (file.type() == type.element)
      return file;
    if (runtime::isFloat(file.type()) && !runtime::isFloat(type.element))
      return wrong(fmt::format("`{}` holds {} and `{}` takes {}", text, runtime::nameOf(file.type()), name, type.text()));
    return file.converted(type.element);
  }
  Json value = Json::parse(text, nullptr, false);
  runtime::Shape shape;
  if (!value.is_discarded() && value.is_array() && !shapeOfList(value, 0, shape))
    return wrong(fmt::format("`{}` must be a list of numbers, or of lists of one length, found `{}`", name, text));
  if (value.is_discarded() || (!value.is_array() && !shapeOfList(value, 0, shape)))
    return wrong(fmt::format("`{}` must be a number, a list such as [[1, 2], [3, 4]] or a .npy file, found `{}`", name, text));
  DLC_ASSIGN(tensor, Tensor::zeros(type.element, shape));
  int64_t next = 0;
  if (!fill(value, tensor, next))
    return wrong(fmt::format("`{}` is {}, which does not hold `{}`", name, type.text(), text));
  return tensor;
}

/// Sizes of a function from the shapes of its arguments.
class Sizes {
public:
  std::map<std::string, int64_t> known;

  /// Compares a shape with the parameter's; open sizes are kept for `solve`.
  Status take(const std::string &name, const TypeInfo &type, const Tensor &value) {
    if (type.shape.size() != value.shape().size())
      return mismatch(name, type, value);
    size_t open = 0;
    for (size_t i = 0; i < type.shape.size(); ++i) {
      int64_t size = value.shape()[i];
      if (type.shape[i] < 0) {
        auto expression = ir::SizeExpr::parse(type.open[open++]);
        equations.push_back({name, type.open[open - 1], size, expression.value_or(ir::SizeExpr(size)), [=] { return mismatch(name, type, value); }});
      } else if (type.shape[i] != size) {
        return mismatch(name, type, value);
      }
    }
    return Status();
  }

  /// A size that is given by itself.
  void take(const std::string &name, const std::string &form, int64_t value) {
    auto expression = ir::SizeExpr::parse(form);
    equations.push_back({name, form, value, expression.value_or(ir::SizeExpr(value)), [=] {
                           return wrong(fmt::format("the size `{}` must have the form `{}`, but is {}", name, form, value));
                         }});
  }

  /// A size whose form is known now is known by its name.
  void name(const SizeName &size) {
    if (auto form = ir::SizeExpr::parse(size.form))
      if (auto value = with(*form, {}, 0).constant())
        known[size.name] = *value;
  }

  /// Each equation in turn that has one symbol whose size is not known gives it: `4*H_4` is 8 where H_4 is 2.
  Status solve() {
    for (bool any = true; any;) {
      any = false;
      for (Equation &equation : equations)
        any |= !equation.done && trySolve(equation);
    }
    for (const Equation &equation : equations) {
      std::optional<int64_t> size = with(equation.size, {}, 0).constant();
      if (!size || *size == equation.value)
        continue;
      if (equation.size.asSymbol())
        return wrong(fmt::format("`{}` gives the size `{}` as {}, another argument as {}", equation.argument, equation.text, equation.value, *size));
      return equation.mismatch();
    }
    return Status();
  }

private:
  struct Equation {
    std::string argument, text;
    int64_t value;
    ir::SizeExpr size;
    std::function<Status()> mismatch;
    bool done = false;
  };

  static Status mismatch(const std::string &name, const TypeInfo &type, const Tensor &value) {
    return wrong(fmt::format("`{}` must be {}, found {}", name, type.text(), runtime::typeText(value.type(), value.shape())));
  }
  /// The size with what is known, and with a number for one symbol more.
  ir::SizeExpr with(const ir::SizeExpr &size, llvm::StringRef symbol, int64_t number) const {
    return size.substitute([&](llvm::StringRef name) -> std::optional<ir::SizeExpr> {
      if (!symbol.empty() && name == symbol)
        return ir::SizeExpr(number);
      auto it = known.find(name.str());
      return it == known.end() ? std::nullopt : std::optional(ir::SizeExpr(it->second));
    });
  }
  bool trySolve(Equation &equation) {
    std::set<std::string> open;
    equation.size.forEachSymbol([&](llvm::StringRef name) {
      if (!known.count(name.str()))
        open.insert(name.str());
    });
    if (open.size() != 1)
      return false;
    equation.done = true;
    const std::string &symbol = *open.begin();
    auto at = [&](int64_t number) { return with(equation.size, symbol, number).constant(); };
    std::optional<int64_t> start = at(0), next = at(1);
    if (!start || !next || *next == *start)
      return false;
    int64_t step = *next - *start, rest = equation.value - *start;
    // Where it is no straight line, or no such number, `solve` finds the sizes different.
    known[symbol] = rest / step < 0 ? 0 : rest / step;
    return true;
  }
  std::vector<Equation> equations;
};

/// What to say where no function was named.
std::string whichFunction(const Manifest &manifest) {
  std::string all;
  for (const auto &[name, function] : manifest.functions)
    if (function.exported)
      all += "\n  " + signatureOf(function);
  return all.empty() ? "the program exports no function" : "`dlc call FILE FUNCTION` calls one of" + all;
}

class Call {
public:
  Call(const Arguments &arguments, runtime::Console &console) : arguments(arguments), console(console) {}

  Status run() {
    const std::string name = arguments.positional.size() > 1 ? arguments.positional[1] : "";
    DLC_TRY(prepare(name));
    DLC_ASSIGN(loaded, LoadedProgram::create(arguments, request, console));
    DLC_TRY(weights(*loaded));
    CallInputs call;
    call.inputs = inputs;
    DLC_ASSIGN(results, loaded->state->call(name, call));
    return show(*loaded->manifest().find(name), results);
  }

private:
  /// Reads the arguments against the function's types, and binds its sizes.
  Status prepare(const std::string &name) {
    Session session(arguments);
    if (!session.toGraph(false))
      return Status::error(session.failure, "");
    DLC_TRY(checkCallable(session));
    Manifest manifest = describe(session.module());
    if (name.empty())
      return wrong(whichFunction(manifest));
    DLC_ASSIGN(function, findExport(manifest, name));
    Sizes shapes;
    std::map<std::string, int64_t> &sizes = shapes.known;
    std::map<std::string, std::string> given(arguments.args.begin(), arguments.args.end());
    for (const Argument &parameter : function->arguments) {
      if (parameter.role != ArgumentRole::Input)
        continue;
      auto it = given.find(parameter.name);
      if (it == given.end()) {
        DLC_ASSIGN(value, defaultTensor(session.module(), *function, parameter.name));
        if (!value)
          return wrong(fmt::format("`{}` needs --arg {}=…, of type {}", name, parameter.name, parameter.type.text()));
        DLC_TRY(shapes.take(parameter.name, parameter.type, *value));
        inputs[parameter.name] = *value;
        continue;
      }
      DLC_ASSIGN(value, readArgument(parameter.name, it->second, parameter.type));
      DLC_TRY(shapes.take(parameter.name, parameter.type, value));
      inputs[parameter.name] = value;
      given.erase(it);
    }
    for (const std::string &entry : function->symbols) {
      SizeName name(entry);
      if (auto it = given.find(name.name); it != given.end()) {
        DLC_ASSIGN(size, readSize(name.name, it->second));
        shapes.take(name.name, name.form, size);
        given.erase(it);
      }
    }
    DLC_TRY(shapes.solve());
    for (const std::string &entry : function->symbols)
      shapes.name(SizeName(entry));
    DLC_TRY(bindDefaults(session.module(), *function, sizes));
    if (!given.empty())
      return wrong(fmt::format("`{}` has no parameter `{}`; it is called as `{}`", name, given.begin()->first, signatureOf(*function)));
    if (session.stage() == passes::Stage::Graph)
      DLC_TRY(checkSizes(session.module(), name, sizes));
    request.exported = name;
    request.blocks = false;
    for (const auto &[symbol, size] : sizes)
      request.bindings.push_back({name, symbol, size});
    return Status();
  }

  /// What the function reads that training would have changed: null for nothing, and where the program loads it itself.
  static const char *untrained(const LoadedProgram &program) {
    const Function *function = program.manifest().find(program.arguments.positional[1]);
    auto reads = [&](ArgumentRole role) {
      return function && std::any_of(function->arguments.begin(), function->arguments.end(),
                                     [&](const Argument &argument) { return argument.role == role; });
    };
    if (!program.manifest().loads.empty())
      return nullptr;
    return reads(ArgumentRole::Param) ? "weights are" : reads(ArgumentRole::State) ? "state is" : nullptr;
  }

  Status weights(LoadedProgram &program) {
    std::string path = arguments.load;
    if (path.empty() && arguments.loadWeights.empty()) {
      path = defaultCheckpoint(arguments);
      std::error_code ignored;
      if (!std::filesystem::exists(path, ignored)) {
        if (const char *what = untrained(program); what && !arguments.quiet)
          std::fprintf(stderr, "note: the %s untrained: there is no %s\n", what, path.c_str());
        return Status();
      }
    }
    if (path.empty())
      return Status();
    auto loaded = loadCheckpoint(path, *program.state);
    return loaded ? Status() : loaded.status();
  }

  Status show(const Function &function, const std::vector<Tensor> &results) {
    for (size_t i = 0; i < results.size(); ++i) {
      if (function.results[i].role != ResultRole::Output)
        continue;
      std::string name = function.results[i].name.empty() ? function.name : function.results[i].name;
      if (!arguments.output.empty()) {
        std::error_code error;
        std::filesystem::create_directories(arguments.output, error);
        if (error)
          return Status::run(fmt::format("cannot make the folder `{}`: {}", arguments.output, error.message()));
        DLC_TRY(runtime::writeNpy(arguments.output + "/" + name + ".npy", results[i]));
        continue;
      }
      std::string label = function.results.size() > 1 ? name + " = " : "";
      console.line(label + runtime::formatTensor(results[i], {}, label.size()));
    }
    return Status();
  }

  const Arguments &arguments;
  runtime::Console &console;
  BuildRequest request;
  TensorMap inputs;
};

} // namespace

int callCommand(const Arguments &arguments) {
  runtime::Console console;
  Call call(arguments, console);
  Status status = call.run();
  console.flush();
  return status ? 0 : fail(status);
}

} // namespace dlc::driver
