// compiler/foreign/shell_test.h - `[ -z "$X" ]` and its like. Internal to foreign/.
#pragma once

#include <string>
#include <vector>

namespace mountc {

// Strings and numbers are compared; what asks for files and processes is taken to be so.
bool shell_test(std::vector<std::string> words);

}  // namespace mountc
