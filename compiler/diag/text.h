// compiler/diag/text.h - diagnostics as people read them: place, message, line with caret, notes.
#pragma once

#include <string>

#include "compiler/diag/diagnostics.h"

namespace mountc {

// All diagnostics, sorted by place.
std::string render_text(const Diagnostics& diagnostics, const Sources& sources);

}  // namespace mountc
