// compiler/kernel/call_namespace.cc - unshare(CLONE_NEWNS) and pivot_root(2), Linux 6.18.
#include "compiler/kernel/kernel.h"

namespace mountc::kernel {

// copy_mnt_ns(): unbindable mounts are copied, too. In a namespace of a less privileged owner
// the copies receive, but do not send, and their flags and places are locked.
Answer Kernel::unshare(Task& task, UserNamespaceRef owner, NamespaceRef& made) {
  if (!capable(task, namespaces_[task.ns].owner) && !capable(task, owner)) {
    return Refusal::may_not_mount;
  }
  const MountRef old = namespaces_[task.ns].root;
  const bool less_privileged = owner != namespaces_[task.ns].owner;
  CopyFlags flags;
  flags.copy_unbindable = true;
  flags.slave = less_privileged;
  MountRef copy = nothing;
  const Answer copied = copy_tree(old, mounts_[old].root, flags, copy);
  if (copied.refused()) return copied;
  if (less_privileged) lock_tree(copy);
  made = static_cast<NamespaceRef>(namespaces_.size());
  namespaces_.push_back({copy, owner, false, nothing, 0, 0});
  const Task before = task;
  task.ns = made;
  MountRef p = old;
  for (MountRef q = copy; q != nothing;) {
    enter_namespace(made, q);
    ++namespaces_[made].mounts;
    if (before.root.mount == p) task.root.mount = q;
    if (before.cwd.mount == p) task.cwd.mount = q;
    p = mounts_.next(p, old);
    q = mounts_.next(q, copy);
    if (q == nothing) break;
    while (mounts_[p].root != mounts_[q].root) p = mounts_.next(mounts_.skip_tree(p), old);
  }
  return done;
}

// pivot_root(): trades the places of the task's root and of what is mounted below it.
Answer Kernel::pivot_root(Task& task, Path new_root, Path put_old) {
  if (!may_mount(task)) return Refusal::may_not_mount;
  const Answer locked = lock_target(put_old);
  if (locked.refused()) return locked;
  const Path root = task.root;
  Mount& fresh = mounts_[new_root.mount];
  Mount& old = mounts_[root.mount];
  const auto is_shared = [&](MountRef m, MountRef self) {
    return mounts_[m == nothing ? self : m].shared;
  };
  if (mounts_[put_old.mount].shared || is_shared(fresh.parent, new_root.mount) ||
      is_shared(old.parent, root.mount)) {
    return Refusal::pivot_shared;
  }
  if (!is_ours(task, root.mount) || !is_ours(task, new_root.mount))
    return Refusal::pivot_foreign;
  if (fresh.locked) return Refusal::pivot_locked;
  if (new_root.mount == root.mount || put_old.mount == root.mount) return Refusal::pivot_same;
  if (!is_root(root)) return Refusal::pivot_not_root;
  if (!mounts_.has_parent(root.mount)) return Refusal::pivot_absolute_root;
  if (!is_root(new_root)) return Refusal::pivot_not_root;
  if (!mounts_.has_parent(new_root.mount)) return Refusal::pivot_absolute_root;
  if (!mounts_.is_reachable(put_old.mount, put_old.dentry, new_root, dentries_) ||
      !mounts_.is_reachable(new_root.mount, new_root.dentry, root, dentries_)) {
    return Refusal::pivot_unreachable;
  }
  const MountRef above = old.parent;
  const DentryRef at = old.mountpoint;
  mounts_.detach(new_root.mount);
  if (old.locked) {
    fresh.locked = true;
    old.locked = false;
  }
  mounts_.attach(new_root.mount, above, at);
  mounts_.detach(root.mount);
  mounts_.attach(root.mount, put_old.mount, put_old.dentry);
  if (task.cwd == root) task.cwd = new_root;  // chroot_fs_refs()
  task.root = new_root;
  return done;
}

}  // namespace mountc::kernel
