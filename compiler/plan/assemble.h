// compiler/plan/assemble.h - text assembly (disassemble.h) to a program.
#pragma once

#include <optional>
#include <vector>

#include "compiler/diag/diagnostics.h"
#include "compiler/lower/program.h"

namespace mountc {

struct Assembly {
  Program program;
  std::vector<Span> lines;  // where each step stands
};

// Reads one line after the other; every line that is wrong is reported. Whether the steps make
// a good plan is left to the verifier.
std::optional<Assembly> assemble(const Sources& sources, uint32_t file,
                                 Diagnostics& diagnostics);

}  // namespace mountc
