// compiler/layout/device_tags.cc - `UUID=...` and its like, by which mount(8) finds devices.
#include "compiler/layout/device_tags.h"

#include <fmt/format.h>

#include <utility>

namespace mountc {

std::optional<std::string> device_of_tag(std::string_view source) {
  static constexpr std::pair<std::string_view, std::string_view> tags[] = {
      {"UUID=", "by-uuid"},
      {"LABEL=", "by-label"},
      {"PARTUUID=", "by-partuuid"},
      {"PARTLABEL=", "by-partlabel"},
      {"ID=", "by-id"}};
  for (const auto& [tag, directory] : tags) {
    if (!source.starts_with(tag)) continue;
    return fmt::format("/dev/disk/{}/{}", directory, source.substr(tag.size()));
  }
  return std::nullopt;
}

}  // namespace mountc
