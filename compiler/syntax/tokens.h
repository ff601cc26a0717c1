// compiler/syntax/tokens.h - a well-formed text as tokens, comments among them, for printing.
//
// The parser reads no tokens: where a word ends depends on its place in the grammar. Here a
// text that has passed the parser is cut into the same pieces without a grammar, so that
// printing needs to know nothing of a statement to keep all of it.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace mountc::syntax {

enum class TokenKind : uint8_t {
  word,  // or string
  open,  // ( [
  close,
  comma,
  equals,
  semicolon,
  block_begin,
  block_end,
  comment,
};

struct Token {
  uint32_t begin;
  uint32_t end;
  TokenKind kind;
  uint8_t line_breaks;  // before it: 0, 1, or 2 for blank lines
};

std::vector<Token> tokens_of(std::string_view text);

}  // namespace mountc::syntax
