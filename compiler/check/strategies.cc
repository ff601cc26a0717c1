// compiler/check/strategies.cc - what kernels before 6.15 cannot do, or cannot do out of sight.
#include "compiler/check/check.h"
#include "compiler/layout/paths.h"
#include "compiler/layout/super_options.h"

namespace mountc {
namespace {

// Each is open from before the private namespace until its mount has found its place.
constexpr size_t host_binds_max = 16384;

// Does a lookup from the root of m's tree, by the targets on the way, end at m?
bool is_found_by_path(const Layout& layout, MountId m) {
  for (MountId child : layout.mounts[m].children) {
    if (layout.mounts[child].target.empty()) return false;
  }
  for (; layout.mounts[m].parent != none; m = layout.mounts[m].parent) {
    const MountId parent = layout.mounts[m].parent;
    const bool is_root = layout.mounts[parent].parent == none;
    if (is_root && layout.mounts[m].target.empty()) return false;  // where the lookup begins
    for (MountId other : layout.mounts[parent].children) {
      if (other == m) continue;
      const std::string& target = layout.mounts[other].target;
      // The lookup begins at the root itself, below what covers it.
      if (target.empty() ? !is_root : is_within(layout.mounts[m].target, target)) return false;
    }
  }
  return true;
}

class Check {
 public:
  Check(const Layout& layout, bool only, Diagnostics& diagnostics)
      : layout_(layout), only_(only), diagnostics_(diagnostics) {}

  bool run() {
    for (const Superblock& superblock : layout_.superblocks) options(superblock);
    size_t host_binds = 0;
    for (MountId m = 0; m < layout_.mounts.size(); ++m) {
      const Mount& mount = layout_.mounts[m];
      if (mount.source.is_bind() && !mount.is_mask && ++host_binds == host_binds_max) {
        refuse(mount.span, "a layout of this many binds");
      }
      if (mount.idmap != none) lacks(mount.span, "an id map in a tree that is built out of sight");
      if (mount.ns != none && layout_.covers_root(m)) root_of_namespace(m);
      if (mount.propagation != Propagation::unbindable || mount.parent == none) continue;
      if (!is_found_by_path(layout_, m))
        refuse(mount.span, "an unbindable mount that is covered");
    }
    return possible_;
  }

 private:
  // These join their groups when the namespace is there: of the clone only the root is at hand,
  // and of a private one nothing tells that it is.
  void root_of_namespace(MountId m) {
    const Mount& mount = layout_.mounts[m];
    if (mount.propagation == Propagation::inherit) {
      refuse(mount.span, "`inherit` on the root of a namespace");
    } else if (mount.propagation == Propagation::shared && !layout_.is_root(m)) {
      refuse(mount.span, "a shared mount over the root of a namespace");
    }
  }

  void options(const Superblock& superblock) {
    for (const SuperblockOption& option : superblock.options) {
      if (!option.layers.empty()) lacks(superblock.statement, "a layer of the layout");
      if (!option.key.ends_with('+') || !option.layers.empty()) continue;
      size_t bytes = 0;
      for (const std::string& value : option.values) bytes += value.size() + 1;
      const bool joins = superblock.type == "overlay" && option.key == "lowerdir+";
      if (!joins || bytes > option_bytes_max)
        refuse(superblock.statement, "this list of options");
    }
  }

  // What is of newer kernels itself: a plan for any kernel says so in its features.
  void lacks(Span span, std::string_view what) {
    possible_ = false;
    if (only_) diagnostics_.report<rule::needs_newer_kernel>(span, what, "6.15");
  }

  void refuse(Span span, std::string_view what) {
    possible_ = false;
    if (only_) {
      diagnostics_.report<rule::needs_newer_kernel>(span, what, "6.15");
    } else {
      diagnostics_.report<rule::newer_kernels_only>(span, what);
    }
  }

  const Layout& layout_;
  const bool only_;
  Diagnostics& diagnostics_;
  bool possible_ = true;
};

// What neither way can do without. A plan for any kernel says it in its features.
void check_release(const Layout& layout, int release, Diagnostics& diagnostics) {
  for (const Mount& mount : layout.mounts) {
    if (!mount.beneath || release >= 605) continue;
    diagnostics.report<rule::needs_newer_kernel>(mount.span, "`beneath`", "6.5");
  }
}

}  // namespace

Strategies check_strategies(const Layout& layout, Strategies wanted, Diagnostics& diagnostics) {
  if (wanted.release) check_release(layout, wanted.release, diagnostics);
  if (!wanted.staging) return wanted;
  wanted.staging = Check(layout, !wanted.detached, diagnostics).run();
  if (!wanted.staging) return wanted;
  for (const Mount& mount : layout.mounts) {
    if (mount.propagation == Propagation::unbindable && mount.parent != none &&
        mount.ns == none) {
      diagnostics.report<rule::unbindable_late>(mount.span, mount.full_target);
    }
  }
  return wanted;
}

}  // namespace mountc
