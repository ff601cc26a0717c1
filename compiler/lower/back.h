// compiler/lower/back.h - the way back: steps that check what a run of the plan has made, and
// take it away.
#pragma once

#include "compiler/layout/layout.h"
#include "compiler/lower/program.h"
#include "compiler/source/source.h"

namespace mountc {

// `program` with the way back behind its steps. Of a layout that makes nothing which outlives
// its processes, there is none.
Program with_way_back(Program program, const Layout& layout, const Sources& sources);

}  // namespace mountc
