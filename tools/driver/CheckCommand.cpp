// `dlc check` and `dlc compile --emit`.
#include "tools/driver/Commands.h"
#include "tools/driver/Emit.h"
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
  if (!session.toStage(passes::Stage::Train, session.pipelineOptions()))
    return 1;
  if (arguments.timePasses)
    printTimes(session.times);
  return 0;
}

} // namespace dlc::driver
