// compiler/lower/lower.h - a checked layout to steps.
#pragma once

#include "compiler/layout/layout.h"
#include "compiler/layout/strategy.h"
#include "compiler/lower/program.h"

namespace mountc {

// A program of one way or two, the one for newer kernels first.
Program lower(const Layout& layout, const Sources& sources, Strategies strategies = {true, false});

}  // namespace mountc
