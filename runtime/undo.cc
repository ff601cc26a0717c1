// runtime/undo.cc - takes the visible instructions back, last first. A mount is detached by
// itself, never by its path: what somebody else has mounted over it stays, and is reported.
#include "runtime/machine.h"
#include "runtime/mounts.h"
#include "runtime/report.h"

namespace mountc::run {
namespace {

namespace undo {

// Each returns null, or why its step could not be taken back.
const char* publish(const Machine& m, const Instruction& in) {
  const int fd = m.slot(in.half[0]);
  const Cover found = cover(fd);
  if (found == Cover::foreign) return "another mount has been mounted over it";
  if (found == Cover::unknown) return "it is not known whether another mount covers it";
  const long done = detach(fd);
  // Somebody else has detached it already: EINVAL, fs/namespace.c can_umount().
  return done == 0 || done == -sys::EINVAL ? nullptr : errno_text(-done);
}

const char* make(const Machine& m, const Instruction& in) {
  const bool directory = (in.word[1] & sys::s_ifmt) == sys::s_ifdir;
  const long done =
      sys::unlinkat(m.slot(in.half[0]), m.text(in.word[0]), directory ? sys::at_removedir : 0);
  return done == 0 || done == -sys::ENOENT ? nullptr : errno_text(-done);
}

}  // namespace undo

const char* undo_step(const Machine& m, const Instruction& in) {
#define UNDO_hidden(name)
#define UNDO_visible(name) \
  if (plan::Op{in.op} == plan::Op::name) return undo::name(m, in);
#define OP(code, name, since, effect, summary, ...) UNDO_##effect(name)
#include "runtime/ops.def"
#undef UNDO_hidden
#undef UNDO_visible
  return nullptr;
}

}  // namespace

bool undo(Machine& m, uint32_t steps) {
  bool all = true;
  while (steps-- > 0) {
    const Instruction& in = m.view.code[steps];
    if (!plan::row_of(in).visible || m.mark(in.half[0]) != Mark::done_visibly) continue;
    if (const char* why = undo_step(m, in)) {
      report_left(m, steps, why);
      all = false;
    }
  }
  return all;
}

}  // namespace mountc::run
