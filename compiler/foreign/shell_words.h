// compiler/foreign/shell_words.h - what a shell makes of one word. Internal to foreign/.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mountc {

// Names, and positional parameters as "1", "2", "#", "@".
using ShellVariables = std::map<std::string, std::string, std::less<>>;

// The fields that a word becomes: braces, variables with `:-` and `:=`, quotes, `$(seq ...)`.
// Variables that are not set, and what only a running system could tell, stay as they are
// written: they show in the layout then.
std::vector<std::string> expand_word(std::string_view word, ShellVariables& variables);

// The same as one text, as it is in an assignment or a pattern.
std::string expand_text(std::string_view word, ShellVariables& variables);

}  // namespace mountc
