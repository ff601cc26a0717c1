// compiler/tool/option_rules.h - options that would do nothing, or that contradict each other.
#pragma once

#include <cstdint>
#include <string>

#include "compiler/tool/options.h"

namespace mountc::tool {

// What a command is asked for, or about, as far as options depend on it.
enum class Input : uint8_t {
#define NEEDS(command, option, ...)
#define EXCLUDES(command, option, ...)
#define INPUT(name, text) name,
#define UNUSED(command, input, why, ...)
#include "compiler/tool/option_rules.def"
};

// Why the options of a command line cannot be together; empty: they can.
std::string contradiction(const Arguments& arguments);

// Is there an option that does nothing for such an input? Then that is printed, and the status
// is Exit::usage.
bool has_unused(Input input, const Arguments& arguments);

}  // namespace mountc::tool
