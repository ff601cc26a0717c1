// compiler/preview/bound.h - what the binds of a layout show on a machine that runs.
#pragma once

#include <string>

#include "compiler/snapshot/snapshot.h"

namespace mountc {

// Fills in, of the mounts that bind a path, the filesystem and the directory that the path
// leads to, for a process with the root directory `root` and the mounts `seen.namespaces[0]`.
// It stays unknown where the layout itself covers the path, and behind a link of procfs.
void look_sources_up(snapshot::Snapshot& wanted, const std::string& root,
                     const snapshot::Snapshot& seen);

}  // namespace mountc
