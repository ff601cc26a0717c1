// compiler/tool/main.cc - mountc: finds the command and runs it.
#include <fmt/format.h>

#include <exception>

#include "compiler/tool/commands.h"
#include "compiler/tool/option_rules.h"
#include "compiler/tool/output.h"
#include "runtime/plan.h"

namespace mountc::tool {
namespace {

Exit dispatch(char** argv) {
  const std::string_view name = argv[0] ? argv[0] : "";
  if (name == "--help" || name == "-h") return write_text(general_help(), "-");
  if (name == "--version") {
    return write_text(
        fmt::format("mountc {}, plan format {}\n", MOUNTC_VERSION, plan::format_version), "-");
  }
  const CommandInfo* const command = find_command(name);
  if (!command) {
    if (name.empty()) return usage_error("no command", "");
    return usage_error(fmt::format("unknown command `{}`", name), "");
  }
  const std::string_view first = argv[1] ? argv[1] : "";
  if (first == "--help" || first == "-h") {
    return write_text(command_help(*command), "-");
  }
  std::string error;
  const auto arguments = Arguments::parse(*command, argv + 1, error);
  if (arguments) error = contradiction(*arguments);
  if (!error.empty()) return usage_error(error, name);
  return command->run(*arguments);
}

}  // namespace
}  // namespace mountc::tool

int main(int argc, char** argv) {
  using namespace mountc::tool;
  try {
    return static_cast<int>(dispatch(argc > 0 ? argv + 1 : argv));
  } catch (const std::exception& exception) {
    print_error(fmt::format("a bug in mountc: {}", exception.what()));
    return static_cast<int>(Exit::bug);
  }
}
