// compiler/kernel/call_mount.cc - mount(2): new mounts, binds, moves, propagation; Linux 6.18.
#include "compiler/kernel/kernel.h"
#include "compiler/kernel/peers.h"

namespace mountc::kernel {

// do_new_mount(), do_add_mount()
Answer Kernel::mount_new(const Task& task, SuperblockRef superblock, Path target,
                         uint32_t attributes) {
  if (!may_mount(task)) return Refusal::may_not_mount;
  const Answer locked = lock_target(target);
  if (locked.refused()) return locked;
  if (!is_ours(task, target.mount)) return Refusal::target_foreign;
  if (dentries_[target.dentry].superblock == superblock && is_root(target))
    return Refusal::twice;
  const MountRef m = mounts_.add(dentries_.superblock(superblock).root);
  mounts_[m].attributes = attributes;
  return graft(task, m, target);
}

// do_loopback()
Answer Kernel::mount_bind(const Task& task, Path source, Path target, bool recursive) {
  if (!may_mount(task)) return Refusal::may_not_mount;
  const Answer locked = lock_target(target);
  if (locked.refused()) return locked;
  if (!is_ours(task, target.mount)) return Refusal::target_foreign;
  MountRef copy = nothing;
  const Answer cloned = clone_or_copy(task, source, recursive, copy);
  if (cloned.refused()) return cloned;
  const Answer attached = graft(task, copy, target);
  if (attached.refused()) umount_tree(copy, How::sync);
  return attached;
}

// do_move_mount_old()
Answer Kernel::mount_move(const Task& task, Path source, Path target) {
  if (!may_mount(task)) return Refusal::may_not_mount;
  return move(task, source, target, false);
}

// do_change_type(). Since Linux 6.17 the mount may be in any namespace that the task has power
// over; stable kernels took that over.
Answer Kernel::mount_change_type(const Task& task, Path path, Propagation type,
                                 bool recursive) {
  if (!may_mount(task)) return Refusal::may_not_mount;
  if (!is_root(path)) return Refusal::change_not_root;
  const Answer may = may_change_propagation(task, path.mount);
  if (may.refused()) return may;
  if (type == Propagation::shared) invent_groups(path.mount, recursive);
  for (MountRef m = path.mount; m != nothing;
       m = recursive ? mounts_.next(m, path.mount) : nothing) {
    change_propagation(m, type);
  }
  return done;
}

// do_reconfigure_mnt(): MS_REMOUNT | MS_BIND says all flags of one mount anew.
Answer Kernel::mount_remount_bind(const Task& task, Path path, uint32_t attributes) {
  if (!may_mount(task)) return Refusal::may_not_mount;
  if (!is_ours(task, path.mount)) return Refusal::remount_foreign;
  if (!is_root(path)) return Refusal::change_not_root;
  Mount& m = mounts_[path.mount];
  if ((m.attributes ^ attributes) & m.locked_attributes) return Refusal::locked_flags;
  m.attributes = attributes;
  return done;
}

}  // namespace mountc::kernel
