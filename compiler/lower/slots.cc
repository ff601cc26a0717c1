// compiler/lower/slots.cc - gives the registers of a program the few slots of a plan.
#include "compiler/lower/slots.h"

#include <algorithm>
#include <queue>
#include <span>

namespace mountc {
namespace {

using plan::Kind;
using plan::Op;

// Slots that stay open to the end: the undo, or the command that is executed, needs them.
bool stays_open(Op op, int operand) {
  return operand == 0 && (op == Op::namespace_ || plan::is_visible(op));
}

template <typename AnyStep, typename Each>
void for_slots(AnyStep& step, Each each) {
  for (int i = 0; i < step.row().count; ++i) {
    const Kind kind = step.row().operands[i].kind;
    if (!plan::is_slot(kind)) continue;
    const Register r = step.args[i];
    if (r != reg_host && r != reg_target && r != reg_null) each(i, kind, step.args[i]);
  }
}

// The step after which each register is not needed any more.
class Lifetimes {
 public:
  Lifetimes(std::span<const Step> steps, uint32_t registers)
      : steps_(steps), end_(registers, unused) {
    for (uint32_t i = 0; i < steps_.size(); ++i) {
      for_slots(steps_[i], [&](int operand, Kind, Register r) {
        end_[r] = stays_open(steps_[i].op, operand) || kept(r) ? kept_open : i;
      });
    }
    for (const Step& step : steps_) {
      // What is a layer when a superblock is configured still is one when it is made.
      if (step.op == Op::fsconfig_fd) outlive(step.operand("fd"), step.operand("ctx"));
      // A `stage` ends with its `unstage`, and only then would its last use be closed.
      if (step.op == Op::stage) outlive(step.operand("ns"), step.operand("fd"));
    }
    // A detached tree lives as long as the fd that made it (Linux fs/namespace.c
    // dissolve_on_fput): what was looked up in a tree does not keep it.
    for (auto step = steps_.rbegin(); step != steps_.rend(); ++step) {
      if (step->op == Op::openat2) outlive(step->operand("dir"), step->operand("fd"));
    }
  }

  // Marks the last use of each register, and closes those whose last step does not name them.
  std::vector<Step> marked() {
    std::vector<std::vector<Register>> ends(steps_.size());
    for (Register r = 0; r < end_.size(); ++r) {
      if (end_[r] < steps_.size()) ends[end_[r]].push_back(r);
    }
    std::vector<Step> out;
    out.reserve(steps_.size());
    for (uint32_t i = 0; i < steps_.size(); ++i) {
      Step step = steps_[i];
      std::vector<Register> unnamed;
      for (Register r : ends[i]) {
        if (!mark(step, r)) unnamed.push_back(r);
      }
      out.push_back(step);
      for (Register r : unnamed) out.push_back({Op::close, {r | reg_last_use}, step.place});
    }
    return out;
  }

 private:
  static constexpr uint32_t kept_open = UINT32_MAX, unused = UINT32_MAX - 1;

  bool kept(Register r) const { return end_[r] == kept_open; }

  // `r`, where it is a register at all, is needed as long as `other` is.
  void outlive(Register r, Register other) {
    if (r < end_.size()) end_[r] = std::max(end_[r], end_[other]);
  }

  // Of two uses in one step the later operand is the last one.
  static bool mark(Step& step, Register r) {
    for (int i = step.row().count - 1; i >= 0; --i) {
      const Kind kind = step.row().operands[i].kind;
      if (!plan::is_slot(kind) || kind == Kind::def || step.args[i] != r) continue;
      step.args[i] |= reg_last_use;
      return true;
    }
    return false;
  }

  std::span<const Step> steps_;
  std::vector<uint32_t> end_;
};

// Renames the registers of one way; gives the number of slots that it needs.
uint32_t rename(std::vector<Step>& steps, uint32_t registers) {
  std::vector<uint32_t> slot_of(registers, 0);
  std::priority_queue<uint32_t, std::vector<uint32_t>, std::greater<>> free;
  uint32_t slots = 0;
  for (Step& step : steps) {
    std::vector<uint32_t> released;
    for_slots(step, [&](int, Kind kind, Register& r) {
      const Register flag = r & reg_last_use;
      const Register name = used(r);
      if (kind == Kind::def) {
        if (free.empty()) free.push(slots++);
        slot_of[name] = free.top();
        free.pop();
      }
      r = slot_of[name] | flag;
      if (flag) released.push_back(slot_of[name]);
    });
    for (uint32_t slot : released) free.push(slot);
  }
  return slots;
}

}  // namespace

bool allocate_slots(Program& program) {
  std::vector<Step> steps;
  uint32_t slots = 0;
  // Each way begins with nothing.
  const auto add = [&](std::span<const Step> way) {
    std::vector<Step> own = Lifetimes(way, program.registers).marked();
    slots = std::max(slots, rename(own, program.registers));
    const auto first = static_cast<uint32_t>(steps.size());
    steps.insert(steps.end(), own.begin(), own.end());
    return first;
  };
  add(program.first_way());
  const uint32_t second = program.second ? add(program.second_way()) : 0;
  const uint32_t back = program.back ? add(program.way_back()) : 0;
  program.steps = std::move(steps);
  program.second = second;
  program.back = back;
  program.registers = slots;
  return slots <= plan::slots_max;
}

}  // namespace mountc
