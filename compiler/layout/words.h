// compiler/layout/words.h - the flag words of words.def, which mount(8) has, too.
#pragma once

#include <cstdint>
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

// Appends all of them.
void append_flag_words(std::vector<std::string_view>& to);

}  // namespace mountc
