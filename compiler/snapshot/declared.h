// compiler/snapshot/declared.h - the mounts that a layout declares, as a kernel would show
// them.
#pragma once

#include "compiler/layout/layout.h"
#include "compiler/snapshot/snapshot.h"

namespace mountc {

// What depends on the machine - the superblock and flags of what is bound, the groups that
// `inherit` keeps - is marked as not known. Mounts outside namespaces are a namespace without a
// name, the first one.
snapshot::Snapshot declared(const Layout& layout);

}  // namespace mountc
