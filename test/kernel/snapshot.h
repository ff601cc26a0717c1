// test/kernel/snapshot.h - the mounts of a namespace, comparable between the model and Linux.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace mountc::differential {

// One mount. Numbers are whatever the source calls it; canonical() renames them.
struct Seen {
  long id = 0, parent = 0;
  long superblock = 0;
  std::string root, mountpoint;  // the mount point from its parent's root; empty: over that
  std::string options;           // sorted words
  long group = 0, master = 0;
  bool unbindable = false;
};

using Namespace = std::vector<Seen>;  // the first is the root

// The same text for the same mounts, with superblocks and groups numbered in the order in which
// a walk over all namespaces meets them.
std::string canonical(const std::vector<Namespace>& namespaces);

// What /proc/PID/mountinfo says.
Namespace parse_mountinfo(const std::string& text);

}  // namespace mountc::differential
