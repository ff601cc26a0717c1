// compiler/snapshot/snapshot.cc - what follows from the mounts of a snapshot.
#include "compiler/snapshot/snapshot.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

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

std::vector<uint32_t> parents_first(const Namespace& ns) {
  std::vector<uint32_t> order = ns.tops;
  for (size_t at = 0; at < order.size(); ++at) {
    const auto& children = ns.mounts[order[at]].children;
    order.insert(order.end(), children.begin(), children.end());
  }
  return order;
}

bool is_host_root(const Snapshot& snapshot, const Mount& mount) {
  return mount.full_target == "/" && mount.root.empty() && mount.may_have_more &&
         snapshot.superblocks[mount.superblock].of_host;
}

std::string id_map(std::string_view ranges) {
  std::vector<std::array<uint64_t, 3>> all;
  size_t number = 0;
  for (const char* at = ranges.data(); at != ranges.data() + ranges.size(); ++number) {
    if (number % 3 == 0) all.emplace_back();
    const auto [after, error] =
        std::from_chars(at, ranges.data() + ranges.size(), all.back()[number % 3]);
    if (error != std::errc()) return "";
    at = std::min(after + 1, ranges.data() + ranges.size());
  }
  if (number % 3 != 0) return "";
  std::ranges::sort(all);
  std::string text;
  for (const auto& [first, other, count] : all) {
    text += fmt::format("{}{}:{}:{}", text.empty() ? "" : ",", first, other, count);
  }
  return text;
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
