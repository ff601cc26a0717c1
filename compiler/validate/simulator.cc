// compiler/validate/simulator.cc - runs a plan's steps on the model: slots, nulls and last
// uses, as runtime/run.cc does.
#include "compiler/validate/simulator.h"

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

// By code, which are dense from 1.
const Simulator::Function Simulator::functions[] = {
#define OP(code, name, since, effect, summary, ...) &Simulator::name,
#include "runtime/ops.def"
};

std::optional<size_t> Simulator::run(const Observer& observer) {
  for (size_t i = 0; i < steps_.size(); ++i) {
    outcome_ = execute(steps_[i]);
    if (observer) observer(i, outcome_);
    if (outcome_.failed()) return i;
  }
  return std::nullopt;
}

Outcome Simulator::execute(const Step& step) {
  const plan::OpInfo& row = plan::ops[static_cast<uint16_t>(step.op) - 1];
  Outcome outcome;
  for (int i = 0; i < row.count; ++i) {
    if (row.operands[i].kind == Kind::use && is_null(step.args[i])) outcome.skipped = true;
  }
  if (!outcome.skipped) outcome = (this->*functions[static_cast<uint16_t>(step.op) - 1])(step);
  if (outcome.failed()) return outcome;
  for (int i = 0; i < row.count; ++i) {
    const Kind kind = row.operands[i].kind;
    if (kind == Kind::def && (outcome.skipped || outcome.null)) give_up(step.args[i]);
    const bool closes = kind == Kind::drop || (step.args[i] & reg_last_use);
    if (plan::is_slot(kind) && kind != Kind::def && closes) give_up(step.args[i]);
  }
  return outcome;
}

bool Simulator::is_null(uint32_t argument) const {
  const uint32_t number = argument & ~reg_last_use;
  if (number == reg_host || number == reg_target) return false;
  return number == reg_null || slots_[number].holds == Slot::Holds::null;
}

void Simulator::give_up(uint32_t argument) {
  const uint32_t number = argument & ~reg_last_use;
  if (number >= slots_.size()) return;
  const Slot held = std::exchange(slots_[number], Slot{});
  if (held.holds != Slot::Holds::path) return;
  --kernel_.mounts()[held.path.mount].users;
  if (held.owns_tree) kernel_.dissolve(held.path.mount);
}

void Simulator::fill(uint32_t argument, Path path, bool owns_tree) {
  give_up(argument);
  ++kernel_.mounts()[path.mount].users;
  slot(argument) = {Slot::Holds::path, owns_tree, path, 0};
}

void Simulator::close_all() {
  for (uint32_t i = 0; i < slots_.size(); ++i) give_up(i);
}

void Simulator::go_on(std::span<const Step> steps) {
  close_all();
  steps_ = steps;
  task_ = home_;
}

const Path* Simulator::path(uint32_t argument) const {
  const uint32_t number = argument & ~reg_last_use;
  if (number >= slots_.size() || slots_[number].holds != Slot::Holds::path) return nullptr;
  return &slots_[number].path;
}

kernel::Answer Simulator::look_up(uint32_t dir, std::string_view path, uint32_t flags,
                                  Path& found) {
  const uint32_t number = dir & ~reg_last_use;
  const bool pseudo = number == reg_host || number == reg_target;
  const Path from = pseudo ? task_.root : slots_[number].path;
  const auto crossing =
      flags & plan::bit::tree_NO_XDEV ? kernel::Crossing::no_xdev : kernel::Crossing::follow;
  return kernel_.look_up(task_, from, path, found, crossing);
}

}  // namespace mountc
