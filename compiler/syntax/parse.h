// compiler/syntax/parse.h - text to syntax tree.
#pragma once

#include <optional>

#include "compiler/diag/diagnostics.h"
#include "compiler/syntax/ast.h"

namespace mountc {

// nullopt: the errors are in `diagnostics`.
std::optional<ast::File> parse(const Sources& sources, uint32_t file, Diagnostics& diagnostics);

}  // namespace mountc
