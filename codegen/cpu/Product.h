#ifndef DLC_CODEGEN_CPU_PRODUCT_H
#define DLC_CODEGEN_CPU_PRODUCT_H

#include "codegen/cpu/KernelBuilder.h"

namespace dlc::codegen {

/// Emits a kernel around a matrix product or a convolution with packed, register-blocked loops. Asked first for every kernel with
/// `dl.dot` or `dl.conv`; false leaves the kernel to the generic loops, nothing emitted. Elements before and after the product
/// come from `PhaseBuilder::elements()`, where the product's value is bound to the finished registers.
bool emitProduct(KernelBuilder &kernel);

} // namespace dlc::codegen

#endif
