// runtime/view.h - the sections of a verified plan, as pointers into its bytes.
#pragma once

#include "runtime/rows.h"

namespace mountc::plan {

struct View {
  const Header* header = nullptr;
  const Instruction* code = nullptr;
  const Attr* attrs = nullptr;
  const Pair* pairs = nullptr;
  const char* strings = nullptr;
  const Place* places = nullptr;    // null when stripped
  const uint32_t* lines = nullptr;  // null when stripped

  uint32_t steps() const { return header->code.count; }
  const char* text(uint32_t offset) const { return strings + offset; }
  const Place* place(uint32_t step) const { return lines ? places + lines[step] : nullptr; }
};

constexpr bool is_pseudo(uint32_t half) {
  const uint32_t slot = half & slot_mask;
  return slot == slot_host || slot == slot_target;
}

// An instruction's operands in the order of their row: the values of the halves and words that
// hold them.
struct Values {
  explicit Values(const Instruction& in) {
    const OpRow& row = row_of(in);
    const uint16_t* half = in.half;
    const uint32_t* word = in.word;
    for (int i = 0; i < row.count; ++i) {
      value[i] = is_half(row.kinds[i]) ? *half++ : *word++;
    }
    halves = static_cast<int>(half - in.half);
    words = static_cast<int>(word - in.word);
  }

  uint32_t value[operands_max];
  int halves, words;
};

inline bool equal(const char* a, const char* b) {
  while (*a && *a == *b) ++a, ++b;
  return *a == *b;
}

}  // namespace mountc::plan
