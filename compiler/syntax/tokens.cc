// compiler/syntax/tokens.cc - a well-formed text as tokens, comments among them, for printing.
#include "compiler/syntax/tokens.h"

#include <algorithm>

#include "compiler/syntax/value.h"

namespace mountc::syntax {

namespace {

bool is_blank(char byte) { return byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r'; }

// The bytes that end a word; `=` does where a key or a variable's name stands.
bool ends_word(char byte) { return is_blank(byte) || is_punctuation(byte); }

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::vector<Token> run() {
    if (text_.starts_with("\xef\xbb\xbf")) at_ = 3;
    while (skip_blanks(), at_ < text_.size()) {
      const auto begin = static_cast<uint32_t>(at_);
      const TokenKind kind = token();
      tokens_.push_back({begin, static_cast<uint32_t>(at_), kind, line_breaks_});
    }
    return std::move(tokens_);
  }

 private:
  void skip_blanks() {
    line_breaks_ = 0;
    for (; at_ < text_.size() && is_blank(text_[at_]); ++at_) {
      if (text_[at_] == '\n' && line_breaks_ < 2) ++line_breaks_;
    }
  }

  TokenKind token() {
    switch (text_[at_]) {
      case '#': return comment();
      case '(':
      case '[':
        key_next_ = text_[at_] == '(';
        equals_next_ = false;
        open_.push_back(text_[at_++]);
        return TokenKind::open;
      case ')':
      case ']':
        ++at_;
        if (!open_.empty()) open_.pop_back();
        key_next_ = equals_next_ = false;
        return TokenKind::close;
      case ',':
        ++at_;
        key_next_ = !open_.empty() && open_.back() == '(';
        equals_next_ = false;
        return TokenKind::comma;
      case ';': return end_of_statement(TokenKind::semicolon);
      case '{': return end_of_statement(TokenKind::block_begin);
      case '}': return end_of_statement(TokenKind::block_end);
      default: return word();
    }
  }

  TokenKind comment() {
    const std::size_t newline = std::min(text_.find('\n', at_), text_.size());
    at_ = newline;
    return TokenKind::comment;
  }

  TokenKind end_of_statement(TokenKind kind) {
    ++at_;
    statement_next_ = true;
    key_next_ = equals_next_ = false;
    return kind;
  }

  TokenKind word() {
    if (equals_next_ && text_[at_] == '=') {
      ++at_;
      equals_next_ = false;
      return TokenKind::equals;
    }
    const std::size_t begin = at_;
    if (text_[at_] == '"') {
      string();
    } else {
      bare();
    }
    const std::string_view text = text_.substr(begin, at_ - begin);
    equals_next_ = key_next_;
    key_next_ = statement_next_ && (text == "param" || text == "let");
    statement_next_ = false;
    return TokenKind::word;
  }

  void string() {
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\') ++at_;
    }
    at_ = std::min(at_ + 1, text_.size());
  }

  void bare() {
    while (at_ < text_.size()) {
      if (text_.substr(at_, 2) == "${") {
        at_ = std::min(text_.find('}', at_), text_.size());
      } else if (ends_word(text_[at_]) || (key_next_ && text_[at_] == '=')) {
        return;
      }
      if (at_ < text_.size()) ++at_;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Token> tokens_;
  std::vector<char> open_;  // the brackets that are
  uint8_t line_breaks_ = 0;
  bool statement_next_ = true;
  bool key_next_ = false;     // a word that ends at `=`
  bool equals_next_ = false;  // a `=` that is no part of a word
};

}  // namespace

std::vector<Token> tokens_of(std::string_view text) { return Lexer(text).run(); }

}  // namespace mountc::syntax
