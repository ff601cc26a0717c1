// compiler/preview/bound.cc - see bound.h.
#include "compiler/preview/bound.h"

#include <map>

#include "compiler/layout/paths.h"
#include "compiler/preview/follow.h"
#include "compiler/snapshot/lookup.h"

namespace mountc {
namespace {

class Finder {
 public:
  Finder(snapshot::Snapshot& wanted, const std::string& root, const snapshot::Snapshot& seen)
      : wanted_(wanted), root_(root), seen_(seen), lookup_(seen.namespaces[0]) {}

  void find(snapshot::Mount& mount) {
    const std::string path = follow_links(root_, mount.bound);
    if (is_covered(path)) return;
    const auto [m, rest] = lookup_.walk(path);
    if (m == none) return;
    const snapshot::Mount& there = seen_.namespaces[0].mounts[m];
    const bool nameless = there.root_internal || there.root_removed || has_dotdot(there.root);
    if (nameless || seen_.superblocks[there.superblock].type == "proc") return;
    mount.superblock = superblock(there.superblock);
    mount.root = rest.empty() ? there.root : join(there.root, rest);
    mount.root_known = true;
  }

 private:
  // What the layout mounts in the caller's namespace, whose mounts have no name.
  bool is_covered(std::string_view path) const {
    for (const snapshot::Namespace& ns : wanted_.namespaces) {
      if (!ns.name.empty()) continue;
      for (uint32_t top : ns.tops) {
        if (is_within(path, ns.mounts[top].full_target)) return true;
      }
    }
    return false;
  }

  uint32_t superblock(uint32_t seen) {
    const auto [known, fresh] =
        copies_.try_emplace(seen, static_cast<uint32_t>(wanted_.superblocks.size()));
    if (fresh) {
      wanted_.superblocks.push_back(seen_.superblocks[seen]);
      wanted_.superblocks.back().is_here = true;
    }
    return known->second;
  }

  snapshot::Snapshot& wanted_;
  const std::string& root_;
  const snapshot::Snapshot& seen_;
  const snapshot::Lookup lookup_;
  std::map<uint32_t, uint32_t> copies_;  // superblocks of `seen` in `wanted`
};

}  // namespace

void look_sources_up(snapshot::Snapshot& wanted, const std::string& root,
                     const snapshot::Snapshot& seen) {
  Finder finder(wanted, root, seen);
  for (snapshot::Namespace& ns : wanted.namespaces) {
    for (snapshot::Mount& mount : ns.mounts) {
      if (!mount.bound.empty()) finder.find(mount);
    }
  }
}

}  // namespace mountc
