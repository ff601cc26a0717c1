// test/tools/sysinject.cc - runs a command and lists, kills at, or fails its system calls, or does
// something else before them.
#include <sys/syscall.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <utility>

#include "test/tools/tracer.h"

namespace mountc::test {
namespace {

constexpr int status_usage = 2;
constexpr int status_script = 70;   // EX_SOFTWARE of sysexits.h: SCRIPT failed
constexpr int status_shifted = 75;  // EX_TEMPFAIL of sysexits.h

constexpr char usage_text[] =
    "usage: sysinject [-o FILE] list -- COMMAND...\n"
    "       sysinject [-o FILE] kill K before|after -- COMMAND...\n"
    "       sysinject [-o FILE] fail {K[:NAME] ERRNO | NAME ERRNO}... -- COMMAND...\n"
    "       sysinject [-o FILE] meanwhile K SCRIPT -- COMMAND...\n"
    "\n"
    "list prints each system call; kill sends SIGKILL to all processes at the K-th call; fail\n"
    "lets the K-th call give ERRNO without executing it, and with a NAME each call of that\n"
    "name that comes after the K-th. Where the K-th call is none of the NAME beside it, because\n"
    "the machine made this run another one, nothing more is failed, and the status is 75. With\n"
    "the name of a signal for ERRNO the K-th call is not failed, but the command gets that\n"
    "signal when it begins. meanwhile has sh(1) run SCRIPT before the K-th call; where that\n"
    "fails, or no call is the K-th, the status is 70. -o writes the list to FILE; a failed call\n"
    "is marked `injected`. The exit status is the command's, 128 + N when signal N ended it.\n";

[[noreturn]] void usage() {
  std::fputs(usage_text, stderr);
  std::exit(status_usage);
}

// Writes `K name(arguments) = result` when a call returns; K says in which order they began.
class Lister : public Policy {
 public:
  explicit Lister(std::FILE* out) : out_(out) {}

  Verdict left(pid_t process, long index, const Call& call, long result, bool failed) override {
    if (!out_) return {};
    constexpr long errno_max = 4095;
    std::fprintf(out_, "%ld %s = ", index, describe(process, call).c_str());
    if (result < 0 && result >= -errno_max) {
      std::fprintf(out_, "-1 %s", errno_name(static_cast<int>(-result)).c_str());
    } else {
      std::fprintf(out_, "%ld", result);
    }
    std::fprintf(out_, "%s\n", failed ? " injected" : "");
    return {};
  }

  void ended(long index, const Call& call) override {
    if (!out_) return;
    std::fprintf(out_, "%ld %s(%ld) = ?\n", index, call_name(call.number).c_str(),
                 static_cast<long>(call.args[0]));
  }

 private:
  std::FILE* out_;
};

class Killer : public Lister {
 public:
  Killer(std::FILE* out, long index, bool before)
      : Lister(out), index_(index), before_(before) {}

  Verdict entered(long index, const Call&) override {
    return {.kill = before_ && index == index_};
  }

  Verdict left(pid_t process, long index, const Call& call, long result, bool failed) override {
    Lister::left(process, index, call, result, failed);
    return {.kill = !before_ && index == index_};
  }

 private:
  long index_;
  bool before_;
};

class Failer : public Lister {
 public:
  using Lister::Lister;

  // False when `what` is neither an errno nor, for a single call, a signal.
  bool add(const char* call, const char* what) {
    const auto error = errno_number(what);
    char* end = nullptr;
    const long index = std::strtol(call, &end, 10);
    if (*end != '\0' && *end != ':') {
      by_name_[call] = error.value_or(0);
      return error.has_value();
    }
    Verdict verdict{.fail = error.value_or(0)};
    if (!error) verdict.signal = signal_number(what);
    by_index_[index] = {verdict, *end == ':' ? end + 1 : ""};
    return error || verdict.signal != 0;
  }

  Verdict entered(long index, const Call& call) override {
    // A process that goes on after its end runs into whatever code lies behind.
    if (call.number == SYS_exit || call.number == SYS_exit_group) return {};
    if (shifted_) return {};
    if (const auto found = by_index_.find(index); found != by_index_.end()) {
      const auto& [verdict, name] = found->second;
      shifted_ = !name.empty() && name != call_name(call.number);
      has_failed_ = true;
      return shifted_ ? Verdict{} : verdict;
    }
    if (!has_failed_ || by_name_.empty()) return {};
    const auto found = by_name_.find(call_name(call.number));
    return {.fail = found == by_name_.end() ? 0 : found->second};
  }

  bool shifted() const { return shifted_; }

 private:
  std::map<long, std::pair<Verdict, std::string>> by_index_;
  std::map<std::string, int> by_name_;
  bool has_failed_ = false, shifted_ = false;
};

class Meanwhile : public Lister {
 public:
  Meanwhile(std::FILE* out, long index, std::string script)
      : Lister(out), index_(index), script_(std::move(script)) {}

  Verdict entered(long index, const Call&) override {
    if (index == index_) succeeded_ = std::system(script_.c_str()) == 0;
    return {};
  }

  bool succeeded() const { return succeeded_; }

 private:
  long index_;
  std::string script_;
  bool succeeded_ = false;
};

int run_list(char** args, char** command, std::FILE* out) {
  if (args != command) usage();
  Lister lister(out ? out : stdout);
  return trace(command + 1, lister);
}

int run_kill(char** args, char** command, std::FILE* out) {
  if (command - args != 2) usage();
  const bool before = std::strcmp(args[1], "before") == 0;
  if (!before && std::strcmp(args[1], "after") != 0) usage();
  Killer killer(out, std::atol(args[0]), before);
  return trace(command + 1, killer);
}

int run_fail(char** args, char** command, std::FILE* out) {
  if (args == command || (command - args) % 2 != 0) usage();
  Failer failer(out);
  for (; args < command; args += 2) {
    if (!failer.add(args[0], args[1])) usage();
  }
  const int status = trace(command + 1, failer);
  return failer.shifted() ? status_shifted : status;
}

int run_meanwhile(char** args, char** command, std::FILE* out) {
  if (command - args != 2) usage();
  Meanwhile meanwhile(out, std::atol(args[0]), args[1]);
  const int status = trace(command + 1, meanwhile);
  return meanwhile.succeeded() ? status : status_script;
}

int run(char** args) {
  std::FILE* out = nullptr;
  if (args[0] && args[1] && std::strcmp(args[0], "-o") == 0) {
    out = std::fopen(args[1], "we");
    if (!out) {
      std::perror(args[1]);
      return status_usage;
    }
    args += 2;
  }
  const char* mode = args[0];
  if (!mode) usage();
  char** command = ++args;
  while (*command && std::strcmp(*command, "--") != 0) ++command;
  if (!*command || !command[1]) usage();
  int status = status_usage;
  if (std::strcmp(mode, "list") == 0) {
    status = run_list(args, command, out);
  } else if (std::strcmp(mode, "kill") == 0) {
    status = run_kill(args, command, out);
  } else if (std::strcmp(mode, "fail") == 0) {
    status = run_fail(args, command, out);
  } else if (std::strcmp(mode, "meanwhile") == 0) {
    status = run_meanwhile(args, command, out);
  } else {
    usage();
  }
  if (out) std::fclose(out);
  return status;
}

}  // namespace
}  // namespace mountc::test

int main(int, char** argv) { return mountc::test::run(argv + 1); }
