// compiler/kernel/checks.cc - checks that several mount operations make: fs/namespace.c,
// Linux 6.18.
#include "compiler/kernel/kernel.h"
#include "compiler/kernel/receivers.h"

namespace mountc::kernel {

// ns_capable(): the task's user namespace is `owner`, or one that it lies in.
bool Kernel::capable(const Task& task, UserNamespaceRef owner) const {
  while (owner != nothing && owner != task.user_ns) owner = user_namespaces_[owner];
  return owner == task.user_ns;
}

// anon_ns_root()
bool Kernel::is_detached_root(MountRef m) const {
  const NamespaceRef ns = mounts_[m].ns;
  return ns != nothing && namespaces_[ns].anonymous && namespaces_[ns].root == m;
}

// check_anonymous_mnt(): a detached tree that was made in the task's namespace. What fsmount(2)
// makes has no origin and is anybody's.
bool Kernel::is_our_detached(const Task& task, MountRef m) const {
  const NamespaceRef ns = mounts_[m].ns;
  if (ns == nothing || !namespaces_[ns].anonymous) return false;
  return namespaces_[ns].origin == nothing || namespaces_[ns].origin == task.ns;
}

bool Kernel::has_locked_children(MountRef m, DentryRef below) const {
  for (MountRef c = mounts_[m].first_child; c != nothing; c = mounts_[c].next_sibling) {
    if (mounts_[c].locked && dentries_.is_within(mounts_[c].mountpoint, below)) return true;
  }
  return false;
}

// tree_contains_unbindable()
bool Kernel::contains_unbindable(MountRef tree) const {
  for (MountRef m = tree; m != nothing; m = mounts_.next(m, tree)) {
    if (mounts_[m].unbindable) return true;
  }
  return false;
}

// A directory and something else. What nobody knows fits both.
bool Kernel::are_of_mixed_kinds(DentryRef a, DentryRef b) const {
  const DentryKind first = dentries_[a].kind, second = dentries_[b].kind;
  if (first == DentryKind::any || second == DentryKind::any) return false;
  return (first == DentryKind::directory) != (second == DentryKind::directory);
}

// do_lock_mount(): whatever is mounted at the target is the target.
Answer Kernel::lock_target(Path& target) const {
  target = mounts_.topmost(target);
  if (is_mounted(target.mount)) return done;
  if (!version_.has(Change::unmounted_target)) return Refusal::target_foreign;
  return Refusal::target_unmounted;
}

Answer Kernel::may_change_propagation(const Task& task, MountRef m) const {
  if (!is_mounted(m)) return Refusal::join_unmounted;
  if (!capable(task, namespaces_[mounts_[m].ns].owner)) return Refusal::may_not_join;
  return done;
}

// may_copy_tree(), __do_loopback()
Answer Kernel::may_clone(const Task& task, Path path, bool recursive) const {
  if (mounts_[path.mount].unbindable) return Refusal::clone_unbindable;
  const Superblock& superblock = dentries_.superblock(dentries_[path.dentry].superblock);
  const bool detached =
      version_.has(Change::detached_clone) && is_our_detached(task, path.mount);
  if (!is_ours(task, path.mount) && !superblock.is_namespace_file && !detached) {
    return Refusal::clone_foreign;
  }
  if (!recursive && has_locked_children(path.mount, path.dentry)) {
    return Refusal::clone_locked_children;
  }
  return done;
}

// can_move_mount_beneath(): `over` is what will lie on top, at `at` of `parent`.
Answer Kernel::can_move_beneath(const Task& task, Path from, MountRef over, MountRef parent,
                                DentryRef at) const {
  if (mounts_[over].locked) return Refusal::beneath_locked;
  if (mounts_.lookup(from.mount, from.dentry) != nothing) return Refusal::beneath_overmounted;
  if (!version_.has(Change::beneath_root)) {
    if (over == task.root.mount) return Refusal::beneath_root;
    if (parent == namespaces_[task.ns].root) return Refusal::beneath_namespace_root;
  }
  if (mounts_.is_ancestor(over, from.mount)) return Refusal::beneath_ancestor;
  if (would_overmount(mounts_, parent, over, at)) return Refusal::beneath_propagates;
  if (is_ours(task, from.mount) && would_overmount(mounts_, parent, from.mount, at)) {
    return Refusal::beneath_propagates_back;
  }
  return done;
}

}  // namespace mountc::kernel
