// compiler/layout/snapshot.cc - what follows from the mounts of a snapshot.
#include "compiler/layout/snapshot.h"

#include <algorithm>

namespace mountc::snapshot {

void link(Namespace& ns) {
  ns.tops.clear();
  for (Mount& mount : ns.mounts) mount.children.clear();
  for (uint32_t m = 0; m < ns.mounts.size(); ++m) {
    const uint32_t parent = ns.mounts[m].parent;
    (parent == none ? ns.tops : ns.mounts[parent].children).push_back(m);
  }
  for (Mount& mount : ns.mounts) {
    std::stable_partition(mount.children.begin(), mount.children.end(),
                          [&](uint32_t c) { return !ns.mounts[c].target.empty(); });
  }
}

std::map<uint32_t, uint32_t> masters(const Snapshot& snapshot) {
  std::map<uint32_t, uint32_t> result;
  for (const Namespace& ns : snapshot.namespaces) {
    for (const Mount& mount : ns.mounts) {
      if (mount.group != 0) result[mount.group] = mount.master;
    }
  }
  return result;
}

std::vector<uint32_t> groups_outside(const Snapshot& snapshot) {
  const auto inside = masters(snapshot);
  std::vector<uint32_t> outside;
  for (const Namespace& ns : snapshot.namespaces) {
    for (const Mount& mount : ns.mounts) {
      if (mount.master == 0 || inside.contains(mount.master)) continue;
      if (std::ranges::find(outside, mount.master) == outside.end()) {
        outside.push_back(mount.master);
      }
    }
  }
  return outside;
}

}  // namespace mountc::snapshot
