// compiler/plan/assemble.h - text assembly (disassemble.h) to a program.
#pragma once

#include <optional>
#include <vector>

#include "compiler/diag/diagnostics.h"
#include "compiler/lower/program.h"

namespace mountc {

// Reads one line after the other; every line that is wrong is reported. `lines`: where each step
// stands. Whether the steps make a good plan is left to the verifier.
std::optional<Program> assemble(const Sources& sources, uint32_t file, std::vector<Span>& lines,
                                Diagnostics& diagnostics);

}  // namespace mountc
