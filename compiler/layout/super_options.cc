// compiler/layout/super_options.cc - what the kernel makes of superblock options.
#include "compiler/layout/super_options.h"

namespace mountc {

// As overlayfs divides it: Linux fs/overlayfs/params.c ovl_split_lowerdirs().
std::string joined_layers(const std::vector<std::string>& layers) {
  std::string joined;
  for (const std::string& layer : layers) {
    if (!joined.empty()) joined += ':';
    for (const char c : layer) {
      if (c == ':' || c == '\\') joined += '\\';
      joined += c;
    }
  }
  return joined;
}

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
