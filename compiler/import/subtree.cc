// compiler/import/subtree.cc - a part of a namespace, as if nothing else were there.
#include "compiler/import/subtree.h"

#include "compiler/layout/paths.h"

namespace mountc {

void keep_subtree(snapshot::Namespace& ns, std::string_view directory) {
  const std::string top = normalise(directory);
  if (top == "/") return;
  std::vector<snapshot::Mount> kept;
  std::vector<uint32_t> index(ns.mounts.size(), none);
  for (uint32_t m = 0; m < ns.mounts.size(); ++m) {
    if (!is_within(ns.mounts[m].full_target, top)) continue;
    index[m] = static_cast<uint32_t>(kept.size());
    kept.push_back(ns.mounts[m]);
  }
  for (snapshot::Mount& mount : kept) {
    mount.full_target = "/" + std::string(rest_below(mount.full_target, top));
    if (mount.parent != none) mount.parent = index[mount.parent];
    if (mount.parent == none) mount.target = mount.full_target;
  }
  ns.mounts = std::move(kept);
  snapshot::link(ns);
}

}  // namespace mountc
