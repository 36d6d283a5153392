#ifndef DLC_IR_DIALECT_H
#define DLC_IR_DIALECT_H

#include "ir/Types.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/TensorEncoding.h"

#include "ir/Dialect.h.inc"
#include "ir/Enums.h.inc"
#define GET_ATTRDEF_CLASSES
#include "ir/Attributes.h.inc"

#endif
