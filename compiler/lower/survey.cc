// compiler/lower/survey.cc - what the separate anchors of groups of host paths are clones of.
//
// An anchor has to lie on its members' superblock and show what each of them shows. The common
// ancestor of their paths does, where neither a symbolic link nor another mount lies on the
// way. Only the machine can tell: the plan looks each member up from there, and where it is not
// found, `widen` takes the nearest directory above a member that does show them all.
#include <algorithm>
#include <set>
#include <utility>

#include "compiler/layout/paths.h"
#include "compiler/lower/lowering.h"

namespace mountc {

using plan::Op;
namespace bit = plan::bit;

Register Lowering::clone_host_anchor(GroupId g) {
  GroupState& group = groups_[g];
  const Group& declared = layout_.groups[g];
  const Root& root = group.anchor.root;
  Register& place = group.donor.place;
  if (declared.master != none && groups_[declared.master].surveyed &&
      groups_[declared.master].donor.mount == none) {
    // It shows what this group's members show, too, and nothing more may be shown here.
    place = groups_[declared.master].donor.place;
  } else {
    place = survey(g);
  }
  group.surveyed = true;
  out_.at(declared.statement);
  enter(file_of(root.in));
  const Register fd = place == no_register ? out_.private_clone(reg_host, root.path)
                                           : out_.private_clone(place, "");
  leave();
  return fd;
}

// The mounts of the host that are in the group, or in one that receives from it: those that are
// surely there come first.
std::vector<MountId> Lowering::served_by(GroupId g) const {
  std::vector<MountId> served;
  std::vector<GroupId> groups = {g};
  while (!groups.empty()) {
    const GroupState& group = groups_[groups.back()];
    groups.pop_back();
    groups.insert(groups.end(), group.below.begin(), group.below.end());
    for (MountId m : group.members) {
      // Of the others, their joins name the ones that do not fit.
      if (mount(m).root.superblock == none) served.push_back(m);
    }
  }
  std::ranges::sort(served, std::less<>(),
                    [&](MountId m) { return std::pair(mount(m).is_conditional(), m); });
  return served;
}

// The directory that the group's anchor has to be a clone of; no_register where all members
// show the same, so that it is that.
Register Lowering::survey(GroupId g) {
  const Root& root = groups_[g].anchor.root;
  std::vector<MountId> different;
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (MountId m : served_by(g)) {
    if (seen.emplace(mount(m).root.in, mount(m).root.path).second) different.push_back(m);
  }
  const bool same =
      std::ranges::all_of(different, [&](MountId m) { return mount(m).root == root; });
  if (same) return no_register;
  out_.at(layout_.groups[g].statement);
  enter(file_of(root.in));
  const Register anchor = out_.def(Op::open_tree, {reg_host, out_.text(root.path), 0});
  leave();
  Register first = no_register;
  for (MountId m : different) survey_member(m, root, anchor, first);
  return anchor;
}

// `first` is one that is surely there, as soon as one was met: a report names both.
void Lowering::survey_member(MountId m, const Root& root, Register anchor, Register& first) {
  const Root& own = mount(m).root;
  const bool conditional = mount(m).is_conditional();
  out_.at(mount(m).span);
  enter(file_of(own.in));
  const Register fd = out_.def(
      Op::open_tree, {reg_host, out_.text(own.path), conditional ? bit::tree_OPTIONAL : 0});
  if (first == no_register && !conditional) first = fd;
  // From there no directory of another namespace can be cloned.
  const bool here = own.in == root.in;
  const std::string_view rest =
      is_within(own.path, root.path) ? rest_below(own.path, root.path) : std::string_view();
  const std::string_view directory = own.path == "/" ? own.path : parent_of(own.path);
  out_.step(Op::widen, {first == no_register ? fd : first, fd, here ? anchor : reg_null,
                        out_.text(rest.empty() ? "." : rest), out_.text(directory)});
  leave();
}

}  // namespace mountc
