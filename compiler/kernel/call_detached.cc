// compiler/kernel/call_detached.cc - detached trees: open_tree(2), fsmount(2),
// mount_setattr(2).
#include <bit>

#include "compiler/kernel/kernel.h"
#include "compiler/kernel/peers.h"
#include "runtime/ops.h"

namespace mountc::kernel {
namespace {

namespace bit = plan::bit;

Propagation propagation_of(uint32_t ms) {
  switch (ms) {
    case bit::propagation_SHARED: return Propagation::shared;
    case bit::propagation_SLAVE: return Propagation::slave;
    case bit::propagation_UNBINDABLE: return Propagation::unbindable;
    default: return Propagation::private_;
  }
}

// build_mount_kattr()
Answer well_formed(const AttributeChange& change) {
  if (std::popcount(change.propagation) > 1) return Refusal::change_propagations;
  const uint32_t cleared = change.clear & bit::attr_ATIME;
  if (cleared && cleared != bit::attr_ATIME) return Refusal::change_access_time;
  const uint32_t mode = change.set & bit::attr_ATIME;
  if (!cleared && mode) return Refusal::change_access_time;
  if (std::popcount(mode) > 1) return Refusal::change_access_time;
  return done;
}

}  // namespace

Path Kernel::detached(MountRef tree, NamespaceRef origin, UserNamespaceRef owner) {
  const auto ns = static_cast<NamespaceRef>(namespaces_.size());
  namespaces_.push_back({tree, owner, true, origin, 0, 0});
  for (MountRef m = tree; m != nothing; m = mounts_.next(m, tree)) {
    enter_namespace(ns, m);
    ++namespaces_[ns].mounts;
  }
  return {tree, mounts_[tree].root};
}

// open_detached_copy(): the tree remembers in which namespace it began.
Answer Kernel::open_tree_clone(const Task& task, Path path, bool recursive, Path& made) {
  if (!may_mount(task)) return Refusal::may_not_mount;
  NamespaceRef origin = mounts_[path.mount].ns;
  if (origin != nothing && namespaces_[origin].anonymous) origin = namespaces_[origin].origin;
  MountRef copy = nothing;
  const Answer cloned = clone_or_copy(task, path, recursive, copy);
  if (cloned.refused()) return cloned;
  made = detached(copy, origin, namespaces_[task.ns].owner);
  return done;
}

Answer Kernel::open_tree_attr(const Task& task, Path path, const AttributeChange& change,
                              Path& made) {
  const Answer cloned = open_tree_clone(task, path, change.recursive, made);
  if (cloned.refused()) return cloned;
  const Answer changed = change_attributes(task, made, change, true);
  if (changed.refused()) dissolve(made.mount);
  return changed;
}

Answer Kernel::fsmount(const Task& task, SuperblockRef superblock, uint32_t attributes,
                       Path& made) {
  if (!may_mount(task)) return Refusal::may_not_mount;
  if (std::popcount(attributes & bit::attr_ATIME) > 1) return Refusal::change_access_time;
  const MountRef m = mounts_.add(dentries_.superblock(superblock).root);
  mounts_[m].attributes = attributes;
  made = detached(m, nothing, namespaces_[task.ns].owner);
  return done;
}

Answer Kernel::mount_setattr(const Task& task, Path path, const AttributeChange& change) {
  if (!may_mount(task)) return Refusal::may_not_mount;
  return change_attributes(task, path, change, false);
}

// do_mount_setattr(): all mounts are looked at before any is changed.
Answer Kernel::change_attributes(const Task& task, Path path, const AttributeChange& change,
                                 bool replaces_idmap) {
  if (!change.set && !change.clear && !change.propagation) return done;
  const Answer formed = well_formed(change);
  if (formed.refused()) return formed;
  if (!is_root(path)) return Refusal::change_not_root;
  const auto next = [&](MountRef m) {
    return change.recursive ? mounts_.next(m, path.mount) : nothing;
  };
  if (!is_detached_root(path.mount) && !is_ours(task, path.mount))
    return Refusal::change_foreign;
  for (MountRef m = path.mount; m != nothing; m = next(m)) {
    const Mount& each = mounts_[m];
    const uint32_t after = (each.attributes & ~change.clear) | change.set;
    if ((each.attributes ^ after) & each.locked_attributes) return Refusal::locked_flags;
    if (!(change.set & bit::attr_IDMAP)) continue;
    if (!replaces_idmap && each.idmap) return Refusal::idmap_twice;
    if (!namespaces_[each.ns].anonymous) return Refusal::idmap_visible;
  }
  const Propagation type = propagation_of(change.propagation);
  if (change.propagation && type == Propagation::shared) {
    invent_groups(path.mount, change.recursive);
  }
  for (MountRef m = path.mount; m != nothing; m = next(m)) {
    Mount& each = mounts_[m];
    each.attributes = ((each.attributes & ~change.clear) | change.set) & ~bit::attr_IDMAP;
    if (change.set & bit::attr_IDMAP) each.idmap = change.idmap;
    if (change.clear & ~change.set & bit::attr_IDMAP) each.idmap = 0;
    if (change.propagation) change_propagation(m, type);
  }
  return done;
}

}  // namespace mountc::kernel
