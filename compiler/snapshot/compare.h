// compiler/snapshot/compare.h - in what two snapshots differ.
//
// Numbers do not count: groups and superblocks of one side are paired with those of the other,
// one to one, over all namespaces. The order of siblings does not count, that in a stack does.
// What one side does not know, or leaves to the kernel, is no difference.
#pragma once

#include <string>
#include <vector>

#include "compiler/snapshot/snapshot.h"

namespace mountc {

struct Difference {
  enum class Kind : uint8_t { missing, extra, moved, changed };
  Kind kind;
  std::string ns;             // the namespace, as the first side calls it
  std::string place;          // the mount's target
  int level;                  // in a stack there: 1 is the lowest
  std::string property;       // of changed: flags, group, master, root, type, ...
  std::string first, second;  // its values; of moved the two places, else what is mounted
  Span span;                  // of the first side's mount, where there is one
};

// `first` is what is wanted: `missing` is what `second` has not.
std::vector<Difference> compare(const snapshot::Snapshot& first,
                                const snapshot::Snapshot& second);

}  // namespace mountc
