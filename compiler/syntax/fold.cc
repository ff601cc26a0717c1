// compiler/syntax/fold.cc - a statement as one line, or as several where it is too long for one
// or holds comments.
#include "compiler/syntax/fold.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace mountc::syntax {

namespace {

bool is(const Token& token, TokenKind kind) { return token.kind == kind; }

Family family_of(std::string_view word) {
  const StatementWord* const row = find_statement(word);
  return row ? row->family : Family::alone;
}

class Fold {
 public:
  Fold(const Sentence& sentence, std::size_t indent, std::vector<Line>& lines)
      : text_(sentence.text),
        tokens_(sentence.tokens),
        attributes_(sentence.attributes),
        assigns_(family_of(spelling(0)) == Family::variables),
        indent_(indent),
        lines_(lines) {}

  void run() {
    line_.indent = indent_;
    const bool comments = has_comment(0, tokens_.size());
    if (!comments && indent_ + width(0, tokens_.size()) <= line_columns_max) {
      row();
    } else {
      for (std::size_t begin = 0; begin < tokens_.size();) {
        const std::size_t end = next_part(begin);
        part(begin, end);
        begin = end;
      }
    }
    lines_.push_back(std::move(line_));
  }

 private:
  // -- one line -----------------------------------------------------------------------------

  void row() {
    if (!is(tokens_.back(), TokenKind::block_begin) &&
        !is(tokens_.back(), TokenKind::block_end)) {
      line_.family = family_of(spelling(0));
    }
    for (std::size_t at = 0; at < tokens_.size(); ++at) {
      append(at);
      if (at > 0 && line_.family != Family::alone && begins_column(at)) {
        line_.cells[line_.cell_count++] = line_.text.size() - spelling(at).size();
      }
    }
  }

  // The keyword, what it declares, the rest; of a mount the attributes stand apart.
  bool begins_column(std::size_t at) const {
    if (is(tokens_[at], TokenKind::semicolon)) return false;
    return at <= 2 || (!attributes_.empty() && at == attributes_[0]);
  }

  // -- several lines ------------------------------------------------------------------------

  // A line may end before a mount's source and before each attribute.
  std::size_t next_part(std::size_t begin) const {
    if (begin < 2) return std::min<std::size_t>(2, tokens_.size());
    const auto next = std::ranges::upper_bound(attributes_, begin);
    return next == attributes_.end() ? tokens_.size() : *next;
  }

  void part(std::size_t begin, std::size_t end) {
    const std::size_t next = indent_ + 2 * indent_columns;
    if (begin > 0 && !break_ && !fits(begin, end) && !has_comment(begin, end) &&
        next + width(begin, end) <= line_columns_max) {
      break_ = next;
    }
    tokens(begin, end, next);
  }

  // What cannot stay in the line goes on in one with the indent `next`.
  void tokens(std::size_t begin, std::size_t end, std::size_t next) {
    for (std::size_t at = begin; at < end; ++at) {
      if (is(tokens_[at], TokenKind::comment)) {
        comment(at, next);
      } else if (is(tokens_[at], TokenKind::open)) {
        at = list(at);
      } else {
        append(at);
      }
    }
  }

  // Options or a list of values; its last token.
  std::size_t list(std::size_t open) {
    const std::size_t close = closing(open);
    const bool glued =
        close + 1 < tokens_.size() && !is(tokens_[close + 1], TokenKind::comment);
    if (close == open + 1 ||
        (!has_comment(open, close) && fits(open, close + (glued ? 2 : 1)))) {
      for (std::size_t at = open; at <= close; ++at) append(at);
      return close;
    }
    append(open);
    const std::size_t outside = line_.indent;
    const std::size_t inside = outside + indent_columns;
    break_ = inside;
    for (std::size_t begin = open + 1; begin < close;) {
      const std::size_t end = next_item(begin, close);
      const std::size_t comments = last_comments(begin, end);
      tokens(begin, comments, inside + indent_columns);
      if (comments > begin) break_.reset();
      tokens(comments, end, inside);
      break_ = inside;
      begin = end;
    }
    break_ = outside;
    append(close);
    return close;
  }

  // After the comma that ends the item at `begin`, and the comment beside it.
  std::size_t next_item(std::size_t begin, std::size_t close) const {
    std::size_t at = begin;
    while (at < close && !is(tokens_[at], TokenKind::comma)) {
      at = is(tokens_[at], TokenKind::open) ? closing(at) + 1 : at + 1;
    }
    if (at < close) ++at;
    if (at < close && is(tokens_[at], TokenKind::comment) && tokens_[at].line_breaks == 0) ++at;
    return at;
  }

  // Where the comments at the end of the item begin.
  std::size_t last_comments(std::size_t begin, std::size_t end) const {
    while (end > begin && is(tokens_[end - 1], TokenKind::comment)) --end;
    return end;
  }

  void comment(std::size_t at, std::size_t next) {
    if (!break_ && tokens_[at].line_breaks > 0) break_ = next;
    if (tokens_[at].line_breaks > 0 || !line_.comment.empty()) end_line(break_.value_or(next));
    line_.comment = comment_text(text_, tokens_[at]);
    if (!break_) break_ = next;
  }

  // -- pieces -------------------------------------------------------------------------------

  void end_line(std::size_t next) {
    if (!line_.text.empty() || !line_.comment.empty()) {
      lines_.push_back(std::move(line_));
      line_ = Line();
    }
    line_.indent = next;
  }

  void append(std::size_t at) {
    if (break_) {
      end_line(*break_);
      break_.reset();
    }
    if (!line_.text.empty() && blank_before(at)) line_.text += ' ';
    line_.text += spelling(at);
  }

  std::string_view spelling(std::size_t at) const {
    return text_.substr(tokens_[at].begin, tokens_[at].end - tokens_[at].begin);
  }

  bool blank_before(std::size_t at) const {
    const TokenKind before = tokens_[at - 1].kind;
    switch (tokens_[at].kind) {
      case TokenKind::open: return spelling(at) == "[" && before == TokenKind::word;
      case TokenKind::comma:
      case TokenKind::close:
      case TokenKind::semicolon:
      case TokenKind::block_end:  // of an empty block
        return false;
      case TokenKind::equals: return assigns_;
      case TokenKind::word:
      case TokenKind::block_begin:
      case TokenKind::comment:
        return before != TokenKind::open && (before != TokenKind::equals || assigns_);
    }
    return true;
  }

  // Of the tokens in one line, the blanks between them included.
  std::size_t width(std::size_t begin, std::size_t end) const {
    std::size_t columns = 0;
    for (std::size_t at = begin; at < end; ++at) {
      columns += columns_of(spelling(at)) + (at > begin && blank_before(at) ? 1 : 0);
    }
    return columns;
  }

  // Whether they can follow in the line at hand.
  bool fits(std::size_t begin, std::size_t end) const {
    const bool fresh = break_.has_value();
    const std::size_t used = fresh ? *break_ : line_.indent + columns_of(line_.text);
    const std::size_t blank = !fresh && blank_before(begin) ? 1 : 0;
    return used + blank + width(begin, end) <= line_columns_max;
  }

  bool has_comment(std::size_t begin, std::size_t end) const {
    const auto part = tokens_.subspan(begin, end - begin);
    return std::ranges::find(part, TokenKind::comment, &Token::kind) != part.end();
  }

  std::size_t closing(std::size_t open) const {
    std::size_t depth = 0;
    for (std::size_t at = open; at < tokens_.size(); ++at) {
      if (is(tokens_[at], TokenKind::open)) ++depth;
      if (is(tokens_[at], TokenKind::close) && --depth == 0) return at;
    }
    return tokens_.size() - 1;
  }

  std::string_view text_;
  std::span<const Token> tokens_;
  std::span<const std::size_t> attributes_;
  bool assigns_;  // `param` and `let`: a `=` between blanks
  std::size_t indent_;
  std::vector<Line>& lines_;
  Line line_;
  std::optional<std::size_t> break_;  // the next token begins a line of this indent
};

}  // namespace

void fold(const Sentence& sentence, std::size_t indent, std::vector<Line>& lines) {
  Fold(sentence, indent, lines).run();
}

std::string_view comment_text(std::string_view text, const Token& comment) {
  const std::string_view all = text.substr(comment.begin, comment.end - comment.begin);
  return all.substr(0, all.find_last_not_of(" \t\r") + 1);
}

}  // namespace mountc::syntax
