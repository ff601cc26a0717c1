// compiler/tool/check.cc - `mountc check`: everything but writing the plan; and the safe edits.
#include <fmt/format.h>

#include <string>
#include <vector>

#include "compiler/tool/commands.h"
#include "compiler/tool/output.h"
#include "compiler/tool/pipeline.h"
#include "compiler/tool/target.h"

namespace mountc::tool {
namespace {

// An edit can uncover what stands behind it; an edit that needs another each time is a bug.
constexpr int rounds_max = 16;

Exit write_fixes(const std::vector<Fixed>& fixes) {
  for (const Fixed& fixed : fixes) {
    const Exit written = write_text(fixed.text, fixed.path);
    if (written != Exit::done) return written;
    std::string done;
    for (const std::string& line : fixed.edits) done += line + "\n";
    if (const Exit told = write_text(done, "-"); told != Exit::done) return told;
  }
  return Exit::done;
}

}  // namespace

Exit check_command(const Arguments& arguments) {
  std::string error;
  const auto reporting = Reporting::parse(arguments, error);
  if (!reporting) return usage_error(error, "check");
  const std::string kernel = arguments.value_or(Option::target_kernel, "any");
  const auto strategies = strategies_for(kernel);
  if (!strategies) return usage_error(fmt::format(unknown_kernel, kernel), "check");
  const bool fix = arguments.has(Option::fix);
  if (fix && arguments.input() == "-") return usage_error("`--fix` needs a file", "check");

  for (int round = 0;; ++round) {
    Sources sources;
    const auto file = sources.read(arguments.input());
    if (!file) return cannot_read(arguments.input());
    std::vector<Fixed> fixes;
    const Request request{.definitions = arguments.definitions(),
                          .reporting = *reporting,
                          .fixes = fix && round < rounds_max ? &fixes : nullptr,
                          .strategies = *strategies};
    const Exit exit = compile(sources, *file, request).exit;
    if (fixes.empty()) return exit;
    if (const Exit written = write_fixes(fixes); written != Exit::done) return written;
  }
}

}  // namespace mountc::tool
