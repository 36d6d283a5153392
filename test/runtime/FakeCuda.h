// A model of NVIDIA's driver, for tests of what talks to it on a machine without a card. Memory of the device is memory of the host; streams are queues that
// run when somebody waits for them, as late as the driver's contract allows; what the driver refuses is refused with its error. One thread at a time.
// It shares no numbers with the runtime: those that are wrong there do not work here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

namespace fake {

// CUresult
enum Error {
  kInvalidValue = 1,
  kOutOfMemory = 2,
  kNotInitialised = 3,
  kNoDevice = 100,
  kInvalidDevice = 101,
  kInvalidContext = 201,
  kInvalidPtx = 218,
  kUnsupportedPtx = 222,
  kInvalidHandle = 400,
  kIllegalState = 401,
  kNotFound = 500,
  kIllegalAddress = 700,
  kLaunchTimeout = 702,
  kLaunchFailed = 719,
  kCooperativeTooLarge = 720,
  kNotSupported = 801,
  kCaptureUnsupported = 900,
  kCaptureInvalidated = 901,
  kCaptureMerge = 902,
  kCaptureUnmatched = 903,
  kCaptureUnjoined = 904,
  kCaptureIsolation = 905,
  kCapturedEvent = 907,
};

/// What happens on the device when its turn comes; its value is an error of the driver, after which nothing else happens.
using Work = std::function<int()>;

struct Node;
struct Executable;

struct Graph {
  bool isBody = false; ///< belongs to a conditional node
  int captures = 0;    ///< that are open
  Executable *executable = nullptr;
  std::vector<std::unique_ptr<Node>> nodes;
};

struct Node {
  Graph *graph;
  std::vector<Node *> after;
  Work work;                        ///< empty for a conditional node, which has
  unsigned long long condition = 0; ///< a handle,
  int type = 0;                     ///< IF, WHILE
  std::vector<Graph *> bodies;      ///< and these
};

struct Condition {
  Graph *graph;
  void *context;
  unsigned initial;
  bool hasInitial, isUsed = false;
};

/// What an instantiation makes of a graph: a copy, which what happens to the graph later does not change.
struct Body {
  struct Step {
    Work work;
    std::vector<size_t> after;
    unsigned long long condition;
    int type;
    std::vector<Body> bodies;
  };
  std::vector<Step> steps;
};

struct Executable {
  bool hasConditions = false;
  Body body;
  std::map<unsigned long long, unsigned> values; ///< of the conditions
};

struct Stream;

struct Capture {
  unsigned long long id;
  Graph *graph;
  Stream *origin;
  int mode;
  bool isInvalid = false, hasEnded = false;
};

struct Stream {
  struct Item {
    Work work;
    Stream *other; ///< an item without work waits until this one has come so far
    long long until;
  };
  std::deque<Item> queue;
  long long done = 0, asked = 0;
  std::shared_ptr<Capture> capture;
  std::vector<Node *> last; ///< what the next node of the capture waits for
  std::vector<Node *> told; ///< the same, where a caller may see it until the next call about the stream
};

struct Event {
  Stream *stream = nullptr; ///< null: never recorded
  long long until = 0;
  std::shared_ptr<Capture> capture;
  std::vector<Node *> nodes;
};

/// Arguments are the words of 64 bits of each, one behind the other.
struct Launch {
  std::vector<uint64_t> arguments;
  size_t threads;
};

struct Kernel {
  const char *name;
  size_t arguments;
  int (*run)(const Launch &launch);
  size_t words = 1; ///< of 64 bits, that each of them has
};

/// Null where there is none of this name (FakeCudaKernels.cpp).
const Kernel *kernelOf(const std::string &name);

struct Module {
  std::vector<std::string> entries;
};

struct Function {
  Module *module;
  const Kernel *kernel;
};

/// The objects behind handles of one kind. One that was destroyed is no longer found, and its address is not used again.
template <typename T> class Objects {
public:
  T *make(T object = {}) {
    all.push_back(std::make_unique<T>(std::move(object)));
    alive.insert(all.back().get());
    return all.back().get();
  }
  T *find(const void *handle) const { return alive.count(handle) ? static_cast<T *>(const_cast<void *>(handle)) : nullptr; }
  void destroy(T *object) { alive.erase(object); }
  size_t size() const { return alive.size(); }
  void forget() { alive.clear(); }
  template <typename Fn> void each(Fn fn) const {
    for (auto &object : all)
      if (alive.count(object.get()))
        fn(*object);
  }

private:
  std::vector<std::unique_ptr<T>> all;
  std::unordered_set<const void *> alive;
};

struct State {
  bool isInitialised = false;
  int retained = 0; ///< the context of the card
  int fault = 0;    ///< of the card: all fails until the context is gone
  size_t used = 0;
  unsigned long long lastId = 0;
  Objects<Stream> streams;
  Objects<Event> events;
  Objects<Graph> graphs;
  Objects<Executable> executables;
  Objects<Module> modules;
  Objects<Function> functions;
  std::map<uintptr_t, size_t> memory;
  std::unordered_set<void *> hostMemory;
  std::map<unsigned long long, Condition> conditions;
  Executable *running = nullptr;
  std::string lastGraph; ///< that was instantiated: what it is made of
};

State &state();

/// The number behind NAME= in the environment's FAKE_CUDA.
double setting(const char *name, double otherwise);
/// The error with which each call begins: no cuInit, no context, or the card's fault.
int enter();
/// Whether all of it lies in one block of memory of the device.
bool isMemory(const void *memory, size_t bytes);
bool hasContext();
/// What a stream is asked for: its work, or a node of the graph that it captures.
int enqueue(void *stream, Work work);
/// Runs what the stream has been asked for, up to the given item.
void advance(Stream &stream, long long until);
void advanceAll();
/// The error of a call that an open capture in a mode other than relaxed forbids; the capture is invalid then.
int refusedByCapture();
int launch(Executable &executable);

} // namespace fake
