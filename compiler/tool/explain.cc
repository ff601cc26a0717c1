// compiler/tool/explain.cc - `mountc explain`: what a diagnostic means, with an example.
#include "compiler/explain/explain.h"

#include <fmt/format.h>

#include "compiler/tool/commands.h"
#include "compiler/tool/output.h"

namespace mountc::tool {

Exit explain_command(const Arguments& arguments) {
  if (arguments.operands().empty()) return write_text(explain_all(), "-");
  std::string text;
  for (const std::string& name : arguments.operands()) {
    const Explanation* const found = find_explanation(name);
    if (!found) return usage_error(fmt::format("no diagnostic `{}`", name), "explain");
    text += (text.empty() ? "" : "\n") + explain(*found);
  }
  return write_text(text, "-");
}

}  // namespace mountc::tool
