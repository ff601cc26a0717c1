// compiler/preview/reach.cc - where a mount, or an unmount, made at one place appears.
#include "compiler/preview/reach.h"

#include <unordered_map>

namespace mountc {

using kernel::MountRef;
using kernel::nothing;

Reach reach_of(ModelWorld world, size_t space, const std::string& path) {
  Reach reach;
  kernel::Kernel& kernel = world.kernel;
  const kernel::Task& task = world.spaces[space].task;
  kernel::Path at;
  reach.answer = kernel.look_up(task, task.root, path, at);
  if (reach.answer.refused()) return reach;
  reach.is_shared = kernel.mounts()[at.mount].shared;
  const auto superblock =
      kernel.dentries().add_superblock("tmpfs", kernel::Contents::on_demand);
  const auto first = static_cast<MountRef>(kernel.mounts().size());
  reach.answer = kernel.mount_new(task, superblock, at, 0);
  if (reach.answer.refused()) return reach;
  // The new mounts are numbered in the order in which the kernel makes them: each one after
  // what it receives from.
  std::unordered_map<MountRef, size_t> known;
  for (auto m = first; m < kernel.mounts().size(); ++m) {
    const kernel::Mount& made = kernel.mounts()[m];
    for (size_t s = 0; s < world.spaces.size(); ++s) {
      if (world.spaces[s].ns != made.ns) continue;
      Reached place{s, path_of(kernel, m, kernel.namespaces()[made.ns].root), Relation::here,
                    0};
      if (m != first) {
        place.relation =
            made.group == kernel.mounts()[first].group ? Relation::peer : Relation::slave;
        MountRef from = made.master;
        if (from == nothing) from = first;
        if (const auto found = known.find(from); found != known.end())
          place.from = found->second;
      }
      known.emplace(m, reach.places.size());
      reach.places.push_back(std::move(place));
    }
  }
  return reach;
}

}  // namespace mountc
