// compiler/layout/root.h - what a mount shows: a place inside a superblock, as far as it is known.
#pragma once

#include <string>

#include "compiler/layout/layout.h"

namespace mountc {

// The root of a mount. Of a superblock the layout makes: `path` inside it, no leading slash.
// Of the host (superblock none): the absolute source path; which superblock that is, and whether
// two such paths lie in one, is known only when the plan runs.
struct Root {
  SuperblockId superblock = none;
  std::string path;
  bool operator==(const Root&) const = default;
};

// Follows clones to where they start. No clone circle may be left.
Root root_of(const Layout& layout, MountId mount);

// Does `outer` show all that `inner` shows? For host paths: judged by their texts.
bool covers(const Root& outer, const Root& inner);

// The mount's flags with those it inherits from the mount it clones.
Flags effective_flags(const Layout& layout, MountId mount);

// Is the mount point of m made together with the superblock it lies in?
bool made_with_superblock(const Layout& layout, MountId mount);

}  // namespace mountc
