// compiler/tool/reporting.cc - how diagnostics are written, as the command line wants it.
#include "compiler/tool/reporting.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "compiler/diag/machine.h"
#include "compiler/diag/text.h"

namespace mountc::tool {
namespace {

// https://no-color.org: a variable NO_COLOR that is not empty asks for none.
bool terminal_has_colours() {
  const char* const none = std::getenv("NO_COLOR");
  if (none && *none) return false;
  const char* const terminal = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) && terminal && std::string_view(terminal) != "dumb";
}

bool wants_colours(Reporting::Colours colours) {
  if (colours == Reporting::Colours::automatic) return terminal_has_colours();
  return colours == Reporting::Colours::always;
}

std::optional<Reporting::Shape> shape_called(std::string_view name) {
  if (name == "text") return Reporting::Shape::text;
  if (name == "json") return Reporting::Shape::json;
  if (name == "sarif") return Reporting::Shape::sarif;
  return std::nullopt;
}

std::optional<Reporting::Colours> colours_called(std::string_view name) {
  if (name == "auto") return Reporting::Colours::automatic;
  if (name == "always") return Reporting::Colours::always;
  if (name == "never") return Reporting::Colours::never;
  return std::nullopt;
}

std::string rendered(const Diagnostics& diagnostics, const Sources& sources,
                     const Reporting& reporting) {
  switch (reporting.shape) {
    case Reporting::Shape::json: return render_json(diagnostics, sources);
    case Reporting::Shape::sarif: return render_sarif(diagnostics, sources, MOUNTC_VERSION);
    case Reporting::Shape::text: break;
  }
  return render_text(diagnostics, sources, wants_colours(reporting.colours));
}

}  // namespace

std::optional<Reporting> Reporting::parse(const Arguments& arguments, std::string& error) {
  Reporting reporting;
  if (const char* const name = arguments.value(Option::diagnostics)) {
    const auto shape = shape_called(name);
    if (!shape) error = fmt::format("unknown form `{}` of diagnostics", name);
    reporting.shape = shape.value_or(Shape::text);
  }
  if (const char* const name = arguments.value(Option::color)) {
    const auto colours = colours_called(name);
    if (!colours) error = fmt::format("`--color={}` is none of auto, always and never", name);
    reporting.colours = colours.value_or(Colours::automatic);
  }
  for (const char* const flag : arguments.values(Option::warning)) {
    if (reporting.warnings.read(flag)) continue;
    error = fmt::format("no warning is called `{}`", flag);
    const std::string_view meant = WarningPolicy::meant(flag);
    if (!meant.empty()) error += fmt::format(" (`{}`?)", meant);
  }
  if (!error.empty()) return std::nullopt;
  return reporting;
}

void print(const Diagnostics& diagnostics, const Sources& sources, const Reporting& reporting) {
  const std::string text = rendered(diagnostics, sources, reporting);
  std::fwrite(text.data(), 1, text.size(), stderr);
}

}  // namespace mountc::tool
