// compiler/import/subtree.cc - a part of a namespace, as if nothing else were there.
#include "compiler/import/subtree.h"

#include "compiler/layout/paths.h"
#include "compiler/snapshot/lookup.h"

namespace mountc {
namespace {

// Which mounts are topmost in a directory: the lowest of a stack on it, or else those that lie
// in the mount that the directory is in.
class Tops {
 public:
  Tops(const snapshot::Namespace& ns, std::string_view directory) : directory_(directory) {
    const auto found = snapshot::Lookup(ns).walk(directory);
    above_ = found.mount;
    is_mounted_ = found.mount != none && found.rest.empty();
    while (above_ != none && is_mounted_ && ns.mounts[above_].full_target == directory) {
      above_ = ns.mounts[above_].parent;
    }
  }

  bool holds(const snapshot::Mount& mount) const {
    return mount.parent == above_ && (!is_mounted_ || mount.full_target == directory_);
  }

 private:
  std::string_view directory_;
  uint32_t above_ = none;
  bool is_mounted_ = false;
};

}  // namespace

void keep_subtree(snapshot::Namespace& ns, std::string_view directory) {
  const std::string top = normalise(directory);
  if (top == "/") return;
  const Tops tops(ns, top);
  std::vector<snapshot::Mount> kept;
  std::vector<uint32_t> index(ns.mounts.size(), none);
  for (uint32_t m : snapshot::parents_first(ns)) {
    const snapshot::Mount& mount = ns.mounts[m];
    if (!is_within(mount.full_target, top)) continue;
    const bool inside = mount.parent != none && index[mount.parent] != none;
    if (!inside && !tops.holds(mount)) {
      ++ns.out_of_reach;
      continue;
    }
    index[m] = static_cast<uint32_t>(kept.size());
    kept.push_back(mount);
    kept.back().parent = inside ? index[mount.parent] : none;
    if (mount.beside != none) kept.back().beside = index[mount.beside];
  }
  for (snapshot::Mount& mount : kept) {
    mount.full_target = "/" + std::string(rest_below(mount.full_target, top));
    if (mount.parent == none) mount.target = mount.full_target;
  }
  ns.mounts = std::move(kept);
  snapshot::link(ns);
}

}  // namespace mountc
