// compiler/syntax/value.h - what a word or string of the source means, as bytes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/diag/diagnostics.h"
#include "compiler/syntax/ast.h"

namespace mountc {

// Finds the value of a ${name} in a reading of a text; nullptr: not declared.
class Variables {
 public:
  virtual ~Variables() = default;
  virtual const std::string* find(std::string_view name, uint32_t reading) const = 0;
  // All that are known there, for "did you mean".
  virtual std::vector<std::string_view> names(uint32_t) const { return {}; }
};

// Variables made of variables grow fast; no path or option comes near.
inline constexpr std::size_t value_bytes_max = 16384;

// The value's bytes: quotes and escapes taken away, every ${name} replaced (not parsed again).
// nullopt: a bad escape or an undeclared name, reported.
std::optional<std::string> decode(const Sources& sources, const ast::Value& value,
                                  const Variables& variables, Diagnostics& diagnostics);

// The variables that a value names, well-formed or not.
std::vector<std::string_view> names_in(std::string_view text);

// The bytes that end a word and are no blanks.
constexpr bool is_punctuation(char byte) {
  switch (byte) {
    case '"':
    case ';':
    case '{':
    case '}':
    case '(':
    case ')':
    case '[':
    case ']':
    case ',': return true;
    default: return false;
  }
}

// Can `text` be the name of a group, filesystem, namespace or variable?
bool is_name(std::string_view text);

// `text` as it would be written in a layout: bare when it can be a word, else quoted, escaped.
std::string quote(std::string_view text);

}  // namespace mountc
