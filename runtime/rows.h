// runtime/rows.h - ops.def and bits.def as the runtime keeps them: packed at compile time,
// without pointers, so that they are small and need no relocation. Their names are in the
// plans.
#pragma once

#include "runtime/ops.h"

namespace mountc::plan {

struct OpRow {
  uint32_t kinds : 4 * operands_max;
  uint32_t count : 3;
  uint32_t visible : 1;
  uint32_t looking : 1;
  uint32_t set : 4;  // of its bits() operand

  constexpr Kind kind(int i) const { return Kind(kinds >> 4 * i & 15); }
};
static_assert(sizeof(OpRow) == 4);

struct OpRows {
  OpRow rows[ops_count] = {};
};

inline constexpr OpRows op_rows = [] {
  OpRows all;
  for (uint16_t i = 0; i < ops_count; ++i) {
    const OpInfo& op = ops[i];
    OpRow& row = all.rows[i];
    row.count = op.count & 7u;
    row.visible = op.effect == Effect::visible;
    row.looking = op.effect == Effect::looking;
    for (int k = 0; k < op.count; ++k) {
      row.kinds |= static_cast<uint32_t>(op.operands[k].kind) << 4 * k & 0xfffff;
      if (op.operands[k].kind == Kind::bits) {
        row.set = static_cast<uint32_t>(op.operands[k].bits) & 15;
      }
    }
  }
  return all;
}();

inline const OpRow& row_of(const Instruction& in) { return op_rows.rows[in.op - 1]; }

constexpr uint32_t mask_of(BitSet set) {
  uint32_t mask = 0;
  for (const BitName& name : bit_names) {
    if (name.set == set) mask |= name.value;
  }
  return mask;
}

inline constexpr int sets_count = static_cast<int>(BitSet::expect) + 1;

struct BitMasks {
  uint32_t of[sets_count] = {};
};

inline constexpr BitMasks bit_masks = [] {
  BitMasks all;
  for (int i = 0; i < sets_count; ++i) all.of[i] = mask_of(BitSet(i));
  return all;
}();

}  // namespace mountc::plan
