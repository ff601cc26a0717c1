// compiler/kernel/propagate_umount.h - which mounts an unmount takes along elsewhere:
// fs/pnode.c.
#pragma once

#include <vector>

#include "compiler/kernel/mount_table.h"

namespace mountc::kernel {

// propagate_mount_unlock(): what receives from the parent of m may be revealed with it.
void unlock_receivers(MountTable& mounts, MountRef m);

// propagate_umount(): adds to `set`, the tree that is unmounted, all that goes with it. What
// survives on top of those slides down to where they were mounted.
void propagate_umount(MountTable& mounts, std::vector<MountRef>& set);

// The same in Linux 5.15 to 6.16, which go from child to parent as long as nothing stays, in the
// order in which the receivers are found: what is found too early stays.
void propagate_umount_before(MountTable& mounts, std::vector<MountRef>& set);

}  // namespace mountc::kernel
