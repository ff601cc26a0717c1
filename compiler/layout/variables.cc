// compiler/layout/variables.cc - the values of `param`, `let` and loops.
#include "compiler/layout/variables.h"

#include <set>

namespace mountc {

void LayoutVariables::declare(const std::vector<ast::Statement>& statements) {
  for (const ast::Statement& statement : statements) {
    const auto* param = std::get_if<ast::Param>(&statement.node);
    if (!param) continue;
    std::string name(sources_.text(param->name.span));
    auto [place, fresh] = variables_.try_emplace(name, Variable{*param, "", {}});
    if (fresh) continue;
    diagnostics_.report<rule::declared_twice>(param->name.span, "variable", name)
        .note(place->second.node.name.span, "`{}` is declared first here", name);
  }
}

void LayoutVariables::check() {
  for (auto& [name, variable] : variables_) evaluate(variable);
  for (const auto& [name, value] : definitions_) {
    const auto found = variables_.find(name);
    if (found == variables_.end()) {
      report_no_parameter(name);
    } else if (found->second.node.is_let) {
      diagnostics_.report<rule::misplaced>(found->second.node.name.span, "-D " + name,
                                           "names a `let`, which is constant");
    }
  }
}

void LayoutVariables::report_no_parameter(const std::string& name) {
  Diagnostic& diagnostic = diagnostics_.report<rule::undeclared>(Span{}, "parameter", name);
  const std::string_view meant = nearest(name, names(0));
  if (!meant.empty()) {
    diagnostic.hint("did you mean -D {}=...?", meant);
    return;
  }
  std::string all;
  for (const auto& [each, variable] : variables_) {
    if (variable.node.is_let) continue;
    all += fmt::format("{}`{}`", all.empty() ? "" : ", ", each);
  }
  diagnostic.hint("-D gives the value of a `param`; the layout has {}",
                  all.empty() ? "none" : all);
}

bool LayoutVariables::is_known(const ast::Value& value) const {
  std::vector<std::string_view> pending = names_in(sources_.text(value.span));
  std::set<std::string_view> seen;
  while (!pending.empty()) {
    const std::string_view name = pending.back();
    pending.pop_back();
    const auto found = variables_.find(name);
    if (found == variables_.end()) return false;
    if (!seen.insert(found->first).second || !found->second.node.value) continue;
    if (!found->second.node.is_let && definitions_.contains(found->first)) continue;
    const auto more = names_in(sources_.text(found->second.node.value->span));
    pending.insert(pending.end(), more.begin(), more.end());
  }
  return true;
}

void LayoutVariables::bind(uint32_t reading, const ast::Value& name, std::string value) {
  bindings_[reading] = {name.span, std::move(value)};
}

template <typename Each>
void LayoutVariables::for_loops(uint32_t reading, Each each) const {
  if (bindings_.empty()) return;
  for (;;) {
    const auto found = bindings_.find(reading);
    if (found != bindings_.end() && each(found->second)) return;
    const Origin* const origin = sources_.origin(reading);
    if (!origin) return;
    reading = origin->place.file;
  }
}

const LayoutVariables::Binding* LayoutVariables::binding(std::string_view name,
                                                         uint32_t reading) const {
  const Binding* found = nullptr;
  for_loops(reading, [&](const Binding& each) {
    if (sources_.text(each.name) == name) found = &each;
    return found != nullptr;
  });
  return found;
}

std::optional<Span> LayoutVariables::declared(std::string_view name, uint32_t reading) const {
  if (const Binding* loop = binding(name, reading)) return loop->name;
  const auto found = variables_.find(name);
  if (found == variables_.end()) return std::nullopt;
  return found->second.node.name.span;
}

const std::string* LayoutVariables::find(std::string_view name, uint32_t reading) const {
  if (const Binding* loop = binding(name, reading)) return &loop->value;
  const auto found = variables_.find(name);
  if (found == variables_.end()) return nullptr;
  if (found->second.state != Variable::State::busy) evaluate(found->second);
  return &found->second.value;
}

std::vector<std::string_view> LayoutVariables::names(uint32_t reading) const {
  std::vector<std::string_view> names;
  for (const auto& [name, variable] : variables_) names.push_back(name);
  for_loops(reading, [&](const Binding& each) {
    names.push_back(sources_.text(each.name));
    return false;
  });
  return names;
}

// What the value is made of comes first, on a stack of its own: a chain may be longer than the
// program's.
void LayoutVariables::evaluate(Variable& wanted) const {
  using State = Variable::State;
  std::vector<Variable*> pending = {&wanted};
  while (!pending.empty()) {
    Variable& variable = *pending.back();
    if (variable.state == State::untouched) {
      variable.state = State::busy;
      for (Variable* part : parts(variable)) {
        if (part->state == State::untouched) {
          pending.push_back(part);
        } else if (part->state == State::busy) {
          diagnostics_.report<rule::variable_cycle>(part->node.name.span,
                                                    sources_.text(part->node.name.span));
          part->state = State::known;
        }
      }
      continue;
    }
    if (variable.state == State::busy) work_out(variable);
    variable.state = State::known;
    pending.pop_back();
  }
}

const std::string* LayoutVariables::given(const Variable& variable) const {
  const auto found = definitions_.find(std::string(sources_.text(variable.node.name.span)));
  return found == definitions_.end() || variable.node.is_let ? nullptr : &found->second;
}

std::vector<LayoutVariables::Variable*> LayoutVariables::parts(const Variable& variable) const {
  std::vector<Variable*> all;
  if (!variable.node.value || given(variable)) return all;
  for (std::string_view name : names_in(sources_.text(variable.node.value->span))) {
    const auto found = variables_.find(name);
    if (found != variables_.end()) all.push_back(&found->second);
  }
  return all;
}

void LayoutVariables::work_out(Variable& variable) const {
  if (const std::string* const value = given(variable)) {
    variable.value = *value;
  } else if (variable.node.value) {
    variable.value = decode(sources_, *variable.node.value, *this, diagnostics_).value_or("");
  } else {
    const std::string_view name = sources_.text(variable.node.name.span);
    diagnostics_.report<rule::parameter_missing>(variable.node.name.span, name)
        .hint("give it: -D {}=VALUE", name);
  }
}

}  // namespace mountc
