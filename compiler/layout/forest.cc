// compiler/layout/forest.cc - which mount is attached to which: parents, stacks, roots.
//
// A flat target belongs to the longest declared target above it, decided on the text, and to the
// topmost mount of a stack there. A mount in a block belongs to the block's mount exactly.
#include <algorithm>

#include "compiler/layout/paths.h"
#include "compiler/layout/resolver.h"

namespace mountc {
namespace {

class Forest {
 public:
  explicit Forest(Resolver& r) : r_(r), mounts_(r.layout.mounts) {}

  void build() {
    for (MountId m = 0; m < mounts_.size(); ++m) stack(m);
    for (MountId m = 0; m < mounts_.size(); ++m) {
      if (!stacked_[m]) attach(m);
    }
    for (MountId m = 0; m < mounts_.size(); ++m) {
      if (mounts_[m].parent != none) mounts_[mounts_[m].parent].children.push_back(m);
    }
    for (Mount& mount : mounts_) order_children(mount);
    for (MountId m = 0; m < mounts_.size(); ++m) check_place(m);
    find_roots();
    spread_optional();
  }

 private:
  // The key of the place a mount stands on. The same text in two different blocks may be two
  // places: one hidden by a sibling.
  std::string place(MountId m) const {
    const MountId block = r_.drafts[m].block;
    if (block == none) return Resolver::key(mounts_[m].ns, mounts_[m].full_target);
    return "in " + std::to_string(block) + ":" + mounts_[m].target;
  }

  // Enters m as the top of the stack at its target; refuses a second mount without `over`.
  void stack(MountId m) {
    stacked_.push_back(false);
    const std::string& full = mounts_[m].full_target;
    const std::string here = place(m);
    const auto found = tops_.find(here);
    const bool over = r_.drafts[m].over;
    if (found != tops_.end() && over) {
      mounts_[m].parent = found->second;
      mounts_[m].target.clear();
      stacked_[m] = true;
    } else if (found != tops_.end()) {
      r_.diagnostics.report<rule::target_twice>(mounts_[m].target_span, full)
          .note(mounts_[found->second].target_span, "`{}` is mounted on here first", full)
          .hint("write `over` on the second mount if it shall cover the first");
    } else if (over) {
      r_.diagnostics.report<rule::over_nothing>(r_.drafts[m].over_span, full);
    }
    tops_[here] = m;
    r_.targets[Resolver::key(mounts_[m].ns, full)] = m;
  }

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

  // A mount point that another child's mount would hide is attached to first.
  void order_children(Mount& mount) {
    const auto deeper = [this](MountId a, MountId b) {
      return depth_of(mounts_[a].target) > depth_of(mounts_[b].target);
    };
    const bool in_block = std::ranges::any_of(
        mount.children, [this](MountId c) { return r_.drafts[c].block != none; });
    if (in_block) std::ranges::stable_sort(mount.children, deeper);
  }

  void check_place(MountId m) {
    const Mount& mount = mounts_[m];
    const Draft& draft = r_.drafts[m];
    const auto misplaced = [&](Span span, std::string_view what, std::string_view why) {
      r_.diagnostics.report<rule::misplaced>(span, what, why);
    };
    if (draft.propagate_span.end && !r_.layout.is_topmost(m)) {
      misplaced(draft.propagate_span, "propagate",
                "belongs to a topmost mount outside namespaces");
    }
    if (mount.parent != none && mounts_[mount.parent].is_mask && !mount.is_mask) {
      r_.diagnostics
          .report<rule::misplaced>(mount.target_span, mount.full_target,
                                   "lies in what a mask hides")
          .note(mounts_[mount.parent].span, "the mask is here");
    }
    if (mount.is_mask && mount.parent == none) {
      misplaced(mount.target_span, "mask " + mount.full_target,
                "hides nothing that this layout mounts");
    }
    if (r_.layout.is_topmost(m) && mount.full_target == "/") {
      misplaced(mount.target_span, "mount /", "belongs into a namespace");
    }
    if (mount.parent == none && mount.ns != none && mount.make != Make::nothing) {
      misplaced(mount.span, "mkdir", "has no meaning for the root of a namespace");
    }
  }

  void find_roots() {
    for (NamespaceId n = 0; n < r_.layout.namespaces.size(); ++n) {
      Namespace& ns = r_.layout.namespaces[n];
      const auto top = r_.targets.find(Resolver::key(n, "/"));
      if (top == r_.targets.end()) {
        r_.diagnostics.report<rule::namespace_without_root>(ns.span, ns.name);
        continue;
      }
      MountId root = top->second;
      while (mounts_[root].parent != none) root = mounts_[root].parent;
      ns.root = root;
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
      const bool left_out = mounts_[m].optional || mounts_[m].may_be_left_out;
      for (MountId child : mounts_[m].children) {
        mounts_[child].may_be_left_out = left_out;
        pending.push_back(child);
      }
    }
  }

  Resolver& r_;
  std::vector<Mount>& mounts_;
  std::vector<bool> stacked_;
  std::unordered_map<std::string, MountId> tops_;
};

}  // namespace

void find_parents(Resolver& r) { Forest(r).build(); }

}  // namespace mountc
