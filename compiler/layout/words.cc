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

void append_flag_words(std::vector<std::string_view>& to) {
  for (const FlagWord& flag : flag_words) to.push_back(flag.word);
}

}  // namespace mountc
