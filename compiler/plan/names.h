// compiler/plan/names.h - the words that reports of a plan need: names of its instructions,
// operands, flags and features, and the rules that may explain a failure.
#pragma once

#include <string>
#include <vector>

#include "compiler/lower/program.h"

namespace mountc {

struct Named {
  uint32_t of;  // a plan::NameOf
  uint32_t value;
  std::string text;
};

// Only what occurs in the program, in the order of the tables. They follow from the steps, so
// the text form need not show them.
std::vector<Named> names_of(const Program& program);

}  // namespace mountc
