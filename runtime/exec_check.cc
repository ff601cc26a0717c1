// runtime/exec_check.cc - instructions that only look, and the ones that follow from it.
#include "runtime/machine.h"
#include "runtime/mounts.h"

namespace mountc::run::exec {
namespace {

// Where nothing tells, a guard that is not needed does less harm than a missing one, and the
// kernel itself refuses a join.
bool may_be_shared(int fd, bool below = false) {
  const long known = sharing(fd, below);
  return known < 0 || (known & plan::bit::propagation_SHARED);
}

// Could a mount of what `wide` is lend its group to one of what `to` is? Linux do_set_group()
// tells, by two clones that are nowhere; each close waits for a grace period.
bool can_lend(int wide, int to) {
  constexpr sys::MountAttr make_shared{0, 0, plan::bit::propagation_SHARED, 0};
  const int donor =
      sys::clone_changed(wide, "", plan::bit::tree_CLONE | sys::at_empty_path, &make_shared);
  const long joined = try_join(donor, to);
  sys::close(donor);
  return joined == 0;
}

// As a source is looked up.
int open_directory(const Machine& m, const char* path) {
  const int base = m.base(plan::slot_host);
  return sys::open_path(base, path, base == sys::at_fdcwd ? 0 : sys::resolve_in_root);
}

// The nearest directory above `from`, or that itself, which could lend; negative: none of its
// mount. A file most likely lies in `directory`, if that is not null.
int climb(const Machine& m, int from, int to, const char* directory) {
  if (!same_superblock(from, to)) return refused;
  int levels = 256;  // a root that is no mount's is its own parent
  int at = sys::dup(from);
  while (at >= 0 && !can_lend(at, to)) {
    int above = -sys::ENOENT;
    if (--levels && !is_mount_root(at)) above = sys::open_path(at, "..", 0);
    if (above == -sys::ENOTDIR) above = open_directory(m, directory);
    sys::close(at);
    at = above;
  }
  return at;
}

}  // namespace

// The run closes last uses, but not at once.
int close(Machine& m, const Args& a) {
  m.give_up(a.half[0]);
  m.close_waiting();
  return 0;
}

int only_if(Machine& m, const Args& a) {
  if (a.fd(1) < 0) m.give_up(a.half[0]);
  return 0;
}

int if_shared(Machine& m, const Args& a) {
  // A replacement goes beneath what is there: on the guard, where one was needed.
  if (m.beneath && is_mount_root(a.fd(1))) return null_result;
  return may_be_shared(a.fd(1)) ? sys::dup(a.fd(1)) : null_result;
}

// What is covered does not go beneath a mount (fs/namespace.c can_move_mount_beneath()), and a
// guard that went there could not be taken back: pivot_root(2) wants what it lies on private.
int replaceable(Machine& m, const Args& a) {
  const bool stack = a.word[0] & plan::bit::expect_STACKED;
  if (!m.beneath || (!stack && !may_be_shared(a.fd(0), true))) return 0;
  m.beneath = false;
  if (m.options.allow_gap) return 0;
  m.reason = stack ? reason::stack_stays : reason::guard_missing;
  return refused;
}

int check_shared(Machine&, const Args& a) {
  return is_mount_root(a.fd(0)) && may_be_shared(a.fd(0)) ? 0 : refused;
}

// Texts do not tell what shows what: symbolic links and mounts lie on the way.
int widen(Machine& m, const Args& a) {
  const int from = a.fd(0), to = a.fd(1), anchor = a.fd(2);
  if (!same_superblock(from, to)) return refused;
  const int there =
      sys::open_path(anchor, a.string(0), sys::resolve_beneath | sys::resolve_no_xdev);
  const bool inside = there >= 0 && same_place(there, to);
  sys::close(there);
  if (inside || anchor < 0) return 0;
  int wider = climb(m, anchor, to, nullptr);
  // Before the first one, an anchor shows nothing that is needed. From a file none goes up.
  if (wider < 0 && from == to && !is_directory(to)) {
    const int above = open_directory(m, a.string(1));
    wider = climb(m, above, to, nullptr);
    sys::close(above);
  }
  if (wider < 0) wider = climb(m, to, from == to ? to : anchor, a.string(1));
  if (wider >= 0) {
    sys::close(anchor);
    m.slot(a.half[2]) = wider;
  }
  return 0;
}

int required(Machine&, const Args& a) { return a.fd(0) >= 0 ? 0 : refused; }

}  // namespace mountc::run::exec
