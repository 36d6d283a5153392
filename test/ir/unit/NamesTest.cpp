#include "ir/Names.h"

#include "mlir/IR/Builders.h"
#include "gtest/gtest.h"

using namespace dlc::ir;
using namespace mlir;

namespace {

TEST(Names, StandInLocations) {
  MLIRContext context;
  Location place = FileLineColLoc::get(&context, "net.dl", 3, 4);
  Location loss = named("loss", place);
  EXPECT_EQ(nameOf(loss), "loss");
  EXPECT_EQ(nameOf(place), "");
  EXPECT_EQ(named("cost", loss), named("cost", place));
  EXPECT_EQ(named("", loss), place);
  EXPECT_EQ(nameOf(FusedLoc::get(&context, {place, loss})), "loss");
  EXPECT_EQ(nameOf(CallSiteLoc::get(loss, place)), "loss");
}

} // namespace
