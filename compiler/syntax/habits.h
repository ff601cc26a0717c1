// compiler/syntax/habits.h - what a text of another program would have meant.
#pragma once

#include <string_view>

namespace mountc {

// How a layout says what another program begins with `word`; or nothing.
std::string_view statement_habit(std::string_view word);

// A line of fstab(5): is `word`, with the rest of its line behind it, a device and a directory?
bool is_fstab_line(std::string_view word, std::string_view rest);

}  // namespace mountc
