// compiler/foreign/bwrap.h - the command line of bubblewrap as a layout (bwrap(1), 0.11).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/foreign/sketch.h"

namespace mountc {

// The words of the first bwrap command of a shell script, without the name; nullopt: it has
// none.
std::optional<std::vector<std::string>> bwrap_command(const std::string& script);

Foreign layout_of_bwrap(const std::vector<std::string>& words);

}  // namespace mountc
