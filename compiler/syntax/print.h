// compiler/syntax/print.h - a text in its canonical form: what `mountc fmt` makes of it.
//
// The tokens of the text are written again, all of them, with other blanks between them. A new
// statement therefore needs nothing here; its row of statements.def lines it up with its
// neighbours.
#pragma once

#include <optional>
#include <string>

#include "compiler/diag/diagnostics.h"
#include "compiler/syntax/ast.h"

namespace mountc {

// nullopt: the text has errors, which are in `diagnostics`.
std::optional<std::string> format(const Sources& sources, uint32_t file,
                                  Diagnostics& diagnostics);

// A text that mountc has written itself: an error in it is a bug, std::logic_error.
std::string formatted(std::string text);

}  // namespace mountc
