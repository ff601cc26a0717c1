// compiler/snapshot/differing_options.cc - see differing_options.h.
#include "compiler/snapshot/differing_options.h"

#include <map>

#include "compiler/layout/super_options.h"
#include "compiler/snapshot/option_values.h"

namespace mountc {

namespace {

// Several values of one key are a list in an overlay, and elsewhere the last one counts.
std::map<std::string, std::string> by_key(const snapshot::Superblock& superblock) {
  std::map<std::string, std::string> options;
  for (const std::string& option : superblock.options) {
    if (is_shown_by_itself(superblock.type, option)) continue;
    const size_t equals = option.find('=');
    std::string key = option.substr(0, equals);
    std::string value = equals == std::string::npos ? "" : option.substr(equals + 1);
    // Both are one number, of which the size is shown (Linux mm/shmem.c shmem_show_options()).
    if (superblock.type == "tmpfs" && key == "nr_blocks") {
      key = "size";
      value += in_pages;
    }
    const auto [at, fresh] = options.try_emplace(key, value);
    if (fresh) continue;
    at->second = superblock.type == "overlay" ? at->second + ":" + value : value;
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
  const bool one_is_read = !read && (!first.device.empty() || !second.device.empty());
  const auto a = by_key(first), b = by_key(second);
  std::pair<std::string, std::string> differing;
  const auto add = [](std::string& list, const std::string& text) {
    list += (list.empty() ? "" : ", ") + text;
  };
  const auto counts = [&](const std::string& key, const std::string& value) {
    if (one_is_read && is_of_machine(first.type, key, value)) return false;
    return read || (first.type == "tmpfs" && (key == "size" || key == "nr_inodes"));
  };
  const auto same = [&](const std::string& key, const std::string& one,
                        const std::string& other) {
    return is_same_value(first.type, key, one, other, one_is_read);
  };
  for (const auto& [key, value] : a) {
    const auto other = b.find(key);
    if (other != b.end() ? same(key, value, other->second) : !counts(key, value)) continue;
    add(differing.first, text_of(key, value));
    if (other != b.end()) add(differing.second, text_of(key, other->second));
  }
  for (const auto& [key, value] : b) {
    if (!a.contains(key) && counts(key, value)) add(differing.second, text_of(key, value));
  }
  return differing;
}

}  // namespace mountc
