// compiler/layout/super_options.h - what the kernel makes of superblock options.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mountc {

// Of a key or a value: Linux fs/fsopen.c fsconfig(): strndup_user(_value, 256).
inline constexpr size_t option_bytes_max = 255;

// A list `lowerdir+` of overlay as the one value of `lowerdir`, which kernels before 6.8 need.
std::string joined_layers(const std::vector<std::string>& layers);

// The directories that an option of overlay names: `/a:/b` of `lowerdir` are two, and a colon with
// a backslash is part of a name.
std::vector<std::string> overlay_directories(std::string_view key, std::string_view value);

// Types that make a new superblock at every mount. Of others the kernel may show the one that
// it has: all mounts of mqueue of an IPC namespace, of a device.
bool makes_instance(std::string_view type);

// Does the kernel show `option` of this type by itself?
bool is_shown_by_itself(std::string_view type, std::string_view option);

}  // namespace mountc
