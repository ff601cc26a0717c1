// compiler/syntax/dump.h - the syntax tree as indented text, for --emit=ast and the tests.
#pragma once

#include <string>

#include "compiler/syntax/ast.h"

namespace mountc {

std::string dump(const Sources& sources, const ast::File& file);

}  // namespace mountc
