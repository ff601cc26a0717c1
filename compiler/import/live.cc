// compiler/import/live.cc - the filesystems of running namespaces as sources.
//
// A mount is bound from itself, or from another mount of its superblock that shows its root, at
// a path that nothing else is mounted over, in the namespace that the layout will be run in.
#include "compiler/import/live.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/layout/paths.h"
#include "compiler/syntax/value.h"

namespace mountc {

namespace {

// Linux clones no unbindable mount, and attaches no directory that is gone.
bool can_be_bound(const snapshot::Mount& mount) {
  return !mount.unbindable && !mount.root_removed;
}

}  // namespace

LiveSources::LiveSources(const snapshot::Snapshot& snapshot, const snapshot::Namespace& host,
                         const std::vector<bool>& can_be_made)
    : snapshot_(snapshot), host_(host), lookup_(host) {
  add_places();
  add_elsewhere();
  find_peers();
  for (uint32_t s = 0; s < can_be_made.size(); ++s) {
    if (can_be_made[s] && !places_.contains(s)) anew_.insert(s);
  }
  for (const Elsewhere& each : elsewhere_) {
    for (uint32_t m = 0; m < each.ns.mounts.size(); ++m) {
      if (can_be_bound(each.ns.mounts[m]) && each.lookup.is_visible(m)) {
        anew_.erase(each.ns.mounts[m].superblock);
      }
    }
  }
  for (uint32_t n = 0; n < snapshot.namespaces.size(); ++n) {
    const auto& mounts = snapshot.namespaces[n].mounts;
    for (uint32_t m = 0; m < mounts.size(); ++m) {
      if (is_itself(mounts[m], m)) continue;
      Bound bound = find(mounts[m]);
      if (bound.source.empty()) bound = find_elsewhere(mounts[m]);
      if (bound.source.empty()) bound = clone_beside(n, m);
      if (bound.source.empty()) bound = unreachable(mounts[m]);
      bound_[{n, m}] = std::move(bound);
    }
  }
}

bool LiveSources::is_itself(const snapshot::Mount& mount, uint32_t m) const {
  return m < host_.mounts.size() && host_.mounts[m].id == mount.id && is_place_[m];
}

// A clone has the id map of its source, and nothing takes that away (Linux fs/namespace.c
// can_idmap_mount()).
bool LiveSources::can_show(const snapshot::Mount& place, const snapshot::Mount& wanted) {
  return !place.idmapped || (wanted.idmapped && !place.uids.empty() &&
                             place.uids == wanted.uids && place.gids == wanted.gids);
}

LiveSources::Bound LiveSources::bind(const snapshot::Mount& place, const std::string& path) {
  return {"bind " + quote(path), place.flags, true, place.idmapped};
}

LiveSources::Bound LiveSources::source(uint32_t ns, uint32_t m) const {
  const snapshot::Mount& mount = snapshot_.namespaces[ns].mounts[m];
  if (is_itself(mount, m)) return bind(mount, mount.full_target);
  return bound_.at({ns, m});
}

void LiveSources::add_places() {
  is_place_.resize(host_.mounts.size());
  for (uint32_t m = 0; m < host_.mounts.size(); ++m) {
    const snapshot::Mount& mount = host_.mounts[m];
    if (!can_be_bound(mount) || !lookup_.is_visible(m)) continue;
    places_[mount.superblock].push_back(m);
    is_place_[m] = true;
  }
}

// A namespace is entered at its own root: paths of a process with another one lead elsewhere.
void LiveSources::add_elsewhere() {
  for (const snapshot::Namespace& ns : snapshot_.namespaces) {
    if (ns.file.empty() || ns.mounts.empty() || !ns.has_root() || ns.out_of_reach > 0) continue;
    const auto is_of_host = [&](const snapshot::Mount& mount) {
      return mount.id == ns.mounts[ns.tops[0]].id;
    };
    if (std::ranges::any_of(host_.mounts, is_of_host)) continue;
    elsewhere_.push_back({ns, snapshot::Lookup(ns)});
  }
}

LiveSources::Bound LiveSources::find_elsewhere(const snapshot::Mount& wanted) const {
  // Itself, or its like.
  for (const bool itself : {true, false}) {
    for (const Elsewhere& each : elsewhere_) {
      for (uint32_t m = 0; m < each.ns.mounts.size(); ++m) {
        const snapshot::Mount& mount = each.ns.mounts[m];
        if (mount.superblock != wanted.superblock || (itself && mount.id != wanted.id) ||
            !can_be_bound(mount) || !can_show(mount, wanted) || !each.lookup.is_visible(m)) {
          continue;
        }
        if (const auto path = path_to(each.ns, each.lookup, m, wanted)) {
          Bound found = bind(mount, *path);
          found.source += " in " + quote(each.ns.file);
          return found;
        }
      }
    }
  }
  return {};
}

// A path that shows the wanted root, or nullopt.
std::optional<std::string> LiveSources::path_to(const snapshot::Namespace& ns,
                                                const snapshot::Lookup& lookup, uint32_t place,
                                                const snapshot::Mount& wanted) {
  const snapshot::Mount& mount = ns.mounts[place];
  if (mount.root_internal || wanted.root_internal) {
    if (mount.root != wanted.root) return std::nullopt;
    return mount.full_target;
  }
  if (wanted.root_removed || !is_within(wanted.root, mount.root)) return std::nullopt;
  const std::string_view rest = rest_below(wanted.root, mount.root);
  if (rest.empty()) return mount.full_target;
  const std::string path =
      (mount.full_target == "/" ? "" : mount.full_target) + "/" + std::string(rest);
  const auto found = lookup.walk(path);
  if (found.mount != place || found.rest != rest) return std::nullopt;
  return path;
}

LiveSources::Bound LiveSources::find(const snapshot::Mount& wanted) const {
  // Most often it is itself, or its like in the same place.
  const uint32_t there = lookup_.at(wanted.full_target);
  if (there != none && host_.mounts[there].superblock == wanted.superblock &&
      host_.mounts[there].root == wanted.root && !host_.mounts[there].unbindable &&
      can_show(host_.mounts[there], wanted)) {
    if (const auto path = path_to(host_, lookup_, there, wanted)) {
      return bind(host_.mounts[there], *path);
    }
  }
  const auto places = places_.find(wanted.superblock);
  if (places == places_.end()) return {};
  for (const bool same_flags : {true, false}) {
    for (uint32_t place : places->second) {
      const snapshot::Mount& mount = host_.mounts[place];
      if ((mount.flags == wanted.flags) != same_flags || !can_show(mount, wanted)) continue;
      if (const auto path = path_to(host_, lookup_, place, wanted)) {
        return bind(mount, *path);
      }
    }
  }
  return {};
}

// No path leads to what is mounted over, but a clone of the layout's own mount has nothing over
// it.
LiveSources::Bound LiveSources::clone_beside(uint32_t n, uint32_t wanted_index) const {
  const snapshot::Namespace& ns = snapshot_.namespaces[n];
  const snapshot::Mount& wanted = ns.mounts[wanted_index];
  if (wanted.root_internal || wanted.root_removed || anew_.contains(wanted.superblock))
    return {};
  const snapshot::Lookup lookup(ns);
  for (uint32_t m = 0; m < ns.mounts.size(); ++m) {
    const snapshot::Mount& mount = ns.mounts[m];
    if (m == wanted_index || mount.superblock != wanted.superblock || mount.root_internal ||
        !can_be_bound(mount) || !can_show(mount, wanted) || !lookup.is_visible(m) ||
        !is_within(wanted.root, mount.root)) {
      continue;
    }
    const bool has_source = is_itself(mount, m) || !find(mount).source.empty() ||
                            !find_elsewhere(mount).source.empty();
    if (!has_source) continue;
    const std::string_view rest = rest_below(wanted.root, mount.root);
    std::string source = "clone " + quote(mount.full_target);
    if (!rest.empty()) source += " at " + quote(rest);
    return {std::move(source), mount.flags, true, mount.idmapped};
  }
  return {};
}

LiveSources::Bound LiveSources::unreachable(const snapshot::Mount& wanted) {
  if (anew_.contains(wanted.superblock)) return {};
  const auto& superblock = snapshot_.superblocks[wanted.superblock];
  const std::string name = names_.take(name_from(wanted.full_target));
  declarations_ += fmt::format(
      "# {} at {} cannot be reached by a path{}: give one where it can be bound\nparam {};\n",
      superblock.type, quote(wanted.full_target),
      wanted.unbindable ? ", for it is unbindable" : "", name);
  return {"bind ${" + name + "}", 0, false, false};
}

// The widest of the caller's members: those of the layout show a part of what it shows (Linux
// fs/namespace.c do_set_group()). What is captured itself is no peer of what is made of it.
void LiveSources::find_peers() {
  std::set<uint64_t> captured;
  std::map<uint32_t, std::vector<const snapshot::Mount*>> members;  // and receivers
  for (const snapshot::Namespace& ns : snapshot_.namespaces) {
    for (const snapshot::Mount& mount : ns.mounts) {
      captured.insert(mount.id);
      if (mount.group) members[mount.group].push_back(&mount);
      if (mount.master) members[mount.master].push_back(&mount);
    }
  }
  for (uint32_t m = 0; m < host_.mounts.size(); ++m) {
    const snapshot::Mount& mount = host_.mounts[m];
    const auto wanted = members.find(mount.group);
    if (wanted == members.end() || captured.contains(mount.id)) continue;
    const bool wide = std::ranges::all_of(wanted->second, [&](const snapshot::Mount* each) {
      return is_within(each->root, mount.root);
    });
    uint32_t& best = peers_.try_emplace(mount.group, none).first->second;
    if (!wide || !lookup_.is_visible(m)) continue;
    if (best == none || mount.root.size() < host_.mounts[best].root.size()) best = m;
  }
}

std::optional<std::string> LiveSources::peers_of(uint32_t group) const {
  if (!has_peers(group) || peers_.at(group) == none) return std::nullopt;
  return host_.mounts[peers_.at(group)].full_target;
}

}  // namespace mountc
