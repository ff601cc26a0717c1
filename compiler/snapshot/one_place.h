// compiler/snapshot/one_place.h - mounts that lie on one place of one mount.
//
// Before Linux 6.17 propagation can leave such: what it finds at a receiver's mount point
// slides onto the root of the copy that comes there, and beside what the copy has on it already
// (fs/namespace.c attach_recursive_mnt()); and what stays of an unmounted mount slides down to
// where that was (fs/pnode.c restore_mounts()).
#pragma once

#include "compiler/snapshot/snapshot.h"

namespace mountc::snapshot {

// Makes stacks of them, as nothing else can be declared, and notes it in Mount::beside; before
// link(). Path lookup finds the one that came to the place last, and mountinfo does not tell
// which that is: as propagation leaves them, it is the one that is listed before its parent,
// for it was there before, or else the one that is listed last.
void stack_on_places(Namespace& ns);

}  // namespace mountc::snapshot
