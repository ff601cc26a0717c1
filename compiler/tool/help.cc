// compiler/tool/help.cc - `mountc help`: the tables of commands, options and statuses as text.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "compiler/tool/commands.h"
#include "compiler/tool/output.h"

namespace mountc::tool {
namespace {

// A list of options that may hold none.
template <typename... Options>
std::vector<Option> list(Options... options) {
  return {options...};
}

const OptionInfo& info(Option option) { return options[static_cast<size_t>(option)]; }

constexpr size_t columns_max = 80;

// "usage: mountc NAME OPERAND [OPTION]...", further lines indented below the operand.
std::string usage(const CommandInfo& command) {
  std::string line = fmt::format("usage: mountc {}", command.name);
  const size_t indent = line.size();
  std::string text;
  const auto add = [&](const std::string& word) {
    if (line.size() + 1 + word.size() > columns_max) {
      text += line + "\n";
      line.assign(indent, ' ');
    }
    line += " " + word;
  };
  if (!command.operand.empty()) add(std::string(command.operand));
  for (const Option option : command.options) add("[" + info(option).spelling() + "]");
  return text + line + "\n";
}

}  // namespace

const std::vector<CommandInfo>& commands() {
  using enum Option;
  static const std::vector<CommandInfo> table = {
#define COMMAND(name, operand, needed, summary, ...) \
  {#name, operand, needed, summary, list(__VA_ARGS__), name##_command},
#include "compiler/tool/commands.def"
  };
  return table;
}

const CommandInfo* find_command(std::string_view name) {
  const auto found = std::ranges::find(commands(), name, &CommandInfo::name);
  return found == commands().end() ? nullptr : &*found;
}

std::string general_help() {
  std::string text = "usage: mountc COMMAND ...\n\ncommands:\n";
  const auto out = std::back_inserter(text);
  for (const CommandInfo& command : commands()) {
    fmt::format_to(out, "  {:<21} {}\n", fmt::format("{} {}", command.name, command.operand),
                   command.summary);
  }
  text +=
      "\noptions:\n  --help                print this\n"
      "  --version             print the version\n\n"
      "`-` is standard input. Exit statuses:\n";
#define EXIT(status, name, meaning) fmt::format_to(out, "  {:>3}  {}\n", status, meaning);
#include "runtime/exits.def"
  return text;
}

std::string command_help(const CommandInfo& command) {
  std::string text = usage(command);
  const auto out = std::back_inserter(text);
  fmt::format_to(out, "\n{}\n", command.summary);
  if (!command.options.empty()) text += '\n';
  size_t width = 14;
  for (const Option option : command.options) {
    width = std::max(width, info(option).spelling().size());
  }
  for (const Option option : command.options) {
    fmt::format_to(out, "  {:<{}} {}\n", info(option).spelling(), width, info(option).help);
  }
  return text;
}

Exit help_command(const Arguments& arguments) {
  if (arguments.operands().empty()) return write_text(general_help(), "-");
  const CommandInfo* const command = find_command(arguments.input());
  if (!command) {
    return usage_error(fmt::format("unknown command `{}`", arguments.input()), "help");
  }
  return write_text(command_help(*command), "-");
}

}  // namespace mountc::tool
