// A manifest as JSON, for the cache. Each structure lists its fields once; the same list writes and reads.
#include "tools/driver/Manifest.h"

#include <nlohmann/json.hpp>

namespace dlc::driver {
namespace {

using Json = nlohmann::json;

/// Raised by every change of a field.
constexpr int version = 1;

template <typename T> void to(Json &json, const T &value);
template <typename T> bool from(const Json &json, T &value);

/// Calls `visit(name, member)` for each field of a structure.
template <typename V> void fields(TypeInfo &t, V visit) {
  visit("element", t.element), visit("shape", t.shape), visit("open", t.open);
}
template <typename V> void fields(Argument &a, V visit) { visit("role", a.role), visit("name", a.name), visit("type", a.type); }
template <typename V> void fields(Outcome &o, V visit) {
  visit("role", o.role), visit("name", o.name), visit("part", o.part), visit("loss", o.loss), visit("stored", o.stored),
      visit("location", o.location), visit("type", o.type);
}
template <typename V> void fields(Function &f, V visit) {
  visit("name", f.name), visit("arguments", f.arguments), visit("results", f.results), visit("symbols", f.symbols),
      visit("arena", f.arena), visit("exported", f.exported);
}
template <typename V> void fields(Site &s, V visit) {
  visit("effect", s.effect), visit("settings", s.settings), visit("operands", s.operands), visit("location", s.location);
}
template <typename V> void fields(DataDecl &d, V visit) {
  visit("name", d.name), visit("columns", d.columns), visit("types", d.types), visit("kind", d.kind), visit("of", d.of),
      visit("take", d.take), visit("files", d.files), visit("function", d.function), visit("parts", d.parts), visit("part", d.part),
      visit("shuffle", d.shuffle), visit("site", d.site);
}
template <typename V> void fields(TrainDecl &t, V visit) {
  visit("name", t.name), visit("init", t.init), visit("step", t.step), visit("tail", t.tail), visit("table", t.table), visit("epoch_hook", t.epochHook),
      visit("end_hook", t.endHook), visit("batch", t.batch), visit("rows", t.rows), visit("epochs", t.epochs), visit("steps", t.steps),
      visit("shuffle", t.shuffle), visit("drop", t.dropRemainder), visit("precision", t.precision);
}
template <typename V> void fields(TestDecl &t, V visit) {
  visit("name", t.name), visit("body", t.body), visit("tail", t.tail), visit("metrics", t.metrics), visit("table", t.table),
      visit("batch", t.batch), visit("rows", t.rows);
}
template <typename V> void fields(LoadDecl &l, V visit) { visit("file", l.file), visit("names", l.names), visit("under", l.under), visit("except", l.except),
      visit("location", l.location); }
template <typename V> void fields(SequenceValue &s, V visit) { visit("step", s.step), visit("result", s.result); }
template <typename V> void fields(SequenceStep &s, V visit) {
  visit("callee", s.callee), visit("test", s.test), visit("operands", s.operands);
}
template <typename V> void fields(Sequence &s, V visit) { visit("name", s.name), visit("steps", s.steps); }
template <typename V> void fields(Block &b, V visit) { visit("kind", b.kind), visit("index", b.index); }
template <typename V> void fields(Manifest &m, V visit) {
  visit("functions", m.functions), visit("sites", m.sites), visit("data", m.data), visit("trains", m.trains),
      visit("tests", m.tests), visit("loads", m.loads), visit("sequences", m.sequences), visit("blocks", m.blocks),
      visit("seed", m.seed), visit("kernels", m.kernels);
}

template <typename T> struct IsVector : std::false_type {};
template <typename T> struct IsVector<std::vector<T>> : std::true_type {};
template <typename T> struct IsMap : std::false_type {};
template <typename T> struct IsMap<std::map<std::string, T>> : std::true_type {};
template <typename T> struct IsOptional : std::false_type {};
template <typename T> struct IsOptional<std::optional<T>> : std::true_type {};
template <typename T> struct IsPair : std::false_type {};
template <typename A, typename B> struct IsPair<std::pair<A, B>> : std::true_type {};

template <typename T> void to(Json &json, const T &value) {
  if constexpr (std::is_enum_v<T>) {
    json = static_cast<int>(value);
  } else if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, std::string>) {
    json = value;
  } else if constexpr (IsOptional<T>::value) {
    json = nullptr;
    if (value)
      to(json, *value);
  } else if constexpr (IsPair<T>::value) {
    json = Json::array({nullptr, nullptr});
    to(json[0], value.first), to(json[1], value.second);
  } else if constexpr (IsVector<T>::value) {
    json = Json::array();
    for (const auto &element : value)
      to(json.emplace_back(), element);
  } else if constexpr (IsMap<T>::value) {
    json = Json::object();
    for (const auto &[key, element] : value)
      to(json[key], element);
  } else {
    json = Json::object();
    fields(const_cast<T &>(value), [&](const char *name, auto &member) { to(json[name], member); });
  }
}

template <typename T> bool from(const Json &json, T &value) {
  if constexpr (std::is_enum_v<T>) {
    if (!json.is_number_integer())
      return false;
    value = static_cast<T>(json.get<int>());
  } else if constexpr (std::is_same_v<T, bool>) {
    if (!json.is_boolean())
      return false;
    value = json.get<bool>();
  } else if constexpr (std::is_arithmetic_v<T>) {
    if (!json.is_number())
      return false;
    value = json.get<T>();
  } else if constexpr (std::is_same_v<T, std::string>) {
    if (!json.is_string())
      return false;
    value = json.get<std::string>();
  } else if constexpr (IsOptional<T>::value) {
    value.reset();
    return json.is_null() || from(json, value.emplace());
  } else if constexpr (IsPair<T>::value) {
    return json.is_array() && json.size() == 2 && from(json[0], value.first) && from(json[1], value.second);
  } else if constexpr (IsVector<T>::value) {
    if (!json.is_array())
      return false;
    value.clear();
    for (const Json &element : json)
      if (!from(element, value.emplace_back()))
        return false;
  } else if constexpr (IsMap<T>::value) {
    if (!json.is_object())
      return false;
    for (const auto &[key, element] : json.items())
      if (!from(element, value[key]))
        return false;
  } else {
    if (!json.is_object())
      return false;
    bool good = true;
    fields(value, [&](const char *name, auto &member) {
      auto it = json.find(name);
      good = good && it != json.end() && from(*it, member);
    });
    return good;
  }
  return true;
}

} // namespace

std::string toJson(const Manifest &manifest) {
  Json json;
  to(json, manifest);
  json["version"] = version;
  return json.dump();
}

std::optional<Manifest> fromJson(const std::string &text) {
  Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded() || json.value("version", 0) != version)
    return std::nullopt;
  Manifest manifest;
  if (!from(json, manifest))
    return std::nullopt;
  return manifest;
}

} // namespace dlc::driver
