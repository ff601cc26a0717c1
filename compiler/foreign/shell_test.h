// compiler/foreign/shell_test.h - `[ -z "$X" ]` and its like. Internal to foreign/.
#pragma once

#include <string>
#include <vector>

#include "compiler/foreign/script.h"

namespace mountc {

// Strings and numbers are compared; about files `run` is asked, as `test -d PATH`. The rest is
// taken to be so.
bool shell_test(std::vector<std::string> words, const RunCommand& run);

}  // namespace mountc
