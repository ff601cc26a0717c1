// compiler/snapshot/properties.h - in what two mounts differ that are in the same place.
// Internal to snapshot/.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "compiler/snapshot/compare.h"
#include "compiler/snapshot/pairing.h"
#include "compiler/snapshot/snapshot.h"

namespace mountc {

// Which mount it is of a stack in its place, counted from below and from 1.
int level_of(const snapshot::Namespace& ns, uint32_t mount);

class Properties {
 public:
  Properties(const snapshot::Snapshot& first, const snapshot::Snapshot& second)
      : first_(first), second_(second) {}

  // Appends what differs between mount m of `a`, of the first side, and mount n of `b`.
  void compare(const snapshot::Namespace& a, uint32_t m, const snapshot::Namespace& b,
               uint32_t n, std::vector<Difference>& found);
  // Could they be one mount in two places?
  bool same(const snapshot::Mount& of_first, const snapshot::Mount& of_second) const;
  // What two of them have in common that could be: type and root.
  std::string looks(const snapshot::Mount& mount, bool of_first) const;
  // What is mounted, in words.
  std::string what(const snapshot::Mount& mount, bool of_first) const;

 private:
  std::string group_name(uint32_t group, bool of_first) const;
  void superblock(const snapshot::Mount& a, const snapshot::Mount& b);
  bool pair_superblocks(uint32_t first, uint32_t second);
  void groups(const snapshot::Mount& a, const snapshot::Mount& b);
  void options(const snapshot::Superblock& a, const snapshot::Superblock& b);
  void differ(std::string_view property, std::string first, std::string second);

  const snapshot::Snapshot& first_;
  const snapshot::Snapshot& second_;
  Pairing superblocks_, groups_;
  Pairing inverse_;  // superblocks of the second side that are declared
  std::set<std::pair<uint32_t, uint32_t>> options_met_;  // each is told once
  std::vector<Difference>* found_ = nullptr;
  const snapshot::Namespace* tree_ = nullptr;
  uint32_t mount_ = none;
  Difference place_;  // of the mounts that are being compared
};

}  // namespace mountc
