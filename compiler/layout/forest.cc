// compiler/layout/forest.cc - which mount is attached to which: parents, stacks, roots.
//
// A flat target belongs to the longest declared target above it, decided on the text, and to the
// topmost mount of a stack there. A mount in a block belongs to the block's mount exactly.
#include <algorithm>
#include <numeric>

#include "compiler/layout/paths.h"
#include "compiler/layout/resolver.h"

namespace mountc {
namespace {

class Forest {
 public:
  explicit Forest(Resolver& r) : r_(r), mounts_(r.layout.mounts) {}

  void build() {
    // Whatever a flat target can belong to has a shorter one.
    std::vector<MountId> order(mounts_.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::stable_sort(order, {},
                             [this](MountId m) { return mounts_[m].full_target.size(); });
    for (MountId m : order) {
      attach(m);
      stack(m);
      r_.targets[Resolver::key(mounts_[m].ns, mounts_[m].full_target)] = m;
    }
    for (MountId m = 0; m < mounts_.size(); ++m) {
      if (mounts_[m].parent != none) mounts_[mounts_[m].parent].children.push_back(m);
    }
    for (Mount& mount : mounts_) order_children(r_, mount);
    find_roots();
    spread_optional();
  }

 private:
  void attach(MountId m) {
    Mount& mount = mounts_[m];
    if (r_.drafts[m].block != none) {
      mount.parent = r_.drafts[m].block;
      return;
    }
    std::string_view above = mount.full_target;
    while (above != "/") {
      above = parent_of(above);
      const auto found = r_.targets.find(Resolver::key(mount.ns, above));
      if (found == r_.targets.end()) continue;
      mount.parent = found->second;
      mount.target = std::string(rest_below(mount.full_target, above));
      return;
    }
  }

  // Enters m as the top of the stack at its place.
  void stack(MountId m) {
    const std::string here = r_.place(m);
    const auto found = tops_.find(here);
    if (found != tops_.end() && r_.drafts[m].over) cover(m, found->second);
    tops_[here] = m;
  }

  // Puts m over `top`, or over what a block has put there already.
  void cover(MountId m, MountId top) {
    mounts_[m].target.clear();
    mounts_[m].parent = top;
    for (auto higher = tops_.find(r_.place(m)); higher != tops_.end();
         higher = tops_.find(r_.place(m))) {
      mounts_[m].parent = higher->second;
    }
    tops_[r_.place(m)] = m;
  }

  void find_roots() {
    for (NamespaceId n = 0; n < r_.layout.namespaces.size(); ++n) {
      const auto top = r_.targets.find(Resolver::key(n, "/"));
      if (top == r_.targets.end()) continue;
      r_.layout.namespaces[n].root = r_.layout.top_of(top->second);
    }
  }

  // What lies below an optional mount goes with it. Parents may come after their children in the
  // text, so this walks down from the tops.
  void spread_optional() {
    std::vector<MountId> pending;
    for (MountId m = 0; m < mounts_.size(); ++m) {
      if (mounts_[m].parent == none) pending.push_back(m);
    }
    while (!pending.empty()) {
      const MountId m = pending.back();
      pending.pop_back();
      for (MountId child : mounts_[m].children) {
        mounts_[child].may_be_left_out = mounts_[m].is_conditional();
        pending.push_back(child);
      }
    }
  }

  Resolver& r_;
  std::vector<Mount>& mounts_;
  std::unordered_map<std::string, MountId> tops_;  // of the stacks, by place
};

}  // namespace

void find_parents(Resolver& r) { Forest(r).build(); }

void order_children(const Resolver& r, Mount& mount) {
  const auto& mounts = r.layout.mounts;
  const bool in_block = std::ranges::any_of(
      mount.children, [&](MountId c) { return r.drafts[c].block != none; });
  if (!in_block) return;  // flat targets never hide each other
  std::ranges::stable_sort(mount.children, std::greater(),
                           [&](MountId c) { return depth_of(mounts[c].target); });
}

}  // namespace mountc
