// compiler/import/mountinfo_tree.cc - see mountinfo_tree.h.
#include "compiler/import/mountinfo_tree.h"

#include <fmt/format.h>

#include <string_view>
#include <unordered_map>
#include <vector>

#include "compiler/layout/paths.h"
#include "compiler/snapshot/one_place.h"

namespace mountc {
namespace {

using snapshot::Mount;
using snapshot::Namespace;

bool has_cycle(Namespace& ns, const ReportTree& report) {
  std::vector<uint32_t> seen(ns.mounts.size(), none);  // by the walk that began at this mount
  for (uint32_t m = 0; m < ns.mounts.size(); ++m) {
    for (uint32_t up = m; up != none && seen[up] == none; up = ns.mounts[up].parent) {
      seen[up] = m;
      const uint32_t next = ns.mounts[up].parent;
      if (next == none || seen[next] != m) continue;
      report(ns.mounts[next].span, fmt::format("mount {} lies in itself", ns.mounts[next].id));
      for (Mount& mount : ns.mounts) mount.parent = none;
      return true;
    }
  }
  return false;
}

bool is_above(const Namespace& ns, uint32_t upper, uint32_t lower) {
  while (lower != none && lower != upper) lower = ns.mounts[lower].parent;
  return lower == upper;
}

// A mount whose parent is not listed lies where its path leads to - unless nothing is listed
// above it, as for a process whose root directory is no mount.
void adopt(Namespace& ns) {
  std::vector<bool> covered(ns.mounts.size());
  std::vector<uint32_t> orphans;
  for (uint32_t m = 0; m < ns.mounts.size(); ++m) {
    const Mount& mount = ns.mounts[m];
    if (mount.parent == none) {
      orphans.push_back(m);
    } else if (ns.mounts[mount.parent].full_target == mount.full_target) {
      covered[mount.parent] = true;
    }
  }
  if (orphans.size() < 2) return;
  std::unordered_map<std::string, uint32_t> tops;  // of what is listed, by target
  for (uint32_t m = 0; m < ns.mounts.size(); ++m) {
    const bool orphan = ns.mounts[m].parent == none;
    if (!covered[m] && !orphan) tops.insert_or_assign(ns.mounts[m].full_target, m);
  }
  for (uint32_t orphan : orphans) tops.try_emplace(ns.mounts[orphan].full_target, orphan);
  for (uint32_t orphan : orphans) {
    Mount& mount = ns.mounts[orphan];
    const auto here = tops.find(mount.full_target);
    if (here->second != orphan && !is_above(ns, orphan, here->second)) {
      mount.parent = here->second;
      here->second = orphan;
      continue;
    }
    for (std::string_view above = mount.full_target; above != "/" && mount.parent == none;) {
      above = parent_of(above);
      const auto found = tops.find(std::string(above));
      if (found != tops.end()) mount.parent = found->second;
    }
  }
}

void place(Namespace& ns, uint32_t m, const ReportTree& report) {
  Mount& mount = ns.mounts[m];
  mount.target = mount.full_target;
  if (mount.parent == none) return;
  const Mount& parent = ns.mounts[mount.parent];
  if (!is_within(mount.full_target, parent.full_target)) {
    report(mount.span, fmt::format("mount {} at `{}` is not below its parent {} at `{}`",
                                   mount.id, mount.full_target, parent.id, parent.full_target));
    return;
  }
  mount.target = rest_below(mount.full_target, parent.full_target);
}

}  // namespace

void make_tree(snapshot::Namespace& ns, const ReportTree& report) {
  if (!has_cycle(ns, report)) {
    adopt(ns);
    for (uint32_t m = 0; m < ns.mounts.size(); ++m) place(ns, m, report);
    snapshot::stack_on_places(ns);
  }
  link(ns);
}

}  // namespace mountc
