// compiler/validate/compare_mount.cc - one mount that a plan made, and what is declared of it.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/layout/paths.h"
#include "compiler/layout/super_options.h"
#include "compiler/validate/comparison.h"

namespace mountc {

namespace bit = plan::bit;
using kernel::DentryRef;
using kernel::GroupNumber;
using kernel::MountRef;
using kernel::nothing;

// What it shows: a superblock of the layout, made once, or what the host had at the path.
Comparison::Defect Comparison::compare_root(MountId m, MountRef found) {
  const DentryRef root = kernel_.mounts()[found].root;
  const Root& declared = mount(m).root;
  if (declared.superblock == none) {
    if (root == before_.sources[m].dentry) return std::nullopt;
    return fmt::format("{} shows {}", name(m), kernel_.dentries().path(root));
  }
  const kernel::SuperblockRef superblock = kernel_.dentries()[root].superblock;
  kernel::SuperblockRef& known = superblocks_[declared.superblock];
  if (known == nothing) {
    known = superblock;
    if (Defect defect = compare_superblock(declared.superblock, superblock)) return defect;
  }
  const std::string path = kernel_.dentries().path(root);
  if (known == superblock && std::string_view(path).substr(1) == declared.path)
    return std::nullopt;
  return fmt::format("{} shows another part of a filesystem: {}", name(m), path);
}

uint32_t with_flags(uint32_t before, const Flags& flags) {
  uint32_t clear = flags.clear;
  if ((flags.set | clear) & bit::attr_ATIME) clear |= bit::attr_ATIME;
  return (before & ~clear) | flags.set;
}

Comparison::Defect Comparison::compare_flags(MountId m, MountRef found) {
  const uint32_t base = mount(m).root.superblock == none ? world_.host_attributes : 0;
  const uint32_t expected = with_flags(base, mount(m).flags);
  const uint32_t attributes = kernel_.mounts()[found].attributes;
  if (attributes == expected) return std::nullopt;
  return fmt::format("{} has the flags {:#x}, not {:#x}", name(m), attributes, expected);
}

bool Comparison::has_id_map(MountRef found, uint32_t declared) const {
  const uint32_t number = kernel_.mounts()[found].idmap;
  if (number == 0 || declared == none) return number == 0 && declared == none;
  const MadeIdMap& made = simulator_.id_maps()[number - 1];
  const IdMap& map = layout_.idmaps[declared];
  if (!map.ns.empty()) return made.file == before_.id_maps[declared].dentry;
  return made.file == nothing && made.uids == map.uids && made.gids == map.gids;
}

Comparison::Defect Comparison::compare_ids(MountId m, MountRef found) const {
  if (has_id_map(found, mount(m).idmap)) return std::nullopt;
  return fmt::format("{} has another id map", name(m));
}

bool Comparison::is_group(GroupId g, GroupNumber number) {
  if (numbers_[g] == 0) {
    if (number == 0 || !groups_.emplace(number, g).second) return false;
    numbers_[g] = number;
  }
  return numbers_[g] == number;
}

bool Comparison::has_master(GroupId master, MountRef found) {
  const MountRef from = kernel_.mounts()[found].master;
  if (master == none || from == nothing) return master == none && from == nothing;
  return is_group(master, kernel_.mounts()[from].group);
}

Comparison::Defect Comparison::compare_sharing(MountId m, MountRef found, bool propagated) {
  const kernel::Mount& made = kernel_.mounts()[found];
  const kernel::MountTable& mounts = kernel_.mounts();
  const auto group_of = [&](MountRef ref) { return ref == nothing ? 0 : mounts[ref].group; };
  const bool in_none = !made.shared && made.master == nothing;
  // Attached under a shared mount, it is shared in any case.
  const bool fresh = propagated && made.shared && !groups_.contains(made.group);
  bool good = false;
  switch (mount(m).propagation) {
    case Propagation::private_:
      good = (propagated ? fresh && made.master == nothing : in_none) && !made.unbindable;
      break;
    case Propagation::unbindable: good = in_none && made.unbindable; break;
    case Propagation::shared: {
      const GroupId g = mount(m).group;
      good = made.shared && is_group(g, made.group);
      // The master of a group of the host is the host's.
      good =
          good && (layout_.groups[g].peers_of || has_master(layout_.groups[g].master, found));
      break;
    }
    case Propagation::slave:
      good = (propagated ? fresh : !made.shared) && has_master(mount(m).group, found);
      break;
    case Propagation::inherit:
    case Propagation::follow: {
      if (mount(m).root.superblock != none) {
        good = propagated ? fresh : in_none;
        break;
      }
      const kernel::Mount& source = mounts[before_.sources[m].mount];
      const bool inherits = mount(m).propagation == Propagation::inherit;
      if (!source.shared) {
        good = propagated ? fresh : in_none;
      } else if (inherits) {
        good = made.group == source.group;
      } else {
        good = (propagated ? fresh : !made.shared) && group_of(made.master) == source.group;
      }
      break;
    }
  }
  if (good) return std::nullopt;
  return fmt::format(
      "{} is in peer group {} and receives from {}, which is not what is declared", name(m),
      made.group, group_of(made.master));
}

Comparison::Defect Comparison::compare_superblock(SuperblockId s, kernel::SuperblockRef found) {
  const Superblock& declared = layout_.superblocks[s];
  const std::string what = declared.name.empty() ? declared.type : declared.name;
  auto [at_made, last] = made_.equal_range(found);
  for (; at_made != last; ++at_made) {
    const MadeSuperblock& made = *at_made->second;
    bool same = made.type == declared.type && made.source == declared.source;
    size_t at = 0;
    const auto next_is = [&](const std::string& key, std::optional<std::string> value) {
      return at < made.options.size() && made.options[at++] == std::pair(key, value);
    };
    for (const SuperblockOption& option : declared.options) {
      if (!option.has_value) same = same && next_is(option.key, std::nullopt);
      const std::string whole = option.key.substr(0, option.key.size() - 1);
      if (option.key.ends_with('+') && at < made.options.size() &&
          made.options[at].first == whole) {
        same = same && next_is(whole, joined_layers(option.values));
        continue;
      }
      for (uint32_t i = 0; i < option.values.size(); ++i) {
        const bool layer =
            std::ranges::find(option.layers, i, &Layer::index) != option.layers.end();
        same = same && (layer ? next_is(option.key, std::nullopt)
                              : next_is(option.key, option.values[i]));
      }
    }
    if (same && at == made.options.size()) return compare_entries(s, found);
  }
  return fmt::format("filesystem `{}` is not made as it is declared", what);
}

Comparison::Defect Comparison::compare_entry(const Entry& entry, const MadeEntry& made,
                                             DentryRef at) const {
  constexpr uint32_t s_ifreg = 0100000, s_ifdir = 0040000;
  uint32_t mode = entry.mode;
  if (entry.kind == EntryKind::directory) mode |= s_ifdir;
  if (entry.kind == EntryKind::file) mode |= s_ifreg;
  const bool link = entry.kind == EntryKind::symlink;
  const bool same_kind = link == (kernel_.dentries()[at].kind == kernel::DentryKind::symlink);
  const bool same =
      link ? made.text == entry.text : made.mode == mode && made.device == entry.device;
  if (same && same_kind && made.uid == entry.uid && made.gid == entry.gid) return std::nullopt;
  return fmt::format("`{}` is not made as it is declared", entry.path);
}

Comparison::Defect Comparison::compare_entries(SuperblockId s, kernel::SuperblockRef found) {
  for (const Entry& entry : layout_.superblocks[s].entries) {
    DentryRef at = kernel_.dentries().superblock(found).root;
    for_components(entry.path,
                   [&](std::string_view name) { at = kernel_.dentries().known(at, name); });
    const auto made = simulator_.entries().find(at);
    if (made == simulator_.entries().end()) return fmt::format("`{}` is not made", entry.path);
    if (Defect defect = compare_entry(entry, made->second, at)) return defect;
  }
  return std::nullopt;
}

}  // namespace mountc
