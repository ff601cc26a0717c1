// compiler/import/coherence.h - whether what was read can be one machine's mounts.
#pragma once

#include "compiler/diag/diagnostics.h"
#include "compiler/snapshot/snapshot.h"

namespace mountc {

// A group is of one superblock, has one master and is not its own; no namespace is there twice.
// false: reported.
bool check_coherence(const snapshot::Snapshot& snapshot, Diagnostics& diagnostics);

}  // namespace mountc
