// compiler/import/subtree.h - a part of a namespace, as if nothing else were there.
#pragma once

#include <string_view>

#include "compiler/snapshot/snapshot.h"

namespace mountc {

// Keeps the mounts at or below `directory`, which becomes the root of their targets. A stack on
// it is kept, and so is what is hidden in it; what lies under it is out of reach.
void keep_subtree(snapshot::Namespace& ns, std::string_view directory);

}  // namespace mountc
