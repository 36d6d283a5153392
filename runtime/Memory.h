// Memory of the machine and of this process.
#pragma once

#include <cstddef>

namespace dlc::runtime {

/// Bytes that this process can still get: free or reclaimable memory and swap, within the control
/// group's limit.
size_t availableMemory();

/// Bytes of this process that are resident now; 0 where the system does not say.
size_t residentMemory();

/// The most bytes that were resident at once since the process began, or since the last
/// `restartPeakResidentMemory`.
size_t peakResidentMemory();

/// Forgets the peak so far; false where the system does not allow it.
bool restartPeakResidentMemory();

} // namespace dlc::runtime
