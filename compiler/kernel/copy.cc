// compiler/kernel/copy.cc - copies of mounts and of trees: clone_mnt(), copy_tree(),
// Linux 6.18.
#include "compiler/kernel/kernel.h"
#include "compiler/kernel/peers.h"
#include "runtime/ops.h"

namespace mountc::kernel {

namespace bit = plan::bit;

// clone_mnt(): a copy has the flags of the original, and is its peer, its slave or, when it is
// a slave, a slave of the same master.
MountRef Kernel::clone(MountRef old, DentryRef root, CopyFlags flags) {
  const MountRef m = mounts_.add(root);
  Mount& copy = mounts_[m];
  const Mount& original = mounts_[old];
  copy.attributes = original.attributes;
  copy.locked_attributes = original.locked_attributes;
  copy.idmap = original.idmap;
  const bool forgets =
      version_.has(Change::bindable_copies) && !version_.has(Change::unbindable_copies);
  copy.unbindable = original.unbindable && !forgets;
  copy.group = flags.slave || flags.private_ ? 0 : original.group;
  if (flags.make_shared && !copy.group) copy.group = new_group();
  if (copy.group) set_shared(copy);
  if (flags.private_) return m;
  if (are_peers(copy, original)) join_ring(mounts_, m, old);
  if (flags.slave && original.group) {
    add_slave_first(mounts_, m, old);
  } else if (is_slave(original)) {
    add_slave_behind(mounts_, m, old);
  }
  return m;
}

// copy_tree(): what lies below `root` comes along, but for unbindable mounts and the files of
// mount namespaces, with all below them.
Answer Kernel::copy_tree(MountRef source, DentryRef root, CopyFlags flags, MountRef& copy) {
  const auto is_file = [&](DentryRef d) {
    return dentries_.superblock(dentries_[d].superblock).is_namespace_file;
  };
  if (!flags.copy_unbindable && mounts_[source].unbindable) return Refusal::clone_unbindable;
  if (!flags.copy_namespace_files && is_file(root)) return Refusal::clone_namespace_file;
  copy = clone(source, root, flags);
  MountRef above = source, at = copy;
  for (MountRef top = mounts_[source].first_child; top != nothing;
       top = mounts_[top].next_sibling) {
    if (!dentries_.is_within(mounts_[top].mountpoint, root)) continue;
    for (MountRef m = top; m != nothing; m = mounts_.next(m, top)) {
      if (!flags.copy_unbindable && mounts_[m].unbindable) {
        if (mounts_[m].locked) {
          umount_tree(copy, How::sync);
          return Refusal::clone_locked_unbindable;
        }
        m = mounts_.skip_tree(m);
        continue;
      }
      if (!flags.copy_namespace_files && is_file(mounts_[m].root)) {
        m = mounts_.skip_tree(m);
        continue;
      }
      for (; above != mounts_[m].parent; above = mounts_[above].parent) at = mounts_[at].parent;
      const MountRef made = clone(m, mounts_[m].root, flags);
      mounts_[made].locked = mounts_[m].locked;
      mounts_.attach(made, at, mounts_[m].mountpoint);
      above = m;
      at = made;
    }
  }
  return done;
}

Answer Kernel::clone_or_copy(const Task& task, Path path, bool recursive, MountRef& copy) {
  const Answer may = may_clone(task, path, recursive);
  if (may.refused()) return may;
  CopyFlags flags;
  flags.copy_namespace_files = true;
  if (recursive) return copy_tree(path.mount, path.dentry, flags, copy);
  copy = clone(path.mount, path.dentry, flags);
  return done;
}

// lock_mnt_tree(): what comes into a less privileged namespace keeps its flags, and what a
// mount covers may not be revealed.
void Kernel::lock_tree(MountRef tree) {
  for (MountRef m = tree; m != nothing; m = mounts_.next(m, tree)) {
    Mount& each = mounts_[m];
    constexpr uint32_t restricting =
        bit::attr_RDONLY | bit::attr_NOSUID | bit::attr_NODEV | bit::attr_NOEXEC;
    each.locked_attributes |= (each.attributes & restricting) | bit::attr_ATIME;
    if (m != tree) each.locked = true;
  }
}

}  // namespace mountc::kernel
