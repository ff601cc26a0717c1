// compiler/import/live.h - the filesystems of running namespaces as sources: bound where they
// are mounted. Internal to import/.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "compiler/import/describe.h"
#include "compiler/import/names.h"
#include "compiler/snapshot/lookup.h"

namespace mountc {

class LiveSources {
 public:
  // `can_be_made`: of the superblocks, whether mountinfo says enough to make them.
  LiveSources(const snapshot::Snapshot& snapshot, const snapshot::Namespace& host,
              const std::vector<bool>& can_be_made);

  // The parameters before the first mount: what cannot be reached.
  std::string declarations() const { return declarations_; }

  struct Bound {
    std::string source;  // bind PATH; empty: the filesystem is made anew
    uint32_t flags = 0;  // what the bound mount has, where that is known
    bool known = true;
    bool mapped = false;  // it has an id map already, which is the mount's
  };
  Bound source(uint32_t ns, uint32_t mount) const;

  // Nobody can see into it: a new one is as good.
  bool is_made_anew(uint32_t superblock) const { return anew_.contains(superblock); }

  // `peers of PATH` of a member of the group that the caller has and that is not captured
  // itself; nullopt: there is none that a path leads to and that shows enough.
  std::optional<std::string> peers_of(uint32_t group) const;
  bool has_peers(uint32_t group) const { return peers_.contains(group); }

 private:
  // Where a namespace that is captured, and is not the caller's, can be looked into from outside.
  struct Elsewhere {
    const snapshot::Namespace& ns;
    snapshot::Lookup lookup;
  };

  void add_places();
  void add_elsewhere();
  void find_peers();
  Bound find_elsewhere(const snapshot::Mount& wanted) const;
  // Can it be bound from where it is? Most often it can, in the caller's own namespace.
  static bool can_show(const snapshot::Mount& place, const snapshot::Mount& wanted);
  static Bound bind(const snapshot::Mount& place, const std::string& path);
  bool is_itself(const snapshot::Mount& mount, uint32_t index) const;
  Bound find(const snapshot::Mount& wanted) const;
  Bound clone_beside(uint32_t ns, uint32_t mount) const;
  Bound unreachable(const snapshot::Mount& wanted);
  static std::optional<std::string> path_to(const snapshot::Namespace& ns,
                                            const snapshot::Lookup& lookup, uint32_t place,
                                            const snapshot::Mount& wanted);

  const snapshot::Snapshot& snapshot_;
  const snapshot::Namespace& host_;
  const snapshot::Lookup lookup_;
  std::map<uint32_t, std::vector<uint32_t>> places_;  // by superblock: mounts of the caller's
  std::vector<bool> is_place_;                        // of the caller's mounts
  std::vector<Elsewhere> elsewhere_;
  std::map<std::pair<uint32_t, uint32_t>, Bound> bound_;
  std::set<uint32_t> anew_;
  std::map<uint32_t, uint32_t> peers_;  // by group: the member of the caller's; none: no good one
  Names names_{{"pins"}};
  std::string declarations_;
};

}  // namespace mountc
