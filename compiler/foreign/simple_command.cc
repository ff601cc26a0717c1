// compiler/foreign/simple_command.cc - the functions, assignments and commands of a shell
// script.
#include <algorithm>

#include "compiler/foreign/interpreter.h"
#include "compiler/foreign/shell_test.h"

namespace mountc {
namespace {

// `NAME=VALUE`, `NAME+=VALUE`
bool assigns(std::string_view word) {
  size_t equals = word.find('=');
  if (equals == std::string_view::npos) return false;
  if (equals > 0 && word[equals - 1] == '+') --equals;
  const std::string_view name = word.substr(0, equals);
  return is_shell_name(name) && !std::isdigit(static_cast<unsigned char>(name[0])) &&
         name.find('-') == std::string_view::npos;
}

}  // namespace

bool Interpreter::define() {
  const std::string name = token().text;
  at_ += 3;
  skip_lines();
  functions_[name] = at_;
  command(false);
  return true;
}

bool Interpreter::call(size_t body, const std::vector<std::string>& words) {
  const size_t after = at_;
  const ShellVariables before = variables_;
  std::string all;
  for (size_t i = 1; i < words.size(); ++i) {
    variables_[std::to_string(i)] = words[i];
    all += (i > 1 ? " " : "") + words[i];
  }
  variables_["@"] = variables_["*"] = all;
  variables_["#"] = std::to_string(words.size() - 1);
  at_ = body;
  const bool good = command(true);
  at_ = after;
  for (const auto& [name, value] : before) {
    if (!name.empty() && !std::isalpha(static_cast<unsigned char>(name[0])))
      variables_[name] = value;
  }
  return good;
}

void Interpreter::assign(std::string_view word) {
  const size_t equals = word.find('=');
  const bool appends = word[equals - 1] == '+';
  std::string& variable = variables_[std::string(word.substr(0, equals - appends))];
  const std::string value = expand_text(word.substr(equals + 1), variables_);
  variable = appends ? variable + value : value;
  if (variable.size() > value_max) variable.resize(value_max);
}

// `> FILE` makes the file, whatever the command does.
void Interpreter::outputs(bool active) {
  for (; !at_end() && token().kind == ShellToken::output; ++at_) {
    if (!active) continue;
    Command made{token().line, token().text, {"touch"}, "", 0};
    for (std::string& each : expand_word(token().text, variables_))
      made.words.push_back(std::move(each));
    run_(made);
  }
}

bool Interpreter::simple(bool active) {
  const size_t begin = at_;
  size_t last = at_;
  Command made;
  bool assigning = true;
  for (outputs(active); !at_end() && token().kind == ShellToken::word; outputs(active)) {
    last = at_++;
    if (!active) continue;
    const std::string& text = tokens_[last].text;
    static constexpr std::string_view declaring[] = {"export", "local", "readonly", "declare"};
    if (assigning && made.words.empty() &&
        std::ranges::find(declaring, text) != std::end(declaring))
      continue;
    assigning = assigning && assigns(text);
    if (assigning) {
      assign(text);
    } else {
      for (std::string& each : expand_word(text, variables_))
        made.words.push_back(std::move(each));
    }
  }
  if (at_ == begin) at_ += !at_end();
  if (!active || made.words.empty()) return true;
  const std::string& name = made.words[0];
  if (name == "false" || name == "trap") return name != "false";
  if (name == "[" || name == "[[" || name == "test") return shell_test(made.words, run_);
  if (const auto found = functions_.find(name); found != functions_.end())
    return call(found->second, made.words);
  made.line = tokens_[begin].line;
  made.text = script_.substr(tokens_[begin].begin, tokens_[last].end - tokens_[begin].begin);
  return run_(made);
}

}  // namespace mountc
