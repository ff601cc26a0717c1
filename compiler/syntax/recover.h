// compiler/syntax/recover.h - going on after a syntax error.
//
// Included by parse.cc alone, like actions.h.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "compiler/syntax/builder.h"
#include "compiler/syntax/statements.h"
#include "grammar/layout.h"

namespace mountc::syntax {

// The tokens of a text, well-formed or not, without any grammar above them.
class Tokens {
 public:
  Tokens(std::string_view text, uint32_t from)
      : text_(text), in_(text.data() + from, text.data() + text.size(), "") {}

  // False at the end of the text.
  bool next() {
    const char* const blanks = in_.current();
    (void)tao::pegtl::parse<grammar::skip>(in_);
    begin_ = in_.current();
    const std::string_view between(blanks, static_cast<std::size_t>(begin_ - blanks));
    first_of_line_ = between.find('\n') != std::string_view::npos;
    return tao::pegtl::parse<grammar::token>(in_);
  }

  uint32_t begin() const { return static_cast<uint32_t>(begin_ - text_.data()); }
  uint32_t end() const { return static_cast<uint32_t>(in_.current() - text_.data()); }
  std::string_view text() const { return text_.substr(begin(), end() - begin()); }
  // False for the first token asked for: what stands before it is not known.
  bool first_of_line() const { return first_of_line_; }

 private:
  std::string_view text_;
  tao::pegtl::memory_input<tao::pegtl::tracking_mode::lazy> in_;
  const char* begin_ = nullptr;
  bool first_of_line_ = false;
};

// Where the failed statement that begins at `statement` ends, when the error is at `error`:
// after its `;` or its block, before the `}` of the block it lies in, or before a word that
// begins a statement at the begin of a line.
inline uint32_t statement_end(std::string_view text, uint32_t statement, uint32_t error) {
  std::size_t depth = 0;
  Tokens tokens(text, statement);
  while (tokens.next()) {
    if (tokens.begin() < error && tokens.end() <= error) continue;
    const bool first = tokens.begin() == statement;
    const std::string_view token = tokens.text();
    if (token == "{") {
      ++depth;
    } else if (token == "}") {
      if (depth == 0) return first ? tokens.end() : tokens.begin();
      if (--depth == 0) return tokens.end();
    } else if (depth == 0 && token == ";") {
      return tokens.end();
    } else if (depth == 0 && !first && tokens.first_of_line() &&
               find_statement(token) != nullptr) {
      return tokens.begin();
    }
  }
  return static_cast<uint32_t>(text.size());
}

inline ErrorPlace error_place(std::string_view text, uint32_t statement, uint32_t error) {
  ErrorPlace place{statement, error};
  Tokens tokens(text, statement);
  while (tokens.next()) {
    place.token_end = std::max(error, tokens.end());
    if (tokens.end() > error) return place;
    place.previous_end = tokens.end();
  }
  place.token_end = error;
  return place;
}

}  // namespace mountc::syntax
