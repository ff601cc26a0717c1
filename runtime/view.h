// runtime/view.h - the sections of a verified plan, as pointers into its bytes; filled in by
// open() (verify.h).
#pragma once

#include "runtime/rows.h"

namespace mountc::plan {

struct View {
  const Header* header;
  const Instruction* code;  // of the chosen way; before one is chosen, of all
  const Attr* attrs;
  const Pair* pairs;
  const char* strings;
  const Place* places;  // their counts are 0 when stripped
  const uint32_t* lines;
  const Name* names;

  uint32_t count;  // of instructions
  uint32_t first;  // of them, in the plan

  uint32_t steps() const { return count; }
  // Of the ways there are.
  void choose(int way);
  // For what is said only: of places, lines and names nobody has checked where they point.
  const char* text(uint32_t offset) const;              // empty when it is no string
  const Place* place(uint32_t step) const;              // null when it is not known
  const char* name(uint32_t of, uint32_t value) const;  // null when it is not known
};

constexpr bool is_pseudo(uint32_t half) {
  const uint32_t slot = half & slot_mask;
  return slot == slot_host || slot == slot_target;
}

inline uint32_t operand(const Instruction& in, int place) {
  return place < halves_max ? in.half[place] : in.word[place - halves_max];
}

inline size_t length_until(const char* text, char end) {
  size_t length = 0;
  while (text[length] && text[length] != end) ++length;
  return length;
}

inline bool equal(const char* a, const char* b) {
  while (*a && *a == *b) ++a, ++b;
  return *a == *b;
}

}  // namespace mountc::plan
