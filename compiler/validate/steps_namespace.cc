// compiler/validate/steps_namespace.cc - steps that make namespaces and enter them, on the
// model.
#include "compiler/validate/simulator.h"

namespace mountc {

namespace bit = plan::bit;
using kernel::Answer;
using kernel::Path;

// runtime/exec_namespace.cc, call by call: a child whose private copy of all mounts gets the
// tree for its root.
Outcome Simulator::namespace_(Register ns, Register root, Text, Number flags) {
  kernel::Task child = task_;
  kernel::NamespaceRef made = kernel::nothing;
  Answer answer = kernel_.unshare(child, task_.user_ns, made);
  if (answer.refused()) return answer;
  child = kernel_.enter(made, task_.user_ns);
  const bool slave = flags & bit::namespace__SLAVE;
  if (!(flags & bit::namespace__KEEP)) {
    const uint32_t propagation = slave ? bit::propagation_SLAVE : bit::propagation_PRIVATE;
    answer = kernel_.mount_setattr(child, child.root,
                                   {.propagation = propagation, .recursive = true});
    if (answer.refused()) return answer;
  }
  if (!is_null(root)) {
    const Outcome outcome = change_root(root, flags, child);
    if (outcome.failed()) return outcome;
  }
  give_up(ns);
  slot(ns) = {.holds = Slot::Holds::ns, .index = made};
  namespaces_.push_back(made);
  return answer;
}

Outcome Simulator::change_root(Register root, Number flags, kernel::Task& child) {
  const Path* const tree = place_of(root);
  if (!tree) return defective("the slot holds no mount");
  Answer answer = kernel_.move_mount(child, *tree, child.root);
  if (answer.refused()) return answer;
  child.cwd = *tree;
  answer = kernel_.pivot_root(child, child.cwd, child.cwd);
  if (answer.refused()) return answer;
  answer = kernel_.umount(child, kernel_.mounts().topmost(child.cwd), kernel::Unmount::lazy);
  if (answer.refused()) return answer;
  if (flags & bit::namespace__SHARED) {
    answer = kernel_.mount_setattr(child, *tree, {.propagation = bit::propagation_SHARED});
  }
  return answer;
}

// The task goes on as the child does that a stage is played in.
Outcome Simulator::stage(Register fd, Register ns) {
  home_ = task_;
  if (!is_null(ns)) {
    const Slot& held = slot(ns);
    const bool by_file = held.holds == Slot::Holds::path;
    task_ = kernel_.enter(by_file ? pinned_[held.path.dentry] : held.index, task_.user_ns);
    // Only the way back looks at what is in it.
    if (by_file) fill(fd, kernel_.mounts().topmost(task_.root));
    return by_file ? Outcome() : null_outcome();
  }
  kernel::NamespaceRef made = kernel::nothing;
  Answer answer = kernel_.unshare(task_, task_.user_ns, made);
  if (answer.refused()) return answer;
  answer = kernel_.mount_setattr(task_, task_.root,
                                 {.propagation = bit::propagation_PRIVATE, .recursive = true});
  if (answer.refused()) return answer;
  Path place;
  const auto tmpfs = kernel_.dentries().add_superblock("tmpfs", kernel::Contents::on_demand);
  answer = kernel_.fsmount(task_, tmpfs, 0, place);
  if (answer.refused()) return answer;
  answer = kernel_.move_mount(task_, place, task_.root);
  if (answer.refused()) return answer;
  fill(fd, place);
  return answer;
}

// The stage's mounts stay for the model; nobody can see them.
Outcome Simulator::unstage(Register) {
  task_ = home_;
  return {};
}

}  // namespace mountc
