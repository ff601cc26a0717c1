// compiler/diag/policy.cc - which warnings are given, and which of them are errors: -W.
#include "compiler/diag/policy.h"

#include <algorithm>
#include <string>

namespace mountc {

namespace {

struct GroupRow {
  std::string_view group;
  std::string_view rule;
};
constexpr GroupRow group_rows[] = {
#define GROUP(name, rule) {#name, #rule},
#include "compiler/diag/groups.def"
};

// Both spellings of a rule's name: `writes_to_host` and `writes-to-host`.
bool is_called(std::string_view name, std::string_view flag) {
  return std::ranges::equal(name, flag,
                            [](char a, char b) { return a == b || (a == '_' && b == '-'); });
}

bool is_named(const RuleInfo& rule, std::string_view name) {
  if (rule.severity != Severity::warning) return false;
  if (name == "all" || is_called(rule.name, name)) return true;
  return std::ranges::any_of(group_rows, [&](const GroupRow& row) {
    return row.group == name && row.rule == rule.name;
  });
}

bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

}  // namespace

bool WarningPolicy::read(std::string_view flag) {
  if (flag == "error" || flag == "no-error") {
    all_are_errors_ = flag == "error";
    return true;
  }
  const bool no = take_prefix(flag, "no-");
  const bool error = take_prefix(flag, "error=");
  bool found = false;
  for (std::size_t i = 0; i < std::size(rules); ++i) {
    if (!is_named(rules[i], flag)) continue;
    found = true;
    if (error) verdicts_[i].is_error = !no;
    if (!error || !no) verdicts_[i].shown = !no;
  }
  return found;
}

std::string_view WarningPolicy::meant(std::string_view flag) {
  take_prefix(flag, "no-");
  take_prefix(flag, "error=");
  std::string name(flag);
  std::ranges::replace(name, '-', '_');
  std::vector<std::string_view> known = {"all"};
  for (const GroupRow& row : group_rows) known.push_back(row.group);
  for (const RuleInfo& rule : rules) {
    if (rule.severity == Severity::warning) known.push_back(rule.name);
  }
  return nearest(name, known);
}

void WarningPolicy::apply(Diagnostics& diagnostics) const {
  diagnostics.judge_warnings([this](const RuleInfo& rule) -> std::optional<Severity> {
    const auto row = std::ranges::find(rules, rule.id, &RuleInfo::id);
    const Verdict& verdict = verdicts_[static_cast<std::size_t>(row - std::begin(rules))];
    if (!verdict.shown) return std::nullopt;
    return verdict.is_error.value_or(all_are_errors_) ? Severity::error : Severity::warning;
  });
}

}  // namespace mountc
