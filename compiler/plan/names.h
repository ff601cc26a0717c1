// compiler/plan/names.h - the words that reports of a plan need: names of its instructions,
// operands and features, what stands for their values, and the rules that may explain a failure.
#pragma once

#include <string>
#include <vector>

#include "compiler/lower/program.h"

namespace mountc {

struct Named {
  uint32_t of;     // a plan::NameOf
  uint32_t value;  // of attributes, pairs and strings their number in the program
  std::string text;
};

// Only what occurs in the program, in the order of the tables, and values in that of the steps.
// They follow from the steps, so the text form need not show them.
std::vector<Named> names_of(const Program& program);

}  // namespace mountc
