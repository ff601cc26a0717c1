// compiler/foreign/shell_tokens.cc - a shell script as words and operators.
#include "compiler/foreign/shell_tokens.h"

#include <algorithm>
#include <cctype>
#include <cstddef>

#include "compiler/foreign/shell_braces.h"

namespace mountc {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

bool ends_word(char c) {
  return is_blank(c) || c == '\n' ||
         std::string_view(";&|()<>").find(c) != std::string_view::npos;
}

class Tokens {
 public:
  Tokens(const std::string& script, uint32_t line) : script_(script), line_(line) {}

  std::vector<ShellToken> read() {
    while (at_ < script_.size()) step();
    add(ShellToken::line_end, at_);
    return std::move(tokens_);
  }

 private:
  void add(ShellToken::Kind kind, size_t begin) {
    tokens_.push_back({kind, script_.substr(begin, at_ - begin), line_, begin, at_});
  }

  void step() {
    const char c = script_[at_];
    if (is_blank(c)) {
      ++at_;
    } else if (c == '\\' && script_.compare(at_, 2, "\\\n") == 0) {
      at_ += 2;
      ++line_;
    } else if (c == '#') {
      at_ = std::min(script_.find('\n', at_), script_.size());
    } else if (c == '\n') {
      add(ShellToken::line_end, at_++);
      ++line_;
      for (const std::string& end : documents_) skip_document(end);
      documents_.clear();
    } else if (c == '<' || c == '>' || script_.compare(at_, 2, "&>") == 0) {
      redirection();
    } else if (ends_word(c)) {
      const size_t begin = at_;
      const bool twice =
          c != '(' && c != ')' && script_.compare(at_ + 1, 1, std::string(1, c)) == 0;
      at_ += twice ? 2 : 1;
      add(ShellToken::op, begin);
    } else {
      word();
    }
  }

  void skip_word() {
    while (at_ < script_.size() && !ends_word(script_[at_])) {
      at_ = end_of_group(script_, at_);
    }
  }

  void word() {
    const size_t begin = at_;
    // `{ COMMAND; }`, not a list in braces
    const bool opens = script_[at_] == '{' && at_ + 1 < script_.size() &&
                       (is_blank(script_[at_ + 1]) || script_[at_ + 1] == '\n');
    if (opens) {
      ++at_;
      return add(ShellToken::word, begin);
    }
    skip_word();
    const bool number = std::all_of(script_.begin() + static_cast<std::ptrdiff_t>(begin),
                                    script_.begin() + static_cast<std::ptrdiff_t>(at_),
                                    [](unsigned char c) { return std::isdigit(c); });
    const bool redirects = at_ < script_.size() && (script_[at_] == '<' || script_[at_] == '>');
    if (number && redirects) return redirection();
    add(ShellToken::word, begin);
    line_ += static_cast<uint32_t>(
        std::count(script_.begin() + static_cast<std::ptrdiff_t>(begin),
                   script_.begin() + static_cast<std::ptrdiff_t>(at_), '\n'));
  }

  // `2>&1`, `> FILE`, `<< END`: with what it redirects to.
  void redirection() {
    const size_t begin = at_;
    while (at_ < script_.size() &&
           std::string_view("<>&|-").find(script_[at_]) != std::string_view::npos) {
      ++at_;
    }
    const std::string_view operation = std::string_view(script_).substr(begin, at_ - begin);
    if (script_.compare(at_, 1, "(") == 0) {  // <(COMMAND)
      at_ = end_of_group(script_, at_);
      return;
    }
    while (at_ < script_.size() && is_blank(script_[at_])) ++at_;
    const size_t target = at_;
    skip_word();
    std::string end = script_.substr(target, at_ - target);
    const bool to_descriptor = operation.ends_with('&') || operation.ends_with('-');
    if (operation.find('>') != std::string_view::npos && !to_descriptor && !end.empty())
      tokens_.push_back({ShellToken::output, end, line_, begin, at_});
    if (operation != "<<" && operation != "<<-") return;
    std::erase_if(end, [](char c) { return c == '"' || c == '\'' || c == '\\'; });
    documents_.push_back(end);
  }

  void skip_document(const std::string& end) {
    while (at_ < script_.size()) {
      const size_t stop = std::min(script_.find('\n', at_), script_.size());
      std::string_view text = std::string_view(script_).substr(at_, stop - at_);
      at_ = std::min(stop + 1, script_.size());
      ++line_;
      text.remove_prefix(std::min(text.find_first_not_of('\t'), text.size()));
      if (text == end) return;
    }
  }

  const std::string& script_;
  size_t at_ = 0;
  uint32_t line_;
  std::vector<std::string> documents_;
  std::vector<ShellToken> tokens_;
};

}  // namespace

std::vector<ShellToken> shell_tokens(const std::string& script, uint32_t first_line) {
  return Tokens(script, first_line).read();
}

}  // namespace mountc
