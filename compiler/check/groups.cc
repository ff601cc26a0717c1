// compiler/check/groups.cc - what the kernel demands of sharing groups.
#include <algorithm>

#include "compiler/check/checks.h"
#include "compiler/layout/root.h"
#include "compiler/layout/super_options.h"

namespace mountc {
namespace {

// The members of each group: the mounts that are in it, and those that only receive from it.
struct Membership {
  std::vector<std::vector<MountId>> shared;
  std::vector<std::vector<MountId>> slaves;
  std::vector<GroupId> a_slave_group;  // one of the groups that receive from it, or none
};

Membership membership(const Layout& layout) {
  const size_t count = layout.groups.size();
  Membership of{std::vector<std::vector<MountId>>(count), std::vector<std::vector<MountId>>(count),
                std::vector<GroupId>(count, none)};
  for (MountId m = 0; m < layout.mounts.size(); ++m) {
    const Mount& mount = layout.mounts[m];
    if (mount.propagation == Propagation::shared) of.shared[mount.group].push_back(m);
    if (mount.propagation == Propagation::slave) of.slaves[mount.group].push_back(m);
  }
  for (GroupId g = 0; g < count; ++g) {
    if (layout.groups[g].master != none) of.a_slave_group[layout.groups[g].master] = g;
  }
  return of;
}

// Can the two be of one superblock, as far as the layout tells?
bool may_share_superblock(const Layout& layout, const Root& a, const Root& b) {
  if (a.superblock == b.superblock) return true;
  const auto type = [&](const Root& root) {
    return root.superblock == none ? std::string() : layout.superblocks[root.superblock].type;
  };
  if (makes_instance(type(a)) || makes_instance(type(b))) return false;
  return a.superblock == none || b.superblock == none || type(a) == type(b);
}

// The group that each one receives from in the end; its own number where it receives from none.
std::vector<GroupId> tops(const Layout& layout) {
  std::vector<GroupId> top(layout.groups.size(), none);
  std::vector<GroupId> chain;
  for (GroupId start = 0; start < top.size(); ++start) {
    GroupId g = start;
    for (; top[g] == none && layout.groups[g].master != none; g = layout.groups[g].master) {
      chain.push_back(g);
    }
    if (top[g] == none) top[g] = g;
    for (GroupId below : chain) top[below] = top[g];
    chain.clear();
  }
  return top;
}

std::string describe(const Layout& layout, const Root& root) {
  if (root.superblock == none) return root.path;
  const Superblock& superblock = layout.superblocks[root.superblock];
  return superblock.name.empty() ? superblock.type : superblock.name;
}

}  // namespace

void check_group_cycles(const Layout& layout, Diagnostics& diagnostics) {
  const auto& groups = layout.groups;
  std::vector<uint8_t> known(groups.size(), 0);
  for (GroupId start = 0; start < groups.size(); ++start) {
    std::vector<GroupId> chain;
    GroupId g = start;
    while (g != none && !known[g]) {
      known[g] = 1;
      chain.push_back(g);
      g = groups[g].master;
    }
    const auto first = std::ranges::find(chain, g);
    if (g == none || first == chain.end()) continue;
    const GroupId via = groups[g].master;
    Diagnostic& diagnostic = diagnostics.report<rule::group_cycle>(
        groups[g].span, groups[g].name, groups[via].name);
    for (auto at = first; at != chain.end(); ++at) {
      diagnostic.note(groups[*at].master_span, "`{}` is a slave of `{}` here", groups[*at].name,
                      groups[groups[*at].master].name);
    }
  }
}

void check_group_members(const Layout& layout, Diagnostics& diagnostics) {
  const Membership of = membership(layout);
  for (GroupId g = 0; g < layout.groups.size(); ++g) {
    const Group& group = layout.groups[g];
    if (!of.shared[g].empty()) continue;
    const bool has_slaves = !of.slaves[g].empty() || of.a_slave_group[g] != none;
    if (!has_slaves) {
      diagnostics.report<rule::group_empty>(group.span, group.name)
          .hint("say `shared {}` of a mount, or take the group away", group.name);
    } else if (!group.peers_of) {
      const Span slave = of.slaves[g].empty() ? layout.groups[of.a_slave_group[g]].master_span
                                              : layout.mounts[of.slaves[g][0]].group_span;
      Diagnostic& diagnostic = diagnostics.report<rule::master_empty>(group.span, group.name);
      diagnostic.note(slave, "a slave of `{}` is declared here", group.name);
      if (group.master != none) {
        const std::string& master = layout.groups[group.master].name;
        diagnostic.hint("what only receives says `slave {}`, and needs no group of its own",
                        master);
      }
    }
  }
}

void check_group_superblocks(const Layout& layout, Diagnostics& diagnostics) {
  if (diagnostics.has_errors()) return;  // groups may be circular
  // Each whole tree of groups lies on one superblock: every mount is held against the first.
  const std::vector<GroupId> top_of = tops(layout);
  std::vector<MountId> first(layout.groups.size(), none);
  std::vector<uint8_t> reported(layout.groups.size(), 0);
  for (MountId m = 0; m < layout.mounts.size(); ++m) {
    if (layout.mounts[m].group == none) continue;
    const GroupId top = top_of[layout.mounts[m].group];
    const Root& root = layout.mounts[m].root;
    const std::string& name = layout.groups[layout.mounts[m].group].name;
    if (reported[top]) continue;
    if (layout.groups[top].peers_of) {
      const Root host{none, *layout.groups[top].peers_of, layout.groups[top].peers_in};
      if (may_share_superblock(layout, root, host)) continue;
      reported[top] = 1;
      diagnostics.report<rule::group_superblocks>(layout.mounts[m].group_span,
                                                  layout.mounts[m].full_target, host.path, name)
          .note(layout.groups[top].span, "`{}` is the group of a mount of the host",
                layout.groups[top].name);
      continue;
    }
    if (first[top] == none) first[top] = m;
    const Root& other = layout.mounts[first[top]].root;
    if (may_share_superblock(layout, root, other)) continue;
    reported[top] = 1;
    diagnostics
        .report<rule::group_superblocks>(layout.mounts[m].group_span,
                                         layout.mounts[m].full_target,
                                         layout.mounts[first[top]].full_target, name)
        .note(layout.mounts[first[top]].span, "`{}` shows `{}`",
              layout.mounts[first[top]].full_target, describe(layout, other))
        .note(layout.mounts[m].source.span, "`{}` shows `{}`", layout.mounts[m].full_target,
              describe(layout, root));
  }
}

void check_group_anchors(const Layout& layout, Diagnostics& diagnostics) {
  const Membership of = membership(layout);
  for (GroupId g = 0; g < layout.groups.size(); ++g) {
    const auto& members = of.shared[g];
    if (members.empty() || layout.groups[g].peers_of) continue;
    const bool alone = members.size() == 1 && of.slaves[g].empty() && of.a_slave_group[g] == none;
    const bool sure = std::ranges::any_of(
        members, [&](MountId m) { return !layout.mounts[m].is_conditional(); });
    if (alone || sure) continue;
    diagnostics.report<rule::optional_anchor>(layout.groups[g].span, layout.groups[g].name)
        .note(layout.mounts[members[0]].group_span, "this member may be missing");
  }
}

}  // namespace mountc
