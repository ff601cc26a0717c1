// compiler/kernel/umount.cc - taking trees out of their namespaces: umount_tree(), Linux 6.18.
#include <algorithm>

#include "compiler/kernel/kernel.h"
#include "compiler/kernel/peers.h"
#include "compiler/kernel/propagate_umount.h"
#include "compiler/kernel/receivers.h"

namespace mountc::kernel {

// disconnect_mount(), turned round. What may not be revealed stays on what it covers.
bool Kernel::stays_connected(MountRef m, How how) const {
  if (how == How::sync || how == How::propagate_sync) return false;
  if (!mounts_.has_parent(m) || !mounts_[mounts_[m].parent].unmounted) return false;
  return how == How::connected || mounts_[m].locked;
}

void Kernel::change_propagation(MountRef m, Propagation type) {
  if (version_.has(Change::sane_masters)) {
    kernel::change_propagation(mounts_, m, type);
  } else {
    change_propagation_before(mounts_, m, type);
  }
}

void Kernel::umount_tree(MountRef tree, How how) {
  const bool propagates = how == How::propagate || how == How::propagate_sync;
  if (propagates) unlock_receivers(mounts_, tree);
  std::vector<MountRef> set;
  for (MountRef m = tree; m != nothing; m = mounts_.next(m, tree)) {
    mounts_[m].unmounted = true;
    set.push_back(m);
  }
  for (MountRef m : set) {
    if (mounts_.has_parent(m)) mounts_.unlist(m);
  }
  if (!version_.has(Change::umount_from_below)) std::ranges::reverse(set);
  if (propagates) {
    version_.has(Change::umount_by_reach) ? propagate_umount(mounts_, set)
                                          : propagate_umount_before(mounts_, set);
  }
  if (version_.has(Change::bulk_private)) make_private(mounts_, set);
  for (MountRef m : set) {
    Mount& self = mounts_[m];
    if (self.ns != nothing) --namespaces_[self.ns].mounts;
    self.ns = nothing;
    const bool stays = stays_connected(m, how);
    if (mounts_.has_parent(m)) {
      if (stays) {
        mounts_.list_again(m);
      } else {
        mounts_.detach(m);
      }
    }
    if (!version_.has(Change::bulk_private))
      change_propagation(m, Propagation::private_);
  }
}

// fs/pnode.c propagate_mount_busy(): only the mounts without mounts below them count, here and
// wherever the unmount would propagate to.
bool Kernel::is_busy(MountRef m) const {
  const Mount& self = mounts_[m];
  if (self.first_child != nothing || self.users > 0) return true;
  if (!mounts_.has_parent(m)) return false;
  for (MountRef r = self.parent; (r = next_receiver(mounts_, r, self.parent)) != nothing;) {
    const MountRef child = mounts_.lookup(r, self.mountpoint);
    if (child == nothing) continue;
    const Mount& copy = mounts_[child];
    const bool covered_only = copy.first_child != nothing &&
                              copy.first_child == copy.last_child && copy.overmount != nothing;
    if (copy.first_child != nothing && !covered_only) continue;
    if (copy.users > 0) return true;
  }
  return false;
}

// do_umount(), can_umount(). Unmounting the process's root, which only makes it read-only, is
// not modelled.
Answer Kernel::umount(const Task& task, Path path, Unmount how) {
  if (!may_mount(task)) return Refusal::may_not_mount;
  if (!is_root(path)) return Refusal::umount_not_root;
  if (!is_ours(task, path.mount)) return Refusal::umount_foreign;
  if (mounts_[path.mount].locked) return Refusal::umount_locked;
  if (!mounts_.has_parent(path.mount)) return Refusal::umount_namespace_root;
  if (how == Unmount::unless_busy && is_busy(path.mount)) return Refusal::busy;
  umount_tree(path.mount, how == Unmount::lazy ? How::propagate : How::propagate_sync);
  return done;
}

// dissolve_on_fput(): a detached tree whose descriptor is closed is gone, unless it was
// attached.
void Kernel::dissolve(MountRef m) {
  if (is_detached_root(m)) umount_tree(m, How::connected);
}

}  // namespace mountc::kernel
