// compiler/layout/variables.cc - the values of `param` and `let`.
#include "compiler/layout/variables.h"

namespace mountc {

void LayoutVariables::declare(const std::vector<ast::Statement>& statements) {
  for (const ast::Statement& statement : statements) {
    const auto* param = std::get_if<ast::Param>(&statement.node);
    if (!param) continue;
    std::string name(sources_.text(param->name.span));
    auto [place, fresh] = variables_.try_emplace(name, Variable{param, "", {}});
    if (fresh) continue;
    diagnostics_.report<rule::declared_twice>(param->name.span, "variable", name)
        .note(place->second.node->name.span, "`{}` is declared first here", name);
  }
}

void LayoutVariables::check() {
  for (auto& [name, variable] : variables_) evaluate(name, variable);
  for (const auto& [name, value] : definitions_) {
    const auto found = variables_.find(name);
    if (found == variables_.end()) {
      Diagnostic& diagnostic = diagnostics_.report<rule::undeclared>(Span{}, "parameter", name);
      const std::string_view meant = nearest(name, names());
      if (meant.empty()) {
        diagnostic.hint("-D gives the value of a `param`; the layout has none of this name");
      } else {
        diagnostic.hint("did you mean -D {}=...?", meant);
      }
    } else if (found->second.node->is_let) {
      diagnostics_.report<rule::misplaced>(found->second.node->name.span, "-D " + name,
                                           "names a `let`, which is constant");
    }
  }
}

const std::string* LayoutVariables::find(std::string_view name) const {
  const auto found = variables_.find(name);
  if (found == variables_.end()) return nullptr;
  evaluate(found->first, found->second);
  return &found->second.value;
}

std::vector<std::string_view> LayoutVariables::names() const {
  std::vector<std::string_view> names;
  for (const auto& [name, variable] : variables_) names.push_back(name);
  return names;
}

void LayoutVariables::evaluate(const std::string& name, Variable& variable) const {
  using State = Variable::State;
  if (variable.state == State::known) return;
  if (variable.state == State::busy) {
    diagnostics_.report<rule::variable_cycle>(variable.node->name.span, name);
    variable.state = State::known;
    return;
  }
  variable.state = State::busy;
  const auto given = definitions_.find(name);
  if (given != definitions_.end() && !variable.node->is_let) {
    variable.value = given->second;
  } else if (variable.node->value) {
    variable.value =
        decode(sources_, *variable.node->value, *this, diagnostics_).value_or("");
  } else {
    diagnostics_.report<rule::parameter_missing>(variable.node->name.span, name)
        .hint("give it: -D {}=VALUE", name);
  }
  variable.state = State::known;
}

}  // namespace mountc
