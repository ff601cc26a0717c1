// runtime/exec_check.cc - instructions that only look, and the ones that follow from it.
#include "runtime/machine.h"
#include "runtime/mounts.h"

namespace mountc::run::exec {

int close(Machine&, const Instruction&) { return 0; }  // the run closes last uses

int only_if(Machine& m, const Instruction& in) {
  const bool holds = in.half[1] != plan::slot_null && m.slot(in.half[1]) >= 0;
  if (!holds) {
    int& fd = m.slot(in.half[0]);
    sys::close(fd);
    fd = -1;
  }
  return 0;
}

int if_shared(Machine& m, const Instruction& in) {
  const int dir = m.slot(in.half[1]);
  // Where nothing tells, a guard that is not needed does less harm than a missing one.
  const Sharing known = sharing(dir);
  return known == Sharing::shared || known == Sharing::unknown ? sys::dup(dir) : null_result;
}

int check_shared(Machine& m, const Instruction& in) {
  const Sharing known = sharing(m.slot(in.half[0]));
  return known == Sharing::shared || known == Sharing::unknown ? 0 : refused;
}

int check_superblock(Machine& m, const Instruction& in) {
  return same_superblock(m.slot(in.half[0]), m.slot(in.half[1])) ? 0 : refused;
}

int required(Machine& m, const Instruction& in) {
  return in.half[0] != plan::slot_null && m.slot(in.half[0]) >= 0 ? 0 : refused;
}

}  // namespace mountc::run::exec
