// compiler/import/script.h - mount commands as people write them, and system calls as strace
// does.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace mountc {

// One command or system call: `mount --bind /a /b`, or mount("/a", "/b", NULL, MS_BIND, NULL).
struct Command {
  uint32_t line = 0;
  std::string text;                // as it was written
  std::vector<std::string> words;  // of a command; of a call its name and arguments, unquoted
  std::string result;              // of a call
};

// The simple commands of a shell script: quotes, `NAME=value` and `$NAME`, `&&`, `;`, comments.
// Loops and conditions are not run: what is in them counts once.
std::vector<Command> read_script(const std::string& text);

// The calls of an strace log, of all processes.
std::vector<Command> read_strace(const std::string& text);
bool looks_like_strace(const std::string& text);

}  // namespace mountc
