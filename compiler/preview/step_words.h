// compiler/preview/step_words.h - a step of a plan in words. Internal to preview/.
#pragma once

#include <string>
#include <vector>

#include "compiler/lower/program.h"

namespace mountc {

// What only running the step has shown.
struct StepFacts {
  bool missing = false;  // its slot stays empty
  bool guarded = false;  // a guard is there to attach to
};

class StepWords {
 public:
  explicit StepWords(const Program& program) : program_(program), names_(program.registers) {}

  std::string say(const Step& step, const StepFacts& facts) const;
  // What the slot that the step fills is called from now on: after what it was filled with.
  void name_slot(const Step& step);

 private:
  std::string filled(const Step& step, std::string text) const;
  std::string operand(const Step& step, size_t index) const;
  std::string slot(uint32_t number) const;
  std::string place(const Step& step) const;
  std::string attributes(uint32_t index) const;
  std::string pair(plan::Op op, uint32_t index) const;

  const Program& program_;
  std::vector<std::string> names_;  // by slot
};

}  // namespace mountc
