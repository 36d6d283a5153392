#include "tools/driver/VerifyBranches.h"

#include "ir/Names.h"

#include <fmt/format.h>

#include <algorithm>

namespace dlc::driver {

Branches::Branches(mlir::ModuleOp module) {
  for (auto func : module.getOps<ir::FuncOp>())
    func->walk([&](ir::CondOp op) {
      Entry *entry = find(op->getLoc());
      if (!entry)
        entry = &entries.emplace_back(Entry{op->getLoc(), {}, {-1, -1}});
      entry->functions.insert(func.getSymName().str());
    });
}

Branches::Entry *Branches::find(mlir::Location location) {
  auto found = std::find_if(entries.begin(), entries.end(), [&](const Entry &entry) { return entry.location == location; });
  return found == entries.end() ? nullptr : &*found;
}

void Branches::took(ir::CondOp op, bool holds, int64_t step) {
  if (Entry *entry = find(op->getLoc()); entry && entry->firstStep[holds] < 0)
    entry->firstStep[holds] = step;
}

bool Branches::isIn(const Entry &entry, const std::vector<std::string> &functions) const {
  return std::any_of(functions.begin(), functions.end(), [&](const std::string &name) { return entry.functions.count(name) != 0; });
}

bool Branches::complete(const std::vector<std::string> &functions) const {
  return std::none_of(entries.begin(), entries.end(), [&](const Entry &entry) {
    return isIn(entry, functions) && (entry.firstStep[0] < 0 || entry.firstStep[1] < 0);
  });
}

int64_t Branches::lastFirstStep(const std::vector<std::string> &functions) const {
  int64_t last = 0;
  for (const Entry &entry : entries)
    if (isIn(entry, functions))
      last = std::max({last, entry.firstStep[0], entry.firstStep[1]});
  return last;
}

std::vector<std::string> Branches::missing() const {
  std::vector<std::string> out;
  for (const Entry &entry : entries)
    for (bool holds : {true, false})
      if (entry.firstStep[holds] < 0) {
        std::string text = fmt::format("{}: the condition of this `if` was never {}: what is done then is not compared",
                                       ir::lineOf(entry.location), holds);
        // Derivatives of an `if` stand at its place.
        if (std::find(out.begin(), out.end(), text) == out.end())
          out.push_back(std::move(text));
      }
  return out;
}

} // namespace dlc::driver
