// compiler/layout/root.h - questions about what mounts show.
#pragma once

#include "compiler/layout/layout.h"

namespace mountc {

// Does `outer` show all that `inner` shows? For host paths: judged by their texts.
bool covers(const Root& outer, const Root& inner);

// Is the mount point of m made together with the superblock it lies in?
bool made_with_superblock(const Layout& layout, MountId mount);

}  // namespace mountc
