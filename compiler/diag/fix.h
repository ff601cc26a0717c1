// compiler/diag/fix.h - the edits that mend a layout.
#pragma once

#include <string>
#include <vector>

#include "compiler/diag/diagnostics.h"

namespace mountc {

struct Fixed {
  std::string path;
  std::string text;                // with its edits made
  std::vector<std::string> edits;  // what was done, a line each
};

// The files that safe edits mend. Of two edits that touch each other the first one is made.
std::vector<Fixed> safe_fixes(const Diagnostics& diagnostics, const Sources& sources);

}  // namespace mountc
