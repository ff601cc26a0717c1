// runtime/child.cc - a short-lived child that shares memory and descriptors, but not the root,
// the working directory or the namespaces: what it leaves, the caller never left.
#include "runtime/machine.h"

namespace mountc::run {

long start_child(Machine& m, unsigned long flags, int (*body)(void*), void* argument) {
  // A handler of the caller's must not run on the child's small stack.
  uint64_t before = ~uint64_t{0};
  sys::change_mask(sys::sig_setmask, before);
  if (!m.holds && !m.away) m.mask = before;
  // No exit signal: the caller's SIGCHLD handler never learns of this child.
  char* top = m.scratch + child_stack_size;
  top -= reinterpret_cast<uintptr_t>(top) % 16;
  const long pid = sys::clone_onto(flags | sys::clone_vm | sys::clone_vfork | sys::clone_files,
                                   top, body, argument);
  // Held back from now on, if the child has begun to change something visibly.
  if (m.holds) before |= ending_signals;
  sys::change_mask(sys::sig_setmask, before);
  return pid;
}

void forget_child(long pid) {
  while (pid > 0 && sys::call(sys::Call::wait4, pid, 0, sys::wait_all, 0) == -sys::EINTR) {
  }
}

long in_child(Machine& m, int (*body)(void*), void* argument) {
  const long pid = start_child(m, 0, body, argument);
  forget_child(pid);
  return pid;
}

}  // namespace mountc::run
