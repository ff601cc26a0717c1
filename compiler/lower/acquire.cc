// compiler/lower/acquire.cc - picks mounts up: each one the root of its own detached tree.
#include <algorithm>

#include "compiler/lower/lowering.h"

namespace mountc {

using plan::Op;
namespace bit = plan::bit;

void Lowering::acquire(MountId m) {
  MountState& state = mounts_[m];
  if (state.fd != no_register || state.busy || mount(m).is_mask) return;
  state.busy = true;
  if (mount(m).is_conditional() && mount(m).parent != none) acquire(mount(m).parent);
  // What others are made from must exist before they do, also before they lend it their group.
  if (is_origin(m) || !clone_from_group(m)) {
    const uint32_t propagation = early_propagation(m);
    acquire_own(m, propagation);
    become_slave(m);
  }
  out_.at(mount(m).span);
  state.busy = false;
  settle_condition(m);
  make_mount_points(m);
  // Before children that have maps of their own are attached.
  if (maps_whole_tree(m)) map_ids(m, bit::setattr_RECURSIVE);
}

// The propagation a mount can have from its first moment. Sharing comes after the children;
// what must still be cloned is not unbindable yet.
uint32_t Lowering::early_propagation(MountId m) const {
  switch (mount(m).propagation) {
    case Propagation::inherit:
      return has_children(m) || layout_.covers_root(m) ? bit::propagation_PRIVATE : 0;
    case Propagation::follow: return bit::propagation_SLAVE;
    case Propagation::unbindable:
      if (!staged_ && clones_of_[m].empty() && mount(m).source.kind != SourceKind::rbind &&
          mount(m).root.in.empty() && !needs_place_to_make(m)) {
        return bit::propagation_UNBINDABLE;
      }
      [[fallthrough]];
    case Propagation::private_:
    case Propagation::shared:
    case Propagation::slave: return bit::propagation_PRIVATE;
  }
  return 0;
}

void Lowering::acquire_own(MountId m, uint32_t propagation) {
  const Mount& self = mount(m);
  MountState& state = mounts_[m];
  if (self.source.kind == SourceKind::filesystem) return acquire_filesystem(m, propagation);
  if (self.source.kind == SourceKind::clone) {
    const MountId source = acquire_source(m);
    out_.at(self.span);
    const Donor donor{mounts_[source].fd, mount(source).root, mount(source).flags, source};
    state.fd = clone(donor, m, mount(m).flags, propagation);
    return;
  }
  out_.at(self.span);
  acquire_bind(m, propagation);
}

void Lowering::acquire_bind(MountId m, uint32_t propagation) {
  const Mount& self = mount(m);
  MountState& state = mounts_[m];
  uint32_t flags = bit::tree_CLONE;
  if (self.source.kind == SourceKind::rbind) flags |= bit::tree_RECURSIVE;
  if (may_be_missing(m)) flags |= bit::tree_OPTIONAL;
  const bool whole_tree = self.source.kind == SourceKind::rbind;
  const Flags& wanted = whole_tree ? self.flags_below : self.flags;
  const uint32_t not_yet = state.read_only_late ? bit::attr_RDONLY : 0;
  const uint32_t path = out_.text(self.source.path);
  enter(file_of(self.source.in));
  if ((wanted.set & ~not_yet) || wanted.clear || propagation) {
    const uint32_t attr = out_.attr(wanted.set & ~not_yet, wanted.clear, propagation);
    const bool only_private = !wanted.set && !wanted.clear;
    if (only_private && !whole_tree && !staged_ && self.source.in.empty() && joins_at_once(m)) {
      state.as_is = true;
      flags |= bit::tree_AS_IS;
    }
    if (const auto directory = near(m, propagation)) {
      state.fd = out_.def(Op::bind, {*directory, attr, path, flags});
      return;
    }
    state.fd = out_.def(Op::open_tree_attr, {reg_host, attr, path, flags});
  } else {
    state.fd = out_.def(Op::open_tree, {reg_host, path, flags});
  }
  leave();
  if (!self.source.in.empty() && has_children(m) && !staged_) {
    state.fd = adopt(state.fd, self.source.kind == SourceKind::rbind);
  }
  if (whole_tree && self.flags != self.flags_below) {
    const uint32_t attr = out_.attr(self.flags.set & ~not_yet, self.flags.clear, 0);
    out_.step(Op::mount_setattr, {state.fd, attr, 0});
  }
}

// What could not be cloned out of its master's group gets there by set_group, and is a slave
// while nothing hangs on it yet.
void Lowering::become_slave(MountId m) {
  const Mount& self = mount(m);
  if (self.group == none) return;
  const bool receives = self.propagation == Propagation::slave;
  const auto starts = [&] { return groups_[self.group].anchor.member == m; };
  const GroupId master = receives ? self.group : layout_.groups[self.group].master;
  if (master == none || (!receives && !starts())) return;
  const Donor& donor = needed_donor(master);
  if (!receives && !starts()) return;  // making the donor took the anchor's part from m
  out_.at(self.span);
  out_.step(Op::set_group, {donor.fd, mounts_[m].fd, as_is(m)});
  out_.set_propagation(mounts_[m].fd, bit::propagation_SLAVE);
  mounts_[m].joined = receives;
}

// An optional mount is given up when its mount point is missing; one below an optional mount
// must be there whenever that one is.
void Lowering::settle_condition(MountId m) {
  const Mount& self = mount(m);
  mounts_[m].certain = is_certain(m);
  if (!may_be_missing(m)) return;
  if (self.parent == none) {
    if (self.optional && self.make == Make::nothing) {
      out_.step(Op::only_if, {mounts_[m].fd, mounts_[m].target});
    }
    return;
  }
  const Register parent = mounts_[self.parent].fd;
  if (!self.optional) {
    out_.step(Op::required, {mounts_[m].fd, parent});
  } else if (self.make == Make::nothing && !self.target.empty()) {
    const Register place = lookup(parent, self.target, bit::tree_OPTIONAL);
    out_.step(Op::only_if, {mounts_[m].fd, place});
  }
}

// An optional mount has nothing that could be missing when it shows a filesystem of the layout, at
// a mount point that is made, in another one or as a topmost target.
bool Lowering::is_certain(MountId m) const {
  const Mount& self = mount(m);
  if (!self.is_conditional()) return true;
  if (self.is_mask) return false;
  if (self.parent == none) {
    if (self.make == Make::nothing) return false;
  } else {
    if (!mounts_[self.parent].certain) return false;
    if (!self.optional) return true;
    const SuperblockId below = mount(self.parent).root.superblock;
    if (below == none || !layout_.superblocks[below].is_volatile()) return false;
    if (!self.target.empty() && self.make == Make::nothing) return false;
  }
  if (!self.source.at.empty()) return false;
  if (self.source.kind == SourceKind::clone) return mounts_[self.source.mount].certain;
  if (self.source.kind != SourceKind::filesystem) return false;
  const Superblock& superblock = layout_.superblocks[self.root.superblock];
  return !superblock.source &&
         std::ranges::all_of(superblock.options, [](const auto& o) { return o.layers.empty(); });
}

bool Lowering::may_be_missing(MountId m) const {
  const Mount& self = mount(m);
  return self.optional || (self.may_be_left_out && !mounts_[self.parent].certain);
}

}  // namespace mountc
