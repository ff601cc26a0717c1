// runtime/machine.h - one run of a verified plan: its slots, where lookups begin, and the
// functions behind the instructions.
#pragma once

#include "runtime/mountinfo.h"
#include "runtime/output.h"
#include "runtime/sys.h"

namespace mountc::run {

using plan::Instruction;

// What an instruction answers, besides an fd or zero and a negative errno.
inline constexpr int null_result = -0x10000;  // its slot becomes null
inline constexpr int refused = -0x10001;      // a check does not hold; no errno is behind it

// What is known of a slot, until it is closed. A published or made slot stays open (verify.cc),
// so that mark is true to the end.
enum Mark : uint8_t {
  nothing,
  done_visibly,  // the instruction whose first operand it is has changed something
  directory,     // a mount whose root surely is a directory
  ours,          // in a dry run: a detached mount of this run
  pretended,     // in a dry run: null only because it was not made
  near_itself = 8,  // of a `near`: the directory, or a clone of it, and for each component of
  near_clone,       // its path `near_deeper` more
  near_deeper = 2,
};

// What the first source that is to be cloned AS_IS says of all, until one says otherwise.
enum Sources : uint8_t { unknown, unshared, shared };

enum Exit : int {
#define EXIT(status, name, meaning) name = status,
#include "runtime/exits.def"
};

enum class Part : uint8_t {
  none,
#define PART(number, name, ...) name = number,
#include "runtime/parts.def"
};

// The ids of reasons.def.
namespace reason {
enum : int {
#define REASON(id, name, op, errno, text) name = id,
#include "runtime/reasons.def"
};
}  // namespace reason

// A mount that `expect` has noted, or an old one that a replacement has gone beneath.
struct Noted {
  uint32_t id;    // in mountinfo, 0: not known yet; or an fd
  uint32_t step;  // that noted it
  uint32_t group[2];  // the kernel's numbers for two of the plan's, whatever groups those are of
  // To find them by id, whatever ids these are: the numbers, from 1, of the last one whose id leads
  // here, and of the one that was before this one in its own place.
  uint32_t first, next;
};

// host, target and null: the slots -2, -3 and -4, in 15 bits.
constexpr int slot_index(uint32_t half) { return static_cast<int16_t>(half << 1) >> 1; }
inline constexpr int pseudo_slots = 4;
static_assert(slot_index(plan::slot_null) == -pseudo_slots);

inline constexpr size_t child_stack_size = 16384, path_size = 4096;

inline constexpr int waiting_most = 32;  // fds that are closed together; a power of two

// In this order what is used most has small offsets.
struct Machine {
  const mountrun_options& options;
  Output& out;
  int* fds = nullptr;        // of each slot; -1: null. Before them come those that are no slots
  uint8_t* marks = nullptr;  // of each slot
  char* scratch = nullptr;   // child_stack_size bytes, 8-byte aligned
  uint32_t step = 0;
  Part part = Part::none;  // the system call that failed, where the mnemonic does not say it
  bool making_skipped = false;  // a dry run: a path may be missing that a run would have made
  bool going_back = false;      // on the way back
  bool beneath = false;         // trees take the place of those that are there
  bool away = false;            // this is the child that a `stage` is played in
  uint8_t sources = 0;          // of what is cloned AS_IS: a Sources
  bool new_root = false;        // what lies over `/` is to be the process's root
  bool holds = false;           // signals are held back
  bool waits = false;           // and undo nothing: what has been done may be beyond it
  int entered_fd = -1;
  plan::View view{};
  uint64_t mask = ~uint64_t{0};  // the caller's, while signals are held back
  uint64_t waiting = 0;  // a bit for each fd from `waiting_from` on that has yet to be closed
  int waiting_from = 0;
  const Instruction* entered = nullptr;  // the namespace that COMMAND runs in
  int reason = 0;                        // of a refusal, when the step has found it out
  const char* found = nullptr;           // what is there instead: a line of mountinfo
  Mountinfo::Room* room = nullptr;
  Noted* noted = nullptr;
  uint32_t noted_count = 0;
  uint32_t compared = 0;  // of them, by earlier `compare`s

  // ENOMEM: the plan has not said that it notes so many.
  int note(uint32_t id);
  // What has been noted of it last, or null.
  const Noted* known(uint32_t id) const;
  Noted& place_of(uint32_t id) const;

  // A dry run, and what a replacement begins with: is what it replaces still as declared?
  bool only_looks() const { return options.dry_run || (going_back && beneath); }

  // The slot of a `use` becomes null, and its fd is closed.
  void give_up(uint32_t half);
  // Closes the fd, or has it closed with the next ones, which takes half of the time.
  void close(int fd);
  void close_waiting();
  int& slot(uint32_t half) const { return fds[half & plan::slot_mask]; }
  // Where lookups from `host` or `target` begin.
  int& base(uint16_t half) const { return fds[slot_index(half)]; }
  uint8_t& mark(uint32_t half) const { return marks[half & plan::slot_mask]; }

  const plan::Pair& pair(uint32_t number) const { return view.pairs[number]; }
  sys::MountAttr attr(uint32_t number) const {
    const plan::Attr& attr = view.attrs[number];
    // A plan has no id maps: no fd is one's user namespace.
    return {attr.set, attr.clear, attr.propagation, ~uint64_t{0}};
  }

  // `directory/name`, or null when that is too long for the kernel. Overwritten by the next.
  // `end` ends the directory, too.
  const char* path(const char* directory, char end, const char* name) const;
};

// An instruction, and what its halves and words mean, should they be slots and strings.
struct Args : Instruction {
  Args(const Machine& m, const Instruction& instruction);

  int fd(int place) const { return fds[place]; }  // -1: null
  const char* string(int place) const { return strings[place]; }

  plan::OpRow row;
  int fds[plan::halves_max];
  const char* strings[plan::words_max];
  bool pseudo;            // a path is looked up from where those of host or target begin
  bool null_use = false;  // an fd is needed that is not there
};

// All instructions in order. 0, or what the failed one, m.step, answered.
int run_steps(Machine& m);

// Becomes options.command, if there is one, in the entered namespace or the new root when the plan
// has one. Returns an exit status: after saying why when that fails, and then the process is back
// where it was.
int become_command(Machine& m);

// Runs `body(argument)` in a child that shares memory and descriptors with this process, which
// waits for it meanwhile. Negative: there was no child.
long in_child(Machine& m, int (*body)(void*), void* argument);

// The two halves of it: `flags` of clone(2) beside, and between them the child has ended, but
// its files in a procfs are still there.
long start_child(Machine& m, unsigned long flags, int (*body)(void*), void* argument);
void forget_child(long pid);

// All that can end a process, but for those of faults: the kernel does not wait for these but
// kills a process that has them blocked (kernel/signal.c force_sig_info_to_task()). SIGPIPE is
// among them: a report that nobody reads must not end an undo. Stopping a process ends nothing.
inline constexpr uint64_t ending_signals = ~(sys::fault_signals | sys::harmless_signals);

// Blocks them, or gives the caller's mask back; a second time it does nothing.
void hold_signals(Machine& m, bool hold = true);

// Will one of those that are held back end the process?
bool is_ending(const Machine& m);

// Takes back what was changed visibly, and reports what cannot be.
bool undo(Machine& m);

// With names that the table in run.cc can spell.
namespace exec {
#define OP(code, name, since, effect, summary, ...) \
  int name(Machine& m, const Args& a) asm("mountrun_exec_" #name);
#include "runtime/ops.def"
}  // namespace exec

}  // namespace mountc::run
