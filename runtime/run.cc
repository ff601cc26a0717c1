// runtime/run.cc - executes instructions: nulls, dry runs, dispatch, and closing after last
// uses.
#include "runtime/machine.h"

namespace mountc::run {
namespace {

using plan::Kind;
using plan::Op;

bool is_pretended(const Machine& m, uint32_t half) {
  return half != plan::slot_null && m.slot(half) < 0 && m.mark(half) == Mark::pretended;
}

bool is_clone(const Args& a) {
  const Op op{a.op};
  return op == Op::bind || ((op == Op::open_tree || op == Op::open_tree_attr) &&
                            (a.word[1] & plan::bit::tree_CLONE));
}

// A dry run leaves out whatever could be seen from outside, or needs what it has left out.
bool changes_nothing(const Machine& m, const Args& a) {
  const Op op{a.op};
  if (a.row.is_looking()) return true;
  // Is there a namespace to look at?
  if (op == Op::stage) return a.fd(1) >= 0;
  if (op == Op::mount_setattr) return m.mark(a.half[0]) == Mark::ours;
  if (op == Op::set_group) return m.mark(a.half[1]) == Mark::ours;
  if (op == Op::only_if) return !is_pretended(m, a.half[1]);
  if (op == Op::required) return !is_pretended(m, a.half[0]);
  return is_clone(a);
}

// Where the functions are, in the order of the codes, which are dense (ops.h). Distances from
// here take a quarter or half of the room of pointers, and no relocation.
#ifdef MOUNTRUN_PROGRAM
#define DISTANCE ".short"
using Distance = int16_t;
#else
#define DISTANCE ".long"
using Distance = int32_t;
#endif
extern "C" const Distance mountrun_exec[];
asm(".section .rodata.mountrun_exec, \"a\"\n"
    ".balign 4\n"
    "mountrun_exec:\n"
#define OP(code, name, since, effect, summary, ...) \
  DISTANCE " mountrun_exec_" #name " - mountrun_exec\n"
#include "runtime/ops.def"
    ".previous\n");

int execute(Machine& m, const Args& a) {
  const uintptr_t function = reinterpret_cast<uintptr_t>(mountrun_exec) +
                             static_cast<uintptr_t>(mountrun_exec[a.op - 1]);
  return reinterpret_cast<int (*)(Machine&, const Args&)>(function)(m, a);
}

// What --force leaves out on the way back: the codes of checks and stages are neighbours.
bool is_check(const Machine& m, const Instruction& in) {
  const unsigned first = static_cast<unsigned>(Op::stage);
  return m.going_back && m.options.force && in.op - first <= static_cast<unsigned>(Op::compare) - first;
}

void mark_for_dry_run(Machine& m, const Args& a, int result, bool skipped) {
  if (Op{a.op} == Op::make) m.making_skipped = true;
  if (!a.row.fills()) return;
  const bool pretended = skipped || (result == null_result && m.making_skipped);
  m.mark(a.half[0]) = pretended ? Mark::pretended : is_clone(a) ? Mark::ours : Mark::nothing;
}

void settle(Machine& m, const Args& a, int result) {
  for (int i = 0; plan::is_slot(a.row.kind(i)); ++i) {
    if (a.half[i] & plan::slot_last_use) m.give_up(a.half[i]);
  }
  if (a.row.fills()) m.slot(a.half[0]) = result == null_result ? -1 : result;
}

void trace(Machine& m, const Instruction& in, int result, bool skipped, uint64_t began) {
  Output& out = m.out;
  const uint64_t ended = m.options.trace ? sys::microseconds() : 0;
  out.say(Text::step_number, &in - m.view.code);
  print_step(out, m.view, in);
  if (m.options.trace) {
    const Text text = skipped                 ? Text::skipped
                      : result == null_result ? Text::null
                      : result == refused     ? Text::check_refused
                      : result < 0            ? Text::error
                                              : Text::number;
    out.say(Text::equals);
    out.say(text, result < 0 ? -result : result);
    out.say(Text::time, ended - began);
  }
  out.put('\n');
}

int step(Machine& m, const Instruction& in) {
  const mountrun_options& options = m.options;
  const uint64_t began = options.trace ? sys::microseconds() : 0;
  const Args a(m, in);
  const bool skipped = a.null_use || (m.only_looks() && !changes_nothing(m, a)) ||
                       is_check(m, in);
  if (!skipped && a.row.is_visible()) hold_signals(m);
  const int result = skipped ? null_result : execute(m, a);
  if (options.trace || options.dry_run) {
    trace(m, in, result, skipped, began);
  }
  if (result < 0 && result != null_result) return result;
  settle(m, a, result);
  if (options.dry_run) mark_for_dry_run(m, a, result, skipped);
  return 0;
}

}  // namespace

int Machine::note(uint32_t id) {
  if (noted_count == view.header->noted) return -sys::ENOMEM;
  Noted& one = noted[noted_count++];
  one.id = id;
  one.step = step;
  uint32_t& first = place_of(id).first;
  one.next = first;
  first = noted_count;
  return 0;
}

// There is one place more than is noted: no plan makes it none.
Noted& Machine::place_of(uint32_t id) const { return noted[id % (view.header->noted + 1)]; }

const Noted* Machine::known(uint32_t id) const {
  for (uint32_t i = place_of(id).first; i; i = noted[i - 1].next) {
    if (noted[i - 1].id == id) return noted + i - 1;
  }
  return nullptr;
}

void Machine::give_up(uint32_t half) {
  int& fd = slot(half);
  if (fd >= 0) close(fd);
  fd = -1;
  mark(half) = Mark::nothing;
}

// New fds are the lowest ones that are free, so that many of those that are closed in a while
// are neighbours.
void Machine::close(int fd) {
  const int first = fd & ~(waiting_most - 1);
  if (first != waiting_from) close_waiting();
  waiting_from = first;
  waiting |= uint64_t{1} << (fd - first);
}

void Machine::close_waiting() {
  for (int fd = waiting_from; waiting; ++fd, waiting >>= 1) {
    const int count = __builtin_ctzll(~waiting);
    if (count == 0) continue;
    sys::call(sys::Call::close_range, fd, fd + count - 1, 0);
    fd += count - 1;
    waiting >>= count - 1;
  }
}

const char* Machine::path(const char* directory, char end, const char* name) const {
  char* to = scratch;
  char* const last = scratch + path_size - 1;
  while (*directory && *directory != end && to != last) *to++ = *directory++;
  *to = '/';
  do {
    if (to == last) return nullptr;
  } while ((*++to = *name++));
  return scratch;
}

Args::Args(const Machine& m, const Instruction& instruction)
    : Instruction(instruction),
      row(plan::row_of(instruction)),
      strings{m.view.strings + word[0], m.view.strings + word[1]},
      pseudo(Op{op} == Op::bind || plan::is_pseudo(half[1])) {
  for (int i = 0; plan::is_slot(row.kind(i)); ++i) {
    fds[i] = m.fds[slot_index(half[i])];
    if (fds[i] == -1 && row.kind(i) == Kind::use) null_use = true;
  }
}

int run_steps(Machine& m) {
  for (; m.step < m.view.steps(); ++m.step) {
    const Instruction& in = m.view.code[m.step];
    m.part = Part::none;
    if (const int error = step(m, in)) return error;
    // The child's part ends here; where a dry run has made no child, all goes on.
    if (Op{in.op} == Op::unstage && m.away) break;
  }
  return 0;
}

}  // namespace mountc::run
