// compiler/lower/slots.cc - gives the registers of a program the few slots of a plan.
#include "compiler/lower/slots.h"

#include <queue>

namespace mountc {
namespace {

using plan::Kind;
using plan::Op;

const plan::OpInfo& info(const Step& step) {
  return plan::ops[static_cast<uint16_t>(step.op) - 1];
}

// Slots that stay open to the end: the undo, or the command that is executed, needs them.
bool stays_open(Op op, int operand) {
  return operand == 0 && (op == Op::publish || op == Op::make || op == Op::namespace_);
}

template <typename Each>
void for_slots(Step& step, Each each) {
  for (int i = 0; i < info(step).count; ++i) {
    const Kind kind = info(step).operands[i].kind;
    if (!plan::is_slot(kind)) continue;
    const Register r = step.args[i];
    if (r != reg_host && r != reg_target && r != reg_null) each(i, kind, step.args[i]);
  }
}

// A register that is filled but never used is closed at once.
void close_unused(Program& program) {
  std::vector<bool> used(program.registers, false);
  for (Step& step : program.steps) {
    for_slots(step, [&](int i, Kind kind, Register r) {
      if (kind != Kind::def || stays_open(step.op, i)) used[r] = true;
    });
  }
  std::vector<Step> steps;
  steps.reserve(program.steps.size());
  for (Step& step : program.steps) {
    steps.push_back(step);
    for_slots(step, [&](int, Kind kind, Register r) {
      if (kind == Kind::def && !used[r]) steps.push_back({Op::close, {r}, step.place});
    });
  }
  program.steps = std::move(steps);
}

void mark_last_uses(Program& program) {
  std::vector<bool> seen(program.registers, false);
  for (Step& step : program.steps) {
    for_slots(step, [&](int i, Kind, Register r) {
      if (stays_open(step.op, i)) seen[r] = true;
    });
  }
  for (auto step = program.steps.rbegin(); step != program.steps.rend(); ++step) {
    // Of two uses in one step the later operand is the last one.
    for (int i = info(*step).count - 1; i >= 0; --i) {
      const Kind kind = info(*step).operands[i].kind;
      if (!plan::is_slot(kind) || kind == Kind::def) continue;
      const Register r = step->args[i];
      if (r >= program.registers || seen[r]) continue;
      seen[r] = true;
      if (kind != Kind::drop) step->args[i] |= reg_last_use;
    }
  }
}

}  // namespace

bool allocate_slots(Program& program) {
  close_unused(program);
  mark_last_uses(program);
  std::vector<uint32_t> slot_of(program.registers, 0);
  std::priority_queue<uint32_t, std::vector<uint32_t>, std::greater<>> free;
  uint32_t slots = 0;
  for (Step& step : program.steps) {
    std::vector<uint32_t> released;
    for_slots(step, [&](int, Kind kind, Register& r) {
      const Register flag = r & reg_last_use;
      const Register name = r & ~reg_last_use;
      if (kind == Kind::def) {
        if (free.empty()) free.push(slots++);
        slot_of[name] = free.top();
        free.pop();
      }
      r = slot_of[name] | flag;
      if (flag || kind == Kind::drop) released.push_back(slot_of[name]);
    });
    for (uint32_t slot : released) free.push(slot);
  }
  program.registers = slots;
  return slots <= plan::slots_max;
}

}  // namespace mountc
