// runtime/exec_check.cc - instructions that only look, and the ones that follow from it.
#include "runtime/machine.h"
#include "runtime/mounts.h"

namespace mountc::run::exec {

int close(Machine&, const Args&) { return 0; }  // the run closes last uses

int only_if(Machine& m, const Args& a) {
  if (a.fd[1] < 0) {
    sys::close(a.fd[0]);
    m.slot(a.in.half[0]) = -1;
  }
  return 0;
}

int if_shared(Machine&, const Args& a) {
  const int dir = a.fd[1];
  // Where nothing tells, a guard that is not needed does less harm than a missing one.
  const Sharing known = sharing(dir);
  return known == Sharing::shared || known == Sharing::unknown ? sys::dup(dir) : null_result;
}

int check_shared(Machine&, const Args& a) {
  const Sharing known = sharing(a.fd[0]);
  return known == Sharing::shared || known == Sharing::unknown ? 0 : refused;
}

int check_superblock(Machine&, const Args& a) {
  return same_superblock(a.fd[0], a.fd[1]) ? 0 : refused;
}

int required(Machine&, const Args& a) { return a.fd[0] >= 0 ? 0 : refused; }

}  // namespace mountc::run::exec
