// compiler/foreign/script.h - mount commands as people write them, and system calls as strace
// does.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace mountc {

// One command or system call: `mount --bind /a /b`, or mount("/a", "/b", NULL, MS_BIND, NULL).
struct Command {
  uint32_t line = 0;
  std::string text;                // as it was written
  std::vector<std::string> words;  // of a command; of a call its name and arguments, unquoted
  std::string result;              // of a call
  uint32_t process = 0;            // of a call: the number that strace -f gives it
};

// Runs a command; false: it has failed, as `if`, `&&` and `||` ask.
using RunCommand = std::function<bool(const Command&)>;

// Runs the simple commands of a shell script in the order in which a shell would: loops over
// lists, conditions, functions, variables. What is tested but not known is taken to be so; of
// other loops the body is run once. A command `while` stands for such a loop, `case` for one
// whose value is not known.
void run_script(const std::string& text, uint32_t first_line, const RunCommand& run);

// At the end of a string that strace has cut short.
inline constexpr const char* cut_mark = "\x01...";

// The calls of an strace log, of all processes.
std::vector<Command> read_strace(const std::string& text);
bool looks_like_strace(const std::string& text);

}  // namespace mountc
