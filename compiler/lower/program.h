// compiler/lower/program.h - a plan as steps: what lowering makes, what is encoded and decoded.
//
// Lowering writes steps over as many registers as it likes; slots.h gives registers the few slots
// of the plan and marks last uses. The text and binary forms are made from the same structure.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/source/source.h"
#include "runtime/ops.h"

namespace mountc {

// What a way may need of the kernel, as bits of Program::features.
namespace feature {
#define FEATURE(bit, name, since, what) inline constexpr uint32_t name = 1u << (bit);
#include "runtime/features.def"
}  // namespace feature

using Register = uint32_t;
inline constexpr Register reg_host = 0x7ffffffe;    // plan::slot_host
inline constexpr Register reg_target = 0x7ffffffd;  // plan::slot_target
inline constexpr Register reg_null = 0x7ffffffc;    // plan::slot_null, in a maybe()
inline constexpr Register reg_last_use = 0x80000000;  // or-ed to a use: close it afterwards

// What is used, be it for the last time or not.
constexpr Register used(Register use) { return use & ~reg_last_use; }

// Where the operand called `name` stands in the row of `op`, which has one.
constexpr size_t operand_index(plan::Op op, std::string_view name) {
  const plan::OpInfo& row = plan::row_of(op);
  for (size_t i = 0; i < row.count; ++i) {
    if (row.operands[i].name == name) return i;
  }
  throw std::logic_error("an instruction has no such operand");
}

// One instruction. `args` follow the operands of its row in ops.def: a register for a slot, an
// index into Program::attrs or pairs, the number itself, an index into Program::strings.
struct Step {
  plan::Op op;
  uint32_t args[plan::operands_max] = {};
  uint32_t place = 0;  // index into Program::places

  const plan::OpInfo& row() const { return plan::row_of(op); }
  uint32_t operand(std::string_view name) const { return args[operand_index(op, name)]; }
  uint32_t& operand(std::string_view name) { return args[operand_index(op, name)]; }
};

// Where in the layout a step comes from. line 0: unknown.
struct Place {
  uint32_t file = 0;  // index into Program::strings
  uint32_t line = 0;
  uint32_t column = 0;
  uint32_t statement = 0;  // index into Program::strings

  bool operator==(const Place&) const = default;
};

// Strings in the order of their first use; each once. Index 0 is the empty string.
class StringPool {
 public:
  StringPool();

  uint32_t add(std::string_view text);
  std::optional<uint32_t> find(std::string_view text) const;
  // The view is good until the next add().
  std::string_view operator[](uint32_t index) const {
    return std::string_view(bytes_).substr(entries_[index].begin, entries_[index].size);
  }
  size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    uint32_t begin, size, hash;
  };

  void grow();
  // The place in the table of an equal string, or the free one where it belongs.
  size_t place_of(std::string_view text, uint32_t hash) const;

  std::string bytes_;  // one string after the other: there are several for each mount
  std::vector<Entry> entries_;
  std::vector<uint32_t> table_;  // by hash, open addressing: indices of entries_, or unused
};

// Values made of 32-bit words, in the order of their first use; each once.
template <typename T>
class Pool {
 public:
  uint32_t add(const T& value) {
    const auto next = static_cast<uint32_t>(values_.size());
    const auto [entry, fresh] = index_.try_emplace(std::bit_cast<Words>(value), next);
    if (fresh) values_.push_back(value);
    return entry->second;
  }
  const T& operator[](uint32_t index) const { return values_[index]; }
  size_t size() const { return values_.size(); }
  auto begin() const { return values_.begin(); }
  auto end() const { return values_.end(); }

 private:
  using Words = std::array<uint32_t, sizeof(T) / sizeof(uint32_t)>;
  std::map<Words, uint32_t> index_;
  std::vector<T> values_;
};

struct Program {
  std::vector<Step> steps;
  Pool<plan::Attr> attrs;
  Pool<plan::Pair> pairs;
  StringPool strings;
  std::vector<Place> places;  // empty: stripped
  uint32_t second = 0;        // the step with which a second way begins; 0: there is but one
  uint32_t back = 0;          // the step with which the way back begins; 0: there is none
  uint32_t features[plan::ways_max] = {};  // of each way: what it needs
  uint32_t registers = 0;     // registers used are below this; after slots.h: the plan's slots

  // The ways, which lie one after the other in `steps`. Empty: there is no such way.
  std::span<const Step> first_way() const;
  std::span<const Step> second_way() const;
  std::span<const Step> way_back() const;
};

}  // namespace mountc
