// compiler/check/check.h - refuses layouts that cannot work, in the order of check_all().
#pragma once

#include "compiler/diag/diagnostics.h"
#include "compiler/layout/layout.h"
#include "compiler/layout/strategy.h"

namespace mountc {

// Of the strategies that are wanted, those that can make this layout; without one, it is
// refused.
Strategies check_strategies(const Layout& layout, Strategies wanted, Diagnostics& diagnostics);

// Reports every violation; diagnostics.has_errors() tells.
void check_all(const Layout& layout, Diagnostics& diagnostics);

}  // namespace mountc
