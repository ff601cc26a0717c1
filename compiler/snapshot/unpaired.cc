// compiler/snapshot/unpaired.cc - mounts of one side that the other side has not.
#include "compiler/snapshot/unpaired.h"

namespace mountc {

void tell_unpaired(const std::vector<Unpaired>& list, Difference::Kind kind,
                   const Properties& properties, std::vector<Difference>& found) {
  for (const Unpaired& one : list) {
    if (one.moved) continue;
    std::vector<uint32_t> below = {one.mount};
    for (size_t at = 0; at < below.size(); ++at) {
      const snapshot::Mount& node = one.tree->mounts[below[at]];
      below.insert(below.end(), node.children.begin(), node.children.end());
      found.push_back({kind, one.ns, node.full_target, level_of(*one.tree, below[at]), "",
                       properties.what(node, kind == Difference::Kind::missing), "",
                       node.span});
    }
  }
}

}  // namespace mountc
