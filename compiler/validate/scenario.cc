// compiler/validate/scenario.cc - the machines that a plan is tried on: a host, as the model
// has it.
#include "compiler/validate/scenario.h"

#include <set>
#include <string>

#include "runtime/ops.h"

namespace mountc {
namespace {

namespace bit = plan::bit;
using kernel::MountRef;
using kernel::NamespaceRef;
using kernel::Path;

// All but read-only, which mount points could not be made on.
constexpr uint32_t all_flags = bit::attr_NOSUID | bit::attr_NODEV | bit::attr_NOEXEC |
                               bit::attr_NOATIME | bit::attr_NODIRATIME |
                               bit::attr_NOSYMFOLLOW;

// A pin cannot lie under a mount with peers, nor an unbindable mount propagate (M5xx).
bool can_be_shared(const Layout& layout) {
  for (const Namespace& ns : layout.namespaces) {
    if (ns.pin) return false;
  }
  for (MountId m = 0; m < layout.mounts.size(); ++m) {
    if (layout.mounts[m].propagation != Propagation::unbindable) continue;
    if (layout.mounts[layout.top_of(m)].propagate) return false;
  }
  return true;
}

// A namespace that shares the host's mounts, or only receives from them.
NamespaceRef add_copy(World& world, bool slave) {
  kernel::Task task = world.task;
  NamespaceRef made = kernel::nothing;
  (void)world.kernel.unshare(task, 0, made);
  if (slave) {
    const MountRef root = world.kernel.namespaces()[made].root;
    const Path path{root, world.kernel.mounts()[root].root};
    (void)world.kernel.mount_change_type(task, path, kernel::Propagation::slave, true);
  }
  return made;
}

// The namespaces whose files the layout names: each has the host's filesystem, and no groups yet.
void add_others(World& world, const Layout& layout) {
  const auto add = [&](const std::string& file) {
    if (file.empty() || world.others.contains(file)) return;
    kernel::Task task = world.task;
    NamespaceRef made = kernel::nothing;
    (void)world.kernel.unshare(task, 0, made);
    task = world.kernel.enter(made);
    (void)world.kernel.mount_change_type(task, task.root, kernel::Propagation::private_, true);
    world.others.emplace(file, made);
  };
  for (const Mount& mount : layout.mounts) add(mount.root.in);
  for (const Group& group : layout.groups) add(group.peers_in);
}

// A mount of the host's filesystem at the path; in a group of its own where they have groups.
void place(World& world, const std::string& path, const std::string& in, bool shared) {
  kernel::Kernel& kernel = world.kernel;
  const kernel::Task task = world.task_in(in);
  Path at;
  if (kernel.look_up(task, task.root, path, at).refused()) return;
  const kernel::DentryRef root = kernel.dentries().superblock(world.host).root;
  const MountRef m = kernel.place(at.mount, at.dentry, root);
  kernel.mounts()[m].attributes = world.host_attributes;
  if (shared) kernel.place_in_group(m, kernel.new_group(), kernel::nothing);
}

}  // namespace

World make_world(const Layout& layout, Scenario scenario, kernel::Version version) {
  // Layouts may have more mounts than one machine takes: that is for the machine to say.
  World world{scenario, kernel::Kernel(version, UINT32_MAX), {}};
  if (scenario == Scenario::all_shared) world.host_attributes = all_flags;
  kernel::Kernel& kernel = world.kernel;
  const auto below = kernel.dentries().add_superblock("rootfs", kernel::Contents::made);
  world.host = kernel.dentries().add_superblock("host", kernel::Contents::on_demand);
  const kernel::DentryRef root = kernel.dentries().superblock(world.host).root;
  const NamespaceRef home = kernel.add_namespace(below);
  const MountRef base = kernel.namespaces()[home].root;
  const MountRef top = kernel.place(base, kernel.dentries().superblock(below).root, root);
  kernel.mounts()[top].attributes = world.host_attributes;
  const bool shared = scenario == Scenario::all_shared && can_be_shared(layout);
  if (shared) kernel.place_in_group(top, kernel.new_group(), kernel::nothing);
  world.task = kernel.enter(home);
  add_others(world, layout);
  for (const Group& group : layout.groups) {
    Path at;
    if (!group.peers_of) continue;
    const kernel::Task task = world.task_in(group.peers_in);
    if (kernel.look_up(task, task.root, *group.peers_of, at).refused()) continue;
    // Two groups of the layout may be one of the host.
    if (at.mount != task.root.mount && kernel.is_root(at)) continue;
    place(world, *group.peers_of, group.peers_in, true);
  }
  for (MountId m = 0; m < layout.mounts.size(); ++m) {
    if (layout.mounts[m].beneath) place(world, layout.mounts[m].target, "", shared);
  }
  std::set<std::string> bound;
  for (const Mount& mount : layout.mounts) {
    if (!mount.source.is_bind() || mount.is_mask || bound.size() == submounts_max) continue;
    if (bound.insert(mount.source.in + mount.source.path).second) {
      place(world, mount.source.path + "/" + std::string(submount), mount.source.in, shared);
    }
  }
  world.task = kernel.enter(home);
  if (shared) {
    world.peers = add_copy(world, false);
    world.slaves = add_copy(world, true);
  }
  return world;
}

}  // namespace mountc
