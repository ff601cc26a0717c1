// compiler/lower/lower.h - a checked layout to steps.
#pragma once

#include <optional>

#include "compiler/diag/diagnostics.h"
#include "compiler/layout/layout.h"
#include "compiler/lower/program.h"

namespace mountc {

std::optional<Program> lower(const Layout& layout, const Sources& sources,
                             Diagnostics& diagnostics);

}  // namespace mountc
