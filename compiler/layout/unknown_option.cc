// compiler/layout/unknown_option.cc - what is said of an option in parentheses that is none.
#include "compiler/layout/resolver.h"
#include "compiler/layout/words.h"

namespace mountc {
namespace {

std::string habit(std::string_view owner, std::string_view option) {
  const std::string_view row = find_flag(owner) ? "flag" : owner;
#define HABIT(owner_, option_, meant) \
  if (row == (owner_) && option == (option_)) return meant;
#include "compiler/layout/option_habits.def"
  const bool makes = owner == "mkdir" || owner == "touch";
  if (makes && option.find_first_not_of("01234567") == std::string_view::npos)
    return fmt::format("write `{} {}`", owner, option);
  if (owner == "bind" && find_flag(option))
    return fmt::format("attributes stand after the path: `bind PATH {}`", option);
  return "";
}

}  // namespace

void report_unknown_option(Resolver& r, Span span, std::string_view owner,
                           std::string_view option) {
  Diagnostic& diagnostic = r.diagnostics.report<rule::unknown_option>(span, owner, option);
  if (const std::string meant = habit(owner, option); !meant.empty())
    diagnostic.hint("{}", meant);
}

}  // namespace mountc
