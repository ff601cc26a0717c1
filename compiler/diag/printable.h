// compiler/diag/printable.h - names may hold any byte; messages are text.
#pragma once

#include <string>
#include <string_view>

namespace mountc {

// Would the character, which may be an invalid byte, steer a terminal instead of being shown?
bool is_control(std::string_view character);

// `text` with what cannot be shown as a layout would write it: `\x1b`. The result is valid
// UTF-8.
std::string printable(std::string_view text);

}  // namespace mountc
