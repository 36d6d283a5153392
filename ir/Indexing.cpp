// How axes of operands and results belong together.
#include "ir/Verify.h"

using namespace mlir;

namespace dlc::ir {

static constexpr int64_t kReduced = IndexingInterface::kReduced;
static constexpr int64_t kMixed = IndexingInterface::kMixed;

static int64_t rankOf(Value value) { return cast<RankedTensorType>(value.getType()).getRank(); }

/// Every axis with itself.
static SmallVector<int64_t> identity(int64_t rank) { return llvm::to_vector(llvm::seq<int64_t>(0, rank)); }

/// Every axis with itself but these.
static SmallVector<int64_t> identityBut(int64_t rank, ArrayRef<int64_t> axes, int64_t what = kMixed) {
  SmallVector<int64_t> map = identity(rank);
  for (int64_t axis : axes)
    map[axis] = what;
  return map;
}

/// An axis runs with the one of the same number where both are of equal size and `whole` holds.
static SmallVector<int64_t> whereWhole(Type part, Type whole, function_ref<bool(int64_t)> plain) {
  Shape a = shapeOf(part), b = shapeOf(whole);
  SmallVector<int64_t> map;
  for (int64_t i = 0; i < int64_t(a.size()); ++i)
    map.push_back(a[i] == b[i] && plain(i) ? i : kMixed);
  return map;
}

//===- Sources and element-wise operations --------------------------------===//

// Scalar operands have no axes.
SmallVector<int64_t> ConstantOp::operandAxes(unsigned) { return {}; }
SmallVector<int64_t> SizeOp::operandAxes(unsigned) { return {}; }
SmallVector<int64_t> IotaOp::operandAxes(unsigned) { return {}; }
SmallVector<int64_t> RandomOp::operandAxes(unsigned) { return {}; }

SmallVector<int64_t> UnaryOp::operandAxes(unsigned) { return identity(rankOf(getResult())); }
SmallVector<int64_t> BinaryOp::operandAxes(unsigned) { return identity(rankOf(getResult())); }
SmallVector<int64_t> CompareOp::operandAxes(unsigned) { return identity(rankOf(getResult())); }
SmallVector<int64_t> SelectOp::operandAxes(unsigned) { return identity(rankOf(getResult())); }
SmallVector<int64_t> CastOp::operandAxes(unsigned) { return identity(rankOf(getResult())); }
SmallVector<int64_t> VariableOp::operandAxes(unsigned) { return identity(rankOf(getResult())); }
SmallVector<int64_t> StopGradientOp::operandAxes(unsigned) { return identity(rankOf(getResult())); }
// What it waits for has no part in the value.
SmallVector<int64_t> BarrierOp::operandAxes(unsigned operand) {
  return operand == 0 ? identity(rankOf(getResult())) : SmallVector<int64_t>(rankOf(getAfter()[operand - 1]), kMixed);
}

//===- Movement -----------------------------------------------------------===//

SmallVector<int64_t> BroadcastOp::operandAxes(unsigned) {
  Shape operand = shapeOf(getOperand().getType()), result = shapeOf(getType());
  SmallVector<int64_t> map;
  for (auto [i, axis] : llvm::enumerate(getAxes()))
    map.push_back(operand[i] == result[axis] ? axis : kMixed);
  return map;
}

SmallVector<int64_t> ReshapeOp::operandAxes(unsigned) {
  // Axes of equal size with equally many elements in front of them (and so behind them) run together.
  Shape operand = shapeOf(getOperand().getType()), result = shapeOf(getType());
  SmallVector<int64_t> map(operand.size(), kMixed);
  SizeExpr before = 1, resultBefore = 1;
  size_t j = 0;
  for (size_t i = 0; i < operand.size(); ++i) {
    // Axes of size 1 and longer runs are passed until the products agree, if they do from here on.
    SizeExpr product = resultBefore;
    for (size_t k = j; k < result.size(); ++k) {
      if (product == before && result[k] == operand[i] && operand[i] != SizeExpr(1)) {
        map[i] = k;
        j = k + 1;
        resultBefore = product * result[k];
        break;
      }
      product = product * result[k];
    }
    before = before * operand[i];
  }
  return map;
}

SmallVector<int64_t> TransposeOp::operandAxes(unsigned) {
  SmallVector<int64_t> map(getPermutation().size());
  for (auto [i, axis] : llvm::enumerate(getPermutation()))
    map[axis] = i;
  return map;
}

SmallVector<int64_t> SliceOp::operandAxes(unsigned) {
  return whereWhole(getOperand().getType(), getType(), [&](int64_t i) { return getStart()[i] == 0 && getStride()[i] == 1; });
}

SmallVector<int64_t> PadOp::operandAxes(unsigned operand) {
  if (operand == 1)
    return {};
  return whereWhole(getOperand().getType(), getType(), [&](int64_t i) { return getLow()[i] == 0; });
}

SmallVector<int64_t> ConcatOp::operandAxes(unsigned) { return identityBut(rankOf(getResult()), {static_cast<int64_t>(getAxis())}); }
SmallVector<int64_t> ReverseOp::operandAxes(unsigned) { return identityBut(rankOf(getResult()), getAxes()); }

SmallVector<int64_t> DynamicSliceOp::operandAxes(unsigned operand) {
  if (operand > 0)
    return {};
  // The start of an axis that is taken whole is clamped to 0.
  return whereWhole(getOperand().getType(), getType(), [](int64_t) { return true; });
}

SmallVector<int64_t> DynamicUpdateOp::operandAxes(unsigned operand) {
  if (operand == 0)
    return identity(rankOf(getResult()));
  if (operand == 1)
    return whereWhole(getUpdate().getType(), getType(), [](int64_t) { return true; });
  return {};
}

SmallVector<int64_t> WindowOp::operandAxes(unsigned) { return identityBut(rankOf(getOperand()), getAxes()); }

SmallVector<int64_t> OverlapAddOp::operandAxes(unsigned) {
  SmallVector<int64_t> map = identityBut(rankOf(getResult()), getAxes());
  map.append(getAxes().size(), kMixed);
  return map;
}

//===- Reductions ---------------------------------------------------------===//

static SmallVector<int64_t> withoutAxes(int64_t rank, ArrayRef<int64_t> axes, int64_t what) {
  SmallVector<int64_t> map;
  int64_t next = 0;
  for (int64_t i = 0; i < rank; ++i)
    map.push_back(llvm::is_contained(axes, i) ? what : next++);
  return map;
}

SmallVector<int64_t> ReduceOp::operandAxes(unsigned) { return withoutAxes(rankOf(getOperand()), getAxes(), kReduced); }
SmallVector<int64_t> ArgReduceOp::operandAxes(unsigned) {
  return withoutAxes(rankOf(getOperand()), {static_cast<int64_t>(getAxis())}, kMixed); // the index counts from the axis' begin
}
SmallVector<int64_t> CumulateOp::operandAxes(unsigned) { return identityBut(rankOf(getResult()), {static_cast<int64_t>(getAxis())}); }

//===- Products -----------------------------------------------------------===//

SmallVector<int64_t> DotOp::operandAxes(unsigned operand) {
  bool left = operand == 0;
  ArrayRef<int64_t> batch = left ? getLhsBatch() : getRhsBatch(), contract = left ? getLhsContract() : getRhsContract();
  int64_t rank = rankOf(left ? getLhs() : getRhs());
  // The right operand's own axes stand at the end.
  int64_t next = left ? batch.size() : rankOf(getResult()) - (rank - int64_t(batch.size() + contract.size()));
  SmallVector<int64_t> map;
  for (int64_t i = 0; i < rank; ++i) {
    if (llvm::is_contained(contract, i))
      map.push_back(kReduced);
    else if (const int64_t *place = llvm::find(batch, i); place != batch.end())
      map.push_back(place - batch.begin());
    else
      map.push_back(next++);
  }
  return map;
}

SmallVector<int64_t> ConvOp::operandAxes(unsigned operand) {
  int64_t spatial = rankOf(getResult()) - 2, last = spatial + 1;
  // With groups, a channel of one side runs with several of the other, but not with all.
  int64_t channelSum = getGroups() == 1 ? kReduced : kMixed, channel = getGroups() == 1 ? 0 : kMixed;
  SmallVector<int64_t> map;
  auto set = [&](int64_t first, int64_t middle, ArrayRef<int64_t> rest) {
    if (rest.size() == 1)
      map.push_back(first);
    map.append(spatial, middle);
    map.append(rest.begin(), rest.end());
  };
  switch (getKind()) {
  case ConvKind::forward: // y[n, o, f] of x[n, i, c] and w[k, c, f]
    operand == 0 ? set(0, kMixed, {channelSum}) : set(0, kReduced, {kReduced, last});
    break;
  case ConvKind::input: // x[n, i, c] of y[n, o, f] and w[k, c, f]
    operand == 0 ? set(0, kMixed, {channelSum}) : set(0, kReduced, {channel == 0 ? last : kMixed, channelSum});
    break;
  case ConvKind::weight: // w[k, c, f] of x[n, i, c] and y[n, o, f]
    operand == 0 ? set(kReduced, kMixed, {channel == 0 ? spatial : kMixed}) : set(kReduced, kReduced, {last});
    break;
  }
  return map;
}

//===- Indexing -----------------------------------------------------------===//

SmallVector<int64_t> GatherOp::operandAxes(unsigned operand) {
  int64_t axis = getAxis(), batch = getBatch(), taken = rankOf(getIndices()) - batch;
  SmallVector<int64_t> map;
  if (operand == 1) {
    for (int64_t i = 0; i < rankOf(getIndices()); ++i)
      map.push_back(i < batch ? i : axis + i - batch);
    return map;
  }
  for (int64_t i = 0; i < rankOf(getOperand()); ++i)
    map.push_back(i < axis ? i : i == axis ? kMixed : i - 1 + taken);
  return map;
}

SmallVector<int64_t> ScatterOp::operandAxes(unsigned operand) {
  int64_t axis = getAxis(), batch = getBatch(), taken = rankOf(getIndices()) - batch;
  SmallVector<int64_t> map;
  if (operand == 0)
    return identity(rankOf(getResult()));
  if (operand == 1)
    return identityBut(rankOf(getIndices()), llvm::to_vector(llvm::seq<int64_t>(batch, rankOf(getIndices()))));
  for (int64_t i = 0; i < rankOf(getUpdates()); ++i)
    map.push_back(i < axis ? i : i < axis + taken ? kMixed : i - taken + 1);
  return map;
}

SmallVector<int64_t> SortOp::operandAxes(unsigned) { return identityBut(rankOf(getOperand()), {static_cast<int64_t>(getAxis())}); }

} // namespace dlc::ir
