// runtime/rows.h - ops.def and bits.def as the runtime keeps them: packed at compile time,
// without pointers, so that they are small and need no relocation. Their names are in the
// plans.
#pragma once

#include "runtime/ops.h"

namespace mountc::plan {

struct OpRow {
  uint8_t count;
  bool visible;
  BitSet set;  // of its bits() operand
  Kind kinds[operands_max];
};

struct OpRows {
  OpRow rows[ops_count] = {};
};

inline constexpr OpRows op_rows = [] {
  OpRows all;
  for (uint16_t i = 0; i < ops_count; ++i) {
    const OpInfo& op = ops[i];
    OpRow& row = all.rows[i];
    row.count = op.count;
    row.visible = op.effect == Effect::visible;
    for (int k = 0; k < op.count; ++k) {
      row.kinds[k] = op.operands[k].kind;
      if (op.operands[k].kind == Kind::bits) row.set = op.operands[k].bits;
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

inline constexpr int sets_count = static_cast<int>(BitSet::namespace_) + 1;

struct BitMasks {
  uint32_t of[sets_count] = {};
};

inline constexpr BitMasks bit_masks = [] {
  BitMasks all;
  for (int i = 0; i < sets_count; ++i) all.of[i] = mask_of(BitSet(i));
  return all;
}();

}  // namespace mountc::plan
