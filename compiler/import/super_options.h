// compiler/import/super_options.h - superblock options that nobody gave: super_options.def.
#pragma once

#include <string_view>

namespace mountc {

// Does the kernel show `option` of this type by itself?
bool is_shown_by_itself(std::string_view type, std::string_view option);

}  // namespace mountc
