// test/tools/raise_in_process.cc - runs a plan by libmountrun in a process that gets SIGTERM amid
// the visible steps, and prints what became of it:
//
//   raise_in_process default|handled|ignored|blocked PLAN
//
// The signal is raised when the first step of the name `publish` has been traced.
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/mountrun.h"

namespace {

constexpr int status_usage = 2;

volatile sig_atomic_t handled = 0;

void handle(int) { handled = 1; }

// Of the signals that say what is held back.
std::string blocked() {
  sigset_t mask;
  sigprocmask(SIG_SETMASK, nullptr, &mask);
  std::string text;
  for (const int number : {SIGTERM, SIGPIPE, SIGUSR1, SIGRTMIN, SIGSEGV, SIGCHLD, SIGTSTP}) {
    if (sigismember(&mask, number) == 1) text += std::string(" ") + strsignal(number);
  }
  return text.empty() ? " nothing" : text;
}

struct Trace {
  std::string text;
  bool raised = false;
};

void watch(void* context, const char* text, size_t size) {
  Trace& trace = *static_cast<Trace*>(context);
  trace.text.append(text, size);
  if (trace.raised || trace.text.find("  publish ") == std::string::npos) return;
  trace.raised = true;
  std::printf("amid the run:%s\n", blocked().c_str());
  std::fflush(stdout);
  kill(getpid(), SIGTERM);
  if (handled) std::puts("the handler has run too early");
}

bool arrange(std::string_view disposition) {
  if (disposition == "handled") return signal(SIGTERM, handle) != SIG_ERR;
  if (disposition == "ignored") return signal(SIGTERM, SIG_IGN) != SIG_ERR;
  if (disposition == "blocked") {
    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, SIGTERM);
    sigaddset(&mask, SIGUSR1);
    return sigprocmask(SIG_BLOCK, &mask, nullptr) == 0;
  }
  return disposition == "default";
}

// 64-bit words, because a plan is 8-byte aligned.
std::vector<uint64_t> read_file(const char* path, size_t& size) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  size = bytes.size();
  std::vector<uint64_t> words(size / sizeof(uint64_t) + 1);
  std::memcpy(words.data(), bytes.data(), size);
  return words;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3 || !arrange(argv[1])) {
    std::fputs("usage: raise_in_process default|handled|ignored|blocked PLAN\n", stderr);
    return status_usage;
  }
  size_t size = 0;
  const std::vector<uint64_t> plan = read_file(argv[2], size);
  std::vector<uint64_t> workspace(mountrun_workspace(plan.data(), size) / sizeof(uint64_t) + 1);
  Trace trace;
  mountrun_options options{};
  options.trace = 1;
  options.write = watch;
  options.context = &trace;
  const int status = mountrun_apply(plan.data(), size, &options, workspace.data(),
                                    workspace.size() * sizeof(uint64_t));
  sigset_t pending;
  sigpending(&pending);
  std::printf("status %d%s%s\nafterwards:%s\n", status, handled ? ", handled" : "",
              sigismember(&pending, SIGTERM) == 1 ? ", pending" : "", blocked().c_str());
  return status;
}
