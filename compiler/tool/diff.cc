// compiler/tool/diff.cc - `mountc diff`, `mountc verify`: in what two sets of mounts differ.
#include <fmt/format.h>

#include <string_view>

#include "compiler/tool/commands.h"
#include "compiler/tool/differences.h"
#include "compiler/tool/output.h"

namespace mountc::tool {
namespace {

// Status 1 says that the two differ, so every error is 2.
Exit diff(const std::string& a, const std::string& b, const Arguments& arguments) {
  Captured first, second;
  for (const auto& [name, side] : {std::pair(&a, &first), std::pair(&b, &second)}) {
    if (add_side(*name, arguments.definitions(), *side) != Exit::done) return Exit::usage;
  }
  return report_differences(first, second, arguments);
}

bool is_known_format(const Arguments& arguments) {
  const char* const format = arguments.value(Option::format);
  return !format || std::string_view(format) == "text" || std::string_view(format) == "json";
}

}  // namespace

Exit diff_command(const Arguments& arguments) {
  if (!is_known_format(arguments)) return usage_error("unknown format", "diff");
  return diff(arguments.operands()[0], arguments.operands()[1], arguments);
}

Exit verify_command(const Arguments& arguments) {
  if (!is_known_format(arguments)) return usage_error("unknown format", "verify");
  const char* const pid = arguments.value(Option::pid);
  return diff(arguments.input(), fmt::format("pid:{}", pid ? pid : "self"), arguments);
}

}  // namespace mountc::tool
