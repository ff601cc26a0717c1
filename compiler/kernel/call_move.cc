// compiler/kernel/call_move.cc - moving and attaching, and joining groups: move_mount(2),
// Linux 6.18.
#include "compiler/kernel/kernel.h"
#include "compiler/kernel/peers.h"

namespace mountc::kernel {

// The namespaces that do_move_mount() asks for: may `from` go where `to` is?
Answer Kernel::can_move(const Task& task, Path from, Path to) const {
  const Mount& old = mounts_[from.mount];
  if (is_ours(task, from.mount)) {
    if (!mounts_.has_parent(from.mount) || old.locked) return Refusal::move_locked;
    if (!is_ours(task, to.mount)) return Refusal::target_foreign;
    if (mounts_[old.parent].shared) return Refusal::move_shared_parent;
  } else {
    if (!is_detached_root(from.mount)) return Refusal::move_not_detached_root;
    if (old.ns == mounts_[to.mount].ns) return Refusal::move_within_tree;
    const bool nests =
        version_.has(Change::detached_nesting) && is_our_detached(task, to.mount);
    if (!is_ours(task, to.mount) && !nests) return Refusal::target_foreign;
  }
  return done;
}

// do_move_mount()
Answer Kernel::move(const Task& task, Path from, Path to, bool beneath) {
  const MountRef given = to.mount;
  const Path named = to;
  if (!version_.has(Change::source_first)) {
    const Answer locked = lock_target(to);
    if (locked.refused()) return locked;
  }
  if (!is_root(from)) return Refusal::move_not_root;
  if (are_of_mixed_kinds(from.dentry, to.dentry)) return Refusal::move_mixed_kinds;
  if (beneath && !is_root(named)) return Refusal::beneath_not_root;
  const Answer locked = lock_target(to);
  if (locked.refused()) return locked;
  const Answer can = can_move(task, from, to);
  if (can.refused()) return can;
  MountRef parent = to.mount;
  DentryRef at = to.dentry;
  if (beneath) {
    if (!mounts_.has_parent(to.mount)) return Refusal::beneath_no_parent;
    at = mounts_[to.mount].mountpoint;
    parent = mounts_[to.mount].parent;
    // A mount without a parent is its own (mnt_parent), so the root of a detached tree is taken
    // for what covers it when it is named itself.
    const MountRef over = parent == given && !mounts_.has_parent(given) ? given : to.mount;
    const Answer below = can_move_beneath(task, from, over, parent, at);
    if (below.refused()) return below;
  }
  if (mounts_[parent].shared && contains_unbindable(from.mount))
    return Refusal::move_unbindable;
  if (mounts_.is_ancestor(from.mount, parent)) return Refusal::move_into_itself;
  return attach_recursive(task, from.mount, parent, at);
}

Answer Kernel::move_mount(const Task& task, Path from, Path to, bool beneath) {
  if (!may_mount(task)) return Refusal::may_not_mount;
  if (beneath && !version_.has(Change::beneath)) return Refusal::unknown_flag;
  return move(task, from, to, beneath);
}

// do_set_group(): `to`, which must be private, gets the peer group and the master of `from`.
Answer Kernel::set_group(const Task& task, Path from, Path to) {
  if (!may_mount(task)) return Refusal::may_not_mount;
  if (!version_.has(Change::set_group)) return Refusal::unknown_flag;
  for (MountRef m : {from.mount, to.mount}) {
    const Answer may = may_change_propagation(task, m);
    if (may.refused()) return may;
  }
  if (!is_root(from) || !is_root(to)) return Refusal::join_not_root;
  Mount& donor = mounts_[from.mount];
  Mount& member = mounts_[to.mount];
  if (dentries_[donor.root].superblock != dentries_[member.root].superblock) {
    return Refusal::join_superblocks;
  }
  if (!dentries_.is_within(member.root, donor.root)) return Refusal::join_narrow;
  if (has_locked_children(from.mount, member.root)) return Refusal::join_locked_children;
  if (member.shared || is_slave(member)) return Refusal::join_twice;
  if (member.unbindable && version_.has(Change::join_bindable)) return Refusal::join_unbindable;
  if (!donor.shared && !is_slave(donor)) return Refusal::join_private;
  if (is_slave(donor)) {
    if (version_.has(Change::join_keeps_order)) {
      add_slave_behind(mounts_, to.mount, from.mount);
    } else {
      add_slave_first(mounts_, to.mount, donor.master);
    }
  }
  if (donor.shared) {
    member.group = donor.group;
    join_ring(mounts_, to.mount, from.mount);
    set_shared(member);
  }
  return done;
}

}  // namespace mountc::kernel
