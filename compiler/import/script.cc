// compiler/import/script.cc - the simple commands of a shell script.
#include "compiler/import/script.h"

#include <cctype>
#include <map>

namespace mountc {
namespace {

bool is_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

class ScriptReader {
 public:
  explicit ScriptReader(const std::string& text) : text_(text) {}

  std::vector<Command> read() {
    while (at_ < text_.size()) step();
    end_command();
    return std::move(commands_);
  }

 private:
  void step() {
    const char c = text_[at_];
    if (c == '#' && !in_word_) {
      while (at_ < text_.size() && text_[at_] != '\n') ++at_;
    } else if (c == '\n') {
      ++at_;
      end_command();
      ++line_;
    } else if (c == ';' || c == '|' || c == '&') {
      ++at_;
      end_command();
    } else if (c == ' ' || c == '\t' || c == '\r') {
      ++at_;
      end_word();
    } else if (c == '\\' && at_ + 1 < text_.size()) {
      escaped();
    } else if (c == '"' || c == '\'') {
      quoted(c);
    } else if (c == '$') {
      variable();
    } else {
      put(c);
      ++at_;
    }
  }

  void put(char c) {
    if (!in_word_ && command_.words.empty()) begin();
    in_word_ = true;
    word_ += c;
  }

  void begin() {
    command_.line = line_;
    begin_ = at_;
  }

  void escaped() {
    if (text_[at_ + 1] == '\n') {
      ++line_;
    } else {
      put(text_[at_ + 1]);
    }
    at_ += 2;
  }

  void quoted(char quote) {
    if (!in_word_ && command_.words.empty()) begin();
    in_word_ = true;
    for (++at_; at_ < text_.size() && text_[at_] != quote;) {
      if (text_[at_] == '\n') ++line_;
      if (quote == '"' && text_[at_] == '$') {
        variable();
      } else if (quote == '"' && text_[at_] == '\\' && at_ + 1 < text_.size()) {
        escaped();
      } else {
        word_ += text_[at_++];
      }
    }
    if (at_ < text_.size()) ++at_;
  }

  // An unset variable stays as it is written: it shows in the layout.
  void variable() {
    if (!in_word_ && command_.words.empty()) begin();
    in_word_ = true;
    const size_t dollar = at_++;
    const bool braces = at_ < text_.size() && text_[at_] == '{';
    if (braces) ++at_;
    const size_t name = at_;
    while (at_ < text_.size() && is_name(text_[at_])) ++at_;
    const auto found = variables_.find(text_.substr(name, at_ - name));
    if (braces && at_ < text_.size() && text_[at_] == '}') ++at_;
    word_ += found != variables_.end() ? found->second : text_.substr(dollar, at_ - dollar);
  }

  void end_word() {
    if (in_word_) command_.words.push_back(std::move(word_));
    word_.clear();
    in_word_ = false;
  }

  void end_command() {
    const size_t end = at_ > 0 ? at_ - 1 : 0;
    end_word();
    if (command_.words.empty()) return;
    while (!command_.words.empty() && assigns(command_.words.front())) {
      command_.words.erase(command_.words.begin());
    }
    if (!command_.words.empty()) {
      command_.text = text_.substr(begin_, end > begin_ ? end - begin_ : text_.size() - begin_);
      commands_.push_back(std::move(command_));
    }
    command_ = {};
  }

  bool assigns(const std::string& word) {
    const size_t equals = word.find('=');
    if (equals == std::string::npos || equals == 0) return false;
    for (size_t i = 0; i < equals; ++i) {
      if (!is_name(word[i])) return false;
    }
    variables_[word.substr(0, equals)] = word.substr(equals + 1);
    return true;
  }

  const std::string& text_;
  size_t at_ = 0, begin_ = 0;
  uint32_t line_ = 1;
  std::string word_;
  bool in_word_ = false;
  Command command_;
  std::vector<Command> commands_;
  std::map<std::string, std::string> variables_;
};

}  // namespace

std::vector<Command> read_script(const std::string& text) { return ScriptReader(text).read(); }

}  // namespace mountc
