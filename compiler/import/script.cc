// compiler/import/script.cc - a shell script, run as far as its mount commands are concerned.
#include "compiler/import/script.h"

#include <fnmatch.h>

#include <algorithm>
#include <initializer_list>
#include <map>

#include "compiler/import/shell_test.h"
#include "compiler/import/shell_tokens.h"
#include "compiler/import/shell_words.h"

namespace mountc {
namespace {

constexpr size_t commands_max = 200'000, depth_max = 200, value_max = 65'536;

bool is_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](unsigned char c) {
    return std::isalnum(c) || c == '_' || c == '-';
  });
}

// `NAME=VALUE`, `NAME+=VALUE`
bool assigns(std::string_view word) {
  size_t equals = word.find('=');
  if (equals == std::string_view::npos) return false;
  if (equals > 0 && word[equals - 1] == '+') --equals;
  const std::string_view name = word.substr(0, equals);
  return is_name(name) && !std::isdigit(static_cast<unsigned char>(name[0])) &&
         name.find('-') == std::string_view::npos;
}

class Interpreter {
 public:
  Interpreter(const std::string& script, uint32_t line, const RunCommand& run)
      : script_(script), tokens_(shell_tokens(script, line)), run_(run) {
    variables_ = {{"EUID", "0"}, {"UID", "0"}, {"#", "0"}, {"?", "0"}};
  }

  void run() {
    while (!at_end()) {
      const size_t before = at_;
      list({}, true);
      at_ = std::max(at_, before + 1);  // past a word that ends what never began
    }
  }

 private:
  using Ends = std::initializer_list<std::string_view>;

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

  // Commands up to one of the words, which stays; what the last of them answers.
  bool list(Ends ends, bool active) {
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
  bool chain(bool active) {
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

  bool pipeline(bool active) {
    bool negated = false;
    while (take("!")) negated = !negated;
    bool good = command(active);
    while (take("|")) {
      skip_lines();
      good = command(active);
    }
    return good != negated;
  }

  bool command(bool active) {
    ++count_;
    if (++depth_ > depth_max) at_ = tokens_.size();
    const bool good = compound(active);
    --depth_;
    return good;
  }

  bool compound(bool active) {
    if (take("if")) return condition(active);
    if (take("for")) return loop(active);
    if (is_word("while") || is_word("until")) return open_loop(active);
    if (take("case")) return choice(active);
    if (take("{")) return group("}", active);
    if (take("(")) return group(")", active);
    take("function");
    const bool defines = at_ + 2 < tokens_.size() && token().kind == ShellToken::word &&
                         is_name(token().text) && tokens_[at_ + 1].text == "(" &&
                         tokens_[at_ + 2].text == ")";
    return defines ? define() : simple(active);
  }

  bool group(std::string_view end, bool active) {
    const bool good = list({end}, active);
    take(end);
    return good;
  }

  bool condition(bool active) {
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

  bool loop(bool active) {
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

  bool open_loop(bool active) {
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

  bool choice(bool active) {
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

  bool define() {
    const std::string name = token().text;
    at_ += 3;
    skip_lines();
    functions_[name] = at_;
    command(false);
    return true;
  }

  bool call(size_t body, const std::vector<std::string>& words) {
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

  void assign(std::string_view word) {
    const size_t equals = word.find('=');
    const bool appends = word[equals - 1] == '+';
    std::string& variable = variables_[std::string(word.substr(0, equals - appends))];
    const std::string value = expand_text(word.substr(equals + 1), variables_);
    variable = appends ? variable + value : value;
    if (variable.size() > value_max) variable.resize(value_max);
  }

  bool simple(bool active) {
    const size_t begin = at_;
    Command made;
    bool assigning = true;
    for (; !at_end() && token().kind == ShellToken::word; ++at_) {
      if (!active) continue;
      const std::string& text = token().text;
      static constexpr std::string_view declaring[] = {"export", "local", "readonly",
                                                       "declare"};
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
    if (name == "[" || name == "[[" || name == "test") return shell_test(made.words);
    if (const auto found = functions_.find(name); found != functions_.end())
      return call(found->second, made.words);
    made.line = tokens_[begin].line;
    made.text =
        script_.substr(tokens_[begin].begin, tokens_[at_ - 1].end - tokens_[begin].begin);
    return run_(made);
  }

  const std::string& script_;
  const std::vector<ShellToken> tokens_;
  const RunCommand& run_;
  size_t at_ = 0, count_ = 0, depth_ = 0;
  ShellVariables variables_;
  std::map<std::string, size_t> functions_;
};

}  // namespace

void run_script(const std::string& text, uint32_t first_line, const RunCommand& run) {
  Interpreter(text, first_line, run).run();
}

}  // namespace mountc
