// compiler/foreign/json.h - a JSON text (RFC 8259) as values that know their place in it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/diag/diagnostics.h"

namespace mountc {

struct Json {
  enum class Kind : uint8_t { null, boolean, number, string, array, object };

  Kind kind = Kind::null;
  Span span;
  std::string text;            // of a string its bytes; of a number or `true` as it is written
  std::vector<Json> elements;  // of an array; of an object, the values of its members
  std::vector<std::string> keys;  // of an object, one for each element

  // The member `key` of an object; nullptr: there is none. Of several, the last.
  const Json* find(std::string_view key) const;
};

// nullopt: the text is no JSON, which is reported.
std::optional<Json> parse_json(const Sources& sources, uint32_t file, Diagnostics& diagnostics);

}  // namespace mountc
