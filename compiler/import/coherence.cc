// compiler/import/coherence.cc - whether what was read can be one machine's mounts.
//
// One file of mountinfo cannot show it: groups span namespaces.
#include "compiler/import/coherence.h"

#include <string_view>
#include <unordered_map>

namespace mountc {
namespace {

class Coherence {
 public:
  Coherence(const snapshot::Snapshot& snapshot, Diagnostics& diagnostics)
      : snapshot_(snapshot), diagnostics_(diagnostics) {}

  bool check() {
    if (!namespaces()) return false;
    for (const auto& ns : snapshot_.namespaces) {
      for (const auto& mount : ns.mounts) {
        if (mount.group != 0) member(mount);
        if (mount.master != 0) receiver(mount);
      }
    }
    for (const auto& [group, mount] : receivers_) {
      const auto member = members_.find(group);
      if (member != members_.end() && member->second->superblock != mount->superblock) {
        refuse(*mount, *member->second, group, "has a receiver of another superblock");
      }
    }
    circles();
    return good_;
  }

 private:
  using Mounts = std::unordered_map<uint32_t, const snapshot::Mount*>;

  void refuse(const snapshot::Mount& mount, const snapshot::Mount& other, uint32_t group,
              std::string_view what) {
    diagnostics_.report<rule::mountinfo_group>(mount.span, group, what)
        .note(other.span, "the other mount is here");
    good_ = false;
  }

  bool namespaces() {
    if (snapshot_.namespaces.size() < 2) return true;
    std::unordered_map<uint64_t, const snapshot::Namespace*> numbers;
    for (const auto& ns : snapshot_.namespaces) {
      for (const auto& mount : ns.mounts) {
        const auto [found, fresh] = numbers.try_emplace(mount.id, &ns);
        if (fresh || found->second == &ns) continue;
        diagnostics_.report<rule::namespace_twice>(mount.span, ns.name, mount.id,
                                                   found->second->name);
        return false;
      }
    }
    return true;
  }

  void member(const snapshot::Mount& mount) {
    const snapshot::Mount& first = *members_.try_emplace(mount.group, &mount).first->second;
    if (first.superblock != mount.superblock) {
      refuse(mount, first, mount.group, "is of two superblocks");
    } else if (first.master != mount.master) {
      refuse(mount, first, mount.group, "has two masters");
    }
  }

  void receiver(const snapshot::Mount& mount) {
    const snapshot::Mount& first = *receivers_.try_emplace(mount.master, &mount).first->second;
    if (first.superblock != mount.superblock) {
      refuse(mount, first, mount.master, "has receivers of two superblocks");
    }
  }

  // Linux keeps groups in a forest; a recording may hold anything.
  void circles() {
    const auto above = masters(snapshot_);
    std::unordered_map<uint32_t, uint32_t> seen;  // group -> the walk that met it
    for (const auto& [start, first] : above) {
      for (uint32_t group = start; group != 0 && !seen.contains(group);) {
        seen[group] = start;
        const auto next = above.find(group);
        const uint32_t master = next == above.end() ? 0 : next->second;
        const auto met = seen.find(master);
        if (met != seen.end() && met->second == start) {
          refuse(*members_[group], *members_[master], group,
                 "is, through others, its own master");
          return;
        }
        group = master;
      }
    }
  }

  const snapshot::Snapshot& snapshot_;
  Diagnostics& diagnostics_;
  Mounts members_, receivers_;  // the first one of each group
  bool good_ = true;
};

}  // namespace

bool check_coherence(const snapshot::Snapshot& snapshot, Diagnostics& diagnostics) {
  return Coherence(snapshot, diagnostics).check();
}

}  // namespace mountc
