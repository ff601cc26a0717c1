// compiler/diag/diagnostics.cc - collects what is wrong with a layout.
#include "compiler/diag/diagnostics.h"

#include <algorithm>
#include <utility>

namespace mountc {

Diagnostic& Diagnostics::add(Diagnostic diagnostic) {
  ++count_of(diagnostic.severity);
  if (all_.size() < kept_max) return all_.emplace_back(std::move(diagnostic));
  return unkept_ = std::move(diagnostic);
}

void Diagnostics::judge_warnings(
    const std::function<std::optional<Severity>(const RuleInfo&)>& judge) {
  std::erase_if(all_, [&](Diagnostic& each) {
    if (each.rule->severity != Severity::warning) return false;
    const auto severity = judge(*each.rule);
    --count_of(each.severity);
    if (!severity) return true;
    each.severity = *severity;
    ++count_of(each.severity);
    return false;
  });
}

std::vector<const Diagnostic*> by_place(const Diagnostics& diagnostics,
                                        const Sources& sources) {
  std::vector<const Diagnostic*> sorted;
  for (const Diagnostic& diagnostic : diagnostics.all()) sorted.push_back(&diagnostic);
  std::ranges::stable_sort(sorted, [&](const Diagnostic* a, const Diagnostic* b) {
    const uint32_t first = sources.text_of(a->span.file);
    const uint32_t second = sources.text_of(b->span.file);
    return first != second ? first < second : a->span.begin < b->span.begin;
  });
  return sorted;
}

}  // namespace mountc
