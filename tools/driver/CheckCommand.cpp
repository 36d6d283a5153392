// `dlc check` and `dlc compile --emit`.
#include "tools/driver/Commands.h"
#include "tools/driver/Session.h"

#include "mlir/IR/AsmState.h"
#include "llvm/Support/raw_ostream.h"

#include <unistd.h>

namespace dlc::driver {

int checkCommand(const Arguments &arguments) {
  Session session(arguments);
  // A program is right when it elaborates and differentiates: what only the derivative finds is found here.
  if (!session.toGraph(false))
    return session.failure == runtime::ErrorKind::Command ? 2 : 1;
  return session.toStage(passes::Stage::Train, session.pipelineOptions()) ? 0 : 1;
}

} // namespace dlc::driver
