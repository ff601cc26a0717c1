// compiler/layout/variables.h - the values of `param` and `let`, worked out when first asked
// for, and those of the loops.
#pragma once

#include <map>
#include <string>
#include <unordered_map>

#include "compiler/diag/diagnostics.h"
#include "compiler/syntax/ast.h"
#include "compiler/syntax/value.h"

namespace mountc {

class LayoutVariables : public Variables {
 public:
  LayoutVariables(const Sources& sources, const std::map<std::string, std::string>& definitions,
                  Diagnostics& diagnostics)
      : sources_(sources), definitions_(definitions), diagnostics_(diagnostics) {}

  void declare(const std::vector<ast::Statement>& statements);
  // Is all that `value` is made of declared by now?
  bool is_known(const ast::Value& value) const;
  // Reports parameters without a value, definitions of no parameter and circles.
  void check();

  // In `reading` and whatever is read for it, `name` is `value`.
  void bind(uint32_t reading, const ast::Value& name, std::string value);
  // Where the name is declared already, as it is seen in `reading`.
  std::optional<Span> declared(std::string_view name, uint32_t reading) const;

  const std::string* find(std::string_view name, uint32_t reading) const override;
  std::vector<std::string_view> names(uint32_t reading) const override;

 private:
  struct Variable {
    ast::Param node;
    std::string value;
    enum class State : uint8_t { untouched, busy, known } state = State::untouched;
  };
  struct Binding {
    Span name;
    std::string value;
  };

  void report_no_parameter(const std::string& name);
  void evaluate(Variable& wanted) const;
  void work_out(Variable& variable) const;
  // The value that -D gives, or null.
  const std::string* given(const Variable& variable) const;
  // The variables that the value is made of.
  std::vector<Variable*> parts(const Variable& variable) const;
  const Binding* binding(std::string_view name, uint32_t reading) const;
  // Calls each(binding) for the loops around a reading, innermost first, until it is true.
  template <typename Each>
  void for_loops(uint32_t reading, Each each) const;

  const Sources& sources_;
  const std::map<std::string, std::string>& definitions_;
  Diagnostics& diagnostics_;
  mutable std::map<std::string, Variable, std::less<>> variables_;
  std::unordered_map<uint32_t, Binding> bindings_;  // by reading
};

}  // namespace mountc
