// compiler/validate/steps_back.cc - the way back, on the model: what is found and what is left.
// The model writes no mountinfo; that its lines are told right is held by run tests.
#include "compiler/validate/simulator.h"

namespace mountc {

namespace bit = plan::bit;
using kernel::MountRef;
using kernel::nothing;
using kernel::Path;

Outcome Simulator::expect(Register fd, Text, Number flags) {
  const Path* const at = place_of(fd);
  if (!at) {
    if (flags & bit::expect_OPTIONAL) return {};
    return defective("a mount to be removed would not be found");
  }
  const bool covered = flags & bit::expect_COVERED;
  noted_last_ = covered ? kernel_.mounts()[noted_last_].parent : at->mount;
  noted_[noted_last_] = flags & bit::expect_MORE;
  return {};
}

Outcome Simulator::compare(Register) {
  const kernel::MountTable& mounts = kernel_.mounts();
  for (const auto& [mount, more] : noted_) {
    for (MountRef c = mounts[mount].first_child; c != nothing; c = mounts[c].next_sibling) {
      if (!more && !noted_.contains(c))
        return defective("a mount would be taken for a stranger");
    }
  }
  noted_.clear();
  return {};
}

// The model only removes.
Outcome Simulator::replaceable(Register, Number) { return {}; }

Outcome Simulator::unmount(Register fd) {
  const Path* const at = place_of(fd);
  if (!at) return defective("the slot holds no mount");
  const kernel::Mount& mount = kernel_.mounts()[at->mount];
  if (mount.overmount != nothing) return defective("a mount is covered that is to be removed");
  if (mount.parent != nothing && !kernel_.mounts()[mount.parent].shared) {
    (void)kernel_.mount_setattr(task_, *at,
                                {.propagation = bit::propagation_PRIVATE, .recursive = true});
  }
  return kernel_.umount(task_, *at, kernel::Unmount::lazy);
}

Outcome Simulator::unguard(Register fd) {
  const Path* const at = place_of(fd);
  if (!at) return defective("the slot holds no mount");
  const kernel::Mount& mount = kernel_.mounts()[at->mount];
  const bool guard = !mount.shared && mount.master == nothing && mount.root == mount.mountpoint;
  return guard ? unmount(fd) : Outcome{};
}

}  // namespace mountc
