// compiler/layout/words.h - the flag words of words.def, which mount(8) has, too, and those
// that stand where a source does.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mountc {

struct FlagWord {
  std::string_view word;
  uint32_t set;  // MOUNT_ATTR_* bits, as mount_setattr(2) takes them
  uint32_t clear;
};

// nullptr: it is none.
const FlagWord* find_flag(std::string_view word);

// The words that take a mount with the flags of `source` to one with `flags`: what `flags` has,
// and what it lacks of `source`.
std::string flags_in_words(uint32_t flags, uint32_t source);

// `bind`, `rbind`, `clone` and `rclone`, which are no filesystem types.
bool is_source_keyword(std::string_view word);

// Types that everybody reads as one, so nothing else should be called so.
std::span<const std::string_view> common_types();
bool is_common_type(std::string_view word);

// Appends all flag words.
void append_flag_words(std::vector<std::string_view>& to);

}  // namespace mountc
