// The model of the driver: captures, graphs, conditional nodes.
#include "FakeCuda.h"

#include <algorithm>
#include <cstring>
#include <utility>

using namespace fake;

namespace fake {

namespace {

enum { kIf = 0, kWhile = 1 };
constexpr long kMostPasses = 100000; // of a loop: then it has none that ends it

bool isIn(const Graph &graph, const Node *node) {
  return std::any_of(graph.nodes.begin(), graph.nodes.end(), [&](const auto &own) { return own.get() == node; });
}

/// `graph` itself, or in a conditional part of it.
bool isBelow(const Graph &graph, const Graph *wanted) {
  return &graph == wanted || std::any_of(graph.nodes.begin(), graph.nodes.end(), [&](const auto &node) {
    return std::any_of(node->bodies.begin(), node->bodies.end(), [&](const Graph *body) { return isBelow(*body, wanted); });
  });
}

bool isBefore(const Node *node, const Node *wanted) {
  return node == wanted || std::any_of(node->after.begin(), node->after.end(), [&](const Node *before) { return isBefore(before, wanted); });
}

Node *addNode(Graph &graph, std::vector<Node *> after, Work work) {
  graph.nodes.push_back(std::make_unique<Node>());
  Node *node = graph.nodes.back().get();
  node->graph = &graph;
  node->after = std::move(after);
  node->work = std::move(work);
  return node;
}

void destroyGraph(Graph &graph) {
  for (auto &node : graph.nodes)
    for (Graph *body : node->bodies)
      destroyGraph(*body);
  state().graphs.destroy(&graph);
}

/// False where a stream still captures into it.
bool copy(const Graph &graph, Body &made, Executable &executable) {
  if (graph.captures)
    return false;
  for (const auto &node : graph.nodes) {
    Body::Step step{node->work, {}, node->condition, node->type, {}};
    for (size_t i = 0; i < graph.nodes.size(); ++i)
      if (std::count(node->after.begin(), node->after.end(), graph.nodes[i].get()))
        step.after.push_back(i);
    for (const Graph *body : node->bodies)
      if (!copy(*body, step.bodies.emplace_back(), executable))
        return false;
    executable.hasConditions |= node->condition != 0;
    made.steps.push_back(std::move(step));
  }
  return true;
}

int run(const Body &body);

int runConditional(const Body::Step &step) {
  auto value = [&] { return state().running->values[step.condition]; };
  if (step.type == kIf)
    return value() ? run(step.bodies[0]) : step.bodies.size() > 1 ? run(step.bodies[1]) : 0;
  for (long pass = 0; value(); ++pass) {
    if (pass == kMostPasses)
      return kLaunchTimeout;
    if (int error = run(step.bodies[0]))
      return error;
  }
  return 0;
}

/// "2 WHILE(1 IF(3)) 1": so many nodes that are work, then a loop of such and a branch, …
std::string describe(const Body &body) {
  std::string text;
  size_t work = 0;
  auto add = [&](const std::string &part) { text += (text.empty() ? "" : " ") + part; };
  auto addWork = [&] {
    if (work)
      add(std::to_string(std::exchange(work, 0)));
  };
  for (const Body::Step &step : body.steps) {
    if (step.work) {
      ++work;
      continue;
    }
    addWork();
    for (const Body &inner : step.bodies)
      add((step.type == kIf ? "IF(" : "WHILE(") + describe(inner) + ")");
  }
  addWork();
  return text;
}

/// Of the steps that wait for nothing any more the last one goes first, so that one that should have waited for another does not.
int run(const Body &body) {
  std::vector<bool> isDone(body.steps.size());
  for (size_t count = 0; count < body.steps.size(); ++count) {
    size_t next = body.steps.size() - 1;
    auto waits = [&](size_t i) {
      return isDone[i] || !std::all_of(body.steps[i].after.begin(), body.steps[i].after.end(), [&](size_t before) { return isDone[before]; });
    };
    while (waits(next))
      --next;
    const Body::Step &step = body.steps[next];
    if (int error = step.work ? step.work() : runConditional(step))
      return error;
    isDone[next] = true;
  }
  return 0;
}

/// A call about a stream: what its last one told is no longer there to be looked at.
Stream *streamOf(void *handle) {
  Stream *stream = state().streams.find(handle);
  if (stream)
    std::fill(stream->told.begin(), stream->told.end(), nullptr);
  return stream;
}

int begin(Stream *stream, Graph *graph, std::vector<Node *> after, int mode) {
  stream->capture = std::make_shared<Capture>(Capture{++state().lastId, graph, stream, mode});
  stream->last = std::move(after);
  ++graph->captures;
  return 0;
}

} // namespace

int enqueue(void *handle, Work work) {
  Stream *stream = streamOf(handle);
  if (!stream)
    return kInvalidHandle;
  if (!stream->capture) {
    stream->queue.push_back({std::move(work), nullptr, 0});
    ++stream->asked;
    return 0;
  }
  if (stream->capture->isInvalid)
    return kCaptureInvalidated;
  stream->last = {addNode(*stream->capture->graph, stream->last, std::move(work))};
  return 0;
}

int refusedByCapture() {
  int error = 0;
  state().streams.each([&](Stream &stream) {
    if (stream.capture && stream.capture->mode != 2) { // CU_STREAM_CAPTURE_MODE_RELAXED
      stream.capture->isInvalid = true;
      error = kCaptureUnsupported;
    }
  });
  return error;
}

int launch(Executable &executable) {
  if (!state().executables.find(&executable))
    return kLaunchFailed;
  for (auto &[handle, value] : executable.values) // each begins with its default, once for the whole graph
    if (state().conditions[handle].hasInitial)
      value = state().conditions[handle].initial;
  state().running = &executable;
  int error = run(executable.body);
  state().running = nullptr;
  return error;
}

} // namespace fake

extern "C" {

/// What the graph is made of that was instantiated last (`describe`).
const char *fakeCudaGraph() { return state().lastGraph.c_str(); }

int cuEventRecord(void *event, void *handle) {
  if (int error = enter())
    return error;
  Event *recorded = state().events.find(event);
  Stream *stream = streamOf(handle);
  if (!recorded || !stream)
    return kInvalidHandle;
  if (stream->capture && stream->capture->isInvalid)
    return kCaptureInvalidated;
  *recorded = {stream, stream->asked, stream->capture, stream->last};
  return 0;
}

int cuStreamWaitEvent(void *handle, void *event, unsigned flags) {
  if (int error = enter())
    return error;
  Event *awaited = state().events.find(event);
  Stream *stream = streamOf(handle);
  if (!awaited || !stream)
    return kInvalidHandle;
  if (flags)
    return kInvalidValue;
  auto refuse = [&](int error) {
    if (stream->capture)
      stream->capture->isInvalid = true;
    return error;
  };
  if (!awaited->capture) {
    if (stream->capture)
      return refuse(kCaptureIsolation);
    if (awaited->stream) {
      stream->queue.push_back({{}, awaited->stream, awaited->until});
      ++stream->asked;
    }
    return 0;
  }
  if (awaited->capture->hasEnded)
    return refuse(kCapturedEvent);
  if (stream->capture && stream->capture != awaited->capture)
    return refuse(kCaptureMerge);
  if (!stream->capture)
    stream->last.clear();
  stream->capture = awaited->capture;
  stream->last.insert(stream->last.end(), awaited->nodes.begin(), awaited->nodes.end());
  return 0;
}

int cuStreamBeginCapture_v2(void *handle, int mode) {
  if (int error = enter())
    return error;
  Stream *stream = streamOf(handle);
  if (!stream)
    return kInvalidHandle;
  if (mode < 0 || mode > 2)
    return kInvalidValue;
  return stream->capture ? static_cast<int>(kIllegalState) : begin(stream, state().graphs.make(), {}, mode);
}

int cuStreamBeginCaptureToGraph(void *handle, void *into, void *const *after, const void *, size_t count, int mode) {
  if (int error = enter())
    return error;
  Stream *stream = streamOf(handle);
  Graph *graph = state().graphs.find(into);
  if (!stream || !graph)
    return kInvalidHandle;
  if (mode < 0 || mode > 2)
    return kInvalidValue;
  if (stream->capture)
    return kIllegalState;
  std::vector<Node *> nodes;
  for (size_t i = 0; i < count; ++i)
    nodes.push_back(static_cast<Node *>(after[i]));
  if (!std::all_of(nodes.begin(), nodes.end(), [&](Node *node) { return isIn(*graph, node); }))
    return kInvalidValue;
  return begin(stream, graph, std::move(nodes), mode);
}

int cuStreamEndCapture(void *handle, void **graph) {
  Stream *stream = streamOf(handle);
  if (!stream)
    return kInvalidHandle;
  std::shared_ptr<Capture> capture = stream->capture;
  if (!capture)
    return kIllegalState;
  *graph = nullptr;
  if (capture->origin != stream) {
    capture->isInvalid = true;
    return kCaptureUnmatched;
  }
  bool isUnjoined = false;
  state().streams.each([&](Stream &other) {
    if (other.capture != capture)
      return;
    for (Node *node : other.last)
      isUnjoined |= std::none_of(stream->last.begin(), stream->last.end(), [&](Node *last) { return isBefore(last, node); });
    other.capture.reset();
  });
  capture->hasEnded = true;
  --capture->graph->captures;
  if (!capture->isInvalid && !isUnjoined) {
    *graph = capture->graph;
    return enter();
  }
  if (!capture->graph->isBody)
    destroyGraph(*capture->graph);
  return capture->isInvalid ? kCaptureInvalidated : kCaptureUnjoined;
}

int cuStreamGetCaptureInfo_v2(void *handle, int *status, unsigned long long *id, void **graph, void *const **after, size_t *count) {
  if (int error = enter())
    return error;
  Stream *stream = streamOf(handle);
  if (!stream)
    return kInvalidHandle;
  *status = !stream->capture ? 0 : stream->capture->isInvalid ? 2 : 1;
  if (*status != 1)
    return 0;
  stream->told = stream->last;
  *id = stream->capture->id;
  *graph = stream->capture->graph;
  *after = reinterpret_cast<void *const *>(stream->told.data());
  *count = stream->told.size();
  return 0;
}

int cuStreamUpdateCaptureDependencies(void *handle, void **nodes, size_t count, unsigned flags) {
  if (int error = enter())
    return error;
  Stream *stream = streamOf(handle);
  if (!stream)
    return kInvalidHandle;
  if (!stream->capture)
    return kIllegalState;
  std::vector<Node *> last;
  if (flags == 0) // CU_STREAM_ADD_CAPTURE_DEPENDENCIES
    last = stream->last;
  else if (flags != 1)
    return kInvalidValue;
  for (size_t i = 0; i < count; ++i) {
    if (!isIn(*stream->capture->graph, static_cast<Node *>(nodes[i])))
      return kInvalidValue;
    last.push_back(static_cast<Node *>(nodes[i]));
  }
  stream->last = std::move(last);
  return 0;
}

int cuGraphConditionalHandleCreate(unsigned long long *handle, void *in, void *context, unsigned initial, unsigned flags) {
  if (int error = enter())
    return error;
  Graph *graph = state().graphs.find(in);
  if (!graph || !context || flags > 1)
    return kInvalidValue;
  if (setting("version", 12040) < 12030)
    return kNotSupported;
  *handle = ++state().lastId;
  state().conditions[*handle] = {graph, context, initial, flags == 1};
  return 0;
}

int cuGraphAddNode(void **made, void *in, void *const *after, size_t count, void *parameters) {
  struct Parameters { // CUgraphNodeParams with CUDA_CONDITIONAL_NODE_PARAMS
    int type, zero[3];
    unsigned long long handle;
    int conditionType;
    unsigned size;
    Graph **bodies;
    void *context;
    unsigned long long zeros[26];
  };
  static_assert(sizeof(Parameters) == 256);
  if (int error = enter())
    return error;
  Graph *graph = state().graphs.find(in);
  if (!graph)
    return kInvalidValue;
  auto &p = *static_cast<Parameters *>(parameters);
  bool isClean = std::all_of(p.zero, p.zero + 3, [](int one) { return one == 0; }) && std::all_of(p.zeros, p.zeros + 26, [](auto one) { return one == 0; });
  double version = setting("version", 12040);
  if (!isClean)
    return kInvalidValue;
  if (p.type != 13 || version < 12030 || (p.conditionType == kWhile && version < 12040)) // CU_GRAPH_NODE_TYPE_CONDITIONAL
    return kNotSupported;
  unsigned most = p.conditionType == kIf && version >= 12080 ? 2 : 1;
  auto condition = state().conditions.find(p.handle);
  if (p.conditionType < kIf || p.conditionType > kWhile || p.size < 1 || p.size > most || condition == state().conditions.end())
    return kInvalidValue;
  // A handle is for one node, of its graph or of a part of that, in its context.
  if (condition->second.isUsed || condition->second.context != p.context || !isBelow(*condition->second.graph, graph))
    return kInvalidValue;
  std::vector<Node *> before;
  for (size_t i = 0; i < count; ++i) {
    if (!isIn(*graph, static_cast<Node *>(after[i])))
      return kInvalidValue;
    before.push_back(static_cast<Node *>(after[i]));
  }
  condition->second.isUsed = true;
  Node *node = addNode(*graph, std::move(before), {});
  node->condition = p.handle;
  node->type = p.conditionType;
  for (unsigned i = 0; i < p.size; ++i) {
    node->bodies.push_back(state().graphs.make());
    node->bodies.back()->isBody = true;
  }
  p.bodies = node->bodies.data();
  *made = node;
  return 0;
}

int cuGraphInstantiateWithFlags(void **made, void *handle, unsigned long long flags) {
  if (int error = enter())
    return error;
  Graph *graph = state().graphs.find(handle);
  if (!graph || graph->isBody || flags)
    return kInvalidValue;
  Executable executable;
  if (!copy(*graph, executable.body, executable))
    return kInvalidValue;
  for (auto &[id, condition] : state().conditions)
    if (isBelow(*graph, condition.graph)) {
      if (!condition.isUsed)
        return kInvalidValue;
      executable.values[id] = 0;
    }
  state().lastGraph = describe(executable.body);
  // Of a graph with conditional nodes there may be one at a time.
  if (executable.hasConditions && graph->executable && state().executables.find(graph->executable))
    return kNotSupported;
  *made = graph->executable = state().executables.make(std::move(executable));
  return 0;
}

int cuGraphLaunch(void *handle, void *stream) {
  if (int error = enter())
    return error;
  Executable *executable = state().executables.find(handle);
  Stream *found = state().streams.find(stream);
  if (!executable || !found)
    return kInvalidHandle;
  if (found->capture) {
    found->capture->isInvalid = true;
    return kCaptureUnsupported;
  }
  return enqueue(stream, [executable] { return launch(*executable); });
}

int cuGraphDestroy(void *handle) {
  Graph *graph = state().graphs.find(handle);
  if (!graph || graph->isBody)
    return kInvalidValue;
  destroyGraph(*graph);
  return enter();
}

int cuGraphExecDestroy(void *handle) {
  Executable *executable = state().executables.find(handle);
  if (!executable)
    return kInvalidValue;
  advanceAll(); // one that runs is destroyed after that
  state().executables.destroy(executable);
  return enter();
}
}
