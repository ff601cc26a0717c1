// test/tools/tracer.cc - see tracer.h.
#include "test/tools/tracer.h"

#include <linux/ptrace.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <map>

#ifdef __x86_64__
#include <sys/user.h>
#endif

namespace mountc::test {
namespace {

constexpr int status_not_found = 127;
constexpr int status_of_signal = 128;
constexpr int syscall_stop = SIGTRAP | 0x80;  // PTRACE_O_TRACESYSGOOD

// A tracee, from its first stop to its end.
struct Process {
  bool inside = false;  // between the entry and the exit of a call
  long index = 0;       // of that call; 0 when it is not counted
  int failing = 0;      // the errno that its exit gets
  Call call;
};

[[noreturn]] void die(const char* what) {
  std::perror(what);
  std::exit(70);
}

long request(int what, pid_t process, uintptr_t address, uintptr_t data) {
  return syscall(SYS_ptrace, what, process, address, data);
}

#ifdef __x86_64__
void write_register(pid_t process, size_t offset, long value) {
  if (request(PTRACE_POKEUSR, process, offset, static_cast<uintptr_t>(value)) != 0)
    die("sysinject: PTRACE_POKEUSR");
}

// No call has the number -1: the kernel goes straight to the exit stop.
void skip_call(pid_t process) {
  write_register(process, offsetof(user_regs_struct, orig_rax), -1);
}

void set_result(pid_t process, long result) {
  write_register(process, offsetof(user_regs_struct, rax), result);
}
#else
void skip_call(pid_t) {
  std::fputs("sysinject: fail is written for x86_64 only\n", stderr);
  std::exit(70);
}

void set_result(pid_t, long) {}
#endif

// A mount or rename anywhere on the machine makes a lookup give up, which is then made again
// (fs/namei.c handle_dots()): whether that happens must not change how the calls are numbered.
bool gave_up(const Call& call, long result) {
  return call.number == SYS_openat2 && result == -EAGAIN;
}

class Tracer {
 public:
  explicit Tracer(Policy& policy) : policy_(policy) {}
  int run(char* const* command);

 private:
  void start(char* const* command);
  void stopped(pid_t process, int status);
  void at_syscall(pid_t process, Process& state);
  void entered(pid_t process, Process& state, const ptrace_syscall_info& info);
  void left(pid_t process, Process& state, long result);
  void ended(pid_t process, int status);
  void obey(pid_t process, const Verdict& verdict);

  Policy& policy_;
  std::map<pid_t, Process> processes_;
  pid_t first_ = 0;
  int status_ = 0;
  long calls_ = 0;
  bool counting_ = false;  // the command's execve has succeeded
  bool killed_ = false;
};

int Tracer::run(char* const* command) {
  start(command);
  int status = 0;
  for (;;) {
    const pid_t process = waitpid(-1, &status, __WALL);
    if (process < 0 && errno == EINTR) continue;
    if (process < 0) return status_;
    if (WIFSTOPPED(status)) {
      stopped(process, status);
    } else {
      ended(process, status);
    }
  }
}

void Tracer::start(char* const* command) {
  first_ = fork();
  if (first_ < 0) die("sysinject: fork");
  if (first_ == 0) {
    signal(SIGPIPE, SIG_DFL);  // a Python that runs this ignores it
    request(PTRACE_TRACEME, 0, 0, 0);
    raise(SIGSTOP);
    execvp(command[0], command);
    std::perror(command[0]);
    _exit(status_not_found);
  }
  int status = 0;
  if (waitpid(first_, &status, __WALL) != first_ || !WIFSTOPPED(status))
    die("sysinject: waitpid");
  constexpr uintptr_t options = PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL | PTRACE_O_TRACEEXEC |
                                PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK;
  if (request(PTRACE_SETOPTIONS, first_, 0, options) != 0) die("sysinject: PTRACE_SETOPTIONS");
  processes_.emplace(first_, Process{});
  request(PTRACE_SYSCALL, first_, 0, 0);
}

void Tracer::stopped(pid_t process, int status) {
  const auto [found, is_new] = processes_.try_emplace(process);
  const int signal_number = WSTOPSIG(status);
  uintptr_t deliver = 0;
  if (killed_) {
    kill(process, SIGKILL);
    return;
  }
  if (signal_number == syscall_stop) {
    at_syscall(process, found->second);
  } else if (status >> 16 != 0) {  // a PTRACE_EVENT
    if (status >> 16 == PTRACE_EVENT_EXEC) counting_ = true;
  } else if (!is_new || signal_number != SIGSTOP) {  // a new tracee begins with a SIGSTOP
    deliver = static_cast<uintptr_t>(signal_number);
  }
  if (!killed_) request(PTRACE_SYSCALL, process, 0, deliver);
}

void Tracer::at_syscall(pid_t process, Process& state) {
  ptrace_syscall_info info{};
  if (request(PTRACE_GET_SYSCALL_INFO, process, sizeof info,
              reinterpret_cast<uintptr_t>(&info)) < 0) {
    if (errno == ESRCH) return;  // killed meanwhile
    die("sysinject: PTRACE_GET_SYSCALL_INFO");
  }
  if (info.op == PTRACE_SYSCALL_INFO_ENTRY) entered(process, state, info);
  if (info.op == PTRACE_SYSCALL_INFO_EXIT) left(process, state, info.exit.rval);
}

void Tracer::entered(pid_t process, Process& state, const ptrace_syscall_info& info) {
  state = Process{};
  state.inside = true;
  if (!counting_) return;
  state.index = ++calls_;
  state.call.number = info.entry.nr;
  for (size_t at = 0; at < std::size(state.call.args); ++at)
    state.call.args[at] = info.entry.args[at];
  const Verdict verdict = policy_.entered(state.index, state.call);
  obey(process, verdict);
  state.failing = verdict.fail;
  // Descriptors are released even when that reports an error: only the result changes.
  const bool closes = state.call.number == SYS_close || state.call.number == SYS_close_range;
  if (verdict.fail != 0 && !closes) skip_call(process);
}

void Tracer::left(pid_t process, Process& state, long result) {
  state.inside = false;
  if (state.index == 0) return;
  if (state.failing != 0) {
    result = -state.failing;
    set_result(process, result);
  } else if (gave_up(state.call, result) && calls_ == state.index) {
    --calls_;
    return;
  }
  obey(process, policy_.left(process, state.index, state.call, result, state.failing != 0));
}

void Tracer::ended(pid_t process, int status) {
  const auto found = processes_.find(process);
  if (found != processes_.end()) {
    const Process& state = found->second;
    if (state.inside && state.index != 0) policy_.ended(state.index, state.call);
    processes_.erase(found);
  }
  if (process != first_) return;
  status_ = WIFSIGNALED(status) ? status_of_signal + WTERMSIG(status) : WEXITSTATUS(status);
}

// A process that waited for a killed one cannot get past the entry of its next call.
void Tracer::obey(pid_t process, const Verdict& verdict) {
  if (verdict.signal != 0) kill(first_, verdict.signal);
  if (!verdict.kill) return;
  killed_ = true;
  kill(process, SIGKILL);
  for (const auto& [other, state] : processes_) kill(other, SIGKILL);
}

}  // namespace

int trace(char* const* command, Policy& policy) { return Tracer(policy).run(command); }

}  // namespace mountc::test
