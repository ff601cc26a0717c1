// compiler/check/check.h - refuses layouts that cannot work, in the order of check_all().
#pragma once

#include "compiler/diag/diagnostics.h"
#include "compiler/layout/layout.h"

namespace mountc {

// Reports every violation; diagnostics.has_errors() tells.
void check_all(const Layout& layout, Diagnostics& diagnostics);

}  // namespace mountc
