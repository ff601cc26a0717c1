// compiler/import/nesting.cc - which mounts the flat form would put under a wrong parent.
//
// A flat target belongs to the longest declared target above it and to the topmost mount there
// (compiler/layout/forest.cc). That is the kernel's tree unless something is hidden: then the
// true parent gets a block, with all that lies in it.
#include "compiler/import/nesting.h"

#include <string>
#include <string_view>
#include <unordered_map>

#include "compiler/layout/paths.h"

namespace mountc {

std::vector<uint32_t> writing_order(const snapshot::Namespace& ns) {
  std::vector<uint32_t> order;
  order.reserve(ns.mounts.size());
  std::vector<uint32_t> pending(ns.tops.rbegin(), ns.tops.rend());
  while (!pending.empty()) {
    const uint32_t m = pending.back();
    pending.pop_back();
    order.push_back(m);
    const auto& children = ns.mounts[m].children;
    pending.insert(pending.end(), children.rbegin(), children.rend());
  }
  return order;
}

std::vector<bool> needs_block(const snapshot::Namespace& ns,
                              const std::vector<uint32_t>& order) {
  std::unordered_map<std::string_view, uint32_t> tops;  // by target: the last one written
  for (uint32_t m : order) tops[ns.mounts[m].full_target] = m;
  std::vector<bool> block(ns.mounts.size());
  for (uint32_t m : order) {
    const snapshot::Mount& mount = ns.mounts[m];
    if (mount.parent == none) continue;
    if (block[mount.parent]) {
      block[m] = true;  // what lies in a block has its own children in a block
      continue;
    }
    if (mount.target.empty()) continue;  // `over` covers the mount before it
    std::string_view above = mount.full_target;
    auto found = tops.end();
    while (found == tops.end() && above != "/") {
      above = parent_of(above);
      found = tops.find(above);
    }
    if (found == tops.end() || found->second != mount.parent) block[mount.parent] = true;
  }
  // A parent found out late has children that were passed before.
  for (uint32_t m : order) {
    const uint32_t parent = ns.mounts[m].parent;
    if (parent != none && block[parent]) block[m] = true;
  }
  return block;
}

}  // namespace mountc
