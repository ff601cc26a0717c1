// compiler/tool/explain_plan.h - `mountc explain LAYOUT|PLAN`: what each step does, and where
// it shows.
#pragma once

#include "compiler/tool/options.h"

namespace mountc::tool {

Exit explain_plan(const Arguments& arguments);

}  // namespace mountc::tool
