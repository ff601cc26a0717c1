// runtime/rows.h - ops.def, bits.def and errnos.def as the runtime keeps them: packed at compile
// time, without pointers, so that they are small and need no relocation.
#pragma once

#include "runtime/ops.h"

namespace mountc::plan {

// The strings of a table, one after the other.
template <size_t size>
struct Texts {
  char text[size] = {};
  size_t used = 0;

  constexpr uint16_t add(const char* from) {
    const size_t at = used;
    while (*from) text[used++] = *from++;
    ++used;
    return static_cast<uint16_t>(at);
  }
};

struct OpRow {
  uint8_t count;
  bool visible;
  Kind kinds[operands_max];
  BitSet sets[operands_max];
  uint16_t names;  // of the instruction, then of its operands
};

struct OpRows {
  OpRow rows[ops_count] = {};
  Texts<1024> names;
};

inline constexpr OpRows op_rows = [] {
  OpRows all;
  for (uint16_t i = 0; i < ops_count; ++i) {
    const OpInfo& op = ops[i];
    OpRow& row = all.rows[i];
    row.count = op.count;
    row.visible = op.effect == Effect::visible;
    row.names = all.names.add(op.name);
    for (int k = 0; k < op.count; ++k) {
      row.kinds[k] = op.operands[k].kind;
      row.sets[k] = op.operands[k].bits;
      all.names.add(op.operands[k].name);
    }
  }
  return all;
}();

inline const OpRow& row_of(const Instruction& in) { return op_rows.rows[in.op - 1]; }
inline const char* name_of(const Instruction& in) {
  return op_rows.names.text + row_of(in).names;
}

constexpr uint32_t mask_of(BitSet set) {
  uint32_t mask = 0;
  for (const BitName& name : bit_names) {
    if (name.set == set) mask |= name.value;
  }
  return mask;
}

inline constexpr int bits_count = sizeof bit_names / sizeof bit_names[0];
inline constexpr int sets_count = static_cast<int>(BitSet::namespace_) + 1;

struct BitRows {
  uint32_t masks[sets_count] = {};
  uint32_t values[bits_count] = {};
  BitSet sets[bits_count] = {};
  Texts<320> names;  // in the same order
};

inline constexpr BitRows bit_rows = [] {
  BitRows all;
  for (int i = 0; i < sets_count; ++i) all.masks[i] = mask_of(BitSet(i));
  for (int i = 0; i < bits_count; ++i) {
    all.values[i] = bit_names[i].value;
    all.sets[i] = bit_names[i].set;
    all.names.add(bit_names[i].name);
  }
  return all;
}();

// The string after this one of a Texts.
inline const char* after(const char* text) {
  while (*text++) {
  }
  return text;
}

}  // namespace mountc::plan
