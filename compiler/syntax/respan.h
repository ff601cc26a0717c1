// compiler/syntax/respan.h - copies of statements for another reading of their text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "compiler/syntax/ast.h"

namespace mountc {

// The same statements, with every place in `reading`, which is one of the same text.
std::vector<ast::Statement> respan(const std::vector<ast::Statement>& statements,
                                   uint32_t reading);

// How many statements there are, with those in blocks.
std::size_t count(const std::vector<ast::Statement>& statements);

}  // namespace mountc
