// test/tools/syscalls.h - names of system calls and errnos, and one call as text.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mountc::test {

// What a tracee asked of the kernel.
struct Call {
  uint64_t number = 0;
  uint64_t args[6] = {};
};

// The name, or the number as text when no row of syscalls.def has it.
std::string call_name(uint64_t number);

// `name(arguments)`; strings are read from the memory of `process`, which must be stopped.
std::string describe(pid_t process, const Call& call);

std::optional<int> errno_number(std::string_view name);
std::string errno_name(int number);
int signal_number(std::string_view name);  // of `SIGTERM`; 0 when there is none

}  // namespace mountc::test
