// compiler/syntax/fold.h - a statement as one line, or as several where it is too long for one
// or holds comments.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/syntax/columns.h"
#include "compiler/syntax/tokens.h"

namespace mountc::syntax {

inline constexpr std::size_t indent_columns = 4;

// One statement, from its keyword through `;`, `{` or `{ }`.
struct Sentence {
  std::string_view text;  // the whole file
  std::span<const Token> tokens;
  std::span<const std::size_t> attributes;  // which tokens begin the attributes of a mount
};

// Appends its lines.
void fold(const Sentence& sentence, std::size_t indent, std::vector<Line>& lines);

// A comment without the blanks at its end.
std::string_view comment_text(std::string_view text, const Token& comment);

}  // namespace mountc::syntax
