#include "tools/driver/Sites.h"

#include <fmt/format.h>

namespace dlc::driver {

using runtime::Check;
using runtime::Effect;
using runtime::EffectKind;
using runtime::Result;
using runtime::Status;
using runtime::TextTemplate;

namespace {

std::string setting(const Site &site, const std::string &key) {
  auto it = site.settings.find(key);
  return it == site.settings.end() ? "" : it->second;
}

std::vector<Effect::Operand> operandsOf(const Site &site) {
  std::vector<Effect::Operand> operands;
  for (size_t i = 0; i < site.operands.size(); ++i)
    operands.push_back({setting(site, fmt::format("name{}", i)), site.operands[i].element, site.operands[i].shape});
  return operands;
}

/// The text of `print` and `debug` has all operands; the path of `write_*` those in front of what is written.
Result<Effect> effectOf(const Site &site) {
  std::optional<EffectKind> kind = runtime::effectOf(site.effect);
  if (!kind)
    return Status::run(fmt::format("{}: the effect `{}` is not known", site.location, site.effect));
  bool printing = *kind == EffectKind::Print || *kind == EffectKind::Debug;
  size_t textOperands = site.operands.size();
  if (!printing)
    textOperands = textOperands ? textOperands - 1 : 0;
  DLC_ASSIGN(text, TextTemplate::parse(setting(site, printing ? "format" : "path"), textOperands));
  return Effect{*kind, std::move(text), operandsOf(site), textOperands, site.location};
}

Result<Check> checkOf(const Site &site) {
  DLC_ASSIGN(text, TextTemplate::parse(messageAt(site.location, setting(site, "message")), site.operands.size()));
  return Check{std::move(text), operandsOf(site), site.location};
}

} // namespace

std::string messageAt(const std::string &place, std::string message) {
  std::string own = fmt::format(" ({})", place);
  if (message.ends_with(own))
    message.resize(message.size() - own.size());
  return message;
}

Result<Sites> makeSites(const Manifest &manifest) {
  Sites sites;
  DLC_ASSIGN(nothing, TextTemplate::parse("", 0));
  for (const Site &site : manifest.sites) {
    sites.effects.push_back({EffectKind::Print, nothing, {}, 0, ""});
    sites.checks.push_back({nothing, {}, ""});
    if (site.effect.empty()) {
      DLC_ASSIGN(check, checkOf(site));
      sites.checks.back() = std::move(check);
    } else {
      DLC_ASSIGN(effect, effectOf(site));
      sites.effects.back() = std::move(effect);
    }
  }
  return sites;
}

} // namespace dlc::driver
