// compiler/validate/steps_namespace.cc - steps that make namespaces and enter them, on the
// model.
#include "compiler/validate/simulator.h"

namespace mountc {

namespace bit = plan::bit;
using kernel::Answer;
using kernel::Path;

// runtime/exec_namespace.cc, call by call: a child whose private copy of all mounts gets the
// tree for its root.
Outcome Simulator::namespace_(const Step& step) {
  kernel::Task child = task_;
  kernel::NamespaceRef made = kernel::nothing;
  Answer answer = kernel_.unshare(child, task_.user_ns, made);
  if (answer.refused()) return answer;
  child = kernel_.enter(made, task_.user_ns);
  const bool slave = step.args[3] & bit::namespace__SLAVE;
  if (!(step.args[3] & bit::namespace__KEEP)) {
    const uint32_t propagation = slave ? bit::propagation_SLAVE : bit::propagation_PRIVATE;
    answer = kernel_.mount_setattr(child, child.root, {0, 0, propagation, 0, true});
    if (answer.refused()) return answer;
  }
  if (!is_null(step.args[1])) {
    const Outcome outcome = change_root(step, child);
    if (outcome.failed()) return outcome;
  }
  give_up(step.args[0]);
  slot(step.args[0]) = {Slot::Holds::ns, false, {}, made};
  namespaces_.push_back(made);
  return answer;
}

Outcome Simulator::change_root(const Step& step, kernel::Task& child) {
  const Path* const root = path(step.args[1]);
  if (!root) return defective("the slot holds no mount");
  Answer answer = kernel_.move_mount(child, *root, child.root);
  if (answer.refused()) return answer;
  child.cwd = *root;
  answer = kernel_.pivot_root(child, child.cwd, child.cwd);
  if (answer.refused()) return answer;
  answer = kernel_.umount(child, kernel_.mounts().topmost(child.cwd), true);
  if (answer.refused()) return answer;
  if (step.args[3] & bit::namespace__SHARED) {
    answer = kernel_.mount_setattr(child, *root, {0, 0, bit::propagation_SHARED});
  }
  return answer;
}

// The task goes on as the child does that a stage is played in.
Outcome Simulator::stage(const Step& step) {
  home_ = task_;
  if (!is_null(step.args[1])) {
    const Slot& ns = slot(step.args[1]);
    const bool by_file = ns.holds == Slot::Holds::path;
    task_ = kernel_.enter(by_file ? pinned_[ns.path.dentry] : ns.index, task_.user_ns);
    // Only the way back looks at what is in it.
    if (by_file) fill(step.args[0], kernel_.mounts().topmost(task_.root), false);
    return by_file ? Outcome() : null_outcome();
  }
  kernel::NamespaceRef made = kernel::nothing;
  Answer answer = kernel_.unshare(task_, task_.user_ns, made);
  if (answer.refused()) return answer;
  answer = kernel_.mount_setattr(task_, task_.root, {0, 0, bit::propagation_PRIVATE, 0, true});
  if (answer.refused()) return answer;
  Path place;
  const auto tmpfs = kernel_.dentries().add_superblock("tmpfs", true);
  answer = kernel_.fsmount(task_, tmpfs, 0, place);
  if (answer.refused()) return answer;
  answer = kernel_.move_mount(task_, place, task_.root);
  if (answer.refused()) return answer;
  fill(step.args[0], place, false);
  return answer;
}

// The stage's mounts stay for the model; nobody can see them.
Outcome Simulator::unstage(const Step&) {
  task_ = home_;
  return {};
}

}  // namespace mountc
