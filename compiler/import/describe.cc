// compiler/import/describe.cc - a snapshot as the text of a layout.
//
// Filesystems, groups, then a `namespace` for each namespace. A mount is written with its whole
// target where that says which mount it lies in, and else in the block of its parent.
#include "compiler/import/describe.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

#include "compiler/import/live.h"
#include "compiler/import/names.h"
#include "compiler/import/nesting.h"
#include "compiler/import/superblocks.h"
#include "compiler/layout/paths.h"
#include "compiler/layout/words.h"
#include "compiler/syntax/value.h"

namespace mountc {
namespace {

using snapshot::Mount;
using snapshot::Namespace;
using snapshot::Snapshot;

class Describer {
 public:
  Describer(const Snapshot& snapshot, const DescribeOptions& options)
      : snapshot_(snapshot),
        superblocks_(snapshot, options),
        masters_(masters(snapshot)),
        outside_(groups_outside(snapshot)),
        is_stand_in_(options.stand_in.has_value()) {
    if (options.host) live_.emplace(snapshot, *options.host, superblocks_.can_be_made());
    for (const Namespace& ns : snapshot.namespaces) {
      namespace_names_.take(ns.name);
      nestings_.push_back(nesting_of(ns));
    }
    name_groups();
  }

  std::string text() {
    constexpr size_t mount_bytes = 80;
    for (const Namespace& ns : snapshot_.namespaces) out_.reserve(ns.mounts.size() * mount_bytes);
    if (live_) out_ += live_->declarations();
    out_ += superblocks_.declarations(
        [this](uint32_t superblock) { return !live_ || live_->is_made_anew(superblock); });
    if (!is_stand_in_) unknown_id_maps();
    groups();
    const auto named = std::ranges::count_if(snapshot_.namespaces, is_named);
    const bool several = named > 1 || needs_outside();
    if (several)
      out_ +=
          "\n# a directory on a private mount: the namespaces are kept in it\n"
          "param pins = /run/mountns;\n";
    for (const Namespace& ns : snapshot_.namespaces) mounts(ns, several);
    if (needs_outside()) outside();
    return std::move(out_);
  }

 private:
  // mountinfo says that ids are mapped, but not which.
  void unknown_id_maps() {
    Names names;
    for (uint32_t n = 0; n < snapshot_.namespaces.size(); ++n) {
      const Namespace& ns = snapshot_.namespaces[n];
      for (uint32_t m = 0; m < ns.mounts.size(); ++m) {
        const Mount& mount = ns.mounts[m];
        if (!mount.idmapped || !mount.uids.empty()) continue;
        if (live_ && !live_->is_made_anew(mount.superblock) && live_->source(n, m).mapped)
          continue;
        const std::string name = names.take("ids_of_" + name_from(mount.full_target));
        out_ += fmt::format(
            "# {} maps ids: give the file of a user namespace that maps them so\nparam {};\n",
            quote(mount.full_target), name);
        id_maps_[&mount] = name;
      }
    }
  }

  // -- groups -------------------------------------------------------------------------------

  void name_groups() {
    for (const Namespace& ns : snapshot_.namespaces) {
      for (uint32_t m : nesting(ns).order) {
        const Mount& mount = ns.mounts[m];
        if (mount.group != 0) name_group(mount.group, name_from(mount.full_target), ns);
      }
    }
    for (const Namespace& ns : snapshot_.namespaces) {
      for (uint32_t m : nesting(ns).order) {
        const Mount& mount = ns.mounts[m];
        if (mount.master == 0 || masters_.contains(mount.master)) continue;
        name_group(mount.master, "above_" + name_from(mount.full_target), ns);
      }
    }
  }

  void name_group(uint32_t group, const std::string& wanted, const Namespace& ns) {
    if (groups_.contains(group)) return;
    const bool taken = group_names_.has(wanted) && snapshot_.namespaces.size() > 1;
    const std::string name = taken ? name_from(ns.name) + "_" + wanted : wanted;
    groups_[group] = group_names_.take(name);
    group_order_.push_back(group);
  }

  void groups() {
    if (!group_order_.empty() && !out_.empty()) out_ += "\n";
    for (uint32_t group : group_order_) {
      const auto above = masters_.find(group);
      if (above == masters_.end()) {
        group_outside(group);
        continue;
      }
      out_ += "group " + groups_[group];
      if (is_kept(above->second)) out_ += " slave of " + groups_[above->second];
      out_ += ";\n";
    }
  }

  // One that mounts receive from, with members elsewhere only.
  void group_outside(uint32_t group) {
    if (const auto bound = path_on_host(group)) {
      out_ += fmt::format("group {} peers of {};\n", groups_[group], quote(*bound));
    } else if (!live_) {
      out_ += fmt::format("group {};  # its members are in none of these namespaces\n",
                          groups_[group]);
    } else if (const auto path = live_->peers_of(group)) {
      out_ += fmt::format("group {} peers of {};\n", groups_[group], quote(*path));
    } else {
      out_ +=
          fmt::format("# peer group {}, {}, is out of reach: what receives from it will not\n",
                      group, groups_[group]);
    }
  }

  // Where those that receive are bound from the host, it is the group of what they are bound
  // from.
  std::optional<std::string> path_on_host(uint32_t group) const {
    for (const Namespace& ns : snapshot_.namespaces) {
      for (const Mount& mount : ns.mounts) {
        if (mount.master != group || !snapshot_.superblocks[mount.superblock].of_host) continue;
        return "/" + mount.root;
      }
    }
    return std::nullopt;
  }

  bool needs_outside() const {
    return !live_ &&
           std::ranges::any_of(outside_, [&](uint32_t g) { return !path_on_host(g); });
  }

  bool is_kept(uint32_t group) const {
    return group != 0 && (!live_ || masters_.contains(group) || live_->peers_of(group));
  }

  // One without a name is that in which the layout will be run.
  static bool is_named(const Namespace& ns) { return !ns.name.empty(); }

  // -- namespaces ---------------------------------------------------------------------------

  void mounts(const Namespace& ns, bool several) {
    if (!out_.empty()) out_ += "\n";
    const bool in_namespace = is_named(ns) && (ns.has_root() || several);
    if (ns.out_of_reach > 0) {
      out_ += fmt::format("# mounts that cannot be reached from its root are left out: {}\n",
                          ns.out_of_reach);
    }
    if (in_namespace) out_ += "namespace " + name_from(ns.name) + " {\n";
    if (several && in_namespace)
      out_ += fmt::format("pin \"${{pins}}/{}\";\n", name_from(ns.name));
    if (in_namespace && !ns.has_root()) {
      out_ += "mount / tmpfs;  # the root of the namespace was not to be seen\n";
    }
    made_up_root_ = in_namespace && !ns.has_root();
    for (uint32_t m : nesting(ns).order) {
      if (!nesting(ns).in_block[m]) mount(ns, m);
    }
    if (in_namespace) out_ += "}\n";
  }

  void mount(const Namespace& ns, uint32_t top) {
    // Blocks can be as deep as trees are, so this is no recursion: none is a block's end.
    const std::vector<bool>& in_block = nesting(ns).in_block;
    std::vector<uint32_t> pending = {top};
    while (!pending.empty()) {
      const uint32_t m = pending.back();
      pending.pop_back();
      if (m == none) {
        out_ += "}\n";
        continue;
      }
      const auto& children = ns.mounts[m].children;
      const bool inside =
          std::ranges::any_of(children, [&](uint32_t c) { return in_block[c]; });
      statement(ns, ns.mounts[m], in_block[m]);
      out_ += inside ? " {\n" : ";\n";
      if (inside) pending.push_back(none);
      for (auto c = children.rbegin(); inside && c != children.rend(); ++c) {
        if (in_block[*c]) pending.push_back(*c);
      }
    }
  }

  const Nesting& nesting(const Namespace& ns) const {
    return nestings_[static_cast<size_t>(&ns - snapshot_.namespaces.data())];
  }

  void statement(const Namespace& ns, const Mount& mount, bool inner) {
    const std::string relative = mount.target.empty() ? "." : mount.target;
    out_ += "mount " + quote(inner ? relative : mount.full_target) + " ";
    if (live_ && !live_->is_made_anew(mount.superblock)) {
      const auto bound = live_->source(static_cast<uint32_t>(&ns - snapshot_.namespaces.data()),
                                       static_cast<uint32_t>(&mount - ns.mounts.data()));
      out_ += bound.source;
      flags(mount, bound.known ? bound.flags : UINT32_MAX);
      if (!bound.mapped) id_map(mount);
    } else {
      out_ += superblocks_.source(mount);
      flags(mount, superblocks_.keeps_flags(mount) ? mount.flags_known : 0);
      id_map(mount);
    }
    if (mount.group != 0) {
      out_ += " shared " + groups_[mount.group];
    } else if (is_kept(mount.master)) {
      out_ += " slave " + groups_[mount.master];
    } else if (mount.unbindable) {
      out_ += " unbindable";
    } else if (mount.inherits) {
      out_ += " inherit";
    } else if (mount.follows) {
      out_ += " follow";
    }
    make(ns, mount);
    if (!inner && mount.target.empty()) out_ += " over";
  }

  // Flags that the source may have and the mount has not are cleared by a word.
  void flags(const Mount& mount, uint32_t of_source) {
    const std::string words = flags_in_words(mount.flags, of_source);
    if (!words.empty()) out_ += " " + words;
  }

  void id_map(const Mount& mount) {
    if (!mount.uids.empty() && !mount.gids.empty()) {
      out_ += fmt::format(" idmap(uid=[{}], gid=[{}])", mount.uids, mount.gids);
    } else if (const auto param = id_maps_.find(&mount); param != id_maps_.end()) {
      out_ += " idmap(ns=${" + param->second + "})";
    }
  }

  // The mount point, where it is in a filesystem that is made with the layout.
  void make(const Namespace& ns, const Mount& mount) {
    if (mount.target.empty() || mount.full_target == "/") return;
    const bool anew = mount.parent == none ||
                      (live_ && live_->is_made_anew(ns.mounts[mount.parent].superblock));
    if (live_ && !anew) return;
    const bool made = mount.parent == none
                          ? made_up_root_
                          : superblocks_.makes_mount_points(ns.mounts[mount.parent]);
    if (!made) return;
    const size_t slash = mount.target.find('/', 1);
    const bool file = mount.kind == snapshot::Kind::file;
    out_ += file ? " touch" : " mkdir";
    if (slash != std::string::npos) out_ += "(parents)";
  }

  // A namespace that keeps one member of each group that mounts receive from.
  void outside() {
    const std::string name = namespace_names_.take("outside");
    out_ += fmt::format(
        "\n# What the namespaces above receive from is mounted here.\nnamespace {0} {{\n"
        "pin \"${{pins}}/{0}\";\nmount / tmpfs;\n",
        name);
    for (uint32_t group : outside_) {
      if (path_on_host(group)) continue;
      out_ += fmt::format("mount /{0} {1} shared {0} mkdir;\n", groups_[group],
                          superblocks_.whole(superblock_of_receivers(group)));
    }
    out_ += "}\n";
  }

  uint32_t superblock_of_receivers(uint32_t group) const {
    for (const Namespace& ns : snapshot_.namespaces) {
      for (const Mount& mount : ns.mounts) {
        if (mount.master == group) return mount.superblock;
      }
    }
    return none;
  }

  const Snapshot& snapshot_;
  Superblocks superblocks_;
  std::optional<LiveSources> live_;
  const std::map<uint32_t, uint32_t> masters_;
  const std::vector<uint32_t> outside_;
  const bool is_stand_in_;
  std::map<const Mount*, std::string> id_maps_;  // of maps that are not known: the parameter
  Names group_names_, namespace_names_;
  std::map<uint32_t, std::string> groups_;
  std::vector<uint32_t> group_order_;
  std::vector<Nesting> nestings_;  // by namespace
  bool made_up_root_ = false;
  std::string out_;
};

}  // namespace

std::string describe(const Snapshot& snapshot, const DescribeOptions& options) {
  return Describer(snapshot, options).text();
}

}  // namespace mountc
