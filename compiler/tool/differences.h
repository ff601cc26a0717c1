// compiler/tool/differences.h - the sides of a comparison, and what is printed of it.
#pragma once

#include <string>
#include <vector>

#include "compiler/snapshot/compare.h"
#include "compiler/tool/captured.h"
#include "compiler/tool/options.h"

namespace mountc::tool {

// A side by its name on the command line: `pid:N`, a layout, or a recording. Messages are
// printed.
Exit add_side(const std::string& name, const std::map<std::string, std::string>& definitions,
              Captured& side);

// Puts the mounts that a layout declares in the caller's namespace where `root`, as the
// directory of a running one, has them: links are followed. Where it declares nothing at all,
// it is silent.
void place(snapshot::Snapshot& wanted, const std::string& root);

// A line for each difference; nothing when there is none.
std::string as_text(const std::vector<Difference>& differences);
// A JSON array of objects.
std::string as_json(const std::vector<Difference>& differences);

// Compares, prints as --format says, and returns the status: 0 equal, 1 different, 2 an error.
Exit report_differences(const Captured& first, const Captured& second,
                        const Arguments& arguments);

}  // namespace mountc::tool
