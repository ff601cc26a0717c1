// compiler/kernel/attach.cc - attaching a tree, here and wherever its parent propagates to.
#include "compiler/kernel/kernel.h"
#include "compiler/kernel/peers.h"
#include "compiler/kernel/receivers.h"

namespace mountc::kernel {

// Linux 6.18, fs/namespace.c count_mounts()
Answer Kernel::count_mounts(NamespaceRef ns, MountRef tree) {
  uint32_t count = 0;
  for (MountRef m = tree; m != nothing; m = mounts_.next(m, tree)) ++count;
  Namespace& space = namespaces_[ns];
  if (uint64_t{space.mounts} + space.pending + count > mount_max_) return Refusal::mount_max;
  space.pending += count;
  return done;
}

void Kernel::invent_groups(MountRef tree, bool recursive) {
  for (MountRef m = tree; m != nothing; m = recursive ? mounts_.next(m, tree) : nothing) {
    if (!mounts_[m].group) mounts_[m].group = new_group();
  }
}

// cleanup_group_ids()
void Kernel::forget_groups(MountRef tree) {
  for (MountRef m = tree; m != nothing; m = mounts_.next(m, tree)) {
    if (mounts_[m].group && !mounts_[m].shared) mounts_[m].group = 0;
  }
}

// fs/pnode.c find_master(): of the copies made so far, the one that the copy for m is made
// from.
static MountRef find_original(const MountTable& mounts, MountRef m, MountRef last,
                              MountRef first) {
  MountRef p;
  while ((p = mounts[m].master) != nothing && !mounts[p].marked) m = p;
  while (!are_peers(mounts[last], mounts[first])) {
    const MountRef parent = mounts[last].parent;
    if (mounts[parent].master == p) {
      if (!are_peers(mounts[parent], mounts[m])) last = mounts[last].master;
      break;
    }
    last = mounts[last].master;
  }
  return last;
}

// fs/pnode.c propagate_mnt(): a copy for each mount that receives from `dest` and shows the
// mount point: peers' copies are peers of the source, slaves' copies its slaves.
Answer Kernel::propagate(MountRef dest, DentryRef at, MountRef source,
                         std::vector<MountRef>& copies) {
  // need_secondary()
  const auto receives = [&](MountRef n) {
    const Mount& each = mounts_[n];
    if (each.ns == nothing || !dentries_.is_within(at, each.root)) return false;
    return !namespaces_[each.ns].anonymous;
  };
  const auto mark_master = [&](MountRef m, bool marked) {
    if (mounts_[m].master != nothing) mounts_[mounts_[m].master].marked = marked;
  };
  Answer answer;
  MountRef copy = source;
  mark_master(dest, true);
  for (MountRef m = dest; m != nothing && !answer.refused(); m = next_group(mounts_, m, dest)) {
    CopyFlags flags;
    MountRef n = m;
    if (m == dest) {
      copy = source;
      flags.make_shared = true;
      n = mounts_[m].next_peer;
      if (n == m) continue;
    } else {
      flags.slave = true;
      flags.make_shared = mounts_[m].shared;
    }
    do {
      if (!receives(n)) continue;
      if (flags.slave) copy = find_original(mounts_, n, copy, source);
      MountRef made = nothing;
      answer = copy_tree(copy, mounts_[copy].root, flags, made);
      if (answer.refused()) break;
      mounts_.set_mountpoint(made, n, at);
      mark_master(n, true);
      copy = made;
      copies.push_back(made);
      for (MountRef c = made; c != nothing; c = mounts_.next(c, made))
        mounts_[c].propagated = true;
      answer = count_mounts(mounts_[n].ns, made);
      if (answer.refused()) break;
      flags.slave = false;
      flags.make_shared = true;
    } while ((n = mounts_[n].next_peer) != m);
  }
  for (MountRef made : copies) mark_master(mounts_[made].parent, false);
  mark_master(dest, false);
  return answer;
}

// commit_tree(): the mounts enter the namespace that their parent is in, and can be found.
void Kernel::commit(MountRef tree) {
  const NamespaceRef ns = mounts_[mounts_[tree].parent].ns;
  if (mounts_[tree].ns == nothing) {
    for (MountRef m = tree; m != nothing; m = mounts_.next(m, tree)) {
      if (mounts_[m].ns != nothing) {
        m = mounts_.skip_tree(m);
      } else {
        enter_namespace(ns, m);
      }
    }
    namespaces_[ns].mounts += namespaces_[ns].pending;
    namespaces_[ns].pending = 0;
  }
  mounts_.make_visible(tree);
}

// Linux 6.18, fs/namespace.c attach_recursive_mnt(). Under a shared mount each mount of the
// tree becomes shared, and the tree is copied to all that receive. What is mounted at a
// receiver's mount point already is put on top of the copy.
Answer Kernel::attach_recursive(const Task& task, MountRef source, MountRef dest,
                                DentryRef at) {
  const NamespaceRef ns = mounts_[dest].ns;
  const bool moving = mounts_.has_parent(source);
  const bool shared = mounts_[dest].shared;
  std::vector<MountRef> trees;
  if (!moving) {
    const Answer counted = count_mounts(ns, source);
    if (counted.refused()) {
      namespaces_[ns].pending = 0;
      return counted;
    }
  }
  if (shared) {
    invent_groups(source, true);
    const Answer propagated = propagate(dest, at, source, trees);
    if (propagated.refused()) {
      for (; !trees.empty(); trees.pop_back()) {
        namespaces_[mounts_[mounts_[trees.back()].parent].ns].pending = 0;
        umount_tree(trees.back(), How::sync);
      }
      forget_groups(source);
      namespaces_[ns].pending = 0;
      return propagated;
    }
    for (MountRef m = source; m != nothing; m = mounts_.next(m, source)) set_shared(mounts_[m]);
  }
  if (moving) {
    mounts_.detach(source);
  } else if (mounts_[source].ns != nothing) {
    namespaces_[mounts_[source].ns].root = nothing;
    for (MountRef m = source; m != nothing; m = mounts_.next(m, source))
      mounts_[m].ns = nothing;
  }
  mounts_.set_mountpoint(source, dest, at);
  trees.push_back(source);
  for (; !trees.empty(); trees.pop_back()) {
    const MountRef tree = trees.back();
    const MountRef parent = mounts_[tree].parent;
    const bool foreign = namespaces_[mounts_[parent].ns].owner != namespaces_[task.ns].owner;
    const bool to_the_top = version_.has(Change::slide_to_the_top);
    if (foreign) lock_tree(tree);  // without what it covers
    const MountRef covered = mounts_.lookup(parent, mounts_[tree].mountpoint);
    if (covered != nothing) {
      MountRef top = tree;
      while (to_the_top && mounts_[top].overmount != nothing) top = mounts_[top].overmount;
      mounts_.change_mountpoint(covered, top, mounts_[top].root);
    }
    commit(tree);
  }
  return done;
}

// graft_tree()
Answer Kernel::graft(const Task& task, MountRef tree, Path target) {
  if (are_of_mixed_kinds(mounts_[tree].root, target.dentry)) return Refusal::mixed_kinds;
  return attach_recursive(task, tree, target.mount, target.dentry);
}

}  // namespace mountc::kernel
