// compiler/validate/steps_check.cc - steps that look and decide: what is given up, what must
// hold.
#include "compiler/validate/simulator.h"

namespace mountc {

using kernel::Path;

Outcome Simulator::close(Register) { return {}; }

Outcome Simulator::only_if(Register fd, Register condition) {
  if (is_null(condition)) give_up(fd);
  return {};
}

Outcome Simulator::if_shared(Register fd, Register dir) {
  const Path* const place = place_of(dir);
  if (!place) return defective("the slot holds no place");
  if (!kernel_.mounts()[place->mount].shared) return null_outcome();
  fill(fd, *place);
  return {};
}

Outcome Simulator::check_shared(Register fd) {
  const Path* const mount = place_of(fd);
  if (!mount || !kernel_.mounts()[mount->mount].shared) {
    return defective("a mount that must be shared is not");
  }
  return {};
}

// Where the host's directories are is for the machine to say: an anchor stays as it is.
Outcome Simulator::widen(Register from, Register to, Register, Text, Text) {
  const Path* const first = place_of(from);
  const Path* const second = place_of(to);
  if (!first || !second) return defective("the slot holds no mount");
  const auto superblock = [&](const Path* p) {
    return kernel_.dentries()[p->dentry].superblock;
  };
  if (superblock(first) != superblock(second)) {
    Outcome outcome = defective("mounts that must be of one superblock are not");
    outcome.machine_decides = may_be_one_superblock(first->dentry, second->dentry);
    return outcome;
  }
  return {};
}

Outcome Simulator::required(Register fd, Register) {
  if (is_null(fd)) return defective("a mount that must be there is not");
  return {};
}

}  // namespace mountc
