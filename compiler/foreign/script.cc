// compiler/foreign/script.cc - a shell script, run as far as its mount commands are concerned:
// lists, conditions and loops.
#include "compiler/foreign/script.h"

#include <fnmatch.h>

#include <algorithm>

#include "compiler/foreign/interpreter.h"

namespace mountc {

void run_script(const std::string& text, uint32_t first_line, const RunCommand& run) {
  Interpreter(text, first_line, run).run();
}

Interpreter::Interpreter(const std::string& script, uint32_t line, const RunCommand& run)
    : script_(script), tokens_(shell_tokens(script, line)), run_(run) {
  variables_ = {{"EUID", "0"}, {"UID", "0"}, {"#", "0"}, {"?", "0"}};
}

void Interpreter::run() {
  while (!at_end()) {
    const size_t before = at_;
    list({}, true);
    at_ = std::max(at_, before + 1);  // past a word that ends what never began
  }
}

bool Interpreter::list(Ends ends, bool active) {
  bool good = true;
  while (!at_end()) {
    if (token().kind == ShellToken::line_end || is_op(";") || is_op("&")) {
      ++at_;
      continue;
    }
    const bool ended = std::ranges::any_of(
        ends, [&](std::string_view end) { return is_word(end) || is_op(end); });
    if (ended || (token().kind == ShellToken::op && !is_op("("))) return good;
    good = chain(active);
  }
  return good;
}

// `a && b || c`
bool Interpreter::chain(bool active) {
  bool good = pipeline(active);
  while (is_op("&&") || is_op("||")) {
    const bool wanted = is_op("&&") ? good : !good;
    ++at_;
    skip_lines();
    const bool next = pipeline(active && wanted);
    if (wanted) good = next;
  }
  return good;
}

bool Interpreter::pipeline(bool active) {
  bool negated = false;
  while (take("!")) negated = !negated;
  bool good = command(active);
  while (take("|")) {
    skip_lines();
    good = command(active);
  }
  return good != negated;
}

bool Interpreter::command(bool active) {
  ++count_;
  if (++depth_ > depth_max) at_ = tokens_.size();
  const bool good = compound(active);
  outputs(active);
  --depth_;
  return good;
}

bool Interpreter::compound(bool active) {
  if (take("if")) return condition(active);
  if (take("for")) return loop(active);
  if (is_word("while") || is_word("until")) return open_loop(active);
  if (take("case")) return choice(active);
  if (take("{")) return group("}", active);
  if (take("(")) return group(")", active);
  take("function");
  return at_function() ? define() : simple(active);
}

// `NAME()`
bool Interpreter::at_function() const {
  return at_ + 2 < tokens_.size() && token().kind == ShellToken::word &&
         is_shell_name(token().text) && tokens_[at_ + 1].text == "(" &&
         tokens_[at_ + 2].text == ")";
}

bool Interpreter::group(std::string_view end, bool active) {
  const bool good = list({end}, active);
  take(end);
  return good;
}

bool Interpreter::condition(bool active) {
  bool open = active, good = true;
  do {
    const bool is_so = list({"then"}, open);
    take("then");
    const bool chosen = open && is_so;
    const bool answered = list({"elif", "else", "fi"}, chosen);
    if (chosen) good = answered;
    open = open && !is_so;
  } while (take("elif"));
  if (take("else")) list({"fi"}, open);
  take("fi");
  return good;
}

bool Interpreter::loop(bool active) {
  if (at_end()) return true;
  if (is_op("(")) return open_loop(active);  // for ((i = 0; i < n; i++))
  const std::string name = token().text;
  ++at_;
  skip_lines();
  std::vector<std::string> values;
  if (take("in")) {
    for (; !at_end() && token().kind == ShellToken::word; ++at_) {
      if (!active) continue;
      for (std::string& each : expand_word(token().text, variables_))
        values.push_back(std::move(each));
    }
  } else if (active) {
    values = expand_word("$@", variables_);
  }
  while (!at_end() && !take("do")) ++at_;
  const size_t body = at_;
  for (const std::string& value : values) {
    at_ = body;
    variables_[name] = value;
    list({"done"}, true);
  }
  if (values.empty()) list({"done"}, false);
  take("done");
  return true;
}

bool Interpreter::open_loop(bool active) {
  Command told;
  told.line = token().line;
  told.words = {"while"};
  const size_t begin = token().begin;
  const bool counts = is_op("(");
  ++at_;
  if (counts) {
    while (!at_end() && !is_word("do")) ++at_;
  } else {
    list({"do"}, active);
  }
  told.text =
      at_end() ? std::string("while") : script_.substr(begin, tokens_[at_ - 1].begin - begin);
  if (active) run_(told);
  take("do");
  list({"done"}, active && told.text.find("read") == std::string::npos);
  take("done");
  return true;
}

bool Interpreter::choice(bool active) {
  const std::string value = at_end() ? "" : expand_text(token().text, variables_);
  at_ += !at_end();
  skip_lines();
  take("in");
  bool open = active;
  Command told;
  if (active && value.find('$') != std::string::npos) {
    told.line = tokens_[at_ - 1].line;
    told.text = "case " + value;
    told.words = {"case"};
    run_(told);
  }
  for (skip_lines(); !at_end() && !is_word("esac"); skip_lines()) {
    take("(");
    bool matches = false;
    for (; !at_end() && !take(")"); ++at_) {
      if (token().kind != ShellToken::word) continue;
      const std::string pattern = expand_text(token().text, variables_);
      matches = matches || fnmatch(pattern.c_str(), value.c_str(), 0) == 0;
    }
    list({"esac", ";;"}, open && matches);
    open = open && !matches;
    take(";;");
  }
  take("esac");
  return true;
}

}  // namespace mountc
