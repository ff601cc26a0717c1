// runtime/rows.h - ops.def and bits.def as the runtime keeps them: packed at compile time,
// without pointers, so that they are small and need no relocation. Their names are in the
// plans.
#pragma once

#include "runtime/ops.h"

namespace mountc::plan {

// A row of ops.def: the kinds of the operands by their place in an instruction - three halves,
// then two words -, and what else has to be known.
struct OpRow {
  uint32_t bits = 0;

  constexpr Kind kind(int place) const { return Kind(bits >> 4 * place & 15); }
  constexpr bool fills() const { return kind(0) == Kind::def; }
  constexpr bool is_visible() const { return bits >> 20 & 1; }
  constexpr bool is_looking() const { return bits >> 21 & 1; }
  constexpr bool looks_up() const {
    return bits >> 22 & 1;
  }                                                      // a path: `dir` may be host or target
  constexpr uint32_t set() const { return bits >> 24; }  // of the bits() operand
};
static_assert(4 * operands_max == 20 && static_cast<int>(Kind::spot) < 16);

constexpr OpRow pack(const OpInfo& op) {
  const bool visible = op.effect == Effect::visible, looking = op.effect == Effect::looking;
  uint32_t bits = uint32_t{visible} << 20 | uint32_t{looking} << 21;
  int half = 0, word = halves_max;
  for (int k = 0; k < op.count; ++k) {
    const Operand& operand = op.operands[k];
    const int place = is_half(operand.kind) ? half++ : word++;
    bits |= static_cast<uint32_t>(operand.kind) << 4 * place;
    bits |= static_cast<uint32_t>(operand.bits) << 24;
    // What `mask` attached to a directory of the host could not be taken back.
    const bool path = operand.kind == Kind::source || operand.kind == Kind::below;
    if (path && Op{op.code} != Op::mask) bits |= 1u << 22;
  }
  return {bits};
}

struct OpRows {
  OpRow of[ops_count + 1];  // by code
};

inline constexpr OpRows op_rows = [] {
  OpRows all;
  for (const OpInfo& op : ops) all.of[op.code] = pack(op);
  return all;
}();

inline OpRow row_of(const Instruction& in) { return op_rows.of[in.op]; }

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
