// compiler/plan/names.cc - the words that reports of a plan need, from the runtime's tables.
#include "compiler/plan/names.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <map>
#include <set>

namespace mountc {
namespace {

using plan::BitSet;
using plan::Kind;
using plan::Op;
using enum plan::Op;

static_assert(plan::name_op + plan::operands_max < plan::name_reason);

// What the steps hold.
struct Use {
  std::set<Op> ops;
  std::map<BitSet, uint32_t> bits;

  explicit Use(const Program& program) {
    for (const Step& step : program.steps) add(program, step);
  }

  bool any_of(std::initializer_list<Op> some) const {
    return std::ranges::any_of(some, [this](Op op) { return ops.contains(op); });
  }

 private:
  void add(const Program& program, const Step& step) {
    ops.insert(step.op);
    const plan::OpInfo& info = plan::ops[static_cast<uint16_t>(step.op) - 1];
    for (int i = 0; i < info.count; ++i) {
      if (info.operands[i].kind == Kind::bits) {
        bits[info.operands[i].bits] |= step.args[i];
      } else if (info.operands[i].kind == Kind::attr) {
        const plan::Attr& attr = program.attrs[step.args[i]];
        bits[BitSet::attr] |= attr.set | attr.clear;
        bits[BitSet::propagation] |= attr.propagation;
      }
    }
  }
};

constexpr Op any{0};  // in reasons.def

enum Feature : uint32_t {
#define FEATURE(bit, name, since, what) name##_feature = 1u << (bit),
#include "runtime/features.def"
};

// Some rows explain the relatives of their instruction, too (runtime/reasons.cc).
bool may_explain(Op op, const Use& use) {
  if (op == any) return !use.ops.empty();
  return use.ops.contains(op) ||
         (op == Op::open_tree &&
          use.any_of({Op::open_tree_attr, Op::bind, Op::mount_setattr})) ||
         (op == Op::publish && use.ops.contains(Op::publish_root));
}

}  // namespace

std::vector<Named> names_of(const Program& program) {
  const Use use(program);
  std::vector<Named> names;
  for (const Op op : use.ops) {
    const auto code = static_cast<uint32_t>(op);
    const plan::OpInfo& info = plan::ops[code - 1];
    names.push_back({plan::name_op, code, info.name});
    for (int i = 0; i < info.count; ++i) {
      names.push_back(
          {plan::name_op + 1u + static_cast<uint32_t>(i), code, info.operands[i].name});
    }
  }
#define REASON(id, name, op, errno, text)                              \
  if (may_explain(op, use) && (program.back || (op) != Op::if_shared)) \
    names.push_back({plan::name_reason, id, text});
#include "runtime/reasons.def"
#define PART(number, name, ...) \
  if (use.any_of({__VA_ARGS__})) names.push_back({plan::name_part, number, #name});
#include "runtime/parts.def"
  // To replace what is there takes one more than the run itself.
  uint32_t features = program.features[0] | program.features[1];
  if (program.back) features |= beneath_feature;
#define FEATURE(bit, name, since, what)                                                       \
  if (features & 1u << (bit)) {                            \
    names.push_back(                                                                          \
        {plan::name_feature, bit,                                                             \
         fmt::format("{}: {} (Linux {}.{} has it)", #name, what, since / 100, since % 100)}); \
  }
#include "runtime/features.def"
  for (const plan::BitName& name : plan::bit_names) {
    const auto used = use.bits.find(name.set);
    if (used == use.bits.end() || (name.value & ~used->second)) continue;
    names.push_back({plan::name_bits + static_cast<uint32_t>(name.set), name.value, name.name});
  }
  return names;
}

}  // namespace mountc
