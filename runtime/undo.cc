// runtime/undo.cc - takes the visible instructions back, last first. A mount is detached by
// itself, never by its path: what somebody else has mounted over it stays, and is reported.
#include "runtime/machine.h"
#include "runtime/mounts.h"
#include "runtime/report.h"

namespace mountc::run {
namespace {

// Each returns why the step could not be taken back: 0 when it was, else a negative errno, or the
// number of a text.
namespace undo {

// The tree of one operand, whose stack ends with the first one.
int detach(Machine& m, const Args& a, int tree = 0) {
  return static_cast<int>(take_away(a.fd(tree), a.fd(tree), a.fd(0), &m.mark(a.half[0])));
}

// The whole tree, for its `publish`, too; what ends lower was under another one.
int stacked(Machine& m, const Args& a) {
  uint8_t& published = m.mark(a.half[1]);
  if (published == Mark::nothing) return 0;
  published = Mark::nothing;
  return detach(m, a, 1);
}

// What was attached beneath a mount is covered by it, and nothing detaches a covered mount. So
// the two trade places first, as pivot_root(2) does it: in a child whose root is the lower one.
struct Trade {
  int below, top;
  long result = -sys::EIO;  // of a child that is killed
};

int trade_places(void* argument) {
  Trade& trade = *static_cast<Trade*>(argument);
  long done = sys::fchdir(trade.below);
  if (done == 0) done = sys::chroot(".");
  if (done == 0) done = sys::fchdir(trade.top);
  if (done == 0) done = sys::pivot_root(".", ".");
  if (done == 0) done = sys::umount2(".", sys::mnt_detach);
  trade.result = done;
  return 0;
}

int publish_beneath(Machine& m, const Args& a) {
  Trade trade{a.fd(0), topmost(a.fd(0))};
  const bool covered = trade.top >= 0 && is_child(trade.top, trade.below);
  if (covered) {
    // Neither may be shared (fs/namespace.c pivot_root()). The lower one is to go anyway.
    sys::mount_setattr(trade.below, "", sys::at_empty_path, &sys::make_private);
    const int peer = leave_group(trade.top);
    if (peer >= 0) in_child(m, trade_places, &trade);
    const long joined = rejoin(peer, trade.top);
    if (joined < 0) trade.result = joined;
  }
  sys::close(trade.top);
  return covered ? static_cast<int>(trade.result) : detach(m, a);
}

int publish(Machine& m, const Args& a) {
  return m.beneath ? publish_beneath(m, a) : detach(m, a);
}

int publish_root(Machine& m, const Args& a) { return publish(m, a); }

int unmount(Machine&, const Args&) { return static_cast<int>(Text::not_put_back); }

int unguard(Machine& m, const Args& a) { return unmount(m, a); }

int make(Machine&, const Args& a) {
  const bool directory = (a.word[1] & sys::s_ifmt) == sys::s_ifdir;
  const long done = sys::unlinkat(a.fd(0), a.string(0), directory ? sys::at_removedir : 0);
  return done == -sys::ENOENT ? 0 : static_cast<int>(done);
}

}  // namespace undo

int undo_here(Machine& m, const Args& a) {
#define UNDO_looking(name)
#define UNDO_hidden(name)
#define UNDO_visible(name) \
  if (plan::Op{a.op} == plan::Op::name) return undo::name(m, a);
#define OP(code, name, since, effect, summary, ...) UNDO_##effect(name)
#include "runtime/ops.def"
#undef UNDO_looking
#undef UNDO_hidden
#undef UNDO_visible
  return 0;
}

// The namespace of the stage that the step is played on; -1: the caller's, or none that is left.
int namespace_of(const Machine& m, uint32_t step) {
  while (step-- > 0) {
    const Instruction& in = m.view.code[step];
    if (plan::Op{in.op} == plan::Op::unstage) break;
    if (plan::Op{in.op} == plan::Op::stage) return m.fds[slot_index(in.half[1])];
  }
  return -1;
}

struct Visit {
  Machine& m;
  const Args& a;
  int ns;
  int left;
};

int undo_there(void* argument) {
  Visit& visit = *static_cast<Visit*>(argument);
  visit.left = sys::as_fd(sys::setns(visit.ns, sys::clone_newns));
  if (visit.left == 0) visit.left = undo_here(visit.m, visit.a);
  return 0;
}

int undo_step(Machine& m, uint32_t step) {
  const Args a(m, m.view.code[step]);
  Visit visit{m, a, namespace_of(m, step), -sys::EIO};
  if (visit.ns < 0) return undo_here(m, a);
  in_child(m, undo_there, &visit);
  return visit.left;
}

}  // namespace

bool undo(Machine& m) {
  // They are let in for a COMMAND, also for one that cannot be executed.
  hold_signals(m);
  bool all = true;
  for (uint32_t step = m.view.steps(); step-- > 0;) {
    const Instruction& in = m.view.code[step];
    if (!plan::row_of(in).is_visible() || m.mark(in.half[0]) != Mark::done_visibly) continue;
    const int left = undo_step(m, step);
    if (left == 0) continue;
    report_left(m, step, left < 0 ? Text::error : Text(left), -left);
    all = false;
  }
  return all;
}

}  // namespace mountc::run
