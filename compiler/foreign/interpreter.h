// compiler/foreign/interpreter.h - the state of a shell script that is run. Internal to
// foreign/.
#pragma once

#include <algorithm>
#include <cctype>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/foreign/script.h"
#include "compiler/foreign/shell_tokens.h"
#include "compiler/foreign/shell_words.h"

namespace mountc {

class Interpreter {
 public:
  Interpreter(const std::string& script, uint32_t line, const RunCommand& run);
  void run();

 private:
  using Ends = std::initializer_list<std::string_view>;
  static constexpr size_t commands_max = 200'000, depth_max = 200, value_max = 65'536;

  bool at_end() const { return at_ >= tokens_.size() || count_ >= commands_max; }
  const ShellToken& token() const { return tokens_[at_]; }
  bool is_word(std::string_view text) const {
    return !at_end() && token().kind == ShellToken::word && token().text == text;
  }
  bool is_op(std::string_view text) const {
    return !at_end() && token().kind == ShellToken::op && token().text == text;
  }
  bool take(std::string_view text) {
    const bool there = is_word(text) || is_op(text);
    at_ += there;
    return there;
  }
  void skip_lines() {
    while (!at_end() && token().kind == ShellToken::line_end) ++at_;
  }

  // script.cc: lists, conditions and loops. Each reads its tokens also when it is not `active`;
  // what it answers is what `if`, `&&` and `||` ask.
  // Commands up to one of the words, which stays; what the last of them answers.
  bool list(Ends ends, bool active);
  bool chain(bool active);
  bool pipeline(bool active);
  bool command(bool active);
  bool compound(bool active);
  bool group(std::string_view end, bool active);
  bool condition(bool active);
  bool loop(bool active);
  bool open_loop(bool active);
  bool choice(bool active);
  bool at_function() const;

  // simple_command.cc: functions, assignments and commands.
  bool define();
  bool call(size_t body, const std::vector<std::string>& words);
  void assign(std::string_view word);
  bool simple(bool active);
  void outputs(bool active);

  const std::string& script_;
  const std::vector<ShellToken> tokens_;
  const RunCommand& run_;
  size_t at_ = 0, count_ = 0, depth_ = 0;
  ShellVariables variables_;
  std::map<std::string, size_t> functions_;
};

// Of a variable or a function.
inline bool is_shell_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](unsigned char c) {
    return std::isalnum(c) || c == '_' || c == '-';
  });
}

}  // namespace mountc
