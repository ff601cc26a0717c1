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

// What is covered does not go beneath a mount (fs/namespace.c can_move_mount_beneath()), and a guard
// that went there could not be taken back: pivot_root(2) wants what it lies on private.
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

int check_superblock(Machine&, const Args& a) {
  return same_superblock(a.fd(0), a.fd(1)) ? 0 : refused;
}

int required(Machine&, const Args& a) { return a.fd(0) >= 0 ? 0 : refused; }

}  // namespace mountc::run::exec
