#include "test/tools/dlc-wrong-pass/Faults.h"

#include "ir/Ops.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/STLExtras.h"

#include <csignal>
#include <cstdlib>

namespace dlc::test {
namespace {

using llvm::failure;
using llvm::LogicalResult;
using llvm::success;

/// The functions of training steps: what the faults spoil. After `outline` the kernels they launch, too.
llvm::SmallVector<ir::FuncOp> steps(mlir::ModuleOp module) {
  llvm::SmallVector<ir::FuncOp> found;
  for (auto func : module.getOps<ir::FuncOp>())
    if (func.getSymName().contains(".step") || func->hasAttr("dl.kernel"))
      found.push_back(func);
  return found;
}

/// The first operation of a type for which `fits` holds, also inside kernels, loops and branches.
template <typename Op, typename Fits> Op first(mlir::ModuleOp module, Fits fits) {
  for (ir::FuncOp func : steps(module)) {
    Op found;
    func.walk([&](Op op) {
      if (!fits(op))
        return mlir::WalkResult::advance();
      found = op;
      return mlir::WalkResult::interrupt();
    });
    if (found)
      return found;
  }
  return Op();
}

/// The product with -1 that a derivative has (as in 1 - y², or where a difference is subtracted) is left out.
LogicalResult dropSign(mlir::ModuleOp module) {
  auto neg = first<ir::UnaryOp>(module, [](ir::UnaryOp op) { return op.getFn() == ir::UnaryFn::neg; });
  if (!neg)
    return failure();
  neg.getResult().replaceAllUsesWith(neg->getOperand(0));
  return success();
}

/// A place keeps its old value.
LogicalResult dropUpdate(mlir::ModuleOp module) {
  for (ir::FuncOp func : steps(module)) {
    if (func->hasAttr("dl.kernel"))
      continue;
    mlir::Operation *end = func.getBody().front().getTerminator();
    for (unsigned i = 0; i < func.getNumResults(); ++i) {
      auto update = func.getResultAttrOfType<mlir::StringAttr>(i, "dl.update");
      for (unsigned k = 0; update && k < func.getNumArguments(); ++k)
        if (func.getArgAttr(k, "dl.param") == update && end->getOperand(i) != func.getArgument(k)) {
          end->setOperand(i, func.getArgument(k));
          return success();
        }
    }
  }
  return failure();
}

/// b - a instead of a - b.
LogicalResult swapOperands(mlir::ModuleOp module) {
  auto sub = first<ir::BinaryOp>(module, [](ir::BinaryOp op) {
    return op.getFn() == ir::BinaryFn::sub && op->getOperand(0) != op->getOperand(1) &&
           llvm::isa<mlir::FloatType>(mlir::getElementTypeOrSelf(op.getType()));
  });
  if (!sub)
    return failure();
  mlir::Value a = sub->getOperand(0);
  sub->setOperand(0, sub->getOperand(1));
  sub->setOperand(1, a);
  return success();
}

/// The smaller last batch divides by the size of a full one, and weighs as much. Both functions are still the same but for their sizes.
LogicalResult tailAsFull(mlir::ModuleOp module) {
  auto full = module.lookupSymbol<ir::FuncOp>("train.step"), tail = module.lookupSymbol<ir::FuncOp>("train.step.tail");
  if (!full || !tail)
    return failure();
  auto constants = [](ir::FuncOp func) {
    llvm::SmallVector<ir::ConstantOp> found;
    func.walk([&](ir::ConstantOp op) { found.push_back(op); });
    return found;
  };
  auto ours = constants(tail), theirs = constants(full);
  bool planted = false;
  for (auto [mine, other] : llvm::zip(ours, theirs))
    if (mine.getType() == other.getType() && mine.getValue() != other.getValue()) {
      mine.setValueAttr(other.getValueAttr());
      planted = true;
    }
  return success(planted && ours.size() == theirs.size());
}

/// A value that is made while another one is still to be read takes its buffer.
LogicalResult overlapBuffers(mlir::ModuleOp module) {
  struct Placed {
    ir::LaunchOp op;
    unsigned result;
    int64_t offset;
  };
  for (ir::FuncOp func : steps(module)) {
    llvm::SmallVector<Placed> placed;
    for (auto launch : func.getBody().front().getOps<ir::LaunchOp>())
      if (auto at = launch.getAt())
        for (auto [i, offset] : llvm::enumerate(*at))
          if (offset >= 0)
            placed.push_back({launch, static_cast<unsigned>(i), offset});
    for (const Placed &early : placed)
      for (const Placed &late : placed) {
        auto readLater = [&](mlir::Operation *user) { return late.op->isBeforeInBlock(user); };
        if (early.offset == late.offset || !early.op->isBeforeInBlock(late.op) ||
            llvm::none_of(early.op->getResult(early.result).getUsers(), readLater))
          continue;
        llvm::SmallVector<int64_t> at(*ir::LaunchOp(late.op).getAt());
        at[late.result] = early.offset;
        ir::LaunchOp(late.op).setAt(at);
        return success();
      }
  }
  return failure();
}

/// Two draws change places: each has the other's key.
LogicalResult reorderDraws(mlir::ModuleOp module) {
  llvm::SmallVector<ir::RandomOp> draws;
  for (ir::FuncOp func : steps(module)) {
    draws.clear();
    func.walk([&](ir::RandomOp op) { draws.push_back(op); });
    if (draws.size() < 2)
      continue;
    mlir::Value site = draws[0].getSite(), other = draws[1].getSite();
    if (mlir::Operation *maker = other.getDefiningOp(); maker && maker->getBlock() == draws[0]->getBlock())
      maker->moveBefore(draws[0]);
    draws[0].getSiteMutable().assign(other);
    draws[1].getSiteMutable().assign(site);
    return success();
  }
  return failure();
}

/// A row is repeated down instead of along a square.
LogicalResult wrongAxis(mlir::ModuleOp module) {
  auto broadcast = first<ir::BroadcastOp>(module, [](ir::BroadcastOp op) {
    auto type = llvm::dyn_cast<mlir::RankedTensorType>(op.getType());
    return type && type.getRank() == 2 && op.getAxes().size() == 1 && op.getAxes()[0] == 1 && type.hasStaticShape() &&
           type.getDimSize(0) == type.getDimSize(1);
  });
  if (!broadcast)
    return failure();
  broadcast.setAxes(llvm::ArrayRef<int64_t>{0});
  return success();
}

/// One value is larger by a thousandth than it should be, as with a polynomial of too low a degree.
LogicalResult smallError(mlir::ModuleOp module) {
  auto tanh = first<ir::UnaryOp>(module, [](ir::UnaryOp op) { return op.getFn() == ir::UnaryFn::tanh; });
  if (!tanh)
    return failure();
  mlir::OpBuilder builder(tanh->getContext());
  builder.setInsertionPointAfter(tanh);
  auto type = llvm::cast<mlir::RankedTensorType>(tanh.getType());
  auto scalar = mlir::RankedTensorType::get({}, type.getElementType());
  auto factor = ir::ConstantOp::create(builder, tanh.getLoc(),
                                       mlir::DenseElementsAttr::get(scalar, builder.getFloatAttr(type.getElementType(), 1.001)));
  auto spread = ir::BroadcastOp::create(builder, tanh.getLoc(), type, factor, llvm::ArrayRef<int64_t>{});
  auto product = ir::BinaryOp::create(builder, tanh.getLoc(), ir::BinaryFn::mul, tanh.getResult(), spread);
  tanh.getResult().replaceAllUsesExcept(product, product);
  return success();
}

/// An exported function computes another one.
LogicalResult wrongExport(mlir::ModuleOp module) {
  for (auto func : module.getOps<ir::FuncOp>()) {
    bool found = false;
    if (func->hasAttr("dl.export"))
      func.walk([&](ir::UnaryOp op) {
        if (!found && op.getFn() == ir::UnaryFn::tanh)
          op.setFn(ir::UnaryFn::sin), found = true;
      });
    if (found)
      return success();
  }
  return failure();
}

/// A sum in a branch becomes a difference.
LogicalResult wrongBranch(mlir::ModuleOp module) {
  auto sum = first<ir::BinaryOp>(module, [](ir::BinaryOp op) { return op.getFn() == ir::BinaryFn::add && op->getParentOfType<ir::CondOp>(); });
  if (!sum)
    return failure();
  sum.setFn(ir::BinaryFn::sub);
  return success();
}

/// A product reads an operand as it is.
LogicalResult dropRounding(mlir::ModuleOp module) {
  auto rounding = first<ir::UnaryOp>(module, [](ir::UnaryOp op) { return op.getFn() == ir::UnaryFn::round_bf16; });
  if (!rounding)
    return failure();
  rounding.getResult().replaceAllUsesWith(rounding.getOperand());
  return success();
}

LogicalResult crash(mlir::ModuleOp) { std::raise(SIGSEGV); return success(); }
LogicalResult leave(mlir::ModuleOp) { std::exit(0); }

constexpr Fault all[] = {
    {"sign", "derive", "a sign in a second derivative", dropSign},
    {"dropped-update", "rows", "a dropped update", dropUpdate},
    {"swapped-operand", "simplify", "a swapped operand", swapOperands},
    {"tail", "derive", "a tail handled as a full batch", tailAsFull},
    {"overlap", "plan", "an overlap of buffers", overlapBuffers},
    {"reordered-draw", "loops", "a reordered draw", reorderDraws},
    {"wrong-axis", "fuse", "a wrong axis", wrongAxis},
    {"small-error", "outline", "an error of 1e-3", smallError},
    {"wrong-export", "derive", "another function in an exported one", wrongExport},
    {"wrong-branch", "derive", "a difference for a sum in a branch", wrongBranch},
    {"precision", "round-operands", "an operand that is not rounded", dropRounding},
    {"crash", "fuse", "a crash", crash},
    {"leave", "fuse", "an end of the process", leave},
};

} // namespace

llvm::ArrayRef<Fault> faults() { return all; }

} // namespace dlc::test
