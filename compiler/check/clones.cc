// compiler/check/clones.cc - what can be cloned.
#include "compiler/check/checks.h"

namespace mountc {

void check_clones(const Layout& layout, Diagnostics& diagnostics) {
  for (const Mount& mount : layout.mounts) {
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
