// compiler/diag/origins.cc - which reading of a text a diagnostic is about.
#include <set>
#include <tuple>

#include "compiler/diag/diagnostics.h"

namespace mountc {

namespace {

void add_notes(Diagnostic& diagnostic, const Sources& sources) {
  uint32_t reading = diagnostic.span.file;
  while (const Origin* const origin = sources.origin(reading)) {
    if (!origin->is_include || !sources.is_first(reading)) {
      diagnostic.note(origin->place, "{}", origin->note);
    }
    reading = origin->place.file;
  }
}

}  // namespace

void Diagnostics::tell_origins(const Sources& sources) {
  if (sources.size() == 0) return;
  std::set<std::tuple<int, uint32_t, uint32_t, uint32_t, std::string>> told;
  std::erase_if(all_, [&](const Diagnostic& each) {
    return !told.emplace(each.rule->id, sources.text_of(each.span.file), each.span.begin,
                         each.span.end, each.message)
                .second;
  });
  for (Diagnostic& diagnostic : all_) add_notes(diagnostic, sources);
}

}  // namespace mountc
