// The dialect's operations, by subject.
#ifndef DLC_IR_OPS
#define DLC_IR_OPS
include "ir/Structure.td"
include "ir/Elementwise.td"
include "ir/ShapeOps.td"
include "ir/Compute.td"
include "ir/Derivative.td"
include "ir/Program.td"
#endif
