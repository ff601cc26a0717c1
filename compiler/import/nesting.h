// compiler/import/nesting.h - which mounts the flat form of a layout would put under a wrong
// parent. Internal to import/.
#pragma once

#include <vector>

#include "compiler/layout/snapshot.h"

namespace mountc {

// The mounts in the order in which they are written: parents before children, what covers a
// mount after everything else that lies in it.
std::vector<uint32_t> writing_order(const snapshot::Namespace& ns);

// The mounts whose children are written in a block, because the flat form would give one of
// them to another mount: one that hides it. Parallel to the namespace's mounts.
std::vector<bool> needs_block(const snapshot::Namespace& ns,
                              const std::vector<uint32_t>& order);

}  // namespace mountc
