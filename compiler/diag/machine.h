// compiler/diag/machine.h - diagnostics for programs: JSON of our own, and SARIF 2.1.0.
//
// Both are UTF-8 whatever the layout's names hold: a byte that is not, and a control byte, is
// written as the layout would write it, `\xHH`. All diagnostics that are kept are in it.
#pragma once

#include <string>
#include <string_view>

#include "compiler/diag/diagnostics.h"

namespace mountc {

// An array of objects; docs/checking.md describes them.
std::string render_json(const Diagnostics& diagnostics, const Sources& sources);

// A log of one run, of mountc `version`.
std::string render_sarif(const Diagnostics& diagnostics, const Sources& sources,
                         std::string_view version);

}  // namespace mountc
