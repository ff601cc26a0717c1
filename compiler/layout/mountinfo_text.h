// compiler/layout/mountinfo_text.h - how mountinfo spells a mount's flags and its paths.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/ops.h"

namespace mountc {

// It is shown where those bits of the mount's attributes that `field` names are `value`.
struct MountOption {
  uint32_t field, value;
  std::string_view name;

  constexpr bool shows(uint32_t attributes) const { return (attributes & field) == value; }
};

// Linux fs/proc_namespace.c show_mnt_opts(), in its order. That `strictatime` holds shows in
// that neither of the two others of its field is there.
inline constexpr MountOption mount_options[] = {
    {plan::bit::attr_RDONLY, 0, "rw"},
    {plan::bit::attr_RDONLY, plan::bit::attr_RDONLY, "ro"},
    {plan::bit::attr_NOSUID, plan::bit::attr_NOSUID, "nosuid"},
    {plan::bit::attr_NODEV, plan::bit::attr_NODEV, "nodev"},
    {plan::bit::attr_NOEXEC, plan::bit::attr_NOEXEC, "noexec"},
    {plan::bit::attr_ATIME, plan::bit::attr_NOATIME, "noatime"},
    {plan::bit::attr_NODIRATIME, plan::bit::attr_NODIRATIME, "nodiratime"},
    {plan::bit::attr_ATIME, 0, "relatime"},
    {plan::bit::attr_NOSYMFOLLOW, plan::bit::attr_NOSYMFOLLOW, "nosymfollow"},
    {plan::bit::attr_IDMAP, plan::bit::attr_IDMAP, "idmapped"},
};

// "rw,nosuid,relatime"
std::string mount_options_text(uint32_t attributes);

// The other way round; what is not known is passed over.
uint32_t read_mount_options(std::string_view text);

// Appends a field: as Linux fs/proc_namespace.c mangle() does.
void append_escaped(std::string& line, std::string_view text,
                    std::string_view special = " \t\n\\");

// Undoes the \ooo of the kernel's seq_path() and seq_escape().
std::string unescape(std::string_view field);

}  // namespace mountc
