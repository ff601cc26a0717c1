// compiler/layout/device_tags.h - `UUID=...` and its like, by which mount(8) finds devices.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mountc {

// The link that udev(7) makes to the device: "UUID=12" -> "/dev/disk/by-uuid/12". nullopt: it
// is no such tag.
std::optional<std::string> device_of_tag(std::string_view source);

}  // namespace mountc
