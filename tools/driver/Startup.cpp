#include "tools/driver/Startup.h"

#include <mutex>

// The bounds of the section; both null where the program was linked without the script, and the initialisers have run.
extern "C" {
using Initializer = void (*)(int, char **, char **);
[[gnu::weak, gnu::visibility("hidden")]] extern const Initializer dlc_late_init_begin[];
[[gnu::weak, gnu::visibility("hidden")]] extern const Initializer dlc_late_init_end[];
}

namespace dlc::driver {

void initializeCompiler() {
  static std::once_flag once;
  std::call_once(once, [] {
    static char *none[] = {nullptr};
    for (const Initializer *initializer = dlc_late_init_begin; initializer != dlc_late_init_end; ++initializer)
      (*initializer)(0, none, none);
  });
}

} // namespace dlc::driver
