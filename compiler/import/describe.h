// compiler/import/describe.h - a snapshot as the text of a layout that makes the same mounts.
#pragma once

#include <optional>
#include <string>

#include "compiler/snapshot/snapshot.h"

namespace mountc {

struct DescribeOptions {
  // A memory filesystem of this type in the place of every superblock.
  std::optional<std::string> stand_in;
  // The namespace that the layout will be run in: filesystems are bound where they are mounted
  // there. nullptr: all are made anew.
  const snapshot::Namespace* host = nullptr;
};

// The text, not yet as `mountc fmt` would print it.
std::string describe(const snapshot::Snapshot& snapshot, const DescribeOptions& options);

}  // namespace mountc
