// compiler/layout/root.cc - what a mount shows.
#include "compiler/layout/root.h"

#include "compiler/layout/paths.h"

namespace mountc {

Root root_of(const Layout& layout, MountId mount) {
  const Source& source = layout.mounts[mount].source;
  switch (source.kind) {
    case SourceKind::bind:
    case SourceKind::rbind: return {none, source.path};
    case SourceKind::filesystem: return {source.superblock, source.at};
    case SourceKind::clone:
    case SourceKind::rclone: break;
  }
  Root root = root_of(layout, source.mount);
  root.path = join(root.path, source.at);
  return root;
}

bool covers(const Root& outer, const Root& inner) {
  return outer.superblock == inner.superblock && is_within(inner.path, outer.path);
}

Flags effective_flags(const Layout& layout, MountId mount) {
  const Mount& m = layout.mounts[mount];
  if (m.source.kind != SourceKind::clone && m.source.kind != SourceKind::rclone) return m.flags;
  const Flags base = effective_flags(layout, m.source.mount);
  const uint32_t own = m.flags.set | m.flags.clear;
  return {m.flags.set | (base.set & ~own), m.flags.clear | (base.clear & ~own)};
}

bool made_with_superblock(const Layout& layout, MountId mount) {
  const MountId parent = layout.mounts[mount].parent;
  if (parent == none) return false;
  const Root root = root_of(layout, parent);
  return root.superblock != none && layout.superblocks[root.superblock].is_volatile();
}

}  // namespace mountc
