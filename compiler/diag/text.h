// compiler/diag/text.h - diagnostics as people read them: place, message, line with caret,
// notes.
#pragma once

#include <cstddef>
#include <string>

#include "compiler/diag/diagnostics.h"

namespace mountc {

// So many are shown, errors before warnings; a last line says how many more there are.
inline constexpr std::size_t shown_max = 20;

// The diagnostics in the order of the text; `colours`: for a terminal that has them.
std::string render_text(const Diagnostics& diagnostics, const Sources& sources,
                        bool colours = false);

}  // namespace mountc
