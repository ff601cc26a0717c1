// compiler/syntax/builder.cc - the syntax tree while it grows, and what went wrong meanwhile.
#include "compiler/syntax/builder.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "compiler/source/utf8.h"
#include "compiler/syntax/habits.h"
#include "compiler/syntax/statements.h"

namespace mountc {

namespace {

bool is_control_byte(char byte) {
  return static_cast<unsigned char>(byte) < 0x20 || byte == 0x7f;
}

}  // namespace

// -- statements -----------------------------------------------------------------------------

Builder::Frame Builder::enter(ast::Statement& statement) {
  const Frame frame{statement_, siblings_, blocks_.size()};
  statement_ = &statement;
  return frame;
}

void Builder::leave(const Frame& frame) {
  statement_ = frame.statement;
  siblings_ = frame.siblings;
  blocks_.resize(frame.blocks);
  // Left over only after an error.
  options.clear();
  attributes.clear();
}

ast::Source& Builder::source() {
  if (auto* mount = std::get_if<ast::Mount>(&statement_->node)) return mount->source;
  return node<ast::Filesystem>().source;
}

void Builder::begin_block(uint32_t brace) {
  // Each block is a few frames of the parser's stack.
  static_assert(block_depth_max == 64);
  if (blocks_.size() == block_depth_max) {
    throw SyntaxError{brace, "blocks nested more than 64 deep", Mistake::expected};
  }
  blocks_.push_back(brace);
  if (auto* mount = std::get_if<ast::Mount>(&statement_->node)) {
    take_attributes();
    mount->has_block = true;
    siblings_ = &mount->block;
  } else if (auto* loop = std::get_if<ast::For>(&statement_->node)) {
    siblings_ = &loop->body;
  } else {
    siblings_ = &node<ast::Namespace>().body;
  }
}

// -- options and attributes -----------------------------------------------------------------

ast::Options Builder::take_options(Span where) {
  ast::Options taken{where, std::move(options)};
  options.clear();
  return taken;
}

// Copied into a vector of just the right size: there are as many of them as mounts.
void Builder::take_attributes() {
  node<ast::Mount>().attributes.assign(std::make_move_iterator(attributes.begin()),
                                       std::make_move_iterator(attributes.end()));
  attributes.clear();
}

// -- errors ---------------------------------------------------------------------------------

template <typename Rule>
Diagnostic* Builder::complain(Span where, std::string_view what) {
  if (gave_up_) return nullptr;
  if (++errors_ > syntax_errors_max) {
    gave_up_ = true;
    diagnostics_.report<rule::syntax>(where, "too many errors");
    return nullptr;
  }
  return &diagnostics_.report<Rule>(where, what);
}

void Builder::complain_unknown(Span where) {
  const std::string_view word = text_.substr(where.begin, where.end - where.begin);
  if (word == "}") {
    complain<rule::syntax>(where, "`}` without a `{`");
    return;
  }
  const std::string_view habit = statement_habit(word);
  if (word.empty() || std::string_view("\";{()[],").find(word[0]) != std::string_view::npos) {
    Diagnostic* error = complain<rule::syntax>(where, "expected a statement");
    if (error != nullptr && word == ";") error->hint("nothing follows the `}}` of a block");
    if (error != nullptr && !habit.empty()) error->hint("{}", habit);
    return;
  }
  Diagnostic* error =
      complain<rule::syntax>(where, fmt::format("unknown statement `{}`", word));
  if (error == nullptr) return;
  const auto& known = syntax::statement_words();
  const std::string_view meant = nearest(word, known);
  const bool slip = !meant.empty() && is_slip(word, meant, known);
  if (!habit.empty() && !slip) {
    error->hint("{}", habit);
  } else if (!meant.empty()) {
    error->misspelt(where, word, meant, known);
  } else if (is_fstab_line(word,
                           text_.substr(where.end, text_.find('\n', where.end) - where.end))) {
    error->hint("a line of fstab is `mount TARGET TYPE on SOURCE ATTRIBUTE...;` here");
  }
}

// At the file's end every block that is still open misses its brace: one error tells it.
// A NUL was told by report_bytes().
bool Builder::is_follow_up(uint32_t offset) const {
  if (gave_up_) return true;
  if (offset == text_.size()) return resumed_at_ == offset && offset != 0;
  return text_[offset] == '\0';
}

bool Builder::lacks_only_end(const SyntaxError& error, uint32_t previous_end) const {
  if (error.mistake != Mistake::missing_end) return false;
  const auto between = text_.substr(previous_end, error.offset - previous_end);
  return between.find('\n') != std::string_view::npos || error.offset == text_.size();
}

bool Builder::is_blamed(uint32_t begin, uint32_t end) {
  if (blamed_.empty()) return false;
  const auto first = std::ranges::lower_bound(blamed_, begin);
  const auto last = std::ranges::lower_bound(blamed_, end);
  if (first == last) return false;
  blamed_.erase(first, last);
  return true;
}

// `mount -t tmpfs`: is the statement a command of mount(8)?
bool Builder::begins_as_command(uint32_t offset) const {
  constexpr uint32_t before_max = 200;
  std::string_view before =
      text_.substr(offset - std::min(offset, before_max), std::min(offset, before_max));
  before.remove_prefix(std::min(before.find_last_of(";\n") + 1, before.size()));
  return before.find("mount -") != std::string_view::npos;
}

void Builder::report(const SyntaxError& error, ErrorPlace around) {
  const char byte = error.offset < text_.size() ? text_[error.offset] : ' ';
  const bool control = is_control_byte(byte) && byte != '\n' && byte != '\r';
  const Span token{file_, error.offset, around.token_end};
  if (error.mistake == Mistake::broken_string && control) {
    complain<rule::bad_string>({file_, error.offset, error.offset + 1},
                               fmt::format("bare control byte 0x{:02x}", byte));
  } else if (error.mistake == Mistake::broken_string) {
    complain<rule::syntax>({file_, string_begin_, error.offset}, error.message);
  } else if (control) {
    complain<rule::syntax>(token, fmt::format("unexpected control byte 0x{:02x}", byte));
  } else if (error.mistake == Mistake::unknown_statement) {
    complain_unknown(token);
  } else {
    complain_expected(error, token, around.previous_end);
  }
}

// What is missing at the end of a line is missing there, not where the next one begins.
void Builder::complain_expected(const SyntaxError& error, Span token, uint32_t previous_end) {
  const auto between = text_.substr(previous_end, error.offset - previous_end);
  const bool at_line_end =
      between.find('\n') != std::string_view::npos || lacks_only_end(error, previous_end);
  const Span line_end{file_, previous_end, previous_end};
  Diagnostic* const told =
      complain<rule::syntax>(at_line_end ? line_end : token, error.message);
  if (told == nullptr) return;
  const bool comma = text_.substr(error.offset).starts_with(',');
  if (comma && begins_as_command(error.offset)) {
    told->hint("options of mount(8) are words here: `mount TARGET TYPE on SOURCE ro nosuid;`");
  } else if (error.mistake == Mistake::missing_group) {
    told->hint(
        "a group is declared by `group NAME;`; where the source has one, `inherit` keeps it");
  } else if (comma) {
    told->hint("words are parted by blanks; commas stand inside `( )` and `[ ]`");
  } else if (lacks_only_end(error, previous_end)) {
    told->fix({line_end, ";"}, "end it with `;`");
  }
  if (error.mistake == Mistake::open_block) {
    const uint32_t brace = blocks_.back();
    told->note({file_, brace, brace + 1}, "the block begins here");
  }
}

void Builder::report_bytes() {
  if (text_.starts_with("mountcp\n")) {  // runtime/plan.h
    Diagnostic* error = complain<rule::syntax>({file_, 0, 7}, "this is a plan, not a layout");
    error->hint("`mountc disasm` prints it, and `mountc run` runs it");
    gave_up_ = true;
  }
  std::size_t at = 0;
  while (!gave_up_) {
    const std::size_t invalid = find_invalid_utf8(text_, at);
    const std::size_t nul = text_.find('\0', at);
    at = std::min(invalid, nul);
    if (at == std::string_view::npos) return;
    const auto place = static_cast<uint32_t>(at);
    if (std::ranges::binary_search(blamed_, place)) {
      ++at;
      continue;
    }
    const auto byte = static_cast<unsigned char>(text_[at]);
    Diagnostic* error = complain<rule::syntax>(
        {file_, place, place + 1},
        at == nul ? "NUL byte" : fmt::format("byte 0x{:02x} is no UTF-8", byte));
    if (error != nullptr && at == invalid) {
      error->hint("write the byte as \\x{:02x} in a string", byte);
    }
    ++at;
  }
}

}  // namespace mountc
