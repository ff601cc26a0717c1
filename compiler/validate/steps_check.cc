// compiler/validate/steps_check.cc - steps that look and decide: what is given up, what must
// hold.
#include "compiler/validate/simulator.h"

namespace mountc {

using kernel::Path;

Outcome Simulator::close(const Step&) { return {}; }

Outcome Simulator::only_if(const Step& step) {
  if (is_null(step.args[1])) give_up(step.args[0]);
  return {};
}

Outcome Simulator::if_shared(const Step& step) {
  const Path* const dir = path(step.args[1]);
  if (!dir) return defective("the slot holds no place");
  if (!kernel_.mounts()[dir->mount].shared) return null_outcome();
  fill(step.args[0], *dir, false);
  return {};
}

Outcome Simulator::check_shared(const Step& step) {
  const Path* const mount = path(step.args[0]);
  if (!mount || !kernel_.mounts()[mount->mount].shared) {
    return defective("a mount that must be shared is not");
  }
  return {};
}

Outcome Simulator::check_superblock(const Step& step) {
  const Path* const from = path(step.args[0]);
  const Path* const to = path(step.args[1]);
  if (!from || !to) return defective("the slot holds no mount");
  const auto superblock = [&](const Path* p) {
    return kernel_.dentries()[p->dentry].superblock;
  };
  if (superblock(from) != superblock(to)) {
    Outcome outcome = defective("mounts that must be of one superblock are not");
    outcome.machine_decides = may_be_one_superblock(from->dentry, to->dentry);
    return outcome;
  }
  return {};
}

Outcome Simulator::required(const Step& step) {
  if (is_null(step.args[0])) return defective("a mount that must be there is not");
  return {};
}

}  // namespace mountc
