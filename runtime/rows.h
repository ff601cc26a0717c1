// runtime/rows.h - ops.def, bits.def and errnos.def as the runtime keeps them: packed at
// compile time, without pointers, so that they are small and need no relocation.
#pragma once

#include "runtime/ops.h"

namespace mountc::plan {

// The strings of a table, one after the other.
template <size_t size>
struct Texts {
  char text[size] = {};

  constexpr uint16_t put(size_t at, const char* from) {
    while (*from) text[at++] = *from++;
    return static_cast<uint16_t>(at + 1);
  }
};

constexpr size_t room_for(const char* text) {
  size_t size = 1;
  while (*text++) ++size;
  return size;
}

inline constexpr size_t op_names_size = [] {
  size_t size = 0;
  for (const OpInfo& op : ops) {
    size += room_for(op.name);
    for (int k = 0; k < op.count; ++k) size += room_for(op.operands[k].name);
  }
  return size;
}();

struct OpRow {
  uint8_t count;
  bool visible;
  Kind kinds[operands_max];
  BitSet sets[operands_max];
  uint16_t names;  // of the instruction, then of its operands
};

struct OpRows {
  OpRow rows[ops_count] = {};
  Texts<op_names_size> names;
};

inline constexpr OpRows op_rows = [] {
  OpRows all;
  uint16_t at = 0;
  for (uint16_t i = 0; i < ops_count; ++i) {
    const OpInfo& op = ops[i];
    OpRow& row = all.rows[i];
    row.count = op.count;
    row.visible = op.effect == Effect::visible;
    row.names = at;
    at = all.names.put(at, op.name);
    for (int k = 0; k < op.count; ++k) {
      row.kinds[k] = op.operands[k].kind;
      row.sets[k] = op.operands[k].bits;
      at = all.names.put(at, op.operands[k].name);
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

inline constexpr size_t bit_names_size = [] {
  size_t size = 0;
  for (const BitName& bit : bit_names) size += room_for(bit.name);
  return size;
}();

struct BitRows {
  uint32_t masks[sets_count] = {};
  uint32_t values[bits_count] = {};
  BitSet sets[bits_count] = {};
  Texts<bit_names_size> names;  // in the same order
};

inline constexpr BitRows bit_rows = [] {
  BitRows all;
  uint16_t at = 0;
  for (int i = 0; i < sets_count; ++i) all.masks[i] = mask_of(BitSet(i));
  for (int i = 0; i < bits_count; ++i) {
    all.values[i] = bit_names[i].value;
    all.sets[i] = bit_names[i].set;
    at = all.names.put(at, bit_names[i].name);
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
