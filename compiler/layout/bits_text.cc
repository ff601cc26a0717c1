// compiler/layout/bits_text.cc - see bits_text.h.
#include "compiler/layout/bits_text.h"

#include <fmt/format.h>

#include <iterator>

namespace mountc {
namespace {

// A name of several bits (ATIME) stands for the names within it.
bool is_within_another(const plan::BitName& part, uint32_t value) {
  for (const plan::BitName& name : plan::bit_names) {
    if (name.set == part.set && name.value != part.value && (part.value & ~name.value) == 0 &&
        (name.value & ~value) == 0) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::string bits_text(plan::BitSet set, uint32_t value) {
  std::string text;
  uint32_t rest = value;
  for (const plan::BitName& name : plan::bit_names) {
    if (name.set != set || (name.value & ~value) || is_within_another(name, value)) continue;
    if (!text.empty()) text += '|';
    text += name.name;
    rest &= ~name.value;
  }
  if (rest) fmt::format_to(std::back_inserter(text), "{}{:#x}", text.empty() ? "" : "|", rest);
  return text.empty() ? "0" : text;
}

}  // namespace mountc
