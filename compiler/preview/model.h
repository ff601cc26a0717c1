// compiler/preview/model.h - snapshots into the model of the kernel, and out of it.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "compiler/kernel/kernel.h"
#include "compiler/snapshot/snapshot.h"

namespace mountc {

// A machine as the model has it, with what belongs to each namespace of a snapshot.
struct ModelWorld {
  kernel::Kernel kernel;
  struct Space {
    std::string name;
    kernel::NamespaceRef ns = kernel::nothing;
    kernel::Task task;  // at its root
  };
  std::vector<Space> spaces;
  std::map<kernel::SuperblockRef, snapshot::Superblock> known;  // what else is known of them
  std::map<kernel::GroupNumber, std::string> group_names = {};  // as a layout calls them
  std::map<kernel::DentryRef, snapshot::Entry> made = {};  // in filesystems in memory; no paths
};

// Whatever a path in one of its filesystems leads to exists.
ModelWorld load(const snapshot::Snapshot& snapshot, uint32_t mount_max);

// One directory tree that is mounted on `/` and shows everything; nothing is shared.
ModelWorld plain_host();

// What a script has said of a mount whose source is the host, where that is not known.
struct BoundFromHost {
  uint32_t flags_known = 0;  // flags that it has set, or cleared
  bool recursive = false;    // with whatever the machine has below it
  bool follows = false;      // receives from its source where that is shared
};

struct StoreOptions {
  bool propagated = true;                        // with what only propagation made
  kernel::SuperblockRef host = kernel::nothing;  // the paths of this one are those of the host,
                                                 // and the mount on `/` is left out
  const std::map<kernel::MountRef, BoundFromHost>* bound = nullptr;
  const std::set<kernel::MountRef>* left_out = nullptr;
};

snapshot::Snapshot store(const ModelWorld& world, const StoreOptions& options);

// A mount's place as a path from the root of its namespace.
std::string path_of(const kernel::Kernel& kernel, kernel::MountRef mount,
                    kernel::MountRef root);

}  // namespace mountc
