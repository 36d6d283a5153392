// Checks and effects of a program, ready to be performed.
#ifndef DLC_TOOLS_DRIVER_SITES_H
#define DLC_TOOLS_DRIVER_SITES_H

#include "tools/driver/Manifest.h"

#include "runtime/Context.h"

#include <string>
#include <vector>

namespace dlc::driver {

/// Both lists have an entry for each site, by its number; the one of the other kind is empty.
struct Sites {
  std::vector<runtime::Effect> effects;
  std::vector<runtime::Check> checks;
};

/// The message of a check, which is printed behind its place: where it ends in the line of the user's own code and that is this very place, without it.
std::string messageAt(const std::string &place, std::string message);

/// A failure for an effect that the runtime does not know, or a text that is no template.
runtime::Result<Sites> makeSites(const Manifest &manifest);

} // namespace dlc::driver

#endif
