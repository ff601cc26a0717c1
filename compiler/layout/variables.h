// compiler/layout/variables.h - the values of `param` and `let`, worked out when first asked for.
#pragma once

#include <map>
#include <string>

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
  // Reports parameters without a value, definitions of no parameter and circles.
  void check();

  const std::string* find(std::string_view name) const override;
  std::vector<std::string_view> names() const override;

 private:
  struct Variable {
    const ast::Param* node;
    std::string value;
    enum class State : uint8_t { untouched, busy, known } state = State::untouched;
  };

  void evaluate(const std::string& name, Variable& variable) const;

  const Sources& sources_;
  const std::map<std::string, std::string>& definitions_;
  Diagnostics& diagnostics_;
  mutable std::map<std::string, Variable, std::less<>> variables_;
};

}  // namespace mountc
