// compiler/check/clones.cc - what can be cloned.
#include "compiler/check/checks.h"

namespace mountc {
namespace {

// Whether an optional mount is there is known once its parent is; the parent cannot be made
// from it.
void check_nesting(const Layout& layout, MountId m, Diagnostics& diagnostics) {
  for (MountId above = layout.mounts[m].parent; above != none;
       above = layout.mounts[above].parent) {
    for (MountId from = layout.mounts[above].source.mount; from != none;
         from = layout.mounts[from].source.mount) {
      if (!layout.is_in_tree(from, m)) continue;
      diagnostics
          .report<rule::clone_cycle>(layout.mounts[above].source.span,
                                     layout.mounts[above].full_target,
                                     layout.mounts[m].full_target)
          .note(layout.mounts[m].span, "the optional `{}` lies below it",
                layout.mounts[m].full_target);
      return;
    }
  }
}

}  // namespace

void check_clones(const Layout& layout, Diagnostics& diagnostics) {
  for (MountId m = 0; m < layout.mounts.size(); ++m) {
    const Mount& mount = layout.mounts[m];
    if (mount.is_conditional()) check_nesting(layout, m, diagnostics);
    if (mount.source.mount == none || mount.is_mask) continue;
    const Mount& source = layout.mounts[mount.source.mount];
    if (source.propagation == Propagation::unbindable) {
      diagnostics.report<rule::clone_unbindable>(mount.source.span, source.full_target)
          .note(source.span, "`{}` is declared here", source.full_target);
    }
    if (source.is_conditional() && !mount.is_conditional()) {
      diagnostics
          .report<rule::clone_optional>(mount.source.span, mount.full_target, source.full_target)
          .note(source.span, "`{}` is declared here", source.full_target);
    }
  }
}

}  // namespace mountc
