// compiler/foreign/shell_tokens.h - a shell script as words and operators. Internal to
// foreign/.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace mountc {

struct ShellToken {
  enum Kind : uint8_t { word, op, line_end, output } kind = word;
  std::string text;  // of a word: as it is written, quotes and all; of `> FILE`: the file
  uint32_t line = 0;
  size_t begin = 0, end = 0;  // in the script
};

// Without comments and here-documents; of redirections those that make a file.
std::vector<ShellToken> shell_tokens(const std::string& script, uint32_t first_line);

}  // namespace mountc
