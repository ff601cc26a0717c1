// compiler/layout/super_options.h - superblock options, and those that nobody gave.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "compiler/layout/snapshot.h"

namespace mountc {

// Types that make a new superblock at every mount. Of others the kernel may show the one that it
// has: all mounts of proc of a PID namespace, of a device.
bool makes_instance(std::string_view type);

// Does the kernel show `option` of this type by itself?
bool is_shown_by_itself(std::string_view type, std::string_view option);

// The options in which two superblocks of one type differ, as each has them; both empty: in
// none. A number is compared by its value: `64M` is `65536k`.
std::pair<std::string, std::string> differing_options(const snapshot::Superblock& first,
                                                      const snapshot::Superblock& second);

}  // namespace mountc
