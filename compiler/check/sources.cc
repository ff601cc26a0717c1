// compiler/check/sources.cc - where mounts take what they show from, and where they write.
#include <algorithm>
#include <string>
#include <unordered_map>

#include "compiler/check/checks.h"
#include "compiler/layout/paths.h"
#include "compiler/layout/root.h"

namespace mountc {

namespace {

// What the path means when no link is on its way: `a/..` taken away.
std::string without_dotdot(std::string_view path) {
  std::string plain = "/";
  for_components(path, [&](std::string_view name) {
    plain = name == ".." ? std::string(parent_of(plain)) : join(plain, name);
  });
  return plain;
}

using Targets = std::unordered_map<std::string_view, MountId>;

Targets outer_targets(const Layout& layout) {  // outside namespaces
  Targets targets;
  for (MountId m = 0; m < layout.mounts.size(); ++m) {
    if (layout.mounts[m].ns == none) targets.emplace(layout.mounts[m].full_target, m);
  }
  return targets;
}

// The mount whose target is the path, or the next above it.
MountId covering(const Targets& targets, std::string_view path) {
  while (!targets.contains(path) && path != "/") path = parent_of(path);
  const auto found = targets.find(path);
  return found == targets.end() ? none : found->second;
}

}  // namespace

void check_sources(const Layout& layout, Diagnostics& diagnostics) {
  const Targets targets = outer_targets(layout);
  // In a new root every path means something else than outside, as in a namespace.
  if (targets.contains("/")) return;
  for (const Mount& mount : layout.mounts) {
    const Source& source = mount.source;
    if (!source.is_bind() || mount.is_mask || source.of_host || !source.in.empty()) continue;
    const std::string plain = without_dotdot(mount.source.path);
    const MountId found = covering(targets, plain);
    if (found == none) continue;
    const std::string_view above = layout.mounts[found].full_target;
    Diagnostic& diagnostic = diagnostics.report<rule::source_under_target>(
        mount.source.span, mount.source.path, above);
    diagnostic.note(layout.mounts[found].target_span, "`{}` is declared here", above);
    const std::string_view rest = rest_below(plain, above);
    if (rest.empty()) {
      diagnostic.hint(
          "for what the layout mounts there say `clone {}`, for what is there now `bind(host) "
          "{}`",
          above, mount.source.path);
    } else {
      diagnostic.hint(
          "for what the layout mounts there say `clone {} at {}`, for what is there now "
          "`bind(host) {}`",
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

// Pins are made before the trees are attached.
void check_pins(const Layout& layout, Diagnostics& diagnostics) {
  std::unordered_map<std::string_view, const Namespace*> pins;
  const auto targets = outer_targets(layout);
  for (const Namespace& ns : layout.namespaces) {
    if (!ns.pin) continue;
    const auto [earlier, fresh] = pins.emplace(*ns.pin, &ns);
    if (!fresh) {
      diagnostics.report<rule::target_twice>(ns.pin_span, *ns.pin)
          .note(earlier->second->pin_span, "the namespace `{}` is pinned here",
                earlier->second->name);
    }
    const MountId over = covering(targets, *ns.pin);
    if (over == none) continue;
    diagnostics
        .report<rule::pin_under_target>(ns.pin_span, *ns.pin, layout.mounts[over].full_target)
        .note(layout.mounts[over].target_span, "`{}` is declared here",
              layout.mounts[over].full_target);
  }
}

// Linux refuses to attach a tree with an unbindable mount where it has to be copied
// (fs/namespace.c do_move_mount tree_contains_unbindable).
void check_propagated(const Layout& layout, Diagnostics& diagnostics) {
  for (MountId m = 0; m < layout.mounts.size(); ++m) {
    const Mount& mount = layout.mounts[m];
    const Mount& top = layout.mounts[layout.top_of(m)];
    if (mount.propagation != Propagation::unbindable || !top.propagate) continue;
    diagnostics
        .report<rule::propagate_unbindable>(mount.target_span, mount.full_target,
                                            top.full_target)
        .note(top.span, "`{}` says `propagate`", top.full_target);
  }
}

void check_host_writes(const Layout& layout, Diagnostics& diagnostics) {
  for (MountId m = 0; m < layout.mounts.size(); ++m) {
    const Mount& mount = layout.mounts[m];
    if (mount.make == Make::nothing || made_with_superblock(layout, m)) continue;
    // In a namespace the target is no path of the host; what the parent shows is.
    std::string made = mount.full_target;
    if (mount.ns != none && mount.parent != none) {
      const Root& above = layout.mounts[mount.parent].root;
      if (above.superblock == none) made = join(above.path, mount.target);
    }
    diagnostics.report<rule::writes_to_host>(
        mount.span, mount.make == Make::file ? "touch" : "mkdir", made);
  }
}

}  // namespace mountc
