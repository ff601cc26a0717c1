// compiler/validate/before.cc - see before.h.
#include "compiler/validate/before.h"

namespace mountc {

using kernel::MountRef;
using kernel::nothing;
using kernel::Path;

Before look_before(World& world, const Layout& layout) {
  Before before;
  before.targets.resize(layout.mounts.size());
  before.covers.resize(layout.mounts.size(), nothing);
  before.sources.resize(layout.mounts.size());
  before.groups.resize(layout.groups.size(), nothing);
  before.ways.resize(layout.mounts.size());
  const kernel::MountTable& mounts = world.kernel.mounts();
  const auto look = [&](const std::string& path, Path& found, const std::string& in = {}) {
    const kernel::Task task = world.task_in(in);
    (void)world.kernel.look_up(task, task.root, path, found);
  };
  for (MountId m = 0; m < layout.mounts.size(); ++m) {
    const Mount& mount = layout.mounts[m];
    if (layout.is_topmost(m)) look(mount.target, before.targets[m]);
    if (layout.is_topmost(m) && mount.ns != none) {
      for (MountRef each = before.targets[m].mount; mounts[each].parent != nothing;
           each = mounts[each].parent) {
        before.ways[m].insert(before.ways[m].begin(), mounts[each].mountpoint);
      }
    }
    if (mount.beneath) {
      before.covers[m] = before.targets[m].mount;
      const kernel::Mount& cover = world.kernel.mounts()[before.covers[m]];
      before.targets[m] = {cover.parent, cover.mountpoint};
    }
    if (mount.root.superblock == none && !mount.is_mask)
      look(mount.root.path, before.sources[m], mount.root.in);
  }
  before.id_maps.resize(layout.idmaps.size());
  for (size_t i = 0; i < layout.idmaps.size(); ++i) {
    if (!layout.idmaps[i].ns.empty()) look(layout.idmaps[i].ns, before.id_maps[i]);
  }
  for (GroupId g = 0; g < layout.groups.size(); ++g) {
    Path found;
    if (!layout.groups[g].peers_of) continue;
    look(*layout.groups[g].peers_of, found, layout.groups[g].peers_in);
    before.groups[g] = found.mount;
  }
  for (const kernel::Namespace& ns : world.kernel.namespaces())
    before.mounts.push_back(ns.mounts);
  return before;
}

}  // namespace mountc
