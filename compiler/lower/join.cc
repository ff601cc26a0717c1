// compiler/lower/join.cc - puts finished mounts into their sharing groups.
#include <utility>

#include "compiler/lower/lowering.h"

namespace mountc {

using plan::Op;
namespace bit = plan::bit;

// m's children are attached: from now on it may be shared.
void Lowering::finish_group(MountId m) {
  const Mount& self = mount(m);
  const bool late = has_children(m) || layout_.covers_root(m);
  if (self.propagation == Propagation::inherit && late) {
    // The host's mount may be in a group or in none: only a second clone of it can tell.
    out_.at(self.span);
    enter(file_of(self.source.in));
    const Register twin =
        out_.def(Op::open_tree, {reg_host, out_.text(self.source.path), bit::tree_CLONE});
    leave();
    if (layout_.covers_root(m)) {
      mounts_[m].twin = twin;
      return;
    }
    out_.step(Op::set_group, {twin, mounts_[m].fd, bit::join_IF_SHARED});
    return;
  }
  if (self.propagation != Propagation::shared || mounts_[m].joined || layout_.covers_root(m)) {
    return;
  }
  GroupState& group = groups_[self.group];
  if (layout_.groups[self.group].peers_of) {
    host_members_.push_back(m);
  } else if (group.anchor.member == m) {
    share_member(self.group);
  } else if (ready_donor(self.group)) {
    join(self.group, m);
  } else {
    group.waiting.push_back(m);
  }
}

void Lowering::join(GroupId g, MountId m) {
  out_.at(mount(m).span);
  out_.step(Op::set_group, {groups_[g].donor.fd, mounts_[m].fd, as_is(m)});
  mounts_[m].joined = true;
}

uint32_t Lowering::as_is(MountId m) const { return mounts_[m].as_is ? bit::join_AS_IS : 0; }

// Does set_group surely come before anything else is done with m, but for taking other clones?
// Whether m's source is shared it finds out for nothing; a clone that open_tree_attr(2) makes
// private, to be sure, costs more.
bool Lowering::joins_at_once(MountId m) const {
  const Mount& self = mount(m);
  if (self.propagation == Propagation::slave) return true;  // become_slave()
  if (self.propagation != Propagation::shared || layout_.groups[self.group].peers_of) return false;
  const GroupState& group = groups_[self.group];
  return group.donor.fd != no_register && group.anchor.member != m && !has_children(m) &&
         clones_of_[m].empty() && self.idmap == none && !layout_.covers_root(m);
}

// The group's donor if there is one, or one can be had without finishing another mount first.
const Donor* Lowering::ready_donor(GroupId g) {
  GroupState& group = groups_[g];
  if (group.donor.fd != no_register) return &group.donor;
  if (layout_.groups[g].peers_of) {
    open_host_group(g);
  } else if (group.anchor.member == none) {
    make_separate_anchor(g);
  } else if (!has_children(group.anchor.member) && !mounts_[group.anchor.member].busy) {
    acquire(group.anchor.member);
    share_member(g);
  }
  return group.donor.fd != no_register ? &group.donor : nullptr;
}

// The same, at any price: a mount that receives from the group cannot wait. Masters come first,
// from the top: a chain of groups may be longer than the stack.
const Donor& Lowering::needed_donor(GroupId g) {
  std::vector<GroupId> chain;
  for (GroupId each = g; each != none && groups_[each].donor.fd == no_register;
       each = layout_.groups[each].master) {
    chain.push_back(each);
  }
  for (; !chain.empty(); chain.pop_back()) make_donor(chain.back());
  return groups_[g].donor;
}

void Lowering::make_donor(GroupId g) {
  if (!ready_donor(g)) {
    const MountId member = std::exchange(groups_[g].anchor.member, none);
    if (layout_.groups[g].master != none && mounts_[member].fd != no_register) {
      // It receives already, and set_group wants a private mount (Linux do_set_group).
      out_.set_propagation(mounts_[member].fd, bit::propagation_PRIVATE);
    }
    make_separate_anchor(g);
  }
}

void Lowering::open_host_group(GroupId g) {
  const Group& group = layout_.groups[g];
  out_.at(group.statement);
  Donor& donor = groups_[g].donor;
  enter(file_of(group.peers_in));
  donor.fd = out_.def(Op::open_tree, {reg_host, out_.text(*group.peers_of), 0});
  donor.root = {none, *group.peers_of, group.peers_in};
  if (staged_) mark_attached(donor.fd);
  out_.step(Op::check_shared, {donor.fd});
  leave();
}

// The group's anchor is a member: it becomes shared while it is still a detached root.
void Lowering::share_member(GroupId g) {
  GroupState& group = groups_[g];
  const MountId m = group.anchor.member;
  if (group.donor.fd != no_register) return;
  out_.at(mount(m).span);
  out_.set_propagation(mounts_[m].fd, bit::propagation_SHARED);
  mounts_[m].joined = true;
  group.donor = {mounts_[m].fd, mount(m).root, mount(m).flags, m};
  for (MountId waiting : group.waiting) join(g, waiting);
  group.waiting.clear();
}

void Lowering::make_separate_anchor(GroupId g) {
  GroupState& group = groups_[g];
  const Group& declared = layout_.groups[g];
  Root root = group.anchor.root;
  Register fd = no_register, place = no_register;
  Flags flags;
  if (root.superblock != none) need_superblock(root.superblock);
  if (declared.master != none) needed_donor(declared.master);
  if (group.donor.fd != no_register) return;  // one of them needed this group too
  if (root.superblock == none) {
    fd = clone_host_anchor(g);
    place = group.donor.place;
    // Nothing more is known of what it shows.
    if (place != no_register) root.path.clear();
  } else {
    SuperblockState& superblock = superblocks_[root.superblock];
    flags = superblock_flags(root.superblock);
    out_.at(declared.statement);
    const Register dir = lookup_in({superblock.fd, {}, {}, superblock.primary}, root.path, 0);
    fd = out_.private_clone(dir, "");
  }
  if (declared.master != none) {
    out_.step(Op::set_group, {groups_[declared.master].donor.fd, fd, 0});
    out_.set_propagation(fd, bit::propagation_SLAVE);
  }
  out_.set_propagation(fd, bit::propagation_SHARED);
  group.donor = {fd, root, flags, none, place};
  for (MountId waiting : group.waiting) join(g, waiting);
  group.waiting.clear();
}

// Mounts and unmounts on the host between a join and the publication are lost to the tree, or
// taken out of it (Linux 6.18, observed): the joins of host groups come last.
void Lowering::join_host_groups() {
  for (MountId m : host_members_) {
    needed_donor(mount(m).group);
    join(mount(m).group, m);
  }
}

}  // namespace mountc
