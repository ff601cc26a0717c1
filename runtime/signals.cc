// runtime/signals.cc - holds signals back that would end the process while only a part of the
// layout is visible.
#include "runtime/machine.h"

namespace mountc::run {

void hold_signals(Machine& m, bool hold) {
  if (m.holds == hold) return;
  m.holds = hold;
  // In the child of a `stage` all are blocked; start_child() goes on for the caller.
  if (m.away) return;
  if (hold) m.mask = ending_signals;
  sys::change_mask(hold ? sys::sig_block : sys::sig_setmask, m.mask);
}

// What is blocked is pending even if it is ignored, or if the process is an init, which no
// default action ends (kernel/signal.c sig_ignored()). A handler is the caller's affair.
bool is_ending(const Machine& m) {
  // A set of signals, and then the handler of one, with which its action begins.
  uint64_t& answer = *reinterpret_cast<uint64_t*>(m.scratch);
  answer = 0;
  sys::call(sys::Call::rt_sigpending, &answer, sizeof answer);
  uint64_t left = answer & ~m.mask;
  for (int number = 1; left; ++number, left >>= 1) {
    if (!(left & 1)) continue;
    sys::call(sys::Call::rt_sigaction, number, 0, &answer, sizeof answer);
    if (answer == sys::sig_default) return sys::call(sys::Call::getpid) != 1;
  }
  return false;
}

}  // namespace mountc::run
