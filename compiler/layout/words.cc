// compiler/layout/words.cc - see words.h.
#include "compiler/layout/words.h"

#include <algorithm>

#include "runtime/ops.h"

namespace mountc {
namespace {

constexpr uint32_t RDONLY = plan::bit::attr_RDONLY, NOSUID = plan::bit::attr_NOSUID,
                   NODEV = plan::bit::attr_NODEV, NOEXEC = plan::bit::attr_NOEXEC,
                   NOATIME = plan::bit::attr_NOATIME, STRICTATIME = plan::bit::attr_STRICTATIME,
                   ATIME = plan::bit::attr_ATIME, NODIRATIME = plan::bit::attr_NODIRATIME,
                   NOSYMFOLLOW = plan::bit::attr_NOSYMFOLLOW;

constexpr FlagWord flag_words[] = {
#define WORD(word, set, clear) {#word, set, clear},
#include "compiler/layout/words.def"
};

}  // namespace

const FlagWord* find_flag(std::string_view word) {
  const auto* const found = std::ranges::find(flag_words, word, &FlagWord::word);
  return found == std::end(flag_words) ? nullptr : found;
}

std::string flags_in_words(uint32_t flags, uint32_t source) {
  std::string text;
  for (const FlagWord& word : flag_words) {
    const uint32_t field = word.set | word.clear;
    if ((flags & field) != word.set || (word.set == 0 && !(source & field))) continue;
    if (!text.empty()) text += ' ';
    text += word.word;
  }
  return text;
}

bool is_source_keyword(std::string_view word) {
  return word == "bind" || word == "rbind" || word == "clone" || word == "rclone";
}

std::span<const std::string_view> common_types() {
  static constexpr std::string_view types[] = {
      "tmpfs",    "ramfs",  "proc",  "sysfs", "devpts",  "mqueue",
      "cgroup2",  "cgroup", "ext4",  "vfat",  "overlay", "erofs",
      "devtmpfs", "xfs",    "btrfs", "fuse",  "nfs",     "squashfs"};
  return types;
}

bool is_common_type(std::string_view word) {
  return std::ranges::find(common_types(), word) != common_types().end();
}

void append_flag_words(std::vector<std::string_view>& to) {
  for (const FlagWord& flag : flag_words) to.push_back(flag.word);
}

}  // namespace mountc
