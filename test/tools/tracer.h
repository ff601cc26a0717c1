// test/tools/tracer.h - runs a command under ptrace and shows each system call to a policy.
//
// Calls are numbered from 1, beginning with the first one after the command's execve, in the
// order in which they are entered, over the command and all its children. An openat2 that the
// kernel ends with EAGAIN is not counted.
#pragma once

#include <sys/types.h>

#include "test/tools/syscalls.h"

namespace mountc::test {

struct Verdict {
  bool kill = false;  // all processes, at this stop
  int signal = 0;     // that the command gets now, though not its children
  int fail = 0;       // the errno that the call gives without being executed
};

class Policy {
 public:
  virtual ~Policy() = default;
  virtual Verdict entered(long, const Call&) { return {}; }
  // `result` is what the kernel answered, -errno included; `failed` that it was injected.
  virtual Verdict left(pid_t, long, const Call&, long /*result*/, bool /*failed*/) {
    return {};
  }
  // The call that a process made last and that never returned: exit_group, mostly.
  virtual void ended(long, const Call&) {}
};

// Returns the command's exit status, 128 + its signal when one killed it.
int trace(char* const* command, Policy& policy);

}  // namespace mountc::test
