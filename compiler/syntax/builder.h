// compiler/syntax/builder.h - the syntax tree while it grows, and what went wrong meanwhile.
//
// The actions (actions.h) call it; it knows nothing of PEGTL.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "compiler/diag/diagnostics.h"
#include "compiler/syntax/ast.h"

namespace mountc {

// How a committed rule failed: some failures deserve more than their sentence.
enum class Mistake : uint8_t {
  expected,
  unknown_statement,
  broken_string,
  open_block,
  missing_group,  // after `shared` or `slave`
  missing_end,    // the `;` of a statement that is complete
};

// Thrown where a committed rule fails. PEGTL's own parse_error would count the lines up to it.
struct SyntaxError {
  uint32_t offset;
  const char* message;
  Mistake mistake;
};

// What stands around an error: where the token before it ends, and where the one at it does.
struct ErrorPlace {
  uint32_t previous_end;
  uint32_t token_end;
};

inline constexpr std::size_t syntax_errors_max = 1000;
inline constexpr std::size_t block_depth_max = 64;

class Builder {
 public:
  Builder(const Sources& sources, uint32_t file, Diagnostics& diagnostics)
      : file_(file),
        text_(sources.file(file).text),
        diagnostics_(diagnostics),
        blamed_(sources.file(file).blamed) {}

  // -- places -----------------------------------------------------------------------------
  std::string_view text() const { return text_; }
  uint32_t offset(const char* place) const {
    return static_cast<uint32_t>(place - text_.data());
  }
  Span span(const char* begin, const char* end) const {
    return {file_, offset(begin), offset(end)};
  }
  ast::Value value(const char* begin, const char* end) const {
    return {span(begin, end), *begin == '"'};
  }

  // -- statements -------------------------------------------------------------------------
  // What a statement inside another's block must put back when it ends, well or not.
  struct Frame {
    ast::Statement* statement;
    std::vector<ast::Statement>* siblings;
    std::size_t blocks;
  };
  Frame enter(ast::Statement& statement);
  void leave(const Frame& frame);
  void add(ast::Statement&& statement) { siblings_->push_back(std::move(statement)); }

  template <typename Node>
  Node& start() {
    return statement_->node.emplace<Node>();
  }
  template <typename Node>
  Node& node() {
    return std::get<Node>(statement_->node);
  }
  ast::Source& source();

  void begin_block(uint32_t brace);
  void end_block() { blocks_.pop_back(); }
  void begin_string(uint32_t quote) { string_begin_ = quote; }

  // -- options and attributes, collected until their owner takes them ---------------------
  std::vector<ast::Option> options;
  std::vector<ast::Attribute> attributes;
  ast::Options take_options(Span where);
  void take_attributes();
  // The statement at hand ends here although its `;` is missing.
  void finish() {
    if (std::holds_alternative<ast::Mount>(statement_->node)) take_attributes();
  }

  // -- errors -----------------------------------------------------------------------------
  void report(const SyntaxError& error, ErrorPlace around);
  // Is only the `;` missing, at the end of a line? Then the statement is whole.
  bool lacks_only_end(const SyntaxError& error, uint32_t previous_end) const;
  // Is the statement from `begin` to `end` known to be wrong? (Sources::blame) An error is the
  // innermost statement's, so ask for these first.
  bool is_blamed(uint32_t begin, uint32_t end);
  void report_bytes();  // what may stand nowhere: NUL and invalid UTF-8
  // Nothing new: an error at `offset` was told already, in other words.
  bool is_follow_up(uint32_t offset) const;
  // Parsing goes on at `offset`.
  void resume(uint32_t offset) { resumed_at_ = offset; }
  bool gave_up() const { return gave_up_; }
  bool failed() const { return errors_ > 0; }

  std::vector<ast::Statement> take_statements() { return std::move(statements_); }

 private:
  template <typename Rule>
  Diagnostic* complain(Span where, std::string_view what);  // nullptr: too many already
  void complain_unknown(Span where);
  void complain_expected(const SyntaxError& error, Span token, uint32_t previous_end);
  bool begins_as_command(uint32_t offset) const;

  uint32_t file_;
  std::string_view text_;
  Diagnostics& diagnostics_;

  std::vector<ast::Statement> statements_;
  std::vector<ast::Statement>* siblings_ = &statements_;
  ast::Statement* statement_ = nullptr;
  std::vector<uint32_t> blocks_;  // the braces that are open
  uint32_t string_begin_ = 0;

  std::vector<uint32_t> blamed_;  // the places that no statement has taken upon it yet
  std::size_t errors_ = 0;
  uint32_t resumed_at_ = 0;
  bool gave_up_ = false;
};

}  // namespace mountc
