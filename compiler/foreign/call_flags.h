// compiler/foreign/call_flags.h - flags as strace writes them. Internal to foreign/.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "compiler/kernel/kernel.h"

namespace mountc {

// Is `bit` one of `A|B|C`?
bool has_flag(std::string_view flags, std::string_view bit);

// The flags of a mount among them, `MS_RDONLY` or `MOUNT_ATTR_RDONLY` as the prefix says.
uint32_t attribute_flags(std::string_view flags, const std::string& prefix);

// Which propagation mount(2) is asked for.
std::optional<kernel::Propagation> propagation_flag(std::string_view flags);

// `{attr_set=MOUNT_ATTR_RDONLY, attr_clr=0, propagation=MS_SHARED, userns_fd=0}`
kernel::AttributeChange attribute_change(const std::string& attr, bool recursive);

}  // namespace mountc
