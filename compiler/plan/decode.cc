// compiler/plan/decode.cc - the bytes of a plan to a program.
#include "compiler/plan/decode.h"

#include <algorithm>

#include "compiler/plan/bytes.h"

namespace mountc {
namespace {

using plan::Kind;

class Decoder {
 public:
  explicit Decoder(const plan::View& view) : view_(view) {}

  Program run() {
    std::ranges::copy(view_.header->features, program_.features);
    program_.second = view_.header->second;
    program_.back = view_.header->back;
    program_.registers = view_.header->slots;
    program_.steps.reserve(view_.steps());
    for (uint32_t i = 0; i < view_.steps(); ++i) step(view_.code[i]);
    if (view_.header->lines.count) places();
    return std::move(program_);
  }

 private:
  void step(const plan::Instruction& in) {
    Step step{plan::Op{in.op}};
    const plan::OpInfo& info = step.row();
    const uint16_t* half = in.half;
    const uint32_t* word = in.word;
    for (int i = 0; i < info.count; ++i) {
      const Kind kind = info.operands[i].kind;
      step.args[i] = decoded(kind, plan::is_half(kind) ? *half++ : *word++);
    }
    program_.steps.push_back(step);
  }

  uint32_t decoded(Kind kind, uint32_t value) {
    if (plan::is_slot(kind)) return slot(value);
    if (kind == Kind::attr) return program_.attrs.add(view_.attrs[value]);
    if (kind == Kind::pair) return program_.pairs.add(view_.pairs[value]);
    return plan::is_string(kind) ? program_.strings.add(view_.text(value)) : value;
  }

  static Register slot(uint32_t half) {
    switch (half & plan::slot_mask) {
      case plan::slot_host: return reg_host;
      case plan::slot_target: return reg_target;
      case plan::slot_null: return reg_null;
      default: break;
    }
    return (half & plan::slot_mask) | (half & plan::slot_last_use ? reg_last_use : 0);
  }

  void places() {
    program_.places.reserve(view_.header->places.count);
    for (uint32_t i = 0; i < view_.header->places.count; ++i) {
      const plan::Place& place = view_.places[i];
      program_.places.push_back({program_.strings.add(view_.text(place.file)), place.line,
                                 place.column,
                                 program_.strings.add(view_.text(place.statement))});
    }
    for (uint32_t i = 0; i < view_.steps(); ++i) {
      const plan::Place* place = view_.place(i);
      program_.steps[i].place = place ? static_cast<uint32_t>(place - view_.places) : 0;
    }
  }

  const plan::View& view_;
  Program program_;
};

}  // namespace

std::optional<Program> decode(std::string_view bytes, std::string& error) {
  PlanBytes plan(bytes);
  if (const auto refusal = plan.refusal()) {
    error = refusal->text();
    return std::nullopt;
  }
  return Decoder(plan.view()).run();
}

}  // namespace mountc
