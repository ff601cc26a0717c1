// compiler/diag/origins.cc - which reading of a text a diagnostic is about.
#include <set>
#include <tuple>

#include "compiler/diag/diagnostics.h"

namespace mountc {

namespace {

// Is the file of this reading included from other places, too?
bool is_included_elsewhere(const Sources& sources, uint32_t reading) {
  const Span place = sources.origin(reading)->place;
  for (uint32_t other = 0; other < sources.size(); ++other) {
    if (sources.text_of(other) != sources.text_of(reading)) continue;
    const Origin* const origin = sources.origin(other);
    if (!origin) return true;
    if (!origin->is_include) continue;
    if (origin->place.begin != place.begin ||
        sources.text_of(origin->place.file) != sources.text_of(place.file)) {
      return true;
    }
  }
  return false;
}

void add_notes(Diagnostic& diagnostic, const Sources& sources) {
  uint32_t reading = diagnostic.span.file;
  while (const Origin* const origin = sources.origin(reading)) {
    if (!origin->is_include || is_included_elsewhere(sources, reading)) {
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
    const bool again = !told.emplace(each.rule->id, sources.text_of(each.span.file),
                                     each.span.begin, each.span.end, each.message)
                            .second;
    if (again) --count_of(each.severity);
    return again;
  });
  for (Diagnostic& diagnostic : all_) add_notes(diagnostic, sources);
}

}  // namespace mountc
