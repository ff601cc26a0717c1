// compiler/preview/store.cc - the mounts of the model as a snapshot.
#include <set>
#include <unordered_map>

#include "compiler/preview/model.h"
#include "compiler/snapshot/one_place.h"

namespace mountc {
namespace {

using kernel::MountRef;
using kernel::nothing;

class Storer {
 public:
  Storer(const ModelWorld& world, const StoreOptions& options)
      : world_(world), kernel_(world.kernel), options_(options) {
    const size_t count = kernel_.dentries().superblock_count();
    for (kernel::SuperblockRef s = 0; s < count; ++s) {
      snapshot::Superblock superblock;
      superblock.type = kernel_.dentries().superblock(s).type;
      superblock.source = superblock.type;
      if (const auto known = world.known.find(s); known != world.known.end()) {
        superblock = known->second;
      }
      superblock.of_host = s == options.host;
      snapshot_.superblocks.push_back(superblock);
    }
    add_entries();
  }

  snapshot::Snapshot store() {
    find_groups_of_machine();
    for (const ModelWorld::Space& space : world_.spaces) add(space);
    for (const auto& [number, name] : world_.group_names) snapshot_.group_names[number] = name;
    return std::move(snapshot_);
  }

 private:
  // Directories that mounts lie on are made with these; below a symbolic link is nothing.
  void add_entries() {
    const kernel::Dentries& dentries = kernel_.dentries();
    std::set<kernel::DentryRef> mount_points;
    for (MountRef m = 0; m < kernel_.mounts().size(); ++m) {
      const kernel::Mount& mount = kernel_.mounts()[m];
      if (mount.parent == nothing) continue;
      for (kernel::DentryRef d = mount.mountpoint; d != nothing; d = dentries[d].parent) {
        mount_points.insert(d);
      }
    }
    const auto is_below_link = [&](kernel::DentryRef d) {
      for (d = dentries[d].parent; d != nothing; d = dentries[d].parent) {
        const auto above = world_.made.find(d);
        if (above != world_.made.end() && above->second.keyword != "dir") return true;
      }
      return false;
    };
    for (const auto& [d, made] : world_.made) {
      if ((made.keyword == "dir" && mount_points.contains(d)) || is_below_link(d)) continue;
      const std::string path = dentries.path(d).substr(1);
      snapshot_.superblocks[dentries[d].superblock].entries.push_back(
          {path, made.keyword, made.rest});
    }
  }

  // A copy that propagation made is kept where something else is mounted in it.
  bool is_kept(MountRef m) const {
    const kernel::MountTable& mounts = kernel_.mounts();
    for (MountRef each = m; each != nothing; each = mounts.next(each, m)) {
      if (options_.propagated || !mounts[each].propagated) return true;
    }
    return false;
  }

  void add(const ModelWorld::Space& space) {
    const kernel::MountTable& mounts = kernel_.mounts();
    snapshot::Namespace ns;
    ns.name = space.name;
    std::unordered_map<MountRef, uint32_t> index;
    const MountRef base = kernel_.namespaces()[space.ns].root;
    // A namespace that a script has made shows the host's root, too.
    const bool first = &space == world_.spaces.data();
    const MountRef host_root =
        options_.host == nothing || !first ? nothing : mounts[base].first_child;
    for (MountRef m = base; m != nothing; m = mounts.next(m, base)) {
      const bool of_machine = options_.left_out && options_.left_out->contains(m);
      if (m == base || (m == host_root && shows_host(m)) || of_machine || !is_kept(m)) continue;
      // What lies in a mount that is left out lies in what that one is mounted in.
      MountRef above = mounts[m].parent;
      while (above != base && !index.contains(above)) above = mounts[above].parent;
      index[m] = static_cast<uint32_t>(ns.mounts.size());
      ns.mounts.push_back(mount(m, base, above));
      if (above != base) ns.mounts.back().parent = index[above];
    }
    stack_on_places(ns);
    link(ns);
    snapshot_.namespaces.push_back(std::move(ns));
  }

  // The groups of mounts that are there before, which are left out.
  void find_groups_of_machine() {
    if (options_.host == nothing || world_.spaces.empty()) return;
    const kernel::MountTable& mounts = kernel_.mounts();
    const auto add_group = [&](MountRef m) {
      if (m != nothing && mounts[m].shared) groups_of_machine_.insert(mounts[m].group);
    };
    const MountRef root = mounts[kernel_.namespaces()[world_.spaces[0].ns].root].first_child;
    if (root != nothing && shows_host(root)) add_group(root);
    if (!options_.left_out) return;
    for (MountRef m : *options_.left_out) add_group(m);
  }

  bool shows_host(MountRef m) const {
    return kernel_.dentries()[kernel_.mounts()[m].root].superblock == options_.host;
  }

  // As it lies in `above`, or topmost, when that is `base`.
  snapshot::Mount mount(MountRef m, MountRef base, MountRef above) const {
    const kernel::Mount& each = kernel_.mounts()[m];
    const kernel::Dentries& dentries = kernel_.dentries();
    snapshot::Mount made;
    made.id = m;
    made.full_target = path_of(kernel_, m, base);
    made.target = made.full_target;
    if (above != base) {
      const std::string prefix = path_of(kernel_, above, base);
      made.target = made.full_target.substr(prefix == "/" ? 0 : prefix.size());
      if (!made.target.empty()) made.target.erase(0, 1);
    }
    made.superblock = dentries[each.root].superblock;
    made.root = dentries.path(each.root).substr(1);
    made.flags = each.attributes;
    made.group = each.shared ? each.group : 0;
    made.master = each.master == nothing ? 0 : kernel_.mounts()[each.master].group;
    made.unbindable = each.unbindable;
    if (dentries[each.root].kind == kernel::DentryKind::file) made.kind = snapshot::Kind::file;
    if (made.superblock == options_.host && options_.bound) add_what_is_known(m, made);
    return made;
  }

  void add_what_is_known(MountRef m, snapshot::Mount& made) const {
    const auto found = options_.bound->find(m);
    const BoundFromHost known =
        found == options_.bound->end() ? BoundFromHost{} : found->second;
    made.flags_known = known.flags_known;
    made.may_have_more = known.recursive;
    made.follows = known.follows && !made.group && !made.master;
    // What is bound from the machine has its group from its source, or receives from that.
    if (made.group == 0 && groups_of_machine_.contains(made.master)) {
      made.follows = true;
      made.master = 0;
    }
    const bool bare = !known.recursive || kernel_.mounts()[m].first_child == nothing;
    if (bare && groups_of_machine_.contains(made.group)) {
      made.inherits = true;
      made.group = made.master = 0;
    }
  }

  const ModelWorld& world_;
  const kernel::Kernel& kernel_;
  const StoreOptions& options_;
  std::set<uint32_t> groups_of_machine_;
  snapshot::Snapshot snapshot_;
};

}  // namespace

snapshot::Snapshot store(const ModelWorld& world, const StoreOptions& options) {
  return Storer(world, options).store();
}

}  // namespace mountc
