// compiler/preview/model.cc - snapshots into the model of the kernel.
#include "compiler/preview/model.h"

#include <map>

#include "compiler/layout/paths.h"

namespace mountc {
namespace {

using kernel::DentryKind;
using kernel::DentryRef;
using kernel::MountRef;
using kernel::nothing;

class Loader {
 public:
  Loader(const snapshot::Snapshot& snapshot, uint32_t mount_max)
      : snapshot_(snapshot), world_{kernel::Kernel(kernel::Version{}, mount_max), {}, {}} {}

  ModelWorld load() {
    for (const snapshot::Superblock& each : snapshot_.superblocks) {
      superblocks_.push_back(dentries().add_superblock(each.type, kernel::Contents::on_demand));
      world_.known[superblocks_.back()] = each;
    }
    for (const snapshot::Namespace& ns : snapshot_.namespaces) add(ns);
    share();
    for (ModelWorld::Space& space : world_.spaces) space.task = world_.kernel.enter(space.ns);
    return std::move(world_);
  }

 private:
  kernel::Dentries& dentries() { return world_.kernel.dentries(); }

  DentryRef walk(DentryRef at, std::string_view path) {
    for_components(
        path, [&](std::string_view name) { at = dentries().make(at, name, DentryKind::any); });
    return at;
  }

  DentryRef root_of(const snapshot::Mount& mount) {
    uint32_t superblock = nothing;
    if (mount.superblock == none) {
      superblock = dentries().add_superblock("", kernel::Contents::on_demand);
    } else {
      superblock = superblocks_[mount.superblock];
    }
    const DentryRef root = walk(dentries().superblock(superblock).root, mount.root);
    if (mount.kind == snapshot::Kind::file) dentries().set_kind(root, DentryKind::file);
    return root;
  }

  DentryRef place_of(const snapshot::Mount& mount, MountRef parent) {
    return walk(world_.kernel.mounts()[parent].root, mount.target);
  }

  MountRef place_beside(MountRef other, DentryRef root) {
    const kernel::Mount& there = world_.kernel.mounts()[other];
    return world_.kernel.place(there.parent, there.mountpoint, root);
  }

  void add(const snapshot::Namespace& ns) {
    const auto below = dentries().add_superblock("rootfs", kernel::Contents::on_demand);
    const kernel::NamespaceRef made = world_.kernel.add_namespace(below);
    world_.spaces.push_back({ns.name, made, {}});
    const MountRef base = world_.kernel.namespaces()[made].root;
    std::vector<MountRef> placed_as(ns.mounts.size(), nothing);
    std::vector<std::pair<uint32_t, MountRef>> pending;
    for (auto top = ns.tops.rbegin(); top != ns.tops.rend(); ++top)
      pending.emplace_back(*top, base);
    while (!pending.empty()) {
      const auto [index, parent] = pending.back();
      pending.pop_back();
      const snapshot::Mount& mount = ns.mounts[index];
      const MountRef m =
          mount.beside == none
              ? world_.kernel.place(parent, place_of(mount, parent), root_of(mount))
              : place_beside(placed_as[mount.beside], root_of(mount));
      placed_as[index] = m;
      kernel::Mount& placed = world_.kernel.mounts()[m];
      placed.attributes = mount.flags;
      placed.unbindable = mount.unbindable;
      if (mount.group) members_[mount.group].push_back(m);
      if (mount.master) slaves_[mount.master][mount.group].push_back(m);
      const auto& children = mount.children;
      for (auto c = children.rbegin(); c != children.rend(); ++c) pending.emplace_back(*c, m);
    }
  }

  // The peers of a group lie side by side in their master's list, in the order of their ring:
  // clone_mnt() and, since Linux 6.17, do_set_group() put a new one behind its original in
  // both, and next_group() of fs/pnode.c leaves a group by that. mountinfo tells neither which
  // of them is the first one, nor which member of the master's ring has the list; that decides
  // in what order mounts are made, not which.
  void share() {
    for (const auto& [group, members] : members_) {
      const kernel::GroupNumber number = world_.kernel.new_group();
      MountRef last = nothing;
      for (MountRef m : members) {
        world_.kernel.place_in_group(m, number, last);
        last = m;
      }
    }
    for (const auto& [master, groups] : slaves_) {
      const auto found = members_.find(master);
      const MountRef above = found != members_.end() ? found->second.front() : outsider(groups);
      for (const auto& [group, members] : groups) {
        for (auto m = members.rbegin(); m != members.rend(); ++m)
          world_.kernel.place_below_master(*m, above);
      }
    }
  }

  // A master that is in none of the namespaces: a mount where nobody looks.
  template <typename Groups>
  MountRef outsider(const Groups& groups) {
    const MountRef slave = groups.begin()->second.front();
    const DentryRef shown = world_.kernel.mounts()[slave].root;
    const auto superblock = dentries()[shown].superblock;
    const kernel::NamespaceRef ns = world_.kernel.add_namespace(superblock);
    const MountRef m = world_.kernel.namespaces()[ns].root;
    world_.kernel.place_in_group(m, world_.kernel.new_group(), nothing);
    return m;
  }

  const snapshot::Snapshot& snapshot_;
  ModelWorld world_;
  std::vector<kernel::SuperblockRef> superblocks_;
  std::map<uint32_t, std::vector<MountRef>> members_;
  std::map<uint32_t, std::map<uint32_t, std::vector<MountRef>>> slaves_;
};

}  // namespace

ModelWorld load(const snapshot::Snapshot& snapshot, uint32_t mount_max) {
  return Loader(snapshot, mount_max).load();
}

ModelWorld plain_host() {
  snapshot::Snapshot snapshot;
  snapshot::Superblock host;
  host.type = "host";
  snapshot.superblocks.push_back(host);
  snapshot::Mount root;
  root.full_target = "/";
  root.superblock = 0;
  snapshot.namespaces.push_back({"host", {root}, {0}, ""});
  return load(snapshot, 100'000);
}

std::string path_of(const kernel::Kernel& kernel, MountRef mount, MountRef root) {
  std::string path;
  for (const kernel::MountTable& mounts = kernel.mounts(); mount != root && mount != nothing;
       mount = mounts[mount].parent) {
    if (!mounts.has_parent(mount)) break;
    const std::string above = kernel.dentries().path(mounts[mounts[mount].parent].root);
    const std::string whole = kernel.dentries().path(mounts[mount].mountpoint);
    const std::string part = whole.substr(above == "/" ? 0 : above.size());
    path.insert(0, part == "/" ? "" : part);
  }
  return path.empty() ? "/" : path;
}

}  // namespace mountc
