// compiler/tool/explain.cc - `mountc explain`: what a diagnostic means, or what a plan does.
#include "compiler/explain/explain.h"

#include <fmt/format.h>
#include <unistd.h>

#include "compiler/tool/commands.h"
#include "compiler/tool/explain_plan.h"
#include "compiler/tool/option_rules.h"
#include "compiler/tool/output.h"

namespace mountc::tool {

Exit explain_command(const Arguments& arguments) {
  // An operand that names no diagnostic is a file.
  if (arguments.operands().size() == 1 && !find_explanation(arguments.input())) {
    if (access(arguments.input().c_str(), F_OK) == 0 || arguments.input() == "-") {
      return explain_plan(arguments);
    }
  }
  if (has_unused(Input::diagnostics, arguments)) return Exit::usage;
  if (arguments.operands().empty()) return write_text(explain_all(), "-");
  std::string text;
  for (const std::string& name : arguments.operands()) {
    const Explanation* const found = find_explanation(name);
    if (!found && name.find_first_of("./") != std::string::npos) return cannot_read(name);
    if (!found)
      return usage_error(fmt::format("no diagnostic `{}`", name), "explain");
    text += (text.empty() ? "" : "\n") + explain(*found);
  }
  return write_text(text, "-");
}

}  // namespace mountc::tool
