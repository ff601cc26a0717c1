// compiler/syntax/print.cc - a text in its canonical form: what `mountc fmt` makes of it.
#include "compiler/syntax/print.h"

#include <algorithm>
#include <span>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "compiler/syntax/columns.h"
#include "compiler/syntax/fold.h"
#include "compiler/syntax/parse.h"
#include "compiler/syntax/tokens.h"

namespace mountc {

namespace {

using syntax::Line;
using syntax::Token;
using syntax::TokenKind;

// -- what only the tree knows ---------------------------------------------------------------

void add_attributes(const std::vector<ast::Statement>& statements, std::vector<uint32_t>& out);

template <typename Node>
void add_attributes(const Node&, std::vector<uint32_t>&) {}
void add_attributes(const ast::Mount& mount, std::vector<uint32_t>& out) {
  for (const ast::Attribute& each : mount.attributes) out.push_back(each.span.begin);
  add_attributes(mount.block, out);
}
void add_attributes(const ast::Namespace& space, std::vector<uint32_t>& out) {
  add_attributes(space.body, out);
}
void add_attributes(const ast::For& loop, std::vector<uint32_t>& out) {
  add_attributes(loop.body, out);
}

// Where the attributes of all mounts begin, in the order of the text.
void add_attributes(const std::vector<ast::Statement>& statements, std::vector<uint32_t>& out) {
  for (const ast::Statement& each : statements) {
    std::visit([&out](const auto& node) { add_attributes(node, out); }, each.node);
  }
}

// -- tokens ---------------------------------------------------------------------------------

// A comment before punctuation that closes nothing goes after it: no line begins with a comma.
std::vector<Token> with_comments_last(const std::vector<Token>& tokens) {
  const auto stays = [](TokenKind kind) {
    return kind == TokenKind::word || kind == TokenKind::comment || kind == TokenKind::close ||
           kind == TokenKind::block_end;
  };
  std::vector<Token> out;
  out.reserve(tokens.size());
  for (const Token& token : tokens) {
    auto place = out.end();
    if (!stays(token.kind)) {
      while (place != out.begin() && (place - 1)->kind == TokenKind::comment) --place;
    }
    out.insert(place, token);
  }
  return out;
}

// -- lines ----------------------------------------------------------------------------------

class Printer {
 public:
  Printer(std::string_view text, const ast::File& tree)
      : text_(text), tokens_(with_comments_last(syntax::tokens_of(text))) {
    add_attributes(tree.statements, attributes_);
  }

  std::string run() {
    while (at_ < tokens_.size()) {
      const Token& first = tokens_[at_];
      const std::size_t line = lines_.size();
      if (first.kind == TokenKind::comment) {
        comment();
        continue;
      }
      if (first.kind == TokenKind::block_end) {
        end_block();
      } else {
        const bool blank_above = may_be_apart_ && first.line_breaks > 1;
        statement();
        lines_[line].blank_above = blank_above;
      }
      comment_beside();
    }
    return syntax::aligned(std::move(lines_));
  }

 private:
  void comment() {
    const Token& token = tokens_[at_];
    Line line;
    line.indent = indent_;
    line.comment = syntax::comment_text(text_, token);
    line.blank_above = may_be_apart_ && token.line_breaks > 1;
    if (goes_on(at_)) {
      line.goes_on = true;
      line.indent = lines_.back().indent;
    }
    lines_.push_back(std::move(line));
    may_be_apart_ = true;
    ++at_;
  }

  // A comment below one that stands beside a statement, in the same column.
  bool goes_on(std::size_t at) const {
    if (at == 0 || lines_.empty()) return false;
    const Line& above = lines_.back();
    return tokens_[at].line_breaks == 1 && tokens_[at - 1].kind == TokenKind::comment &&
           (!above.text.empty() || above.goes_on) && column(at) == column(at - 1);
  }

  std::size_t column(std::size_t at) const {
    const std::size_t begin = tokens_[at].begin;
    const std::size_t newline = begin == 0 ? text_.npos : text_.rfind('\n', begin - 1);
    const std::size_t line = newline == text_.npos ? 0 : newline + 1;
    return syntax::columns_of(text_.substr(line, begin - line));
  }

  void comment_beside() {
    if (at_ == tokens_.size() || tokens_[at_].kind != TokenKind::comment ||
        tokens_[at_].line_breaks > 0) {
      return;
    }
    lines_.back().comment = syntax::comment_text(text_, tokens_[at_]);
    ++at_;
  }

  void end_block() {
    indent_ -= std::min(indent_, syntax::indent_columns);
    Line line;
    line.indent = indent_;
    line.text = "}";
    lines_.push_back(std::move(line));
    may_be_apart_ = true;
    ++at_;
  }

  void statement() {
    const std::size_t begin = at_;
    while (at_ < tokens_.size() && tokens_[at_].kind != TokenKind::semicolon &&
           tokens_[at_].kind != TokenKind::block_begin) {
      ++at_;
    }
    const bool block = at_ < tokens_.size() && tokens_[at_].kind == TokenKind::block_begin;
    ++at_;
    const bool empty =
        block && at_ < tokens_.size() && tokens_[at_].kind == TokenKind::block_end;
    if (empty) ++at_;

    const std::span<const Token> tokens(tokens_.data() + begin, at_ - begin);
    syntax::fold({text_, tokens, attributes_in(tokens)}, indent_, lines_);
    if (block && !empty) indent_ += syntax::indent_columns;
    may_be_apart_ = !block || empty;
  }

  // The indices of the tokens that begin attributes.
  std::span<const std::size_t> attributes_in(std::span<const Token> tokens) {
    indices_.clear();
    for (std::size_t at = 0; at < tokens.size() && attribute_ < attributes_.size(); ++at) {
      if (tokens[at].begin != attributes_[attribute_]) continue;
      indices_.push_back(at);
      ++attribute_;
    }
    return indices_;
  }

  std::string_view text_;
  std::vector<Token> tokens_;
  std::vector<uint32_t> attributes_;
  std::vector<std::size_t> indices_;
  std::vector<Line> lines_;
  std::size_t at_ = 0;         // in tokens_
  std::size_t attribute_ = 0;  // in attributes_
  std::size_t indent_ = 0;
  bool may_be_apart_ = false;  // not at the begin of the file or of a block
};

}  // namespace

std::optional<std::string> format(const Sources& sources, uint32_t file,
                                  Diagnostics& diagnostics) {
  const auto tree = parse(sources, file, diagnostics);
  if (!tree) return std::nullopt;
  return Printer(sources.file(file).text, *tree).run();
}

std::string formatted(std::string text) {
  Sources sources;
  Diagnostics diagnostics;
  const uint32_t file = sources.add("", std::move(text));
  auto result = format(sources, file, diagnostics);
  if (!result) {
    throw std::logic_error("a layout that was written is wrong: " +
                           diagnostics.all().front().message);
  }
  return std::move(*result);
}

}  // namespace mountc
