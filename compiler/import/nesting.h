// compiler/import/nesting.h - which mounts the flat form of a layout would put under a wrong
// parent. Internal to import/.
#pragma once

#include <vector>

#include "compiler/snapshot/snapshot.h"

namespace mountc {

// In which order the mounts of a namespace are written, and which of them in a block.
struct Nesting {
  // As the text has them: parents before children, what covers a mount after everything else
  // that lies in it, and all that is written in blocks below a mount right after it.
  std::vector<uint32_t> order;
  // Parallel to the namespace's mounts: is it written in the block of its parent, because the
  // flat form would give it to another mount?
  std::vector<bool> in_block;
};

Nesting nesting_of(const snapshot::Namespace& ns);

}  // namespace mountc
