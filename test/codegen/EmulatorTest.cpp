// The emulated device catches what a card would punish with a wrong number now and then: each test plants one fault in a kernel that is
// right without it.
#include "codegen/common/Host.h"
#include "codegen/common/Jit.h"
#include "codegen/common/Lower.h"
#include "codegen/cuda/Emulate.h"
#include "runtime/Emulator.h"

#include "llvm/AsmParser/Parser.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"

#include <gtest/gtest.h>

#include <cstring>
#include <numeric>

using namespace dlc;

namespace {

constexpr int64_t kThreads = 64, kCount = 2 * kThreads;

/// Each of two blocks adds its 64 numbers: pairs of lanes exchange, the sums of pairs meet in shared memory, all threads add those up, and the first
/// writes.
constexpr const char *kSum = R"(
@"sum$shared" = internal addrspace(3) global [32 x float] undef, align 128

define ptx_kernel void @sum(ptr %x, ptr %y) {
entry:
  %t = call i32 @llvm.nvvm.read.ptx.sreg.tid.x()
  %b = call i32 @llvm.nvvm.read.ptx.sreg.ctaid.x()
  %start = mul i32 %b, 64
  %i = add i32 %start, %t
  %xi = getelementptr float, ptr %x, i32 %i
  %own = load float, ptr %xi, align 4
  %bits = bitcast float %own to i32
  %other = call i32 @llvm.nvvm.shfl.sync.bfly.i32(i32 -1, i32 %bits, i32 1, i32 31)
  %number = bitcast i32 %other to float
  %pair = fadd float %own, %number
  %half = lshr i32 %t, 1
  %odd = and i32 %t, 1
  %first = icmp eq i32 %odd, 0
  br i1 %first, label %write, label %wait
write:
  %place = getelementptr [32 x float], ptr addrspace(3) @"sum$shared", i32 0, i32 %half
  store float %pair, ptr addrspace(3) %place, align 4
  br label %wait
wait:
  br label %meet
meet:
  call void @llvm.nvvm.barrier.cta.sync.aligned.all(i32 0)
  br label %loop
loop:
  %k = phi i32 [ 0, %meet ], [ %next, %loop ]
  %acc = phi float [ 0.0, %meet ], [ %more, %loop ]
  %at = getelementptr [32 x float], ptr addrspace(3) @"sum$shared", i32 0, i32 %k
  %part = load float, ptr addrspace(3) %at, align 4
  %more = fadd float %acc, %part
  %next = add i32 %k, 1
  %again = icmp slt i32 %next, 32
  br i1 %again, label %loop, label %end
end:
  %zero = icmp eq i32 %t, 0
  br i1 %zero, label %store, label %done
store:
  %to = getelementptr float, ptr %y, i32 %b
  store float %more, ptr %to, align 4
  br label %done
done:
  ret void
}

declare i32 @llvm.nvvm.read.ptx.sreg.tid.x()
declare i32 @llvm.nvvm.read.ptx.sreg.ctaid.x()
declare i32 @llvm.nvvm.shfl.sync.bfly.i32(i32, i32, i32, i32)
declare void @llvm.nvvm.barrier.cta.sync.aligned.all(i32)
declare void @llvm.nvvm.bar.warp.sync(i32)
)";

/// The same with copies that happen later: each thread brings its number to shared memory, in two groups of which the first is the one that counts, and adds
/// up what its block has.
constexpr const char *kCopied = R"(
@"sum$shared" = internal addrspace(3) global [128 x float] undef, align 128

define ptx_kernel void @sum(ptr %x, ptr %y) {
entry:
  %t = call i32 @llvm.nvvm.read.ptx.sreg.tid.x()
  %b = call i32 @llvm.nvvm.read.ptx.sreg.ctaid.x()
  %start = mul i32 %b, 64
  %i = add i32 %start, %t
  %xi = getelementptr float, ptr %x, i32 %i
  %from = addrspacecast ptr %xi to ptr addrspace(1)
  %place = getelementptr [128 x float], ptr addrspace(3) @"sum$shared", i32 0, i32 %t
  call void @llvm.nvvm.cp.async.ca.shared.global.4.s(ptr addrspace(3) %place, ptr addrspace(1) %from, i32 4)
  call void @llvm.nvvm.cp.async.commit.group()
  %further = add i32 %t, 64
  %other = getelementptr [128 x float], ptr addrspace(3) @"sum$shared", i32 0, i32 %further
  call void @llvm.nvvm.cp.async.ca.shared.global.4.s(ptr addrspace(3) %other, ptr addrspace(1) %from, i32 0)
  call void @llvm.nvvm.cp.async.commit.group()
  call void @llvm.nvvm.cp.async.wait.group(i32 1)
  call void @llvm.nvvm.barrier.cta.sync.aligned.all(i32 0)
  br label %loop
loop:
  %k = phi i32 [ 0, %entry ], [ %next, %loop ]
  %acc = phi float [ 0.0, %entry ], [ %more, %loop ]
  %at = getelementptr [128 x float], ptr addrspace(3) @"sum$shared", i32 0, i32 %k
  %part = load float, ptr addrspace(3) %at, align 4
  %more = fadd float %acc, %part
  %next = add i32 %k, 1
  %again = icmp slt i32 %next, 64
  br i1 %again, label %loop, label %end
end:
  %zero = icmp eq i32 %t, 0
  br i1 %zero, label %store, label %done
store:
  %to = getelementptr float, ptr %y, i32 %b
  store float %more, ptr %to, align 4
  br label %done
done:
  ret void
}

declare i32 @llvm.nvvm.read.ptx.sreg.tid.x()
declare i32 @llvm.nvvm.read.ptx.sreg.ctaid.x()
declare void @llvm.nvvm.cp.async.ca.shared.global.4.s(ptr addrspace(3), ptr addrspace(1), i32)
declare void @llvm.nvvm.cp.async.commit.group()
declare void @llvm.nvvm.cp.async.wait.group(i32)
declare void @llvm.nvvm.barrier.cta.sync.aligned.all(i32)
)";

/// The first thread of each block notes a number, the blocks meet, and it adds up what both have noted.
constexpr const char *kMeeting = R"(
@"sum$arrivals" = internal addrspace(1) global i64 0, align 8
@"sum$others" = internal addrspace(1) global i64 0, align 8

define ptx_kernel void @sum(ptr %x, ptr %y) {
entry:
  %t = call i32 @llvm.nvvm.read.ptx.sreg.tid.x()
  %b = call i32 @llvm.nvvm.read.ptx.sreg.ctaid.x()
  %start = mul i32 %b, 64
  %xi = getelementptr float, ptr %x, i32 %start
  %own = load float, ptr %xi, align 4
  %noted = getelementptr float, ptr %y, i32 2
  %place = getelementptr float, ptr %noted, i32 %b
  %zero = icmp eq i32 %t, 0
  br i1 %zero, label %note, label %wait
note:
  store float %own, ptr %place, align 4
  br label %meet
meet:
  %before = atomicrmw add ptr addrspace(1) @"sum$arrivals", i64 1 syncscope("device") acq_rel
  %meeting = udiv i64 %before, 2
  %next = add i64 %meeting, 1
  %last = mul i64 %next, 2
  br label %look
look:
  %come = load atomic i64, ptr addrspace(1) @"sum$arrivals" syncscope("device") acquire, align 8
  %more = icmp ult i64 %come, %last
  br i1 %more, label %look, label %wait
wait:
  call void @llvm.nvvm.barrier.cta.sync.aligned.all(i32 0)
  br i1 %zero, label %add, label %done
add:
  %second = getelementptr float, ptr %noted, i32 1
  %one = load float, ptr %noted, align 4
  %two = load float, ptr %second, align 4
  %all = fadd float %one, %two
  %to = getelementptr float, ptr %y, i32 %b
  store float %all, ptr %to, align 4
  br label %done
done:
  ret void
}

declare i32 @llvm.nvvm.read.ptx.sreg.tid.x()
declare i32 @llvm.nvvm.read.ptx.sreg.ctaid.x()
declare void @llvm.nvvm.barrier.cta.sync.aligned.all(i32)
)";

struct Outcome {
  std::string error;
  std::vector<float> sums;
};

/// The kernel with the first place that reads `from` changed to `to`, run on the numbers 1, 2, …; of `written` of them. With `failsBefore` it has run before
/// there were any.
Outcome runWith(const std::string &from, const std::string &to, int64_t written = kCount, const char *kernel = kSum, bool isCooperative = false,
                bool failsBefore = false) {
  std::string text = kernel;
  if (!from.empty()) {
    size_t at = text.find(from);
    if (at == std::string::npos)
      return {"the kernel has no such place", {}};
    text.replace(at, from.size(), to);
  }
  llvm::LLVMContext context;
  llvm::SMDiagnostic diagnostic;
  auto module = llvm::parseAssemblyString(text, diagnostic, context);
  if (!module)
    return {diagnostic.getMessage().str(), {}};
  std::string error;
  auto host = codegen::makeHostMachine(codegen::hostProcessor(), 1, error);
  if (!host || !codegen::cuda::emulate(*module, *host, error))
    return {error, {}};
  auto kernels = codegen::cuda::emulatedFunctions(*module);
  codegen::optimize(*module, *host, 1);
  std::string object;
  codegen::emitCode(*module, *host, false, object);
  auto loaded = codegen::LoadedObject::load(object, error, runtime::emulatorFunctions());
  if (!loaded || kernels.size() != 1)
    return {"not loaded: " + error, {}};
  runtime::Emulator device([&](const std::string &) -> runtime::Result<runtime::EmulatedKernel> {
    return runtime::EmulatedKernel{loaded->lookupAs<void (*)(void *const *)>(kernels[0].run),
                                   kernels[0].shared.empty() ? nullptr : loaded->lookup(kernels[0].shared),
                                   static_cast<size_t>(kernels[0].sharedBytes), kernels[0].collective};
  });
  std::vector<float> x(kCount);
  std::iota(x.begin(), x.end(), 1.0F);
  Outcome outcome;
  outcome.sums.resize(2);
  int64_t bytes[] = {kCount * 4, kernel == kMeeting ? 16 : 8};
  void *buffers[] = {*device.allocate(bytes[0]), *device.allocate(bytes[1])};
  if (failsBefore)
    EXPECT_FALSE(device.launch({"sum", buffers, bytes, 2, 2, kThreads, isCooperative}));
  EXPECT_TRUE(device.copyIn(buffers[0], x.data(), written * 4));
  for (int time = 0; time < (isCooperative ? 2 : 1) && outcome.error.empty(); ++time) { // meetings are counted on from launch to launch
    runtime::Status status = device.launch({"sum", buffers, bytes, 2, 2, kThreads, isCooperative});
    outcome.error = status ? "" : status.message();
  }
  EXPECT_TRUE(device.copyOut(outcome.sums.data(), buffers[1], 8));
  return outcome;
}

TEST(Emulator, RunsBlocksOfThreadsThatWaitForEachOther) {
  Outcome outcome = runWith("", "");
  EXPECT_EQ(outcome.error, "");
  EXPECT_EQ(outcome.sums, (std::vector<float>{64 * 65 / 2, 128 * 129 / 2 - 64 * 65 / 2}));
}

TEST(Emulator, SeesAMissingBarrier) {
  Outcome outcome = runWith("  call void @llvm.nvvm.barrier.cta.sync.aligned.all(i32 0)\n", "");
  EXPECT_NE(outcome.error.find("reads 4 bytes that nobody wrote"), std::string::npos) << outcome.error;
}

TEST(Emulator, SeesAMissingBarrierBeforeMemoryIsUsedAgain) {
  // The list of parts is cleared once the sums are there; the second warp writes the sum.
  std::string clear = "  %again_place = getelementptr [32 x float], ptr addrspace(3) @\"sum$shared\", i32 0, i32 %half\n"
                      "  store float 0.0, ptr addrspace(3) %again_place, align 4\n  %zero = icmp eq i32 %t, 32\n";
  std::string place = "  %zero = icmp eq i32 %t, 0\n", barrier = "  call void @llvm.nvvm.barrier.cta.sync.aligned.all(i32 0)\n";
  Outcome wrong = runWith(place, clear);
  EXPECT_NE(wrong.error.find("shared memory that thread"), std::string::npos) << wrong.error;
  Outcome both = runWith(place, barrier + clear); // two lanes clear one place
  EXPECT_NE(both.error.find("shared memory that thread"), std::string::npos) << both.error;
  std::string first = "  %again_place = getelementptr [32 x float], ptr addrspace(3) @\"sum$shared\", i32 0, i32 %t\n"
                      "  %few = icmp ult i32 %t, 32\n  br i1 %few, label %wipe, label %wiped\nwipe:\n"
                      "  store float 0.0, ptr addrspace(3) %again_place, align 4\n  br label %wiped\nwiped:\n  %zero = icmp eq i32 %t, 32\n";
  Outcome right = runWith(place, barrier + first);
  EXPECT_EQ(right.error, "");
  EXPECT_EQ(right.sums, (std::vector<float>{64 * 65 / 2, 128 * 129 / 2 - 64 * 65 / 2}));
}

TEST(Emulator, RemembersReadersOfAllWarps) {
  // Thread 0 reads a place; two threads of the second warp read it too, their warp meets, and another of its threads writes there.
  std::string place = "  %zero = icmp eq i32 %t, 0\n";
  std::string text = "  call void @llvm.nvvm.barrier.cta.sync.aligned.all(i32 0)\n"
                     "  %one = getelementptr [32 x float], ptr addrspace(3) @\"sum$shared\", i32 0, i32 0\n"
                     "  %ra = icmp eq i32 %t, 0\n  %rb = icmp eq i32 %t, 32\n  %rc = icmp eq i32 %t, 33\n  %rab = or i1 %ra, %rb\n  %rabc = or i1 %rab, %rc\n"
                     "  br i1 %rabc, label %look, label %looked\nlook:\n  %seen = load volatile float, ptr addrspace(3) %one, align 4\n  br label %looked\nlooked:\n"
                     "  call void @llvm.nvvm.bar.warp.sync(i32 -1)\n"
                     "  %d = icmp eq i32 %t, 34\n  br i1 %d, label %put, label %puts\nput:\n  store float 1.0, ptr addrspace(3) %one, align 4\n  br label %puts\nputs:\n"
                     "  %zero = icmp eq i32 %t, 0\n";
  Outcome outcome = runWith(place, text);
  EXPECT_NE(outcome.error.find("thread 34: writes shared memory that thread 0 reads"), std::string::npos) << outcome.error;
}

TEST(Emulator, SeesBlocksThatTouchTheSame) {
  Outcome outcome = runWith("%to = getelementptr float, ptr %y, i32 %b", "%to = getelementptr float, ptr %y, i32 0");
  EXPECT_NE(outcome.error.find("kernel `sum`, block 1, thread 0: writes what block 0 of the same launch writes"), std::string::npos) << outcome.error;
}

TEST(Emulator, MissesAShuffle) {
  Outcome outcome = runWith("call i32 @llvm.nvvm.shfl.sync.bfly.i32(i32 -1, i32 %bits, i32 1, i32 31)", "add i32 %bits, 0");
  EXPECT_EQ(outcome.error, "");
  EXPECT_NE(outcome.sums[0], 64 * 65 / 2);
}

TEST(Emulator, SeesAnExchangeThatNotAllLanesReach) {
  // Two lanes of the second warp wait for an exchange that the others never join, and the rest for those two.
  Outcome outcome = runWith("  br label %meet\n",
                            "  %second = icmp uge i32 %t, 32\n  br i1 %second, label %extra, label %meet\n"
                            "extra:\n  %lone = and i32 %t, 15\n  %some = icmp eq i32 %lone, 0\n  br i1 %some, label %ask, label %meet\n"
                            "ask:\n  %unused = call i32 @llvm.nvvm.shfl.sync.bfly.i32(i32 -1, i32 0, i32 1, i32 31)\n  br label %meet\n");
  EXPECT_NE(outcome.error.find("waits for threads that never come"), std::string::npos) << outcome.error;
}

TEST(Emulator, SeesAnExchangeWithoutPartners) {
  // Half of the lanes exchange over another distance.
  Outcome outcome = runWith("call i32 @llvm.nvvm.shfl.sync.bfly.i32(i32 -1, i32 %bits, i32 1, i32 31)",
                            "call i32 @llvm.nvvm.shfl.sync.bfly.i32(i32 -1, i32 %bits, i32 %t, i32 31)");
  EXPECT_NE(outcome.error.find("takes part in another exchange"), std::string::npos) << outcome.error;
}

TEST(Emulator, SeesCopiesThatNobodyWaitedFor) {
  Outcome right = runWith("", "", kCount, kCopied);
  EXPECT_EQ(right.error, "");
  EXPECT_EQ(right.sums, (std::vector<float>{64 * 65 / 2, 128 * 129 / 2 - 64 * 65 / 2}));
  Outcome wrongCount = runWith("wait.group(i32 1)", "wait.group(i32 2)", kCount, kCopied);
  EXPECT_NE(wrongCount.error.find("reads 4 bytes that nobody wrote"), std::string::npos) << wrongCount.error;
  Outcome noWait = runWith("  call void @llvm.nvvm.cp.async.wait.group(i32 1)\n", "", kCount, kCopied);
  EXPECT_NE(noWait.error.find("reads 4 bytes that nobody wrote"), std::string::npos) << noWait.error;
  Outcome noBarrier = runWith("  call void @llvm.nvvm.barrier.cta.sync.aligned.all(i32 0)\n", "", kCount, kCopied);
  EXPECT_NE(noBarrier.error.find("nobody wrote"), std::string::npos) << noBarrier.error;
  Outcome shifted = runWith("%from = addrspacecast ptr %xi", "%odd = getelementptr i8, ptr %xi, i32 1\n  %from = addrspacecast ptr %odd", kCount, kCopied);
  EXPECT_NE(shifted.error.find("an address that is no multiple of that"), std::string::npos) << shifted.error;
}

TEST(Emulator, RunsBlocksThatMeet) {
  Outcome outcome = runWith("", "", kCount, kMeeting, /*isCooperative=*/true);
  EXPECT_EQ(outcome.error, "");
  EXPECT_EQ(outcome.sums, (std::vector<float>{66, 66}));
}

TEST(Emulator, SeesAMissingMeeting) {
  Outcome missing = runWith("  br label %meet\n", "  br label %wait\n", kCount, kMeeting, /*isCooperative=*/true);
  EXPECT_NE(missing.error.find("block 0, thread 0: reads 4 bytes that nobody wrote"), std::string::npos) << missing.error;
  // With numbers from a launch before nothing is read that was not written, but it is not this launch's.
  Outcome late = runWith("  %zero = icmp eq i32 %t, 0\n  br i1 %zero, label %note, label %wait\n",
                         "  %zero = icmp eq i32 %t, 0\n  %ahead = getelementptr float, ptr %noted, i32 1\n  %first = icmp eq i32 %b, 0\n"
                         "  %alone = and i1 %zero, %first\n  br i1 %alone, label %early, label %go\nearly:\n  store float 2.0, ptr %ahead, align 4\n"
                         "  br label %go\ngo:\n  br i1 %zero, label %note, label %wait\n",
                         kCount, kMeeting, /*isCooperative=*/true);
  EXPECT_NE(late.error.find("block 1, thread 0: writes what block 0 of the same launch writes"), std::string::npos) << late.error;
}

TEST(Emulator, SeesBlocksThatNeverMeet) {
  Outcome one = runWith("  br label %meet\n", "  %first = icmp eq i32 %b, 0\n  br i1 %first, label %meet, label %done\n", kCount, kMeeting, /*isCooperative=*/true);
  EXPECT_NE(one.error.find("1 of 2 blocks wait for others that never come"), std::string::npos) << one.error;
  // Blocks that need not run at the same time would wait for ever.
  Outcome apart = runWith("", "", kCount, kMeeting, /*isCooperative=*/false);
  EXPECT_NE(apart.error.find("block 0, thread 0: waits for blocks that may run later"), std::string::npos) << apart.error;
}

TEST(Emulator, SeesThatOtherBlocksAreCounted) {
  Outcome more = runWith("%last = mul i64 %next, 2", "%last = mul i64 %next, 4", kCount, kMeeting, /*isCooperative=*/true);
  EXPECT_NE(more.error.find("block 0, thread 0: waits for blocks that never come"), std::string::npos) << more.error;
  Outcome fewer = runWith("%last = mul i64 %next, 2", "%last = add i64 %before, 1", kCount, kMeeting, /*isCooperative=*/true);
  EXPECT_NE(fewer.error.find("block 0, thread 0: goes on before all blocks have come"), std::string::npos) << fewer.error;
  Outcome twice = runWith("  br i1 %zero, label %note, label %wait\n", "  %two_lanes = icmp ult i32 %t, 2\n  br i1 %two_lanes, label %meet, label %wait\n", kCount,
                          kMeeting, /*isCooperative=*/true);
  EXPECT_NE(twice.error.find("2 blocks count themselves 4 times"), std::string::npos) << twice.error;
}

TEST(Emulator, CountsOnBehindALaunchThatFailed) {
  Outcome outcome = runWith("", "", kCount, kMeeting, /*isCooperative=*/true, /*failsBefore=*/true);
  EXPECT_EQ(outcome.error, "");
  EXPECT_EQ(outcome.sums, (std::vector<float>{66, 66}));
}

/// The same note by another thread than the one that counts its block, and what stands between the two.
Outcome noteBy(int thread, const std::string &between) {
  return runWith("  br i1 %zero, label %note, label %wait\nnote:\n  store float %own, ptr %place, align 4\n  br label %meet\n",
                 "  %other = icmp eq i32 %t, " + std::to_string(thread) +
                     "\n  br i1 %other, label %note, label %then\nnote:\n  store float %own, ptr %place, align 4\n  br label %then\nthen:\n" + between +
                     "  br i1 %zero, label %meet, label %wait\n",
                 kCount, kMeeting, /*isCooperative=*/true);
}

TEST(Emulator, SeesAMeetingThatDoesNotWaitForTheThreadsOfItsBlock) {
  std::string barrier = "  call void @llvm.nvvm.barrier.cta.sync.aligned.all(i32 0)\n", ofWarp = "  call void @llvm.nvvm.bar.warp.sync(i32 -1)\n";
  auto isRight = [](const Outcome &outcome) { return outcome.error.empty() && outcome.sums == std::vector<float>{66, 66}; };
  EXPECT_TRUE(isRight(noteBy(0, "")));
  EXPECT_TRUE(isRight(noteBy(32, barrier)));
  EXPECT_TRUE(isRight(noteBy(1, ofWarp)));
  auto expectFault = [](const Outcome &outcome, int thread) {
    std::string text = "block 0, thread 0: reads what thread " + std::to_string(thread) + " of block 1 writes, with no barrier between that and the meeting";
    EXPECT_NE(outcome.error.find(text), std::string::npos) << outcome.error;
  };
  expectFault(noteBy(32, ""), 32);
  expectFault(noteBy(32, ofWarp), 32);
  expectFault(noteBy(1, ""), 1);
}

TEST(Emulator, SeesThreadsOfABlockThatWriteTheSameBetweenMeetings) {
  std::string write = "  %low = icmp ult i32 %t, 2\n  br i1 %low, label %also, label %rest\nalso:\n  store float %own, ptr %place, align 4\n  br label %rest\nrest:\n";
  Outcome outcome = runWith("  br i1 %zero, label %note, label %wait\n", write + "  br i1 %zero, label %note, label %wait\n", kCount, kMeeting, /*isCooperative=*/true);
  EXPECT_NE(outcome.error.find("block 0, thread 1: writes the device's memory that thread 0 writes"), std::string::npos) << outcome.error;
}

TEST(Emulator, RefusesOtherCountersThanThoseOfMeetings) {
  // Another counter, one that is read as if nobody else wrote it, and one that is no sum.
  for (auto [from, to] : {std::pair("%before = atomicrmw add ptr addrspace(1) @\"sum$arrivals\"", "%before = atomicrmw add ptr addrspace(1) @\"sum$others\""),
                          std::pair("load atomic i64, ptr addrspace(1) @\"sum$arrivals\" syncscope(\"device\") acquire", "load i64, ptr addrspace(1) @\"sum$arrivals\""),
                          std::pair("atomicrmw add ptr", "atomicrmw max ptr"), std::pair("atomicrmw add ptr addrspace(1) @\"sum$arrivals\"", "atomicrmw add ptr %x")}) {
    Outcome outcome = runWith(from, to, kCount, kMeeting, /*isCooperative=*/true);
    EXPECT_NE(outcome.error.find("kernel `sum`: the emulator does not know what this is for"), std::string::npos) << outcome.error;
  }
}

TEST(Emulator, SeesAnAccessOutsideOfTheArguments) {
  Outcome outcome = runWith("%start = mul i32 %b, 64", "%start = mul i32 %b, 65");
  EXPECT_NE(outcome.error.find("kernel `sum`, block 1, thread 63: reads 4 bytes outside of the kernel's arguments"), std::string::npos) << outcome.error;
}

TEST(Emulator, SeesWhatNobodyWrote) {
  Outcome outcome = runWith("", "", kCount - 1);
  EXPECT_NE(outcome.error.find("kernel `sum`, block 1, thread 63: reads 4 bytes that nobody wrote"), std::string::npos) << outcome.error;
}

} // namespace
