// compiler/import/describe.cc - a snapshot as the text of a layout.
//
// Filesystems, groups, then a `namespace` for each namespace. A mount is written with its whole
// target where that says which mount it lies in, and else in the block of its parent.
#include "compiler/import/describe.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <vector>

#include "compiler/import/group_names.h"
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

constexpr const char* on_one_place =
    "# lies beside the one below, on one place of one mount, as Linux before 6.17 may leave\n"
    "# them; that it is the one that is seen is a guess\n";

class Describer {
 public:
  Describer(const Snapshot& snapshot, const DescribeOptions& options)
      : snapshot_(snapshot),
        superblocks_(snapshot, options),
        is_stand_in_(options.stand_in.has_value()) {
    if (options.host) live_.emplace(snapshot, *options.host, superblocks_.can_be_made());
    for (const Namespace& ns : snapshot.namespaces) nestings_.push_back(nesting_of(ns));
    groups_.emplace(snapshot, nestings_, live_ ? &*live_ : nullptr);
  }

  std::string text() {
    constexpr size_t mount_bytes = 80;
    for (const Namespace& ns : snapshot_.namespaces)
      out_.reserve(ns.mounts.size() * mount_bytes);
    if (live_) out_ += live_->declarations();
    out_ += superblocks_.declarations(
        [this](uint32_t superblock) { return !live_ || live_->is_made_anew(superblock); });
    if (!is_stand_in_) unknown_id_maps();
    const std::string groups = groups_->declarations();
    if (!groups.empty() && !out_.empty()) out_ += "\n";
    out_ += groups;
    const auto named = std::ranges::count_if(snapshot_.namespaces, is_named);
    const bool several = named > 1 || groups_->need_outside();
    if (several)
      out_ +=
          "\n# a directory on a private mount: the namespaces are kept in it\n"
          "param pins = /run/mountns;\n";
    for (const Namespace& ns : snapshot_.namespaces) mounts(ns, several);
    if (groups_->need_outside()) out_ += groups_->outside(superblocks_);
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

  // One without a name is that in which the layout will be run.
  static bool is_named(const Namespace& ns) { return !ns.name.empty(); }

  void mounts(const Namespace& ns, bool several) {
    if (!out_.empty()) out_ += "\n";
    const bool in_namespace = is_named(ns) && (ns.has_root() || several);
    if (ns.out_of_reach > 0) {
      out_ += fmt::format("# mounts that cannot be reached from its root are left out: {}\n",
                          ns.out_of_reach);
    }
    const auto copy = in_namespace ? copy_of_host(ns) : std::nullopt;
    if (in_namespace) {
      out_ += fmt::format("namespace {}{} {{\n", name_from(ns.name), copy.value_or(""));
    }
    if (several && in_namespace)
      out_ += fmt::format("pin \"${{pins}}/{}\";\n", name_from(ns.name));
    if (in_namespace && !ns.has_root()) {
      out_ += "mount / tmpfs;  # the root of the namespace was not to be seen\n";
    }
    made_up_root_ = in_namespace && !ns.has_root();
    for (uint32_t m : nesting(ns).order) {
      const bool copied = copy && m == ns.tops[0];
      if (!copied && !nesting(ns).in_block[m]) mount(ns, m);
    }
    if (in_namespace) out_ += "}\n";
  }

  // How a namespace says that it begins as a copy of the caller's: where its root is all that
  // the host has, as it is there.
  std::optional<std::string_view> copy_of_host(const Namespace& ns) const {
    if (!ns.has_root()) return std::nullopt;
    const Mount& root = ns.mounts[ns.tops[0]];
    const auto in_block = [&](uint32_t child) { return bool{nesting(ns).in_block[child]}; };
    if (!is_host_root(snapshot_, root) || !flag_words(root).empty() ||
        std::ranges::any_of(root.children, in_block)) {
      return std::nullopt;
    }
    const std::string propagation = propagation_of(root);
    if (propagation.empty()) return "";  // a copy is private where it says nothing
    if (propagation == " follow") return " copy slave";
    return std::nullopt;
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
    if (mount.beside != none) out_ += on_one_place;
    const std::string relative = mount.target.empty() ? "." : mount.target;
    out_ += "mount " + quote(inner ? relative : mount.full_target) + " ";
    if (live_ && !live_->is_made_anew(mount.superblock)) {
      const auto bound = live_->source(static_cast<uint32_t>(&ns - snapshot_.namespaces.data()),
                                       static_cast<uint32_t>(&mount - ns.mounts.data()));
      out_ += bound.source;
      out_ += flag_words(mount, bound.known ? bound.flags : UINT32_MAX);
      if (!bound.mapped) id_map(mount);
    } else {
      out_ += superblocks_.source(mount);
      out_ += flag_words(mount);
      id_map(mount);
    }
    out_ += propagation_of(mount);
    make(ns, mount);
    if (!inner && mount.target.empty()) out_ += " over";
  }

  std::string propagation_of(const Mount& mount) const {
    if (mount.group != 0) return " shared " + groups_->name(mount.group);
    if (groups_->is_kept(mount.master)) return " slave " + groups_->name(mount.master);
    if (mount.unbindable) return " unbindable";
    if (mount.inherits) return " inherit";
    return mount.follows ? " follow" : "";
  }

  // Where the source is not a mount of the host.
  std::string flag_words(const Mount& mount) const {
    return flag_words(mount, superblocks_.keeps_flags(mount) ? mount.flags_known : 0);
  }

  // Flags that the source may have and the mount has not are cleared by a word.
  static std::string flag_words(const Mount& mount, uint32_t of_source) {
    const std::string words = flags_in_words(mount.flags, of_source);
    return words.empty() ? words : " " + words;
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

  const Snapshot& snapshot_;
  Superblocks superblocks_;
  std::optional<LiveSources> live_;
  const bool is_stand_in_;
  std::map<const Mount*, std::string> id_maps_;  // of maps that are not known: the parameter
  std::optional<GroupNames> groups_;
  std::vector<Nesting> nestings_;  // by namespace
  bool made_up_root_ = false;
  std::string out_;
};

}  // namespace

std::string describe(const Snapshot& snapshot, const DescribeOptions& options) {
  return Describer(snapshot, options).text();
}

}  // namespace mountc
