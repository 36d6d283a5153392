#include "codegen/cuda/Group.h"

#include "codegen/common/StepEmitter.h"
#include "codegen/cuda/GroupCode.h"

#include <set>
#include <tuple>

using namespace mlir;

namespace dlc::codegen::cuda {

namespace {

/// What an operation outside of kernels reads and writes.
struct Touched {
  SmallVector<TensorPlace> reads, writes;

  Touched(Operation *op, const Places &places) {
    for (Value operand : op->getOperands())
      reads.push_back(places[operand]);
    for (Value result : op->getResults())
      writes.push_back(places[result]);
  }
  /// The same for some of the pointers of a launch alone: operands, then results, then scratch memory, which is its own.
  Touched(ir::LaunchOp launch, ArrayRef<unsigned> pointers, const Places &places) {
    for (unsigned pointer : pointers)
      if (pointer < launch->getNumOperands())
        reads.push_back(places[launch->getOperand(pointer)]);
      else if (unsigned number = pointer - launch->getNumOperands(); number < launch->getNumResults())
        writes.push_back(places[launch->getResult(number)]);
  }
  bool isKnown() const {
    return llvm::none_of(llvm::concat<const TensorPlace>(reads, writes), [](const TensorPlace &p) { return p.varies || p.kind == TensorPlace::none; });
  }
  /// Whether one of the two may not pass the other.
  bool conflictsWith(const Touched &other) const {
    auto meet = [](ArrayRef<TensorPlace> a, ArrayRef<TensorPlace> b) {
      return llvm::any_of(a, [&](const TensorPlace &x) { return llvm::any_of(b, [&](const TensorPlace &y) { return x.overlaps(y); }); });
    };
    return meet(writes, other.writes) || meet(writes, other.reads) || meet(reads, other.writes);
  }
};

/// A pointer of a launch: what has the same place and size is the same.
using PointerKey = std::tuple<int, int64_t, int64_t, int64_t>;

/// A launch that may join a group.
struct Candidate {
  ir::LaunchOp launch;
  const Launch *part = nullptr; ///< the last launch of its kernel
  LLVM::LLVMFuncOp function;
  SmallVector<unsigned> used; ///< pointers of the kernel that this launch needs
  SmallVector<PointerKey> keys; ///< of these
  int64_t scratch = 0; ///< bytes that its other launches leave for it
  bool isUpdate = false;
  bool isLarge() const { return part->blocks > 512; }
  int64_t pointers() const { return static_cast<int64_t>(std::set<PointerKey>(keys.begin(), keys.end()).size()); }
};

PointerKey keyOf(ir::LaunchOp launch, unsigned pointer, const Places &places) {
  unsigned operands = launch->getNumOperands(), results = launch->getNumResults();
  if (pointer >= operands + results) // scratch memory, which is its own
    return {-1, static_cast<int64_t>(reinterpret_cast<intptr_t>(launch.getOperation())), 0, 0};
  Value value = pointer < operands ? launch->getOperand(pointer) : launch->getResult(pointer - operands);
  const TensorPlace &place = places[value];
  return {place.kind, place.number, place.offset, tensorBytes(value.getType())};
}

} // namespace

/// A group that may still grow: launches in order, with what they touch.
class Groups::Open {
public:
  SmallVector<Candidate> members;

  bool mayPass(const Touched &other) const {
    return other.isKnown() && llvm::none_of(touched, [&](const Touched &t) { return t.conflictsWith(other); });
  }
  /// All threads of a launch have the registers of the neediest: what keeps rows in them does not go with what needs many threads.
  bool goesWith(const Candidate &other) const { return members.empty() || !((isLarge && other.part->keepsRows) || (keepsRows && other.isLarge())); }
  bool hasRoomFor(const Candidate &other, int64_t mostPointers) const {
    return pointers + other.pointers() <= mostPointers && blocks + other.part->blocks <= INT32_MAX;
  }
  void add(const Candidate &member, const Places &places) {
    touched.push_back(Touched(member.launch, member.used, places));
    pointers += member.pointers();
    blocks += member.part->blocks;
    scratchBytes += member.scratch;
    isLarge |= member.isLarge();
    keepsRows |= member.part->keepsRows;
    members.push_back(member);
  }

  int64_t scratch() const { return scratchBytes; }

private:
  SmallVector<Touched> touched;
  int64_t scratchBytes = 0;
  int64_t pointers = 0, blocks = 0; // the pointers counted for each member
  bool isLarge = false, keepsRows = false;
};

/// The search for groups in a block. Two are open at a time: of updates, which nothing waits for but what comes to their memory, and of other launches, which
/// those that read their results end soon.
class Groups::Search {
public:
  Search(Groups &groups, const Places &places, const std::map<std::string, KernelInfo> &kernels, ModuleOp module)
      : groups(groups), places(places), kernels(kernels), module(module) {}

  void run(Block &block) {
    for (Operation &op : block.without_terminator()) {
      if (isa<ir::ReshapeOp, ir::ConstantOp>(op))
        continue;
      // What has regions, or an effect on the host, is not looked into.
      bool isPlain = isa<ir::LaunchOp, ir::CopyOp, ir::CheckOp>(op);
      std::optional<Touched> here;
      if (isPlain)
        here.emplace(&op, places);
      for (Open *open : {&updates, &others})
        if (!isPlain || !open->mayPass(*here))
          close(*open);
      auto launch = dyn_cast<ir::LaunchOp>(op);
      std::optional<Candidate> candidate = launch && here->isKnown() ? candidateOf(launch) : std::nullopt;
      if (!candidate)
        continue;
      Open &open = candidate->isUpdate ? updates : others;
      if (!open.goesWith(*candidate) || groups.kept + open.scratch() + candidate->scratch > kMostKept)
        continue;
      if (!open.hasRoomFor(*candidate, groups.mostPointers))
        close(open);
      open.add(*candidate, places);
    }
    close(updates);
    close(others);
  }

private:
  /// Bytes of scratch memory that stay for groups: nothing else has them while a function runs.
  static constexpr int64_t kMostKept = 64 << 20;

  void close(Open &open) {
    if (open.members.size() > 1)
      groups.make(open, module);
    open = {};
  }

  /// What may join: a member is chosen by the number of the block, so threads of a block may wait for each other as before.
  std::optional<Candidate> candidateOf(ir::LaunchOp launch) {
    constexpr int64_t kLittle = 4 << 10; // bytes of shared memory, which then every block of the group has
    auto found = kernels.find(launch.getCallee().str());
    if (found == kernels.end())
      return std::nullopt;
    const KernelInfo &kernel = found->second;
    if (kernel.launches.empty() || !kernel.copies.empty())
      return std::nullopt;
    Candidate made;
    made.launch = launch;
    made.part = &kernel.launches.back();
    made.scratch = kernel.scratch;
    if (made.part->product || made.part->isCooperative || made.part->threads != kThreads)
      return std::nullopt;
    made.function = module.lookupSymbol<LLVM::LLVMFuncOp>(made.part->symbol);
    if (sharedBytesOf(made.function, module) > kLittle)
      return std::nullopt;
    for (BlockArgument argument : made.function.getArguments())
      if (!argument.use_empty())
        made.used.push_back(argument.getArgNumber());
    for (unsigned pointer : made.used)
      made.keys.push_back(keyOf(launch, pointer, places));
    made.isUpdate = llvm::all_of(Touched(launch, made.used, places).writes, [](const TensorPlace &place) { return place.kind == TensorPlace::buffer; });
    if (!made.isUpdate && (made.isLarge() || kernel.launches.size() > 1 || kernel.scratch))
      return std::nullopt;
    return made;
  }

  Groups &groups;
  const Places &places;
  const std::map<std::string, KernelInfo> &kernels;
  ModuleOp module;
  Open updates, others;
};

void Groups::find(ir::FuncOp function, const Places &places, const std::map<std::string, KernelInfo> &kernels, ModuleOp module) {
  kept = 0;
  function.walk([&](Block *block) { Search(*this, places, kernels, module).run(*block); });
  function.walk([&](ir::LaunchOp launch) { launchedAlone[launch.getCallee()] |= !of(launch); });
}

namespace {

/// The pointers of a group: those that all members of a part share stand in its table once, the others for each member side by side.
class Table {
public:
  SmallVector<Groups::Group::Argument> arguments;

  GroupPart add(ArrayRef<const Candidate *> members) {
    const Candidate &first = *members[0];
    GroupPart part{first.function, first.part->blocks, static_cast<int64_t>(members.size()), {}, 0};
    SmallVector<unsigned> columns; // the numbers among `used` of what each member has of its own
    for (auto [number, argument] : llvm::enumerate(first.used)) {
      auto same = [&](unsigned other) { return llvm::all_of(members, [&](const Candidate *of) { return of->keys[number] == of->keys[other]; }); };
      if (llvm::all_of(members, [&](const Candidate *of) { return of->keys[number] == first.keys[number]; })) {
        part.pointers.push_back({argument, shared(first, argument, first.keys[number]), false});
        continue;
      }
      auto column = llvm::find_if(columns, same);
      part.pointers.push_back({argument, column - columns.begin(), true});
      if (column == columns.end())
        columns.push_back(static_cast<unsigned>(number));
    }
    auto base = static_cast<int64_t>(arguments.size());
    for (GroupPart::Pointer &pointer : part.pointers)
      pointer.place += pointer.isOfMember ? base : 0;
    part.stride = static_cast<int64_t>(columns.size());
    for (const Candidate *member : members)
      for (unsigned column : columns)
        arguments.push_back({member->launch, member->used[column]});
    return part;
  }

private:
  int64_t shared(const Candidate &member, unsigned argument, const PointerKey &key) {
    auto [known, isNew] = places.try_emplace(key, arguments.size());
    if (isNew)
      arguments.push_back({member.launch, argument});
    return known->second;
  }
  std::map<PointerKey, int64_t> places;
};

std::string textOf(ArrayRef<GroupPart> parts) {
  std::string key;
  llvm::raw_string_ostream os(key);
  for (const GroupPart &part : parts) {
    os << LLVM::LLVMFuncOp(part.function).getSymName() << ' ' << part.members << ' ' << part.stride;
    for (const GroupPart::Pointer &pointer : part.pointers)
      os << ' ' << pointer.place << (pointer.isOfMember ? "+" : "");
    os << '\n';
  }
  return key;
}

} // namespace

void Groups::make(const Open &open, ModuleOp module) {
  kept += open.scratch();
  llvm::MapVector<Operation *, SmallVector<size_t>> byFunction;
  for (auto [number, member] : llvm::enumerate(open.members))
    byFunction[member.function].push_back(number);
  Table table;
  SmallVector<GroupPart> parts;
  for (auto &[function, numbers] : byFunction) {
    SmallVector<const Candidate *> of;
    for (size_t number : numbers)
      of.push_back(&open.members[number]);
    parts.push_back(table.add(of));
  }
  Launch &launch = made[textOf(parts)];
  if (launch.symbol.empty())
    launch = emitGroup("group$" + std::to_string(made.size() - 1), parts, static_cast<int64_t>(table.arguments.size()), module);
  ir::LaunchOp last = open.members.back().launch;
  last.emitRemark() << open.members.size() << " launches are one, `" << launch.symbol << "`, of " << launch.blocks << " blocks";
  auto group = std::make_shared<Group>();
  group->launch = launch;
  group->last = last;
  group->arguments = std::move(table.arguments);
  for (const Candidate &member : open.members)
    members[member.launch] = group;
}

void Groups::dropUnused(ModuleOp module, const std::map<std::string, KernelInfo> &kernels) {
  for (auto &entry : launchedAlone) {
    if (entry.second)
      continue;
    const Launch &launch = kernels.find(entry.first().str())->second.launches.back();
    module.lookupSymbol<LLVM::LLVMFuncOp>(launch.symbol).erase();
    if (auto memory = module.lookupSymbol<LLVM::GlobalOp>(sharedMemoryName(launch.symbol)))
      memory.erase();
  }
}

} // namespace dlc::codegen::cuda
