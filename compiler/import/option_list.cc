// compiler/import/option_list.cc - see option_list.h.
#include "compiler/import/option_list.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "compiler/layout/super_options.h"
#include "compiler/syntax/value.h"

namespace mountc {
namespace {

void append_option(std::string& list, const std::string& option) {
  const size_t equals = option.find('=');
  if (!list.empty()) list += ", ";
  list += quote(option.substr(0, equals));
  if (equals != std::string::npos) list += "=" + quote(option.substr(equals + 1));
}

// Which layer options of an overlay there are: joined into lists for the appending keys.
bool take_layers(std::string_view option, std::vector<std::string>& layers) {
  if (option.starts_with("lowerdir+=")) {
    layers.emplace_back(option.substr(option.find('=') + 1));
    return true;
  }
  if (!option.starts_with("lowerdir=")) return false;
  for (std::string& layer :
       overlay_directories("lowerdir", option.substr(option.find('=') + 1))) {
    layers.push_back(std::move(layer));
  }
  return true;
}

}  // namespace

std::string option_list(const snapshot::Superblock& superblock) {
  std::string list;
  std::vector<std::string> layers;
  for (const std::string& option : superblock.options) {
    if (is_shown_by_itself(superblock.type, option)) continue;
    if (superblock.type == "overlay" && take_layers(option, layers)) continue;
    append_option(list, option);
  }
  if (!layers.empty()) {
    std::string lower = "lowerdir=[";
    for (size_t n = 0; n < layers.size(); ++n) lower += (n ? ", " : "") + quote(layers[n]);
    list = lower + "]" + (list.empty() ? "" : ", " + list);
  }
  return list.empty() ? "" : "(" + list + ")";
}

bool has_relative_layers(const snapshot::Superblock& superblock) {
  if (superblock.type != "overlay") return false;
  return std::ranges::any_of(superblock.options, [](std::string_view option) {
    const size_t equals = std::min(option.find('='), option.size());
    const std::string_view value = option.substr(std::min(equals + 1, option.size()));
    const auto paths = overlay_directories(option.substr(0, equals), value);
    return std::ranges::any_of(paths, [](const auto& path) { return !path.starts_with('/'); });
  });
}

}  // namespace mountc
