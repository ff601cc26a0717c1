// compiler/layout/super_options.cc - what the kernel makes of superblock options.
#include "compiler/layout/super_options.h"

#include <algorithm>
#include <iterator>

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

std::vector<std::string> overlay_directories(std::string_view key, std::string_view value) {
  if (key == "lowerdir+" || key == "datadir+" || key == "upperdir" || key == "workdir")
    return {std::string(value)};
  std::vector<std::string> found;
  if (key != "lowerdir") return found;
  std::string name;
  for (size_t i = 0; i <= value.size(); ++i) {
    if (i < value.size() && value[i] != ':') {
      if (value[i] == '\\' && i + 1 < value.size()) ++i;
      name += value[i];
    } else if (!name.empty()) {
      found.push_back(std::move(name));
      name.clear();
    }
  }
  return found;
}

// Their get_tree() is get_tree_nodev(): Linux fs/proc/root.c proc_get_tree() since 5.8,
// fs/hugetlbfs/inode.c, kernel/bpf/inode.c; fs/devpts/inode.c and fs/overlayfs/params.c
// likewise.
bool makes_instance(std::string_view type) {
  constexpr std::string_view types[] = {"tmpfs", "ramfs", "overlay",  "devpts",
                                        "proc",  "bpf",   "hugetlbfs"};
  return std::ranges::find(types, type) != std::end(types);
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
