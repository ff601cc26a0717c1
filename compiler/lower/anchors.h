// compiler/lower/anchors.h - from which mount the members of each group get their group.
//
// Linux copies a sharing group only to a mount of the same superblock whose root lies inside the
// donor's. Cheapest is a member that can be shared before anything else needs it: a leaf. Next, a
// member with children, shared once they are attached. A separate clone that is closed at the end
// costs an RCU grace period and is the last resort.
#pragma once

#include <vector>

#include "compiler/layout/layout.h"
#include "compiler/layout/root.h"

namespace mountc {

struct Anchor {
  MountId member = none;  // none: a separate mount
  Root root;              // what it shows: all that members, slaves and their groups show
  bool alone = false;     // the group has one member and nothing receives from it
};

// One per group; without meaning for groups `peers of` a mount of the host.
std::vector<Anchor> choose_anchors(const Layout& layout);

}  // namespace mountc
