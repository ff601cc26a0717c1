// compiler/validate/simulator.cc - runs a plan's steps on the model: slots, nulls and last
// uses, as runtime/run.cc does.
#include "compiler/validate/simulator.h"

#include <type_traits>
#include <utility>

namespace mountc {

using kernel::Path;
using plan::Kind;

Simulator::Simulator(World& world, const Program& program, std::span<const Step> steps)
    : world_(world),
      kernel_(world.kernel),
      task_(world.task),
      program_(program),
      steps_(steps),
      home_(world.task),
      slots_(program.registers) {}

// -- from a step to its instruction ---------------------------------------------------------

namespace {

// Is an operand of this kind given to the instruction as such a parameter?
template <typename Parameter>
constexpr bool is_given_as(Kind kind) {
  if (plan::is_string(kind)) return std::is_same_v<Parameter, std::string_view>;
  if (kind == Kind::attr) return std::is_same_v<Parameter, const plan::Attr&>;
  if (kind == Kind::pair) return std::is_same_v<Parameter, const plan::Pair&>;
  return std::is_same_v<Parameter, uint32_t>;
}

template <typename... Parameters>
constexpr bool are_operands_of(const plan::OpInfo& row) {
  size_t at = 0;
  return row.count == sizeof...(Parameters) &&
         (is_given_as<Parameters>(row.operands[at++].kind) && ...);
}

}  // namespace

template <typename Operand>
Operand Simulator::operand(uint32_t argument) const {
  if constexpr (std::is_same_v<Operand, Text>) {
    return program_.strings[argument];
  } else if constexpr (std::is_same_v<Operand, Attr>) {
    return program_.attrs[argument];
  } else if constexpr (std::is_same_v<Operand, Pair>) {
    return program_.pairs[argument];
  } else {
    return argument;
  }
}

template <plan::Op op, typename... Operands>
Outcome Simulator::call(Outcome (Simulator::*instruction)(Operands...), const Step& step) {
  static_assert(are_operands_of<Operands...>(plan::row_of(op)), "not as its row has them");
  const auto with_operands = [&]<size_t... at>(std::index_sequence<at...>) {
    return (this->*instruction)(operand<Operands>(step.args[at])...);
  };
  return with_operands(std::index_sequence_for<Operands...>());
}

// By code, which are dense from 1.
const Simulator::Function Simulator::functions[] = {
#define OP(code, name, since, effect, summary, ...)           \
  [](Simulator& self, const Step& step) {                     \
    return self.call<plan::Op::name>(&Simulator::name, step); \
  },
#include "runtime/ops.def"
};

// -- slots, nulls and last uses -------------------------------------------------------------

std::optional<size_t> Simulator::run(const Observer& observer) {
  for (size_t i = 0; i < steps_.size(); ++i) {
    outcome_ = execute(steps_[i]);
    if (observer) observer(i, outcome_);
    if (outcome_.failed()) return i;
  }
  return std::nullopt;
}

Outcome Simulator::execute(const Step& step) {
  const plan::OpInfo& row = step.row();
  Outcome outcome;
  for (int i = 0; i < row.count; ++i) {
    if (row.operands[i].kind == Kind::use && is_null(step.args[i])) outcome.skipped = true;
  }
  if (!outcome.skipped) outcome = functions[row.code - 1](*this, step);
  if (outcome.failed()) return outcome;
  for (int i = 0; i < row.count; ++i) {
    const Kind kind = row.operands[i].kind;
    if (kind == Kind::def && (outcome.skipped || outcome.null)) give_up(step.args[i]);
    const bool closes = kind == Kind::drop || (step.args[i] & reg_last_use);
    if (plan::is_slot(kind) && kind != Kind::def && closes) give_up(step.args[i]);
  }
  return outcome;
}

bool Simulator::is_null(Register r) const {
  const Register number = used(r);
  if (number == reg_host || number == reg_target) return false;
  return number == reg_null || slots_[number].holds == Slot::Holds::null;
}

void Simulator::give_up(Register r) {
  const Register number = used(r);
  if (number >= slots_.size()) return;
  const Slot held = std::exchange(slots_[number], Slot{});
  if (held.holds != Slot::Holds::path) return;
  --kernel_.mounts()[held.path.mount].users;
  if (held.owns_tree) kernel_.dissolve(held.path.mount);
}

void Simulator::fill(Register r, Path place) {
  give_up(r);
  ++kernel_.mounts()[place.mount].users;
  slot(r) = {.holds = Slot::Holds::path, .path = place};
}

void Simulator::fill_with_tree(Register r, Path root) {
  fill(r, root);
  slot(r).owns_tree = true;
}

void Simulator::close_all() {
  for (uint32_t i = 0; i < slots_.size(); ++i) give_up(i);
}

void Simulator::go_on(std::span<const Step> steps) {
  close_all();
  steps_ = steps;
  task_ = home_;
}

const Path* Simulator::place_of(Register r) const {
  const Register number = used(r);
  if (number >= slots_.size() || slots_[number].holds != Slot::Holds::path) return nullptr;
  return &slots_[number].path;
}

kernel::Answer Simulator::look_up(Register dir, std::string_view path, uint32_t flags,
                                  Path& found) {
  const Register number = used(dir);
  const bool pseudo = number == reg_host || number == reg_target;
  const Path from = pseudo ? task_.root : slots_[number].path;
  const auto crossing =
      flags & plan::bit::tree_NO_XDEV ? kernel::Crossing::no_xdev : kernel::Crossing::follow;
  return kernel_.look_up(task_, from, path, found, crossing);
}

}  // namespace mountc
