// compiler/snapshot/differing_options.cc - see differing_options.h.
#include "compiler/snapshot/differing_options.h"

#include <charconv>
#include <cstdint>
#include <map>

#include "compiler/layout/super_options.h"

namespace mountc {

namespace {

// Bytes of `64M`, the number of an octal mode, or the text itself.
std::string canonical_value(std::string_view key, std::string_view value) {
  uint64_t number = 0;
  const int base = key == "mode" || key == "ptmxmode" ? 8 : 10;
  const auto [end, error] = std::from_chars(value.begin(), value.end(), number, base);
  if (error != std::errc() || end == value.begin()) return std::string(value);
  const std::string_view unit = value.substr(static_cast<size_t>(end - value.begin()));
  constexpr std::string_view units = "kmgt";
  if (unit.empty()) return std::to_string(number);
  const size_t power = unit.size() == 1 ? units.find(static_cast<char>(unit[0] | 0x20)) : 4;
  if (power >= units.size()) return std::string(value);
  return std::to_string(number << (10 * (power + 1)));
}

std::map<std::string, std::string> by_key(const snapshot::Superblock& superblock) {
  std::map<std::string, std::string> options;
  for (const std::string& option : superblock.options) {
    if (is_shown_by_itself(superblock.type, option)) continue;
    const size_t equals = option.find('=');
    const std::string key = option.substr(0, equals);
    const std::string value = equals == std::string::npos ? "" : option.substr(equals + 1);
    std::string& all = options[key];
    all += (all.empty() ? "" : ":") + canonical_value(key, value);
  }
  return options;
}

std::string text_of(const std::string& key, const std::string& value) {
  return value.empty() ? key : key + "=" + value;
}

}  // namespace

std::pair<std::string, std::string> differing_options(const snapshot::Superblock& first,
                                                      const snapshot::Superblock& second) {
  // One that is only declared says nothing of what the kernel adds or does not show; of tmpfs
  // it is known that a size is shown when it was given.
  const bool read = !first.device.empty() && !second.device.empty();
  const auto a = by_key(first), b = by_key(second);
  std::pair<std::string, std::string> differing;
  const auto add = [](std::string& list, const std::string& text) {
    list += (list.empty() ? "" : ", ") + text;
  };
  const auto counts = [&](const std::string& key) {
    return read || (first.type == "tmpfs" && (key == "size" || key == "nr_inodes"));
  };
  for (const auto& [key, value] : a) {
    const auto other = b.find(key);
    if (other != b.end() ? other->second == value : !counts(key)) continue;
    add(differing.first, text_of(key, value));
    if (other != b.end()) add(differing.second, text_of(key, other->second));
  }
  for (const auto& [key, value] : b) {
    if (!a.contains(key) && counts(key)) add(differing.second, text_of(key, value));
  }
  return differing;
}

}  // namespace mountc
