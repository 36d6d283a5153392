#include "tools/driver/ReportMeans.h"

namespace dlc::driver {

using runtime::ElementType;
using runtime::Tensor;

ReportMeans::Entry &ReportMeans::at(const std::string &name) {
  for (Entry &entry : entries)
    if (entry.name == name)
      return entry;
  return entries.emplace_back(Entry{name});
}

NamedNumbers ReportMeans::means() const {
  NamedNumbers out;
  for (const Entry &entry : entries)
    if (entry.weight != 0)
      out.emplace_back(entry.name, entry.mean());
  return out;
}

std::optional<double> ReportMeans::onlyLoss() const {
  std::optional<double> loss;
  int losses = 0;
  for (const Entry &entry : entries)
    if (entry.loss && ++losses && entry.weight != 0)
      loss = entry.mean();
  return losses == 1 ? loss : std::nullopt;
}

TensorMap ReportMeans::tensors() const {
  TensorMap out;
  for (const Entry &entry : entries)
    if (auto tensor = Tensor::zeros(ElementType::F32, {})) {
      tensor->setNumber(0, entry.mean());
      out[entry.name] = *tensor;
    }
  return out;
}

void ReportMeans::clear() {
  for (Entry &entry : entries)
    entry.sum = entry.weight = 0;
}

} // namespace dlc::driver
