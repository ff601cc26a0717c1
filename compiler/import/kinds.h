// compiler/import/kinds.h - which mounts of a running namespace show files, and which
// directories.
#pragma once

#include "compiler/snapshot/snapshot.h"

namespace mountc {

// Of those that a path leads to from the root of the process that the namespace was read of, or
// of one that enters it. Neither mountinfo nor statmount(2) tells.
void learn_kinds(snapshot::Namespace& ns);

}  // namespace mountc
