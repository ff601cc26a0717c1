// compiler/lower/lower.h - a checked layout to steps.
#pragma once

#include "compiler/layout/layout.h"
#include "compiler/lower/program.h"

namespace mountc {

Program lower(const Layout& layout, const Sources& sources);

}  // namespace mountc
