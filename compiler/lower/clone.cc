// compiler/lower/clone.cc - mounts that are made from others of the plan.
#include <stdexcept>

#include "compiler/layout/paths.h"
#include "compiler/lower/lowering.h"

namespace mountc {

using plan::Op;
namespace bit = plan::bit;

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
  } else if (group.anchor.member != m && !has_children(m) && !layout_.covers_root(m) &&
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
    dir = out_.private_clone(dir, "");
    attach_somewhere(dir);
  }
  return lookup(dir, path, bit::tree_NO_XDEV | flags);
}

// Clones the donor, at m's root, with exactly these flags and this propagation.
Register Lowering::clone(const Donor& donor, MountId m, Flags flags, uint32_t propagation) {
  const Root& root = mount(m).root;
  const std::string_view rest = rest_below(root.path, donor.root.path);
  const uint32_t optional = may_be_missing(m) ? bit::tree_OPTIONAL : 0;
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
  // The first of them first: a chain of clones may be longer than the stack.
  std::vector<MountId> chain;
  for (MountId each = source; each != none && mounts_[each].fd == no_register;
       each = mount(each).source.mount) {
    chain.push_back(each);
  }
  for (; !chain.empty(); chain.pop_back()) acquire(chain.back());
  while (mounts_[source].fd == no_register) {
    source = mount(source).source.mount;
    if (source == none) throw std::logic_error("a mount is needed before it can be made");
  }
  return source;
}

}  // namespace mountc
