// compiler/snapshot/namespace_pairs.h - which namespace of one snapshot is which of another
// one. Internal to snapshot/.
#pragma once

#include <utility>
#include <vector>

#include "compiler/snapshot/snapshot.h"

namespace mountc {

// Those of a name, in the order of the first side; what is left in the order of both. nullptr:
// the other side has none for it; these come last.
std::vector<std::pair<const snapshot::Namespace*, const snapshot::Namespace*>> namespace_pairs(
    const snapshot::Snapshot& first, const snapshot::Snapshot& second);

}  // namespace mountc
