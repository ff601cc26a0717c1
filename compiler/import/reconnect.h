// compiler/import/reconnect.h - puts a live private mount back into a peer group, or under one.
#pragma once

#include <string>
#include <vector>

#include "compiler/diag/diagnostics.h"
#include "compiler/snapshot/snapshot.h"

namespace mountc {

// A mount point as a process sees it.
struct Spot {
  std::string pid;  // a number, or `self`
  std::string path;
};

struct Reconnection {
  Spot target;         // the private mount
  Spot source;         // a member of the group
  bool slave = false;  // receive only
};

// What it found out. `failed`: it cannot be done, and why is in the diagnostics, or in `error`
// where that is no matter of a mount.
struct Connected {
  bool failed = false;
  std::string error;
  std::vector<std::string> effects;  // who receives what from then on, a line each
};

// The texts are what mountinfo says. Checks it, and does it unless `dry`. Needs CAP_SYS_ADMIN
// over both namespaces, and enters neither (Linux 5.15 fs/namespace.c do_set_group: the two may
// be of any namespaces).
Connected reconnect(const Reconnection& wanted, bool dry, Sources& sources,
                    Diagnostics& diagnostics);

}  // namespace mountc
