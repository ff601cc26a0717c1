// compiler/tool/commands.h - the table of commands; each is defined in a file of its own.
#pragma once

#include <string_view>
#include <vector>

#include "compiler/tool/options.h"

namespace mountc::tool {

#define COMMAND(name, operand, needed, summary, ...) Exit name##_command(const Arguments&);
#include "compiler/tool/commands.def"

const std::vector<CommandInfo>& commands();
const CommandInfo* find_command(std::string_view name);

// What `mountc help` and `mountc help NAME` print.
std::string general_help();
std::string command_help(const CommandInfo& command);

}  // namespace mountc::tool
