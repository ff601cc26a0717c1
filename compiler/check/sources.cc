// compiler/check/sources.cc - where mounts take what they show from, and where they write.
#include <unordered_map>

#include "compiler/check/checks.h"
#include "compiler/layout/paths.h"
#include "compiler/layout/root.h"

namespace mountc {

void check_sources(const Layout& layout, Diagnostics& diagnostics) {
  std::unordered_map<std::string_view, MountId> targets;  // outside namespaces
  for (MountId m = 0; m < layout.mounts.size(); ++m) {
    if (layout.mounts[m].ns == none) targets.emplace(layout.mounts[m].full_target, m);
  }
  for (const Mount& mount : layout.mounts) {
    const bool bind =
        mount.source.kind == SourceKind::bind || mount.source.kind == SourceKind::rbind;
    if (!bind || mount.is_mask || mount.source.of_host) continue;
    std::string_view above = mount.source.path;
    while (!targets.contains(above) && above != "/") above = parent_of(above);
    const auto found = targets.find(above);
    if (found == targets.end()) continue;
    Diagnostic& diagnostic = diagnostics.report<rule::source_under_target>(
        mount.source.span, mount.source.path, above);
    diagnostic.note(layout.mounts[found->second].target_span, "`{}` is declared here", above);
    const std::string_view rest = rest_below(mount.source.path, above);
    if (rest.empty()) {
      diagnostic.hint("for what the layout mounts there say `clone {}`, for what is there now `bind(host) {}`",
                      above, mount.source.path);
    } else {
      diagnostic.hint("for what the layout mounts there say `clone {} at {}`, for what is there now `bind(host) {}`",
                      above, rest, mount.source.path);
    }
  }
}

void check_below_inherit(const Layout& layout, Diagnostics& diagnostics) {
  for (const Mount& mount : layout.mounts) {
    if (mount.parent == none) continue;
    const Mount& parent = layout.mounts[mount.parent];
    if (parent.source.kind != SourceKind::rbind || parent.propagation != Propagation::inherit) {
      continue;
    }
    diagnostics.report<rule::below_inherit>(mount.target_span, mount.full_target)
        .note(parent.span, "`{}` is declared here", parent.full_target);
  }
}

void check_host_writes(const Layout& layout, Diagnostics& diagnostics) {
  for (MountId m = 0; m < layout.mounts.size(); ++m) {
    const Mount& mount = layout.mounts[m];
    if (mount.make == Make::nothing || made_with_superblock(layout, m)) continue;
    diagnostics.report<rule::writes_to_host>(
        mount.span, mount.make == Make::file ? "touch" : "mkdir", mount.full_target);
  }
}

}  // namespace mountc
