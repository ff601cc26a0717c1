// compiler/snapshot/one_place.cc - see one_place.h.
#include "compiler/snapshot/one_place.h"

#include <algorithm>
#include <map>
#include <utility>

#include "compiler/snapshot/lookup.h"

namespace mountc::snapshot {
namespace {

class Places {
 public:
  explicit Places(Namespace& ns) : ns_(ns) {
    const Lookup lookup(ns);
    for (uint32_t m = 0; m < ns.mounts.size(); ++m) {
      const uint32_t last = lookup.child(ns.mounts[m].parent, ns.mounts[m].target);
      if (last != m) shared_[last].push_back(m);
    }
  }

  void stack() {
    if (shared_.empty()) return;
    for (auto& [last, mounts] : shared_) {
      mounts.push_back(last);
      std::ranges::sort(mounts, {},
                        [this](uint32_t m) { return std::pair(is_before_parent(m), m); });
    }
    find_covers();
    for (const auto& [last, mounts] : shared_) {
      for (size_t i = 1; i < mounts.size(); ++i) {
        Mount& upper = ns_.mounts[mounts[i]];
        upper.beside = mounts[0];
        upper.parent = top_of(mounts[i - 1]);
        upper.target.clear();
      }
    }
  }

 private:
  bool is_before_parent(uint32_t m) const {
    const uint32_t parent = ns_.mounts[m].parent;
    return parent != none && m < parent;
  }

  // By mount: what is seen of that which covers its root.
  void find_covers() {
    above_.resize(ns_.mounts.size(), none);
    for (uint32_t m = 0; m < ns_.mounts.size(); ++m) {
      const Mount& mount = ns_.mounts[m];
      if (mount.parent != none && mount.target.empty()) above_[mount.parent] = m;
    }
    for (const auto& [last, mounts] : shared_) {
      const Mount& upper = ns_.mounts[mounts.back()];
      if (upper.parent != none && upper.target.empty()) above_[upper.parent] = mounts.back();
    }
  }

  // Of the stack on mount m. What has been walked over leads there at once the next time.
  uint32_t top_of(uint32_t m) {
    uint32_t top = m;
    while (above_[top] != none) top = above_[top];
    while (m != top) m = std::exchange(above_[m], top);
    return top;
  }

  Namespace& ns_;
  std::map<uint32_t, std::vector<uint32_t>> shared_;  // by the one that is listed last: all
  std::vector<uint32_t> above_;
};

}  // namespace

void stack_on_places(Namespace& ns) { Places(ns).stack(); }

}  // namespace mountc::snapshot
