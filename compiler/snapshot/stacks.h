// compiler/snapshot/stacks.h - mounts that cover each other. Internal to snapshot/.
#pragma once

#include <vector>

#include "compiler/snapshot/snapshot.h"

namespace mountc {

// How many mounts are stacked from this one on, itself included.
size_t height_of(const snapshot::Namespace& ns, uint32_t mount);

// Whoever enters a namespace sees what is on top of its root, and nothing of what that covers:
// all of these, from below. Empty: no root is known.
std::vector<uint32_t> stack_on_root(const snapshot::Namespace& ns);

}  // namespace mountc
