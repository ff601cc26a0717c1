// runtime/view.h - the sections of a verified plan, as pointers into its bytes.
#pragma once

#include "runtime/ops.h"

namespace mountc::plan {

struct View {
  const Header* header = nullptr;
  const Instruction* code = nullptr;
  const Attr* attrs = nullptr;
  const Pair* pairs = nullptr;
  const char* strings = nullptr;
  const Place* places = nullptr;   // null when stripped
  const uint32_t* lines = nullptr; // null when stripped

  uint32_t steps() const { return header->code.count; }
  const char* text(uint32_t offset) const { return strings + offset; }
  const Place* place(uint32_t step) const { return lines ? places + lines[step] : nullptr; }
};

constexpr bool is_pseudo(uint16_t half) {
  const uint16_t slot = half & slot_mask;
  return slot == slot_host || slot == slot_target;
}

// Walks an instruction's operands in order. visit(operand, value): the value is that of the
// half or the word which holds it.
template <typename Visit>
void each_operand(const Instruction& in, Visit visit) {
  const OpInfo& info = ops[in.op - 1];
  int halves = 0, words = 0;
  for (int i = 0; i < info.count; ++i) {
    const Operand& operand = info.operands[i];
    visit(operand, is_half(operand.kind) ? in.half[halves++] : in.word[words++]);
  }
}

constexpr bool equal(const char* a, const char* b) {
  while (*a && *a == *b) ++a, ++b;
  return *a == *b;
}

}  // namespace mountc::plan
