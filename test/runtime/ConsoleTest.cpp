#include "runtime/Activity.h"
#include "runtime/Console.h"
#include "runtime/Log.h"

#include "test/runtime/Files.h"

#include <cmath>
#include <thread>

namespace dlc::runtime {
namespace {

/// A console that writes into a file, with a clock that the test turns.
class Screen {
public:
  explicit Screen(bool terminal) : stream(fopen(folder.at("out").c_str(), "w")) {
    console = std::make_unique<Console>(stream, terminal);
  }
  ~Screen() {
    console.reset();
    fclose(stream);
  }
  std::string shown() {
    fflush(stream);
    return contents(folder.at("out"));
  }
  auto clock() {
    return [this] { return now; };
  }

  Folder folder;
  FILE *stream;
  std::unique_ptr<Console> console;
  Progress::Clock::time_point now{};
};

TEST(Console, linesOnly) {
  Screen screen(false);
  screen.console->status("never seen");
  screen.console->line("one");
  screen.console->line("two");
  EXPECT_EQ(screen.shown(), "one\ntwo\n");
}

TEST(Console, theStatusStaysBelowTheLines) {
  setenv("NO_COLOR", "1", 1);
  Screen screen(true);
  unsetenv("NO_COLOR");
  EXPECT_FALSE(screen.console->hasColours());
  screen.console->status("50 %");
  screen.console->line("epoch 1");
  screen.console->status("");
  EXPECT_EQ(screen.shown(), "50 %\r\x1b[Kepoch 1\n50 %\r\x1b[K");
}

TEST(Console, theStatusIsCutToTheWidth) {
  setenv("NO_COLOR", "1", 1);
  Screen screen(true);
  unsetenv("NO_COLOR");
  std::string text;
  for (int i = 0; i < 200; ++i)
    text += "é";
  screen.console->status(text);
  EXPECT_EQ(screen.shown(), text.substr(0, 2 * 79));
}

TEST(Console, theStatusIsCutBetweenWords) {
  setenv("NO_COLOR", "1", 1);
  Screen screen(true);
  unsetenv("NO_COLOR");
  std::string text(70, 'x');
  screen.console->status(text + "  accuracy 0.9876");
  EXPECT_EQ(screen.shown(), text);
}

TEST(Progress, ofManyEpochsFewHaveLines) {
  Screen screen(false);
  Progress progress(*screen.console, false, screen.clock());
  progress.begin({.name = "train", .steps = 2000, .stepsPerEpoch = 1});
  for (int64_t step = 1; step <= 1234; ++step) {
    screen.now += std::chrono::milliseconds(step == 777 ? 9600 : 1); // a slow one has its line
    progress.step(step, step, 1, [] { return NamedNumbers{}; });
    progress.epoch(step, {{"loss", 1}});
  }
  progress.end();
  std::string shown = screen.shown();
  for (const char *number : {"1/", "50/", "777/", "1,200/", "1,234/"})
    EXPECT_NE(shown.find(std::string("train epoch ") + number + "2,000  loss 1"), std::string::npos)
        << number << shown;
  EXPECT_EQ(std::count(shown.begin(), shown.end(), '\n'), 1 + 24 + 1 + 1) << shown;
}

TEST(Progress, aNarrowTerminalShowsLess) {
  setenv("NO_COLOR", "1", 1);
  Screen screen(true); // 80 columns
  unsetenv("NO_COLOR");
  Progress progress(*screen.console, false, screen.clock());
  progress.begin({.name = "train", .steps = 100'000, .stepsPerEpoch = 1000});
  screen.now += std::chrono::seconds(1);
  progress.step(5000, 5, 8, [] {
    return NamedNumbers{{"loss", 2}, {"first_accuracy", 0.5}, {"second_accuracy", 0.25}};
  });
  EXPECT_EQ(screen.shown(), "train ╸        epoch 5/100  step 5,000/100,000  loss 2  8 examples/s  19 s left");
}

TEST(Progress, plainLinesComeAtLeastEveryTenSeconds) {
  Screen screen(false);
  Progress progress(*screen.console, false, screen.clock());
  progress.begin({.name = "train", .steps = 100, .stepsPerEpoch = 50});
  auto began = screen.now;
  for (int64_t step = 1; step <= 100; ++step) {
    screen.now += std::chrono::seconds(1);
    progress.step(step, (step - 1) / 50 + 1, 32, [] {
      return NamedNumbers{{"loss", 0.123456}, {"accuracy", 1}};
    });
    if (step % 50 == 0)
      progress.epoch(step / 50, {{"loss", 0.5}});
  }
  progress.end();
  std::string shown = screen.shown();
  EXPECT_NE(shown.find("train epoch 1/2  step 10/100  loss 0.1235  accuracy 1  32 examples/s  1 "
                       "min 30 s left\n"),
            std::string::npos)
      << shown;
  EXPECT_NE(shown.find("train epoch 2/2  loss 0.5  50 s  32 examples/s\n"), std::string::npos)
      << shown;
  EXPECT_EQ(std::count(shown.begin(), shown.end(), '\n'), 10) << shown; // 4 + 1 in each epoch
  EXPECT_EQ(shown.find('\x1b'), std::string::npos);
  EXPECT_EQ(screen.now - began, std::chrono::seconds(100));
}

TEST(Progress, fastStepsAreShownInTime) {
  Screen screen(false);
  Progress progress(*screen.console, false, screen.clock());
  progress.begin({.name = "train", .steps = 100'000'000, .stepsPerEpoch = 100'000'000});
  int64_t asked = 0;
  for (int64_t step = 1; step <= 25'000'000; ++step) {
    screen.now += std::chrono::microseconds(1);
    progress.step(step, 1, 1, [&] {
      ++asked;
      return NamedNumbers{};
    });
  }
  EXPECT_EQ(asked, 2); // after 10 and 20 seconds
  EXPECT_NE(screen.shown().find("1,000,000 examples/s"), std::string::npos);
}

TEST(Progress, aTerminalShowsABar) {
  Screen screen(true);
  Progress progress(*screen.console, false, screen.clock());
  progress.begin({.name = "train", .steps = 10, .stepsPerEpoch = 10});
  for (int64_t step = 1; step <= 5; ++step) {
    screen.now += std::chrono::milliseconds(200);
    progress.step(step, 1, 8, [] { return NamedNumbers{{"loss", 2}}; });
  }
  progress.end();
  std::string shown = screen.shown();
  EXPECT_NE(shown.find("━━━━━━━━━━╸"), std::string::npos) << shown;
  EXPECT_NE(shown.find("step 5/10  loss 2  40 examples/s  1 s left"), std::string::npos) << shown;
  EXPECT_TRUE(shown.ends_with("\r\x1b[K"));
}

TEST(Progress, slowStepsAreShownBeforeTenSecondsPass) {
  Screen screen(false);
  Progress progress(*screen.console, false, screen.clock());
  progress.begin({.name = "train", .steps = 100, .stepsPerEpoch = 100});
  for (int64_t step = 1; step <= 4; ++step) {
    screen.now += std::chrono::seconds(6);
    progress.step(step, 1, 8, [] { return NamedNumbers{}; });
  }
  std::string shown = screen.shown();
  EXPECT_EQ(std::count(shown.begin(), shown.end(), '\n'), 4) << shown;
}

TEST(Progress, countsStepsWhereThereAreNoExamples) {
  Screen screen(false);
  Progress progress(*screen.console, false, screen.clock());
  progress.begin({.name = "train", .steps = 100, .stepsPerEpoch = 100, .unit = "steps"});
  screen.now += std::chrono::seconds(10);
  progress.step(50, 1, 1, [] { return NamedNumbers{}; });
  EXPECT_NE(screen.shown().find("0.1 steps/s"), std::string::npos) << screen.shown();
}

TEST(Progress, saysHowFarABlockCameThatWasCut) {
  for (bool terminal : {false, true}) {
    Screen screen(terminal);
    Progress progress(*screen.console, false, screen.clock());
    progress.begin({.name = "train", .steps = 100, .stepsPerEpoch = 100});
    screen.now += std::chrono::seconds(1);
    progress.step(3, 1, 8, [] { return NamedNumbers{{"loss", 2}}; });
    progress.cut(3, 1, {{"loss", 2}});
    std::string shown = screen.shown();
    EXPECT_TRUE(shown.ends_with("train step 3/100  loss 2  8 examples/s\n")) << shown;
  }
}

TEST(Progress, quietShowsNothing) {
  Screen screen(false);
  Progress progress(*screen.console, true, screen.clock());
  progress.begin({.name = "train", .steps = 10, .stepsPerEpoch = 10});
  screen.now += std::chrono::seconds(60);
  progress.step(1, 1, 8, [] { return NamedNumbers{}; });
  progress.epoch(1, {});
  progress.cut(1, 1, {});
  progress.end();
  EXPECT_EQ(screen.shown(), "");
}

TEST(Progress, aResumedRunCountsItsOwnSteps) {
  Screen screen(false);
  Progress progress(*screen.console, false, screen.clock());
  progress.begin({.name = "train", .steps = 100, .stepsPerEpoch = 100, .firstStep = 81});
  screen.now += std::chrono::seconds(10);
  progress.step(90, 1, 10, [] { return NamedNumbers{}; });
  EXPECT_NE(screen.shown().find("10 s left"), std::string::npos) << screen.shown();
}

TEST(Progress, countsTheTimeToTheStepAtWhichTheRunEnds) {
  Screen screen(false);
  Progress progress(*screen.console, false, screen.clock());
  progress.begin({.name = "train", .steps = 100'000, .stepsPerEpoch = 100, .end = 30});
  screen.now += std::chrono::seconds(10);
  progress.step(10, 1, 10, [] { return NamedNumbers{}; });
  EXPECT_NE(screen.shown().find("step 10/30  1 examples/s  20 s left"), std::string::npos) << screen.shown();
}

TEST(Progress, aLongStepIsToldWhileItRuns) {
  Screen screen(false);
  Progress progress(*screen.console, false, screen.clock());
  progress.begin({.name = "train", .steps = 1875, .stepsPerEpoch = 625});
  progress.stepBegins(1);
  for (int second = 1; second <= 25; ++second) {
    screen.now += std::chrono::seconds(1);
    progress.lookAtStep();
  }
  progress.stepEnds();
  screen.now += std::chrono::seconds(60);
  progress.lookAtStep(); // no step runs
  EXPECT_EQ(screen.shown(), "train epoch 1/3  step 1/1,875  10 s\ntrain epoch 1/3  step 1/1,875  20 s\n");
}

TEST(Progress, ofShortStepsNoneIsTold) {
  Screen screen(false);
  Progress progress(*screen.console, false, screen.clock());
  progress.begin({.name = "train", .steps = 100, .stepsPerEpoch = 100});
  for (int64_t step = 1; step <= 30; ++step) {
    progress.stepBegins(step);
    screen.now += std::chrono::milliseconds(500);
    progress.lookAtStep();
    progress.stepEnds();
    progress.step(step, 1, 1, [] { return NamedNumbers{}; });
  }
  EXPECT_EQ(screen.shown(), "train step 19/100  2 examples/s  40.5 s left\n");
}

TEST(Progress, onATerminalALongStepStandsInTheBar) {
  setenv("NO_COLOR", "1", 1);
  Screen screen(true); // 80 columns
  unsetenv("NO_COLOR");
  Progress progress(*screen.console, false, screen.clock());
  progress.begin({.name = "train", .steps = 4, .stepsPerEpoch = 4});
  for (int64_t step : {1, 2}) {
    progress.stepBegins(step);
    screen.now += std::chrono::seconds(1);
    progress.lookAtStep();
    screen.now += std::chrono::seconds(1);
    progress.lookAtStep();
    progress.stepEnds();
    progress.step(step, 1, 8, [] { return NamedNumbers{{"loss", 2}}; });
  }
  std::string shown = screen.shown();
  EXPECT_NE(shown.find("╸                    step 1/4  2 s"), std::string::npos) << shown;
  EXPECT_NE(shown.find("━━━━━╸               step 2/4  1 s  loss 2  4 examples/s  6 s left"), std::string::npos) << shown;
}

TEST(Progress, aLineIsNotRepeatedWhereTheRunIsCut) {
  Screen screen(false);
  Progress progress(*screen.console, false, screen.clock());
  progress.begin({.name = "train", .steps = 100, .stepsPerEpoch = 100, .end = 2});
  for (int64_t step : {1, 2}) {
    screen.now += std::chrono::seconds(20);
    progress.step(step, 1, 20, [] { return NamedNumbers{}; });
  }
  progress.cut(2, 1, {});
  EXPECT_EQ(screen.shown(), "train step 1/2  1 examples/s  20 s left\ntrain step 2/2  1 examples/s\n");
}

/// Waits until the file holds the text; false after a minute.
bool comesToHold(Screen &screen, const std::string &text) {
  for (int i = 0; i < 6000; ++i, std::this_thread::sleep_for(std::chrono::milliseconds(10)))
    if (contents(screen.folder.at("out")).find(text) != std::string::npos)
      return true;
  return false;
}

TEST(Activity, tellsWhatTakesLong) {
  Screen screen(false);
  {
    Activity activity(screen.console.get(), std::chrono::milliseconds(1));
    activity.begin("making data `x`");
    EXPECT_TRUE(comesToHold(screen, "making data `x`  0 s\n"));
    activity.begin("");
  }
  EXPECT_EQ(screen.shown().find("\x1b"), std::string::npos);
}

TEST(Activity, aTerminalHasAStatusLineThatGoesAway) {
  setenv("NO_COLOR", "1", 1);
  Screen screen(true);
  unsetenv("NO_COLOR");
  {
    Activity activity(screen.console.get(), std::chrono::milliseconds(50));
    activity.begin("making data `x`");
    activity.reached(1'500, 60'000);
    EXPECT_TRUE(comesToHold(screen, "making data `x`  row 1,500/60,000  0 s"));
    screen.console->line("a line of the program");
    activity.begin("compiling", /*isLine=*/true);
    EXPECT_TRUE(comesToHold(screen, "compiling  0 s\n"));
  }
  std::string shown = screen.shown();
  EXPECT_NE(shown.find("\r\x1b[Ka line of the program\nmaking data"), std::string::npos) << shown;
  EXPECT_NE(shown.find("0 s\r\x1b[Kcompiling"), std::string::npos) << shown;
}

TEST(Activity, saysNothingOfWhatIsShort) {
  Screen screen(false);
  {
    Activity activity(screen.console.get(), std::chrono::hours(1)), mute(nullptr);
    for (const char *what : {"one", "two", ""}) {
      activity.begin(what);
      activity.reached(1, 2);
      mute.begin(what);
      mute.reached(1, 2);
    }
  }
  EXPECT_EQ(screen.shown(), "");
}

TEST(Log, writesOneObjectALine) {
  Folder folder;
  {
    auto log = Log::open(folder.at("l"));
    ASSERT_TRUE(log.ok());
    log->compile(0.5, 1000, 7);
    log->step(1, 0.25, {{"accuracy", 0.5}}, 0.001);
    log->step(2, std::nullopt, {{"bad", NAN}}, 0.001);
    log->epoch(1, 0.125, {{"loss", 0.125}});
    log->test("test", {{"name \"x\"", 1}});
    log->done(2);
  }
  EXPECT_EQ(contents(folder.at("l")),
            R"({"event":"compile","seconds":0.5,"peak_bytes":1000,"kernels":7}
{"event":"step","step":1,"loss":0.25,"reports":{"accuracy":0.5},"seconds":0.001}
{"event":"step","step":2,"reports":{"bad":null},"seconds":0.001}
{"event":"epoch","epoch":1,"loss":0.125,"metrics":{"loss":0.125}}
{"event":"test","name":"test","metrics":{"name \"x\"":1.0}}
{"event":"done","seconds":2.0}
)");
}

TEST(Log, appendsOrReplaces) {
  Folder folder;
  folder.put("l", "{}\n");
  Log::open(folder.at("l"), true)->done(1);
  EXPECT_EQ(contents(folder.at("l")), "{}\n{\"event\":\"done\",\"seconds\":1.0}\n");
  Log::open(folder.at("l"))->done(1);
  EXPECT_EQ(contents(folder.at("l")), "{\"event\":\"done\",\"seconds\":1.0}\n");
  expectFailure(Log::open(folder.at("none/l")), {"cannot write", "none/l"});
  auto full = Log::open("/dev/full");
  full->done(1);
  expectFailure(full->flush(), {"/dev/full"});
  Log none;
  none.done(1);
  EXPECT_TRUE(none.flush().ok());
}

} // namespace
} // namespace dlc::runtime
