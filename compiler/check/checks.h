// compiler/check/checks.h - one declaration per check. Internal to check/.
#pragma once

#include "compiler/diag/diagnostics.h"
#include "compiler/layout/layout.h"

namespace mountc {

// groups.cc
void check_group_cycles(const Layout&,
                        Diagnostics&);  // no group is, in the end, its own master
void check_group_members(const Layout&, Diagnostics&);      // no group is empty
void check_group_superblocks(const Layout&, Diagnostics&);  // members can be on one superblock
void check_group_anchors(const Layout&, Diagnostics&);      // a member that is surely there

// clones.cc
void check_clones(const Layout&,
                  Diagnostics&);  // not of what is unbindable, optional like the source

// contents.cc
void check_contents(const Layout&,
                    Diagnostics&);  // what is looked up in memory filesystems is there

// hidden.cc
void check_hidden(const Layout&,
                  Diagnostics&);  // warns of mounts that a mount beside them covers

// sources.cc
void check_sources(const Layout&, Diagnostics&);       // sources outside what the layout mounts
void check_below_inherit(const Layout&, Diagnostics&); // nothing is mounted in an inherited tree
void check_pins(const Layout&, Diagnostics&);          // no pin is hidden by a mount
void check_propagated(const Layout&, Diagnostics&);    // nothing unbindable is propagated
void check_host_writes(const Layout&, Diagnostics&);   // warns of mount points made on the host

}  // namespace mountc
