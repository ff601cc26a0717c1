// compiler/import/group_names.h - how the peer groups of a snapshot are declared and named.
// Internal to import/.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "compiler/import/live.h"
#include "compiler/import/names.h"
#include "compiler/import/nesting.h"
#include "compiler/import/superblocks.h"
#include "compiler/snapshot/snapshot.h"

namespace mountc {

class GroupNames {
 public:
  // `nestings`: of the namespaces. `live`: where running namespaces are bound from, or nullptr.
  GroupNames(const snapshot::Snapshot& snapshot, const std::vector<Nesting>& nestings,
             const LiveSources* live);

  std::string declarations() const;
  const std::string& name(uint32_t group) const { return names_.at(group); }
  // Can what receives from it be declared?
  bool is_kept(uint32_t group) const;

  // Must a further namespace keep a member of groups that mounts receive from? And its text.
  bool need_outside() const;
  std::string outside(const Superblocks& superblocks) const;

 private:
  void give(uint32_t group, const std::string& wanted, const snapshot::Namespace& ns);
  std::string declaration_outside(uint32_t group) const;
  std::optional<std::string> path_on_host(uint32_t group) const;
  uint32_t superblock_of_receivers(uint32_t group) const;

  const snapshot::Snapshot& snapshot_;
  const LiveSources* const live_;
  const std::map<uint32_t, uint32_t> masters_;
  const std::vector<uint32_t> outside_;  // groups without a member in these namespaces
  Names taken_;
  std::map<uint32_t, std::string> names_;
  std::vector<uint32_t> order_;
};

}  // namespace mountc
