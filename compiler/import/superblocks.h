// compiler/import/superblocks.h - how the filesystems of a snapshot are declared and named as
// sources. Internal to import/.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "compiler/import/describe.h"
#include "compiler/import/names.h"

namespace mountc {

// One filesystem of the layout.
struct Declared {
  std::string name;        // empty: each mount writes the type
  std::string source;      // TYPE(OPTION, ...) [on SOURCE]
  std::string type_param;  // the parameter that says of what type it is, if need be
  bool handed = false;     // it cannot be made from what is known of it
  std::string param;       // the parameter that says where it can be bound; empty: it is made
  bool in_memory = false;  // directories for roots and mount points have to be made in it
  size_t shown = 0;        // the number of mounts that show it
  std::set<std::string> roots;  // paths in it that mounts show
  std::set<std::string> files;  // those of them that are files
};

class Superblocks {
 public:
  Superblocks(const snapshot::Snapshot& snapshot, const DescribeOptions& options);

  // The statements before the first mount, of the filesystems that `wanted` accepts.
  std::string declarations(const std::function<bool(uint32_t)>& wanted) const;
  // Of each, whether it can be made from what is known of it.
  std::vector<bool> can_be_made() const;
  // SOURCE of a mount.
  std::string source(const snapshot::Mount& mount) const;
  // What its flags are written against: of a bind, all words that keep nothing of the source.
  bool keeps_flags(const snapshot::Mount& mount) const;
  // Is its mount point in a filesystem that is made in memory?
  bool makes_mount_points(const snapshot::Mount& parent) const { return of(parent).in_memory; }
  // The whole filesystem, as a source.
  std::string whole(uint32_t superblock) const;
  // The path in its filesystem that the mount will show.
  std::string path(const snapshot::Mount& mount) const;

 private:
  const Declared& of(const snapshot::Mount& mount) const { return all_[mount.superblock]; }
  bool is_declared_over(std::string_view path) const;
  void count();
  void name(uint32_t superblock, const snapshot::Mount& shown_by);
  std::string entries(uint32_t superblock) const;
  void plan(uint32_t superblock);

  const snapshot::Snapshot& snapshot_;
  const DescribeOptions& options_;
  std::vector<Declared> all_;
  const std::set<std::string> type_names_;
  Names names_;
  // Roots that no path leads to get one, so that different ones stay different.
  std::map<std::pair<uint32_t, std::string>, std::string> invented_;
  // The files of nsfs and its like: a parameter for each.
  std::map<std::pair<uint32_t, std::string>, std::string> files_;
};

}  // namespace mountc
