#include "runtime/Buffers.h"

#include "runtime/abi.h"

#include <fmt/format.h>

#include <utility>

namespace dlc::runtime {

Status Arena::reserve(int64_t bytes) {
  if (bytes <= this->bytes())
    return {};
  storage.reset(); // give back before asking for more
  auto larger = Storage::allocate(static_cast<size_t>(bytes));
  if (!larger)
    return std::move(larger.status()).within("the arena of the program");
  storage = *larger;
  return {};
}

Result<EntryBuffers> EntryBuffers::make(std::vector<Tensor> arguments, std::vector<Tensor> results,
                                        const Arena &arena, std::vector<Tensor> constants) {
  // A tensor without elements may have no memory; compiled code gets a place all the same and
  // touches nothing of it.
  alignas(DLC_ALIGNMENT) static std::byte nothing[DLC_ALIGNMENT];
  EntryBuffers buffers;
  buffers.arguments = arguments.size();
  auto add = [&](std::vector<Tensor> &group, const char *what) -> Status {
    for (size_t i = 0; i < group.size(); ++i) {
      void *data = group[i].data() ? group[i].data() : nothing;
      if (reinterpret_cast<uintptr_t>(data) % DLC_ALIGNMENT != 0)
        return Status::run(fmt::format("{} {} (`{}`) does not begin at a multiple of {} bytes",
                                       what, i, typeText(group[i].type(), group[i].shape()),
                                       DLC_ALIGNMENT));
      buffers.pointers.push_back(data);
      buffers.tensors.push_back(std::move(group[i]));
    }
    return {};
  };
  DLC_TRY(add(arguments, "argument"));
  DLC_TRY(add(results, "result"));
  buffers.pointers.push_back(arena.data());
  DLC_TRY(add(constants, "constant"));
  return buffers;
}

} // namespace dlc::runtime
