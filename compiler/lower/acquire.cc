// compiler/lower/acquire.cc - picks mounts up: each one the root of its own detached tree.
#include <stdexcept>

#include "compiler/layout/paths.h"
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
      return is_late(m) || layout_.covers_root(m) ? bit::propagation_PRIVATE : 0;
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

// Linux: a clone of a shared mount is born into its group (fs/namespace.c clone_mnt), so a leaf
// member needs no set_group; made a slave in the same call, a mount receives from it.
bool Lowering::clone_from_group(MountId m) {
  const Mount& self = mount(m);
  if (self.group == none) return false;
  const GroupId master = layout_.groups[self.group].master;
  const GroupState& group = groups_[self.group];
  const bool receives = self.propagation == Propagation::slave;
  // Having the master's donor made may take the anchor's part from m.
  if (!receives && group.anchor.member == m && master != none) needed_donor(master);
  const Donor* donor = nullptr;
  uint32_t propagation = 0;
  if (receives) {
    donor = &needed_donor(self.group);
    propagation = bit::propagation_SLAVE;
  } else if (group.anchor.member == m && master != none) {
    donor = &needed_donor(master);  // shared later: it starts a group that receives from it
    propagation = bit::propagation_SLAVE;
  } else if (group.anchor.member != m && !is_late(m) && !layout_.covers_root(m) &&
             !layout_.groups[self.group].peers_of) {
    donor = ready_donor(self.group);
  }
  if (!donor || !can_clone(*donor, m)) return false;
  out_.at(self.span);
  mounts_[m].fd = clone(*donor, m, mount(m).flags, propagation);
  mounts_[m].joined = group.anchor.member != m;
  return true;
}

// Can m be cloned from the donor and be the same as if it came from its own source?
bool Lowering::can_clone(const Donor& donor, MountId m) const {
  if (mount(m).source.kind == SourceKind::rbind || mounts_[m].read_only_late) return false;
  if (donor.mount != none && mount(donor.mount).idmap != none) return false;
  const Root& root = mount(m).root;
  if (!root.in.empty()) return false;
  if (!covers(donor.root, root)) return false;
  if (root.superblock == none) {
    // Two host paths are known to be related only when they are the same text, and a flag that
    // the donor changed and m does not name would be lost.
    if (donor.root.path != root.path) return false;
    const Flags& flags = mount(m).flags;
    const uint32_t own = flags.set | flags.clear;
    if ((donor.flags.set | donor.flags.clear) & ~own) return false;
  }
  // A child of the donor may lie on the way.
  const std::string_view rest = rest_below(root.path, donor.root.path);
  if (donor.mount == none || rest.empty()) return true;
  for (MountId child : mount(donor.mount).children) {
    const std::string& target = mount(child).target;
    if (!target.empty() && is_within(rest, target)) return false;
  }
  return true;
}

Register Lowering::lookup(Register dir, std::string_view path, uint32_t flags) {
  return out_.def(Op::openat2, {dir, out_.text(path), flags});
}

// The directory `path` in the donor. Where a child is attached over it already, it is looked up
// in a second clone, which has no children.
Register Lowering::lookup_in(const Donor& donor, std::string_view path, uint32_t flags) {
  attach_somewhere(donor.fd);
  if (path.empty()) return donor.fd;
  bool hidden = false;
  if (donor.mount != none) {
    for (MountId child : mount(donor.mount).children) {
      const std::string& target = mount(child).target;
      hidden |= mounts_[child].nested && !target.empty() && is_within(path, target);
    }
  }
  Register dir = donor.fd;
  if (hidden) {
    dir = out_.def(Op::open_tree_attr, {dir, out_.attr(0, 0, bit::propagation_PRIVATE),
                                        out_.text(""), bit::tree_CLONE});
    attach_somewhere(dir);
  }
  return lookup(dir, path, bit::tree_NO_XDEV | flags);
}

// Clones the donor, at m's root, with exactly these flags and this propagation.
Register Lowering::clone(const Donor& donor, MountId m, Flags flags, uint32_t propagation) {
  const Root& root = mount(m).root;
  const std::string_view rest = rest_below(root.path, donor.root.path);
  const uint32_t optional = mount(m).is_conditional() ? bit::tree_OPTIONAL : 0;
  const Register dir = lookup_in(donor, rest, optional);
  uint32_t set = flags.set, clear = flags.clear;
  if (root.superblock != none) clear |= donor.flags.set & ~set;  // all that it has is known
  if ((set | clear) & bit::attr_ATIME) clear |= bit::attr_ATIME;
  if (mounts_[m].read_only_late) {
    set &= ~bit::attr_RDONLY;
    clear |= bit::attr_RDONLY;
  }
  if (!set && !clear && !propagation) {
    return out_.def(Op::open_tree, {dir, out_.text(""), bit::tree_CLONE});
  }
  return out_.def(Op::open_tree_attr,
                  {dir, out_.attr(set, clear, propagation), out_.text(""), bit::tree_CLONE});
}

// The mount that m is cloned from. While that one is itself waiting for a group that m begins,
// what it is cloned from serves as well: a clone's flags are all said anew.
MountId Lowering::acquire_source(MountId m) {
  MountId source = mount(m).source.mount;
  acquire(source);
  while (mounts_[source].fd == no_register) {
    source = mount(source).source.mount;
    if (source == none) throw std::logic_error("a mount is needed before it can be made");
  }
  return source;
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
  if (self.is_conditional()) flags |= bit::tree_OPTIONAL;
  const bool whole_tree = self.source.kind == SourceKind::rbind;
  const Flags& wanted = whole_tree ? self.flags_below : self.flags;
  const uint32_t not_yet = state.read_only_late ? bit::attr_RDONLY : 0;
  const uint32_t path = out_.text(self.source.path);
  enter(file_of(self.source.in));
  if ((wanted.set & ~not_yet) || wanted.clear || propagation) {
    const uint32_t attr = out_.attr(wanted.set & ~not_yet, wanted.clear, propagation);
    if (const auto directory = near(m, propagation)) {
      state.fd = out_.def(Op::bind, {*directory, attr, path, flags});
      return;
    }
    state.fd = out_.def(Op::open_tree_attr, {reg_host, attr, path, flags});
  } else {
    state.fd = out_.def(Op::open_tree, {reg_host, path, flags});
  }
  leave();
  if (!self.source.in.empty() && is_late(m) && !staged_) {
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
  out_.step(Op::set_group, {donor.fd, mounts_[m].fd, 0});
  out_.step(Op::mount_setattr, {mounts_[m].fd, out_.attr(0, 0, bit::propagation_SLAVE), 0});
  mounts_[m].joined = receives;
}

// An optional mount is given up when its mount point is missing; one below an optional mount
// must be there whenever that one is.
void Lowering::settle_condition(MountId m) {
  const Mount& self = mount(m);
  if (!self.is_conditional()) return;
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

// The mount points that m's children make in a filesystem the layout did not make.
// What is made on the host has to be removed again when a later step fails: from a mount that
// is not read-only by then, and shows the ids of the files.
Register Lowering::place_to_make(MountId m) {
  const Register fd = mounts_[m].fd;
  if (!needs_place_to_make(m)) return fd;
  const bool tree = mount(m).source.kind == SourceKind::rbind;
  attach_somewhere(fd);
  return out_.def(Op::open_tree,
                  {fd, out_.text(""), bit::tree_CLONE | (tree ? bit::tree_RECURSIVE : 0)});
}

void Lowering::make_mount_points(MountId m) {
  Register place = no_register;
  for (MountId c : mount(m).children) {
    const Mount& child = mount(c);
    if (child.make == Make::nothing || made_with_superblock(layout_, c)) continue;
    if (child.target.empty()) continue;
    if (child.is_conditional()) acquire(c);
    out_.at(child.span);
    const bool known = child.is_conditional() && mounts_[c].fd != no_register;
    const Register wanted_by = known ? mounts_[c].fd : mounts_[m].fd;
    if (place == no_register) place = place_to_make(m);
    Register dir = place;
    std::string_view done;
    const std::string_view whole = child.target;
    for (size_t at = whole.find('/'); at != std::string_view::npos;
         at = whole.find('/', at + 1)) {
      const std::string_view above = whole.substr(0, at);
      if (child.make_parents) {
        out_.def(Op::make, {dir, wanted_by, out_.text(name_of(above)), 040755});
      } else if (whole.find('/', at + 1) != std::string_view::npos) {
        continue;  // only the last component is made: look its directory up at once
      }
      dir = lookup(place, above, 0);
      done = above;
    }
    const uint32_t type = child.make == Make::file ? 0100000 : 040000;
    out_.def(Op::make, {dir, wanted_by, out_.text(name_of(whole)), type | child.make_mode});
  }
  if (mounts_[m].read_only_late && mount(m).source.kind == SourceKind::rbind) {
    out_.at(mount(m).span);
    const uint32_t below = mount(m).flags_below.set & bit::attr_RDONLY;
    const uint32_t top = mount(m).flags.set & bit::attr_RDONLY;
    if (below) {
      out_.step(Op::mount_setattr,
                {mounts_[m].fd, out_.attr(below, 0, 0), bit::setattr_RECURSIVE});
    }
    if (top != below) {
      out_.step(Op::mount_setattr, {mounts_[m].fd, out_.attr(top, below, 0), 0});
    }
    mounts_[m].read_only_late = false;
  }
}

}  // namespace mountc
