// compiler/plan/names.cc - the words that reports of a plan need, from the runtime's tables.
#include "compiler/plan/names.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <set>
#include <utility>

#include "compiler/plan/value_text.h"

namespace mountc {
namespace {

using plan::Op;
using enum plan::Op;

static_assert(plan::name_op + plan::operands_max < plan::name_reason);

// What the steps hold.
class Use {
 public:
  std::set<Op> ops;
  std::vector<Named> values;

  explicit Use(const Program& program) : program_(program), seen_(program.strings.size()) {
    for (const Step& step : program.steps) add(step);
  }

  bool any_of(std::initializer_list<Op> some) const {
    return std::ranges::any_of(some, [this](Op op) { return ops.contains(op); });
  }

 private:
  void add(const Step& step) {
    ops.insert(step.op);
    const plan::OpInfo& info = step.row();
    for (int i = 0; i < info.count; ++i) {
      const plan::Operand& operand = info.operands[i];
      if (plan::is_string(operand.kind)) {
        add_string(step.args[i]);
      } else if (!plan::is_slot(operand.kind)) {
        add_value(operand, step.args[i]);
      }
    }
  }

  void add_value(const plan::Operand& operand, uint32_t value) {
    const uint32_t of = plan::name_of_value(operand.kind, operand.bits);
    if (known_.insert({of, value}).second) {
      values.push_back({of, value, value_text(program_, operand, value)});
    }
  }

  // Most stand there as they are.
  void add_string(uint32_t index) {
    if (seen_[index]) return;
    seen_[index] = true;
    const std::string_view text = program_.strings[index];
    if (!is_plain(text)) values.push_back({plan::name_text, index, escaped(text)});
  }

  const Program& program_;
  std::vector<bool> seen_;                         // of the strings
  std::set<std::pair<uint32_t, uint32_t>> known_;  // of other values
};

constexpr Op any{0};  // in reasons.def

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
    const plan::OpInfo& info = plan::row_of(op);
    names.push_back({plan::name_op, code, info.name});
    for (int i = 0; i < info.count; ++i) {
      names.push_back(
          {plan::name_op + 1u + static_cast<uint32_t>(i), code, info.operands[i].name});
    }
  }
#define REASON(id, name, op, errno, text) \
  if (may_explain(op, use)) names.push_back({plan::name_reason, id, text});
#include "runtime/reasons.def"
#define PART(number, name, ...) \
  if (use.any_of({__VA_ARGS__})) names.push_back({plan::name_part, number, #name});
#include "runtime/parts.def"
  // To replace what is there takes one more than the run itself.
  uint32_t features = program.features[0] | program.features[1];
  if (program.back) features |= feature::beneath;
#define FEATURE(bit, name, since, what)                                                       \
  if (features & 1u << (bit)) {                                                               \
    names.push_back(                                                                          \
        {plan::name_feature, bit,                                                             \
         fmt::format("{}: {} (Linux {}.{} has it)", #name, what, since / 100, since % 100)}); \
  }
#include "runtime/features.def"
  std::ranges::copy(use.values, std::back_inserter(names));
  return names;
}

}  // namespace mountc
