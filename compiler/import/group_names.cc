// compiler/import/group_names.cc - see group_names.h.
#include "compiler/import/group_names.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/syntax/value.h"

namespace mountc {

// Named after the first mount that is in it.
GroupNames::GroupNames(const snapshot::Snapshot& snapshot, const std::vector<Nesting>& nestings,
                       const LiveSources* live)
    : snapshot_(snapshot),
      live_(live),
      masters_(masters(snapshot)),
      outside_(groups_outside(snapshot)) {
  for (size_t n = 0; n < nestings.size(); ++n) {
    const snapshot::Namespace& ns = snapshot.namespaces[n];
    for (uint32_t m : nestings[n].order) {
      const snapshot::Mount& mount = ns.mounts[m];
      if (mount.group != 0) give(mount.group, name_from(mount.full_target), ns);
    }
  }
  for (size_t n = 0; n < nestings.size(); ++n) {
    const snapshot::Namespace& ns = snapshot.namespaces[n];
    for (uint32_t m : nestings[n].order) {
      const snapshot::Mount& mount = ns.mounts[m];
      if (mount.master == 0 || masters_.contains(mount.master)) continue;
      give(mount.master, "above_" + name_from(mount.full_target), ns);
    }
  }
}

void GroupNames::give(uint32_t group, const std::string& wanted,
                      const snapshot::Namespace& ns) {
  if (names_.contains(group)) return;
  const bool taken = taken_.has(wanted) && snapshot_.namespaces.size() > 1;
  const std::string name = taken ? name_from(ns.name) + "_" + wanted : wanted;
  names_[group] = taken_.take(name);
  order_.push_back(group);
}

std::string GroupNames::declarations() const {
  std::string text;
  for (uint32_t group : order_) {
    const auto above = masters_.find(group);
    if (above == masters_.end()) {
      text += declaration_outside(group);
      continue;
    }
    if (live_ && live_->has_peers(group)) {
      if (const auto path = live_->peers_of(group)) {
        text += fmt::format("group {} peers of {};\n", name(group), quote(*path));
        continue;
      }
      text +=
          fmt::format("# members of peer group {} outside cannot be joined: {} is a new one\n",
                      group, name(group));
    }
    text += "group " + name(group);
    if (is_kept(above->second)) text += " slave of " + name(above->second);
    text += ";\n";
  }
  return text;
}

bool GroupNames::is_kept(uint32_t group) const {
  return group != 0 && (!live_ || masters_.contains(group) || live_->peers_of(group));
}

// Of one that mounts receive from, with members elsewhere only.
std::string GroupNames::declaration_outside(uint32_t group) const {
  if (const auto bound = path_on_host(group)) {
    return fmt::format("group {} peers of {};\n", name(group), quote(*bound));
  }
  if (!live_) {
    return fmt::format("group {};  # its members are in none of these namespaces\n",
                       name(group));
  }
  if (const auto path = live_->peers_of(group)) {
    return fmt::format("group {} peers of {};\n", name(group), quote(*path));
  }
  return fmt::format("# peer group {}, {}, is out of reach: what receives from it will not\n",
                     group, name(group));
}

// Where those that receive are bound from the host, it is the group of what they are bound
// from.
std::optional<std::string> GroupNames::path_on_host(uint32_t group) const {
  for (const snapshot::Namespace& ns : snapshot_.namespaces) {
    for (const snapshot::Mount& mount : ns.mounts) {
      if (mount.master != group || !snapshot_.superblocks[mount.superblock].of_host) continue;
      return "/" + mount.root;
    }
  }
  return std::nullopt;
}

bool GroupNames::need_outside() const {
  return !live_ && std::ranges::any_of(outside_, [&](uint32_t g) { return !path_on_host(g); });
}

std::string GroupNames::outside(const Superblocks& superblocks) const {
  Names namespaces;
  for (const snapshot::Namespace& ns : snapshot_.namespaces) namespaces.take(ns.name);
  std::string text = fmt::format(
      "\n# What the namespaces above receive from is mounted here.\nnamespace {0} {{\n"
      "pin \"${{pins}}/{0}\";\nmount / tmpfs;\n",
      namespaces.take("outside"));
  for (uint32_t group : outside_) {
    if (path_on_host(group)) continue;
    text += fmt::format("mount /{0} {1} shared {0} mkdir;\n", name(group),
                        superblocks.whole(superblock_of_receivers(group)));
  }
  return text + "}\n";
}

uint32_t GroupNames::superblock_of_receivers(uint32_t group) const {
  for (const snapshot::Namespace& ns : snapshot_.namespaces) {
    for (const snapshot::Mount& mount : ns.mounts) {
      if (mount.master == group) return mount.superblock;
    }
  }
  return none;
}

}  // namespace mountc
