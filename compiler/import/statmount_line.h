// compiler/import/statmount_line.h - answers of statmount(2) as parts of a line of mountinfo.
// Internal to import/.
#pragma once

#include <string>
#include <string_view>

#include "compiler/import/statmount.h"

namespace mountc::statmount {

// The text of a line before and after the mount point; the superblock's is still missing.
struct LineAround {
  std::string before, after;
};

inline constexpr uint64_t asked_of_mount =
    What::superblock | What::mount | What::root | What::point | What::uids | What::gids;
LineAround line_around(const Answer& answer);

inline constexpr uint64_t asked_of_superblock = What::superblock | What::type | What::subtype |
                                                What::source | What::options | What::security;
// ` - TYPE SOURCE OPTIONS`
std::string superblock_text(const Answer& answer);

}  // namespace mountc::statmount
