// runtime/exec_publish.cc - instructions that attach finished trees where they are seen.
#include "runtime/machine.h"
#include "runtime/mounts.h"

namespace mountc::run::exec {
namespace {

// Of a replacement: what is there now goes when all that is new is in place.
int attach(Machine& m, const Args& a, int target, unsigned how) {
  if (m.beneath && how) {
    target = sys::dup(target);
    if (target < 0) return target;
    if (const int full = m.note(static_cast<uint32_t>(target))) return full;
  }
  const long done = sys::move_mount(a.fd(0), target, "", sys::move_to_empty | how);
  if (done == 0) m.mark(a.half[0]) = Mark::done_visibly;
  return static_cast<int>(done);
}

}  // namespace

int publish(Machine& m, const Args& a) {
  const bool replaces = m.beneath && a.fd(2) < 0 && is_mount_root(a.fd(1));
  return attach(m, a, a.fd(2) >= 0 ? a.fd(2) : a.fd(1), replaces ? sys::move_beneath : 0);
}

int publish_root(Machine& m, const Args& a) {
  // Inside --at or --root it is a tree like others.
  m.new_root = m.base(plan::slot_target) == sys::at_fdcwd;
  return publish(m, a);
}

// What the tree brought along at its own root covers it: no foreign mount does.
int stacked(Machine& m, const Args& a) {
  m.mark(a.half[0]) = Mark::done_visibly;
  return 0;
}

int publish_beneath(Machine& m, const Args& a) {
  const bool may_share = a.word[0] & plan::bit::beneath_PROPAGATE;
  // What it will be attached to is the mount below; where nothing tells, it may be shared.
  if (!may_share && (sharing(a.fd(1), true) & plan::bit::propagation_SHARED)) return refused;
  m.waits = true;
  return attach(m, a, a.fd(1), sys::move_beneath);
}

}  // namespace mountc::run::exec
