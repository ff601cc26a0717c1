// compiler/foreign/fields.cc - members of JSON objects, of the kind that they have to be of.
#include "compiler/foreign/fields.h"

#include <fmt/format.h>

#include <cstdlib>

namespace mountc {
namespace {

std::string_view name_of(Json::Kind kind) {
  constexpr std::string_view names[] = {"null",     "true or false", "a number",
                                        "a string", "an array",      "an object"};
  return names[static_cast<size_t>(kind)];
}

}  // namespace

void Fields::wrong(const Json& where, const std::string& why) {
  failed_ = true;
  const Span& span = where.span;
  diagnostics_.report<rule::oci_config>({span.file, span.begin, span.begin + 1}, why);
}

const Json* Fields::member(const Json& object, std::string_view key, Json::Kind kind) {
  const Json* const value = object.find(key);
  if (!value || value->kind == Json::Kind::null) return nullptr;
  if (value->kind == kind) return value;
  wrong(*value, fmt::format("`{}` is not {}", key, name_of(kind)));
  return nullptr;
}

std::string Fields::string(const Json& object, std::string_view key) {
  const Json* const value = member(object, key, Json::Kind::string);
  return value ? value->text : "";
}

uint32_t Fields::number(const Json& object, std::string_view key, uint32_t otherwise) {
  const Json* const value = member(object, key, Json::Kind::number);
  if (!value) return otherwise;
  return static_cast<uint32_t>(std::strtoul(value->text.c_str(), nullptr, 10));
}

const std::vector<Json>& Fields::elements(const Json& object, std::string_view key) {
  static const std::vector<Json> none;
  const Json* const array = member(object, key, Json::Kind::array);
  return array ? array->elements : none;
}

std::vector<std::string> Fields::strings(const Json& object, std::string_view key) {
  std::vector<std::string> all;
  for (const Json& one : elements(object, key)) {
    if (one.kind != Json::Kind::string) {
      wrong(one, fmt::format("`{}` has what is no string", key));
    }
    all.push_back(one.text);
  }
  return all;
}

}  // namespace mountc
