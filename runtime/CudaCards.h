// The cards that NVIDIA's driver finds.
#pragma once

#include "runtime/CudaDriver.h"

#include <string>

namespace dlc::runtime {

struct CudaCard {
  int device = -1; ///< the driver's own name for it
  std::string name;
  int capability = 0; ///< compute capability: 80 for 8.0
  int multiprocessors = 0;
};

/// Success where `error` is 0, else what the driver says of it, behind `what`.
Status checkDriver(const CudaDriver &driver, int error, const std::string &what);

/// Starts the driver and counts the cards that CUDA_VISIBLE_DEVICES leaves. That there is none is a failure.
Result<int> countCards(const CudaDriver &driver);

/// Card `number` of those that were counted.
Result<CudaCard> describeCard(const CudaDriver &driver, int number);
/// The same of a number that somebody has asked for: that there is none is a failure that says how many there are.
Result<CudaCard> chooseCard(const CudaDriver &driver, int number);

/// Makes the card's context the current one and returns it. It is to be released. A failure says that others have the card or all of its memory.
Result<void *> retainCard(const CudaDriver &driver, const CudaCard &card);

} // namespace dlc::runtime
