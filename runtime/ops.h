// runtime/ops.h - ops.def, bits.def and the operand kinds as constexpr tables.
// Freestanding. Everything that walks instructions generically (verifier, encoder, both
// directions of the text form, the simulator) loops over OpInfo::operands and needs no switch.
#pragma once

#include "runtime/plan.h"

namespace mountc::plan {

enum class Kind : uint8_t {
  none,
  def, use, maybe, drop,                       // slots
  attr, pair,                                  // 16-bit pool indices
  bits, mode,                                  // 32-bit numbers
  text, absolute, source, below, name, spot,   // 32-bit string offsets
};

constexpr bool is_slot(Kind k) { return k >= Kind::def && k <= Kind::drop; }
constexpr bool is_half(Kind k) { return k >= Kind::def && k <= Kind::pair; }
constexpr bool is_string(Kind k) { return k >= Kind::text; }

enum class BitSet : uint8_t { none, tree, attr, propagation, setattr, nest, join, namespace_, beneath, expect };

// What Name::of is for a value of such an operand.
constexpr uint32_t name_of_value(Kind kind, BitSet set = BitSet::none) {
  return name_value + static_cast<uint32_t>(kind) + 16 * static_cast<uint32_t>(set);
}

struct BitName {
  BitSet set;
  const char* name;
  uint32_t value;
};

inline constexpr BitName bit_names[] = {
#define BIT(set, name, value) {BitSet::set, #name, value},
#include "runtime/bits.def"
};

namespace bit {
#define BIT(set, name, value) inline constexpr uint32_t set##_##name = value;
#include "runtime/bits.def"
}  // namespace bit

enum class Effect : uint8_t { looking, hidden, visible };

struct Operand {
  Kind kind = Kind::none;
  const char* name = nullptr;
  BitSet bits = BitSet::none;
};

inline constexpr int halves_max = 3, words_max = 2, operands_max = halves_max + words_max;

struct OpInfo {
  uint16_t code;
  const char* name;
  uint16_t since;
  Effect effect;
  const char* summary;
  uint8_t count;
  Operand operands[operands_max];
};

enum class Op : uint16_t {
#define OP(code, name, since, effect, summary, ...) name = code,
#include "runtime/ops.def"
};

namespace row {
constexpr Operand def(const char* n) { return {Kind::def, n}; }
constexpr Operand use(const char* n) { return {Kind::use, n}; }
constexpr Operand maybe(const char* n) { return {Kind::maybe, n}; }
constexpr Operand drop(const char* n) { return {Kind::drop, n}; }
constexpr Operand attr(const char* n) { return {Kind::attr, n}; }
constexpr Operand pair(const char* n) { return {Kind::pair, n}; }
constexpr Operand bits(const char* n, BitSet set) { return {Kind::bits, n, set}; }
constexpr Operand mode(const char* n) { return {Kind::mode, n}; }
constexpr Operand text(const char* n) { return {Kind::text, n}; }
constexpr Operand absolute(const char* n) { return {Kind::absolute, n}; }
constexpr Operand source(const char* n) { return {Kind::source, n}; }
constexpr Operand below(const char* n) { return {Kind::below, n}; }
constexpr Operand name(const char* n) { return {Kind::name, n}; }
constexpr Operand spot(const char* n) { return {Kind::spot, n}; }

inline constexpr BitSet tree_bits = BitSet::tree, attr_bits = BitSet::attr,
                        setattr_bits = BitSet::setattr, nest_bits = BitSet::nest,
                        join_bits = BitSet::join, namespace_bits = BitSet::namespace_,
                        beneath_bits = BitSet::beneath, expect_bits = BitSet::expect;

inline constexpr Effect looking = Effect::looking, hidden = Effect::hidden,
                        visible = Effect::visible;

template <typename... Operands>
constexpr OpInfo make(uint16_t code, const char* name, uint16_t since, Effect effect,
                      const char* summary, Operands... operands) {
  static_assert(sizeof...(operands) <= operands_max);
  return {code, name, since, effect, summary, sizeof...(operands), {operands...}};
}

inline constexpr OpInfo table[] = {
#define OP(code, name, since, effect, summary, ...) \
  make(code, #name, since, effect, summary, __VA_ARGS__),
#include "runtime/ops.def"
};
}  // namespace row

// Indexed by code - 1: the codes are dense, from 1.
inline constexpr const OpInfo (&ops)[sizeof row::table / sizeof row::table[0]] = row::table;
inline constexpr uint16_t ops_count = sizeof row::table / sizeof row::table[0];

constexpr const OpInfo& row_of(Op op) { return ops[static_cast<uint16_t>(op) - 1]; }

constexpr bool is_visible(Op op) { return row_of(op).effect == Effect::visible; }

constexpr bool dense_and_encodable() {
  for (uint16_t i = 0; i < ops_count; ++i) {
    int halves = 0, words = 0;
    for (int k = 0; k < ops[i].count; ++k) {
      const bool half = is_half(ops[i].operands[k].kind);
      if (half && words) return false;
      ++(half ? halves : words);
    }
    if (ops[i].code != i + 1 || halves > halves_max || words > words_max) return false;
  }
  return true;
}
static_assert(dense_and_encodable());

}  // namespace mountc::plan
