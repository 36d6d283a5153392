#include "test/frontend/unit/Support.h"

namespace dlc::frontend::test {

llvm::ArrayRef<llvm::StringRef> libraryNames() {
  static const llvm::StringRef names[] = {
      "Attention", "BatchNorm", "Conv1d", "Conv2d", "ConvTranspose2d", "Embedding", "FeedForward",
      "GroupNorm", "Gru", "KvCache", "LayerNorm", "Linear", "Lstm", "RmsNorm", "Rnn",
      "Standardize", "abs", "accuracy", "adagrad", "adam", "adamw", "all", "along", "any",
      "argmax", "argmin", "argsort", "atan2", "attention", "average_precision", "avg_pool", "bce",
      "bernoulli", "bpe", "broadcast", "bytes", "categorical", "categories", "ceil",
      "center_crop", "characters", "checkpoint", "cholesky", "chunks", "clamp", "clip_norm",
      "clip_value", "concat", "confusion", "convolution", "copy", "cos", "cosine",
      "cross_entropy", "csv", "ctc", "cumprod", "cumsum", "debug", "div", "dropout", "einsum",
      "elu", "enumerate", "erf", "exp", "expm1", "exponential", "eye", "f1", "filter", "flatten",
      "floor", "frames", "full", "gelu", "gelu_tanh", "glorot_uniform", "grad", "gradient", "grid",
      "he_normal", "huber", "idx", "images", "inertia", "inf", "iota", "is_finite", "is_nan",
      "jsonl", "jvp", "kl_divergence", "leaky_relu", "leaves", "len", "lerp", "linear",
      "linspace", "lion", "log", "log1p", "log_det", "log_softmax", "logsumexp", "mae", "map",
      "map_leaves", "max", "max_pool", "maximum", "mean", "min", "minimum", "mse", "nonzero",
      "norm", "normal", "npy", "npz", "one_hot", "ones", "ones_like", "orthogonal", "pad",
      "params", "permutation", "perplexity", "pi", "pick", "pow", "precision", "print", "prod",
      "quantile", "random_crop", "random_flip", "random_int", "rank", "read_image", "rearrange",
      "recall", "relu", "relu6", "repeat", "reshape", "resize", "reverse", "rfft", "rmsprop",
      "roc_auc", "rotary", "round", "rsqrt", "safetensors", "sample", "search_sorted",
      "segment_mean", "segment_sum", "select", "sgd", "shape", "shift", "sigmoid", "sign", "silu",
      "sin", "sinusoids", "softmax", "softplus", "solve", "sort", "split", "sqrt", "square",
      "squared_distance", "stack", "stop_gradient", "straight_through", "streams", "sum",
      "take_along", "tan", "tanh", "text", "top_k", "transpose", "tsv", "uniform", "unstack",
      "variance", "vmap", "vocabulary", "wav", "where", "windows", "word_vectors", "wordpiece",
      "write_csv", "write_npy", "write_png", "zeros", "zeros_like", "zip",
  };
  return names;
}

static std::unique_ptr<SourceLoader> makeLoader(llvm::StringRef text, const std::map<std::string, std::string> &others) {
  auto loader = std::make_unique<MemoryLoader>();
  loader->add("program.dl", text);
  for (const auto &[path, content] : others)
    loader->add(path, content);
  return loader;
}

Checked::Checked(llvm::StringRef text, std::map<std::string, std::string> others)
    : sources(makeLoader(text, others)), library(libraryNames(), {}, {}), program(sources, library, diagnostics) {
  program.load("program.dl");
}

std::string Checked::rendered() const {
  std::string out;
  llvm::raw_string_ostream stream(out);
  diagnostics.render(stream);
  return out;
}

std::string Checked::ast() const {
  std::string out;
  llvm::raw_string_ostream stream(out);
  printAst(file().tree(), sources, stream);
  return out;
}

std::vector<std::string> Checked::ids() const {
  std::vector<std::string> result;
  for (const Diagnostic *diagnostic : diagnostics.sorted()) {
    LineColumn at;
    if (diagnostic->range.isValid())
      at = sources.begin(diagnostic->range);
    result.push_back(fmt::format("{} {}:{}", diagnostic->info->id, at.line, at.column));
  }
  return result;
}

} // namespace dlc::frontend::test
