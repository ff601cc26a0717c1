// compiler/front/front.h - a layout's text to a layout that can work, or all that is wrong with
// it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "compiler/diag/diagnostics.h"
#include "compiler/layout/layout.h"

namespace mountc {

// nullopt: the errors are in `diagnostics`, those of all stages. Each stage builds on those
// before it; so after an error the text is looked at once more without the statements that are
// wrong, and again, until nothing new is found. What may only follow from leaving them out is
// not reported.
std::optional<Layout> understand(Sources& sources, uint32_t file,
                                 const std::map<std::string, std::string>& definitions,
                                 Diagnostics& diagnostics);

}  // namespace mountc
