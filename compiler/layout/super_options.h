// compiler/layout/super_options.h - superblock options that nobody gave.
#pragma once

#include <string_view>

namespace mountc {

// Types that make a new superblock at every mount. Of others the kernel may show the one that
// it has: all mounts of proc of a PID namespace, of a device.
bool makes_instance(std::string_view type);

// Does the kernel show `option` of this type by itself?
bool is_shown_by_itself(std::string_view type, std::string_view option);

}  // namespace mountc
