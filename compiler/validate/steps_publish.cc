// compiler/validate/steps_publish.cc - steps that make a tree visible, and masks, on the model.
#include "compiler/validate/simulator.h"

namespace mountc {

namespace bit = plan::bit;
using kernel::Answer;
using kernel::Path;

Outcome Simulator::publish_root(Register fd, Register dir, Register guard) {
  return publish(fd, dir, guard);
}

Outcome Simulator::publish(Register fd, Register dir, Register guard) {
  const Path* const mount = place_of(fd);
  const Path* const target = place_of(is_null(guard) ? dir : guard);
  if (!mount || !target) return defective("the slot holds no mount");
  return kernel_.move_mount(task_, *mount, *target);
}

Outcome Simulator::stacked(Register fd, Register tree) {
  const Path* const top = place_of(fd);
  const Path* const bottom = place_of(tree);
  if (!top || !bottom) return defective("the slot holds no mount");
  const kernel::MountTable& mounts = kernel_.mounts();
  for (kernel::MountRef m = top->mount; m != bottom->mount; m = mounts[m].parent) {
    const kernel::MountRef below = mounts[m].parent;
    if (below == kernel::nothing || mounts[below].overmount != m) {
      return defective("a mount would be taken for a part of another one's stack");
    }
  }
  return {};
}

Outcome Simulator::publish_beneath(Register fd, Register dir, Number flags) {
  const Path* const mount = place_of(fd);
  const Path* const target = place_of(dir);
  if (!mount || !target) return defective("the slot holds no mount");
  const kernel::MountRef below = kernel_.mounts()[target->mount].parent;
  const bool shares = below != kernel::nothing && kernel_.mounts()[below].shared;
  if (shares && !(flags & bit::beneath_PROPAGATE)) {
    Outcome outcome = defective("the mount below the target is shared");
    outcome.machine_decides = true;
    return outcome;
  }
  return kernel_.move_mount(task_, *mount, *target, true);
}

// A file is hidden by the host's /dev/null, anything else by an empty tmpfs.
Outcome Simulator::mask(Register dir, Text path) {
  if (world_.is_missing(true)) return {};
  Path place, cover;
  const Answer found = look_up(dir, path, 0, place);
  if (is_missing(found)) return {};
  if (found.refused()) return found;
  Answer answer;
  if (kernel_.dentries()[place.dentry].kind == kernel::DentryKind::file) {
    Path null_device;
    answer = kernel_.look_up(task_, task_.root, "/dev/null", null_device);
    if (answer.refused()) return answer;
    answer = kernel_.open_tree_attr(task_, null_device,
                                    {.propagation = bit::propagation_PRIVATE}, cover);
  } else {
    const auto superblock = kernel_.dentries().add_superblock("tmpfs", kernel::Contents::made);
    answer = kernel_.fsmount(task_, superblock, bit::attr_RDONLY, cover);
  }
  return answer.refused() ? answer : kernel_.move_mount(task_, cover, place);
}

}  // namespace mountc
