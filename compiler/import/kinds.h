// compiler/import/kinds.h - which mounts of a running namespace show files, and which
// directories.
#pragma once

#include "compiler/snapshot/snapshot.h"

namespace mountc {

// Of those that a path leads to from the root of the process that a namespace was read of, or of
// one that enters it; and of those that are hidden there by what another mount shows, in one of
// the namespaces or in the caller's. Neither mountinfo nor statmount(2) tells.
void learn_kinds(snapshot::Snapshot& snapshot, const snapshot::Namespace* host);

}  // namespace mountc
