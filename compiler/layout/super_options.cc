// compiler/layout/super_options.cc - superblock options that nobody gave.
#include "compiler/layout/super_options.h"

namespace mountc {

bool makes_instance(std::string_view type) {
  return type == "tmpfs" || type == "ramfs" || type == "overlay" || type == "devpts";
}

bool is_shown_by_itself(std::string_view type, std::string_view option) {
  const auto is = [&](std::string_view of_type, std::string_view shown) {
    if (of_type != "*" && of_type != type) return false;
    return shown.ends_with('=') ? option.starts_with(shown) : option == shown;
  };
#define SHOWN(type_, option_) \
  if (is(type_, option_)) return true;
#include "compiler/layout/super_options.def"
  return false;
}

}  // namespace mountc
