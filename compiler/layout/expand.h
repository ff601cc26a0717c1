// compiler/layout/expand.h - one list of statements, in the order of the text: included files
// in the place of `include`, the body of a `for` once for each value.
#pragma once

#include <optional>
#include <vector>

#include "compiler/layout/variables.h"

namespace mountc {

// Enters every variable on the way. nullopt: the errors are in `diagnostics`.
std::optional<std::vector<ast::Statement>> expand(std::vector<ast::Statement> statements,
                                                  Sources& sources, LayoutVariables& variables,
                                                  Diagnostics& diagnostics);

}  // namespace mountc
