#include "tools/driver/Manifest.h"

#include <fmt/format.h>

namespace dlc::driver {

int64_t TypeInfo::elements() const {
  int64_t count = 1;
  for (int64_t size : shape)
    count *= size;
  return count;
}

std::string TypeInfo::text() const {
  std::string out(runtime::nameOf(element));
  if (shape.empty())
    return out;
  out += "[";
  size_t next = 0;
  for (size_t i = 0; i < shape.size(); ++i)
    out += (i ? ", " : "") + (shape[i] < 0 && next < open.size() ? open[next++] : fmt::format("{}", shape[i]));
  return out + "]";
}

const Function *Manifest::find(const std::string &name) const {
  auto it = functions.find(name);
  return it == functions.end() ? nullptr : &it->second;
}

const TestDecl *Manifest::test(const std::string &name) const {
  for (const TestDecl &test : tests)
    if (test.name == name)
      return &test;
  return nullptr;
}

} // namespace dlc::driver
