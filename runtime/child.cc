// runtime/child.cc - a short-lived child that shares memory and descriptors, but not the root,
// the working directory or the namespaces: what it leaves, the caller never left.
#include "runtime/machine.h"

namespace mountc::run {

long start_child(const Machine& m, unsigned long flags, int (*body)(void*), void* argument) {
  // A handler of the caller's must not run on the child's small stack.
  const uint64_t all = ~uint64_t{0};
  uint64_t before = 0;
  sys::call(sys::Call::rt_sigprocmask, sys::sig_setmask, &all, &before, sizeof all);
  // No exit signal: the caller's SIGCHLD handler never learns of this child.
  char* top = m.scratch + child_stack_size;
  top -= reinterpret_cast<uintptr_t>(top) % 16;
  const long pid = sys::clone_onto(flags | sys::clone_vm | sys::clone_vfork | sys::clone_files,
                                   top, body, argument);
  sys::call(sys::Call::rt_sigprocmask, sys::sig_setmask, &before, nullptr, sizeof all);
  return pid;
}

void forget_child(long pid) {
  while (pid > 0 && sys::call(sys::Call::wait4, pid, 0, sys::wait_all, 0) == -sys::EINTR) {
  }
}

long in_child(const Machine& m, int (*body)(void*), void* argument) {
  const long pid = start_child(m, 0, body, argument);
  forget_child(pid);
  return pid;
}

}  // namespace mountc::run
