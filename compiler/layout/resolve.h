// compiler/layout/resolve.h - syntax tree to layout: names bound, parents found, values decoded.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "compiler/diag/diagnostics.h"
#include "compiler/layout/layout.h"
#include "compiler/syntax/ast.h"

namespace mountc {

// Reads included files into `sources`. `definitions` are those of -D NAME=VALUE. nullopt: the
// errors are in `diagnostics`.
std::optional<Layout> resolve(ast::File file, Sources& sources,
                              const std::map<std::string, std::string>& definitions,
                              Diagnostics& diagnostics);

}  // namespace mountc
