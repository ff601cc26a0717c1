// compiler/layout/root.cc - questions about what mounts show.
#include "compiler/layout/root.h"

#include "compiler/layout/paths.h"

namespace mountc {

bool covers(const Root& outer, const Root& inner) {
  return outer.superblock == inner.superblock && outer.in == inner.in &&
         is_within(inner.path, outer.path);
}

bool made_with_superblock(const Layout& layout, MountId mount) {
  const MountId parent = layout.mounts[mount].parent;
  if (parent == none) return false;
  const SuperblockId superblock = layout.mounts[parent].root.superblock;
  return superblock != none && layout.superblocks[superblock].is_volatile();
}

}  // namespace mountc
