#include "ir/SizeExpr.h"
