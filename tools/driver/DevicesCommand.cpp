// `dlc devices`: what there is on this machine behind each target.
#include "tools/driver/Commands.h"
#include "tools/driver/DeviceExecutor.h"
#include "tools/driver/Processor.h"

#include "codegen/cuda/Compile.h"
#include "runtime/CublasLt.h"
#include "runtime/CudaCards.h"
#include "runtime/Format.h"
#include "runtime/ThreadPool.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace dlc::driver {

using runtime::CudaDriver;
using runtime::Result;
using runtime::Status;

namespace {

struct CardFound {
  runtime::CudaCard known;
  size_t freeBytes = 0, allBytes = 0;
  std::string problem; ///< why it cannot be used; empty where it can
};

/// NVIDIA's side of the machine.
struct Cuda {
  std::string version; ///< of CUDA, that the driver is made for: "12.4"
  std::string library; ///< of products, its version; empty where it is not here
  std::string noLibrary; ///< and then why
  std::vector<CardFound> cards;
};

/// How much memory is free shows in a context of the card alone.
Status lookInto(const CudaDriver &driver, CardFound &card) {
  int needed = codegen::cuda::capabilityOf({});
  if (card.known.capability < needed)
    card.problem = fmt::format("it is too old: the kernels need {}.{} or later", needed / 10, needed % 10);
  DLC_ASSIGN(context, runtime::retainCard(driver, card.known));
  (void)context;
  int error = driver.MemGetInfo(&card.freeBytes, &card.allBytes);
  driver.DevicePrimaryCtxRelease(card.known.device);
  return runtime::checkDriver(driver, error, card.known.name);
}

Result<Cuda> findCuda() {
  DLC_ASSIGN(driver, CudaDriver::open(driverLibrary));
  DLC_ASSIGN(count, runtime::countCards(driver));
  Cuda cuda;
  int version = 0;
  DLC_TRY(runtime::checkDriver(driver, driver.DriverGetVersion(&version), "the version of the driver"));
  cuda.version = fmt::format("{}.{}", version / 1000, version % 1000 / 10);
  if (auto library = runtime::CublasLt::open())
    cuda.library = (*library)->version();
  else
    cuda.noLibrary = library.message();
  for (int number = 0; number < count; ++number) {
    DLC_ASSIGN(known, runtime::describeCard(driver, number));
    CardFound card{known, 0, 0, ""};
    if (Status status = lookInto(driver, card); !status && card.problem.empty())
      card.problem = status.message().starts_with(known.name) ? "it" + status.message().substr(known.name.size()) : status.message();
    cuda.cards.push_back(std::move(card));
  }
  return cuda;
}

/// The widest vectors that kernels are made for.
std::string instructionSet(const std::string &features) {
  for (auto [feature, name] : {std::pair("+avx512f", "AVX-512"), std::pair("+avx2", "AVX2"), std::pair("+avx", "AVX"), std::pair("+neon", "NEON")})
    if (("," + features + ",").find(fmt::format(",{},", feature)) != std::string::npos)
      return name;
  return "SSE2";
}

std::string textOf(const CardFound &card) {
  std::string text = fmt::format("{}, compute capability {}.{}, {} multiprocessors", card.known.name, card.known.capability / 10, card.known.capability % 10,
                                 card.known.multiprocessors);
  if (card.allBytes)
    text += fmt::format(", {} of {} free", runtime::formatBytes(card.freeBytes), runtime::formatBytes(card.allBytes));
  return card.problem.empty() ? text : text + "; " + card.problem;
}

void printText(const codegen::Processor &processor, int threads, const Result<Cuda> &cuda) {
  auto line = [](std::string_view target, const std::string &text) { fmt::print("{:<13}  {}\n", target, text); };
  line("cpu", fmt::format("{} with {}, {} thread{}", processor.name, instructionSet(featuresOf(processor)), threads, threads == 1 ? "" : "s"));
  if (cuda) {
    line("cuda", fmt::format("a driver for CUDA {}, {}", cuda->version, cuda->library.empty() ? cuda->noLibrary : "cuBLASLt " + cuda->library));
    for (size_t i = 0; i < cuda->cards.size(); ++i)
      line(fmt::format("  --device {}", i), textOf(cuda->cards[i]));
  } else {
    line("cuda", "not here: " + cuda.message());
  }
  line("cuda-emulator", "the kernels of cuda on the processor, slow, with checks");
  line("reference", "the evaluator that defines every operation, slower");
}

void printJson(const codegen::Processor &processor, int threads, const Result<Cuda> &cuda) {
  using Json = nlohmann::ordered_json;
  auto orNull = [](const std::string &text) { return text.empty() ? Json() : Json(text); };
  Json json;
  json["cpu"] = {{"processor", processor.name}, {"features", featuresOf(processor)}, {"threads", threads}};
  json["cuda"] = {{"missing", cuda ? Json() : Json(cuda.message())}};
  if (cuda) {
    json["cuda"]["version"] = cuda->version;
    json["cuda"]["cublaslt"] = orNull(cuda->library);
    json["cuda"]["cards"] = Json::array();
    for (size_t i = 0; i < cuda->cards.size(); ++i) {
      const CardFound &card = cuda->cards[i];
      json["cuda"]["cards"].push_back({{"device", i},
                                       {"name", card.known.name},
                                       {"capability", fmt::format("{}.{}", card.known.capability / 10, card.known.capability % 10)},
                                       {"multiprocessors", card.known.multiprocessors},
                                       {"memory_bytes", card.allBytes},
                                       {"free_bytes", card.freeBytes},
                                       {"problem", orNull(card.problem)}});
    }
  }
  fmt::print("{}\n", json.dump());
}

} // namespace

int devicesCommand(const Arguments &arguments) {
  codegen::Processor processor = codegen::hostProcessor();
  (arguments.json ? printJson : printText)(processor, runtime::availableCores(), findCuda());
  return 0;
}

} // namespace dlc::driver
