#include "runtime/Context.h"

#include "test/runtime/Files.h"

#include <cstring>

namespace dlc::runtime {
namespace {

TextTemplate text(std::string_view source, size_t operands) {
  auto parsed = TextTemplate::parse(source, operands);
  EXPECT_TRUE(parsed.ok());
  return *parsed;
}

class ContextTest : public testing::Test {
protected:
  struct Stream {
    explicit Stream(const std::string &path) : file(fopen(path.c_str(), "w")) {}
    ~Stream() { fclose(file); }
    FILE *file;
  };
  std::string shown() {
    fflush(stream.file);
    return contents(folder.at("out"));
  }

  Folder folder;
  Stream stream{folder.at("out")}; // outlives the console
  Console console{stream.file, false};
  ThreadPool pool{2};
  Context context{pool, console};
};

/// What compiled code looks like: x[i] += 1 in tiles, then a print, then a check of x[0] < 10.
void addOne(void *const *buffers, const int64_t *sizes, int64_t begin, int64_t end,
            void *workspace) {
  auto *x = static_cast<float *>(buffers[0]);
  for (int64_t i = begin * sizes[0]; i < end * sizes[0]; ++i)
    x[i] += 1;
}

int32_t entry(dlc_context *context, void *const *buffers) {
  const int64_t sizes[] = {4};
  if (context->table->parallel_for(context, addOne, buffers, sizes, 4, 0, 0))
    return context->status;
  if (static_cast<float *>(buffers[0])[0] >= 10)
    return context->table->check_failed(context, 0, buffers);
  if (context->table->host_call(context, 0, buffers))
    return context->status;
  return 0;
}

int32_t bigWorkspace(dlc_context *context, void *const *buffers) {
  return context->table->parallel_for(context, addOne, buffers, nullptr, 4, int64_t{1} << 46, 0);
}

TEST_F(ContextTest, tellsItsVersionAndSize) {
  EXPECT_EQ(context.get()->table->version, uint32_t{DLC_ABI_VERSION});
  EXPECT_EQ(context.get()->table->size, sizeof(dlc_runtime));
}

TEST_F(ContextTest, runsAnEntryWithItsEffects) {
  context.effects = {
      {EffectKind::Print, text("x = {:.1f}", 1), {{"", ElementType::F32, {}}}, 1, "m.dl:3:1"}};
  context.checks = {
      {text("`x` is {}, it must be below 10", 1), {{"", ElementType::F32, {}}}, "m.dl:2:3"}};
  Tensor x = floats({16}, std::vector<float>(16, 1.5f));
  void *buffers[] = {x.data()};
  ASSERT_TRUE(context.run(entry, buffers).ok());
  EXPECT_EQ(numbers(x), std::vector<double>(16, 2.5));
  EXPECT_EQ(shown(), "x = 2.5\n");
  x.setNumber(0, 99);
  Status status = context.run(entry, buffers);
  EXPECT_EQ(status.message(), "m.dl:2:3: `x` is 100.0, it must be below 10");
  EXPECT_EQ(status.exitCode(), 3);
  x.setNumber(0, 0);
  EXPECT_TRUE(context.run(entry, buffers).ok()); // a failure does not stay
}

TEST_F(ContextTest, unknownSitesAndWorkspacesAreFailures) {
  Tensor x = floats({16}, std::vector<float>(16, 0));
  void *buffers[] = {x.data()};
  expectFailure(context.run(entry, buffers), {"effect 0, which is not described"});
  expectFailure(context.run(bigWorkspace, buffers), {"workspace of a thread", "out of memory"});
}

TEST_F(ContextTest, aFailedEffectNamesItsPlace) {
  context.effects = {{EffectKind::WritePng,
                      text("none/{}.png", 1),
                      {{"", ElementType::F32, {}}, {"", ElementType::F32, {4, 4}}},
                      1,
                      "m.dl:9:2"}};
  auto write = [](dlc_context *context, void *const *buffers) -> int32_t {
    return context->table->host_call(context, 0, buffers);
  };
  Tensor name = floats({}, {7}), image = floats({4, 4}, std::vector<float>(16, 0.5f));
  void *buffers[] = {name.data(), image.data()};
  expectFailure(context.run(write, buffers), {"m.dl:9:2", "cannot write `none/7.0.png`"});
}

/// Counts steps into the buffer, stops as it was told.
class Hooks : public StepHooks {
public:
  explicit Hooks(Tensor x) : buffers{x.data()}, x(x) {}
  int32_t begin(Context &context, int64_t step) override {
    if (step == failAt)
      return context.fail(DLC_DATA_FAILED, Status::run("no batch"));
    context.setBuffers(buffers);
    return 0;
  }
  int32_t end(Context &context, int64_t step) override {
    seen.push_back(step);
    return step == stopAt ? context.stop(DLC_STOP) : 0;
  }
  void *buffers[1];
  Tensor x;
  int64_t stopAt = 0, failAt = 0;
  std::vector<int64_t> seen;
};

int32_t count(dlc_context *, void *const *buffers) {
  ++*static_cast<float *>(buffers[0]);
  return 0;
}

/// As code generation makes it.
int32_t countSteps(dlc_context *context, int64_t first, int64_t steps) {
  for (int64_t step = first; step < first + steps; ++step) {
    if (int32_t stop = context->table->begin_step(context, step))
      return stop;
    if (int32_t stop = count(context, context->buffers))
      return stop;
    if (int32_t stop = context->table->end_step(context, step))
      return stop;
  }
  return 0;
}

TEST_F(ContextTest, runsStepsInBothLoops) {
  for (dlc_steps loop : {static_cast<dlc_steps>(nullptr), &countSteps}) {
    Hooks hooks(floats({1}, {0}));
    auto ended = context.runSteps(count, hooks, 5, 3, loop);
    ASSERT_TRUE(ended.ok());
    EXPECT_EQ(ended->lastStep, 7);
    EXPECT_EQ(ended->reason, 0);
    EXPECT_EQ(hooks.seen, (std::vector<int64_t>{5, 6, 7}));
    EXPECT_EQ(hooks.x.number(0), 3);
    hooks.stopAt = 9;
    ended = context.runSteps(count, hooks, 8, 100, loop);
    ASSERT_TRUE(ended.ok());
    EXPECT_EQ(ended->lastStep, 9);
    EXPECT_EQ(ended->reason, DLC_STOP);
    hooks.failAt = 11;
    expectFailure(context.runSteps(count, hooks, 10, 100, loop), {"step 11: no batch"});
    EXPECT_EQ(hooks.seen.back(), 10);
    EXPECT_EQ(context.runSteps(count, hooks, 20, 0, loop)->lastStep, 19);
  }
}

TEST(Effects, haveTheNamesOfTheLanguage) {
  EXPECT_EQ(effectOf("write_png"), EffectKind::WritePng);
  EXPECT_EQ(effectOf("print"), EffectKind::Print);
  EXPECT_FALSE(effectOf("write_gif"));
}

TEST(Effects, writeFiles) {
  Folder folder;
  Console console(stdout, false);
  Effect csv{
      EffectKind::WriteCsv,
      text(folder.at("t-{}.csv"), 1),
      {{"", ElementType::I64, {}}, {"a", ElementType::F32, {2}}, {"b", ElementType::I64, {2}}},
      1,
      ""};
  ASSERT_TRUE(
      perform(csv, {integers({}, {3}), floats({2}, {1, 2}), integers({2}, {3, 4})}, console).ok());
  EXPECT_EQ(contents(folder.at("t-3.csv")), "a,b\n1.0,3\n2.0,4\n");
  Effect npy{EffectKind::WriteNpy,
             text(folder.at("x.npy"), 0),
             {{"", ElementType::F32, {2}}},
             0,
             "m.dl:1:1"};
  ASSERT_TRUE(perform(npy, {floats({2}, {1, 2})}, console).ok());
  EXPECT_EQ(contents(folder.at("x.npy")).substr(1, 5), "NUMPY");
  expectFailure(perform(npy, std::vector<Tensor>{}, console), {"m.dl:1:1"});
}

} // namespace
} // namespace dlc::runtime
