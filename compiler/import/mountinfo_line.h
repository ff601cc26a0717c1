// compiler/import/mountinfo_line.h - one line of mountinfo. Internal to import/.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "compiler/snapshot/snapshot.h"

namespace mountc {

struct MountinfoLine {
  snapshot::Mount mount;  // all but its parent's index, its target and its superblock's index
  uint64_t parent = 0;    // the parent's number
  std::string_view device, type, source, options;  // of its superblock, as they are written
};

// nullopt: `defect` says what is wrong.
std::optional<MountinfoLine> read_mountinfo_line(std::string_view line, std::string& defect);

// The options of a superblock without `rw`, unescaped.
std::vector<std::string> super_options(std::string_view options);

// What mountinfo and statmount(2) show as a mount's root, taken apart.
void set_root(std::string_view shown, snapshot::Mount& mount);

}  // namespace mountc
