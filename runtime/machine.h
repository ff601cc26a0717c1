// runtime/machine.h - one run of a verified plan: its slots, where lookups begin, and the
// functions behind the instructions.
#pragma once

#include "runtime/output.h"
#include "runtime/sys.h"

namespace mountc::run {

using plan::Instruction;

// What an instruction answers, besides an fd or zero and a negative errno.
inline constexpr int null_result = -0x10000;  // its slot becomes null
inline constexpr int refused = -0x10001;      // a check does not hold; no errno is behind it

// What is known of a slot. A published or made slot is never filled again (verify.cc), so that
// mark stays true to the end. The others are for dry runs.
enum Mark : uint8_t {
  nothing,
  done_visibly,  // the instruction whose first operand it is has changed something
  ours,          // a detached mount of this run
  pretended,     // null only because a dry run did not make it
};

enum Exit : int {
#define EXIT(status, name, meaning) name = status,
#include "runtime/exits.def"
};

inline constexpr size_t child_stack_size = 4096;

struct Machine {
  plan::View view;
  const mountrun_options* options = nullptr;
  int* fds = nullptr;        // of each slot; -1: null
  uint8_t* marks = nullptr;  // of each slot
  char* scratch = nullptr;   // child_stack_size bytes, 16-byte aligned
  int source_base = sys::at_fdcwd;
  int target_base = sys::at_fdcwd;
  const plan::Instruction* entered = nullptr;  // the namespace that COMMAND runs in
  int entered_fd = -1;
  uint32_t step = 0;
  const char* part =
      nullptr;  // the system call that failed, where the mnemonic does not say it
  bool making_skipped = false;  // a dry run: a path may be missing that a run would have made

  int& slot(uint32_t half) const { return fds[half & plan::slot_mask]; }
  uint8_t& mark(uint32_t half) const { return marks[half & plan::slot_mask]; }
  const char* text(uint32_t offset) const { return view.text(offset); }
  sys::MountAttr attr(uint16_t half) const {
    const plan::Attr& attr = view.attrs[half];
    // A plan has no id maps yet: no fd is one's user namespace.
    return {attr.set, attr.clear, attr.propagation, ~uint64_t{0}};
  }
};

// An instruction's operands, resolved: fd[i] belongs to half[i], text[i] to word[i].
struct Args {
  Args(const Machine& m, const Instruction& instruction);

  const Instruction& in;
  int fd[3];  // -1: null; of host and target: where their lookups begin
  const char* text[2];
  bool pseudo = false;    // `dir` is host or target
  bool null_use = false;  // an fd is needed that is not there
};

// All instructions in order. 0, or what the failed one, m.step, answered.
int run_steps(Machine& m);

// Becomes options->command, in the entered namespace when the plan has one. Returns an exit
// status, after saying why, only when that fails; the process is back where it was then.
int become_command(Machine& m);

// Takes back what the first `steps` instructions changed visibly, and reports what cannot be.
bool undo(Machine& m, uint32_t steps);

namespace exec {
#define OP(code, name, since, effect, summary, ...) int name(Machine& m, const Args& a);
#include "runtime/ops.def"
}  // namespace exec

}  // namespace mountc::run
