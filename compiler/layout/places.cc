// compiler/layout/places.cc - refuses mounts in places where they cannot be, or twice in one.
#include "compiler/layout/resolver.h"

namespace mountc {
namespace {

// While a tree is assembled, each mount on the way down keeps a file descriptor.
constexpr uint32_t depth_max = 1000;

class PlaceChecker {
 public:
  explicit PlaceChecker(Resolver& r) : r_(r), mounts_(r.layout.mounts) {}

  void check() {
    for (MountId m = 0; m < mounts_.size(); ++m) {
      if (r_.drafts[m].is_copy) firsts_.try_emplace(r_.place(m), m);
    }
    for (MountId m = 0; m < mounts_.size(); ++m) {
      if (r_.drafts[m].is_copy) continue;
      check_parent(m);
      check_stack(m);
      check_root(m);
    }
    for (const Namespace& ns : r_.layout.namespaces) {
      if (ns.root != none && ns.copy_span.end) {
        misplaced(ns.copy_span, "copy", "has no meaning where the namespace has a mount on `/`")
            .note(mounts_[ns.root].target_span, "it is here");
      }
    }
    check_depth();
  }

 private:
  void check_parent(MountId m) {
    const Mount& mount = mounts_[m];
    const Span propagate = r_.drafts[m].propagate_span;
    const bool outside = r_.layout.is_topmost(m) && mount.ns == none;
    if (propagate.end && !outside) {
      misplaced(propagate, "propagate", "belongs to a topmost mount outside namespaces");
    }
    const Span beneath = r_.drafts[m].beneath_span;
    if (beneath.end && !outside) {
      misplaced(beneath, "beneath", "belongs to a topmost mount outside namespaces");
    } else if (beneath.end && mount.full_target == "/") {
      r_.diagnostics.report<rule::beneath_root>(beneath, mount.full_target);
    } else if (beneath.end && mount.make != Make::nothing) {
      misplaced(mount.span, mount.make == Make::file ? "touch" : "mkdir",
                "makes a mount point; `beneath` wants a mount to be there");
    }
    if (mount.is_mask && mount.parent == none) {
      misplaced(mount.target_span, "mask " + mount.full_target,
                "hides nothing that this layout mounts");
    }
    if (mount.is_mask && mount.parent != none && mount.target.empty()) {
      misplaced(mount.target_span, "mask " + mount.full_target,
                "hides the whole mount that it lies in");
    }
    if (mount.parent != none && mounts_[mount.parent].is_mask && !mount.is_mask) {
      misplaced(mount.target_span, mount.full_target, "lies in what a mask hides")
          .note(mounts_[mount.parent].span, "the mask is here");
    }
  }

  void check_root(MountId m) {
    const Mount& mount = mounts_[m];
    const bool replaces_root = r_.layout.is_topmost(m) && mount.full_target == "/";
    if (!r_.layout.is_root(m) && !replaces_root) return;
    constexpr std::string_view why = "has no meaning for a root";
    if (mount.make == Make::directory) misplaced(mount.span, "mkdir", why);
    if (mount.make == Make::file) misplaced(mount.span, "touch", why);
    if (mount.optional) misplaced(mount.span, "optional", why);
  }

  // A second mount on one place says `over`, and only a second one.
  void check_stack(MountId m) {
    const Mount& mount = mounts_[m];
    const auto [first, fresh] = firsts_.try_emplace(r_.place(m), m);
    if (!fresh) {
      const Mount& earlier = mounts_[first->second];
      Diagnostic& diagnostic =
          r_.diagnostics.report<rule::target_twice>(mount.target_span, mount.full_target);
      diagnostic.note(earlier.target_span, "`{}` is mounted on here first", mount.full_target);
      if (mount.is_mask || earlier.is_mask) return;
      // A shell's `$i` is text here.
      if (mount.full_target.find('$') != std::string::npos) {
        diagnostic.hint("a variable is written `{}`", "${NAME}");
        return;
      }
      diagnostic.hint("write `over` on the second mount if it shall cover the first");
    } else if (r_.drafts[m].over && !mount.target.empty() && !is_unsettled(mount.parent)) {
      r_.diagnostics.report<rule::over_nothing>(r_.drafts[m].over_span, mount.full_target)
          .suggest({r_.drafts[m].over_span, ""}, "take `over` away");
    }
  }

  // An rclone that was not unrolled, because of another error.
  bool is_unsettled(MountId m) const {
    return m != none && mounts_[m].source.kind == SourceKind::rclone;
  }

  void check_depth() {
    std::vector<std::pair<MountId, uint32_t>> pending;
    for (MountId m = 0; m < mounts_.size(); ++m) {
      if (mounts_[m].parent == none) pending.emplace_back(m, 1);
    }
    while (!pending.empty()) {
      const auto [m, depth] = pending.back();
      pending.pop_back();
      if (depth > depth_max) {
        r_.diagnostics.report<rule::too_deep>(mounts_[m].target_span, mounts_[m].full_target,
                                              depth_max);
        return;
      }
      for (MountId child : mounts_[m].children) pending.emplace_back(child, depth + 1);
    }
  }

  Diagnostic& misplaced(Span span, std::string_view what, std::string_view why) {
    return r_.diagnostics.report<rule::misplaced>(span, what, why);
  }

  Resolver& r_;
  const std::vector<Mount>& mounts_;
  std::unordered_map<std::string, MountId> firsts_;  // the lowest mount, by place
};

}  // namespace

void check_places(Resolver& r) { PlaceChecker(r).check(); }

}  // namespace mountc
