// compiler/validate/validate.h - proves a plan before it is written: it makes what is declared.
#pragma once

#include <optional>
#include <string>

#include "compiler/layout/layout.h"
#include "compiler/lower/program.h"

namespace mountc {

// What is wrong with the plan, in words: always a bug in the compiler. Nothing is printed and
// nothing of the machine is looked at.
std::optional<std::string> defect_of(const Program& program, const Layout& layout);

}  // namespace mountc
