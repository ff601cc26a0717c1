// compiler/syntax/value.h - what a word or string of the source means, as bytes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/diag/diagnostics.h"
#include "compiler/syntax/ast.h"

namespace mountc {

// Finds the value of a ${name}; nullptr: not declared.
class Variables {
 public:
  virtual ~Variables() = default;
  virtual const std::string* find(std::string_view name) const = 0;
  // All that are declared, for "did you mean".
  virtual std::vector<std::string_view> names() const { return {}; }
};

// The value's bytes: quotes and escapes taken away, every ${name} replaced (not parsed again).
// nullopt: a bad escape or an undeclared name, reported.
std::optional<std::string> decode(const Sources& sources, const ast::Value& value,
                                  const Variables& variables, Diagnostics& diagnostics);

// `text` as it would be written in a layout: bare when it can be a word, else quoted, escaped.
std::string quote(std::string_view text);

}  // namespace mountc
