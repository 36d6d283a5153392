#include "runtime/Effects.h"

#include "runtime/Readers.h"

#include <fmt/format.h>

#include <array>

namespace dlc::runtime {

namespace {

constexpr std::array<std::pair<std::string_view, EffectKind>, 5> effectNames = {
    {{"print", EffectKind::Print},
     {"debug", EffectKind::Debug},
     {"write_png", EffectKind::WritePng},
     {"write_csv", EffectKind::WriteCsv},
     {"write_npy", EffectKind::WriteNpy}}};

Status writeColumns(const std::string &path, const Effect &effect,
                    const std::vector<Tensor> &operands) {
  std::vector<Column> columns;
  for (size_t i = effect.textOperands; i < operands.size(); ++i) {
    Tensor values = operands[i];
    if (values.rank() == 0) { // a row of its own
      DLC_ASSIGN(row, values.reshaped({1}));
      values = row;
    }
    columns.push_back({effect.operands[i].name, values, nullptr});
  }
  return writeCsv(path, columns);
}

Status performAt(const Effect &effect, const std::vector<Tensor> &operands, Console &console) {
  std::string text = effect.text.fill(operands);
  if (effect.kind == EffectKind::Print || effect.kind == EffectKind::Debug) {
    console.line(text);
    return {};
  }
  if (effect.kind == EffectKind::WriteCsv)
    return writeColumns(text, effect, operands);
  if (operands.size() != effect.textOperands + 1)
    return Status::run(fmt::format("{} values are to be written to `{}`, one is possible",
                                   operands.size() - effect.textOperands, text));
  return effect.kind == EffectKind::WritePng ? writePng(text, operands.back())
                                             : writeNpy(text, operands.back());
}

} // namespace

std::optional<EffectKind> effectOf(std::string_view name) {
  for (auto &[known, kind] : effectNames)
    if (known == name)
      return kind;
  return std::nullopt;
}

Status perform(const Effect &effect, const std::vector<Tensor> &operands, Console &console) {
  if (console.observer) {
    console.observer(effect, operands);
    return {};
  }
  Status status = performAt(effect, operands, console);
  return effect.place.empty() ? std::move(status) : std::move(status).within(effect.place);
}

} // namespace dlc::runtime
