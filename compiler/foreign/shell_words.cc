// compiler/foreign/shell_words.cc - what a shell makes of one word.
#include "compiler/foreign/shell_words.h"

#include <cctype>

#include "compiler/foreign/shell_braces.h"

namespace mountc {
namespace {

constexpr int depth_max = 100;  // of values that are taken for others, in each other

bool is_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

std::vector<std::string> split(std::string_view text, std::string_view separators) {
  std::vector<std::string> parts;
  for (size_t at = 0; at < text.size();) {
    const size_t begin = text.find_first_not_of(separators, at);
    if (begin == std::string_view::npos) break;
    const size_t end = std::min(text.find_first_of(separators, begin), text.size());
    parts.emplace_back(text.substr(begin, end - begin));
    at = end;
  }
  return parts;
}

std::string text_of(std::string_view word, ShellVariables& variables, int depth);

class Expansion {
 public:
  Expansion(std::string_view word, ShellVariables& variables, int depth)
      : word_(word), variables_(variables), depth_(depth) {}

  std::vector<std::string> fields() {
    while (at_ < word_.size()) step();
    if (begun_) fields_.push_back(std::move(field_));
    return std::move(fields_);
  }

 private:
  void step() {
    const char c = word_[at_];
    if (c == '\'' && !quoted_) {
      const size_t end = end_of_group(word_, at_);
      put(word_.substr(at_ + 1, end - at_ - 2));
      at_ = end;
    } else if (c == '"') {
      quoted_ = !quoted_;
      begun_ = true;
      ++at_;
    } else if (c == '\\' && at_ + 1 < word_.size()) {
      const bool kept = quoted_ && !is_one_of(word_[at_ + 1], "\"\\$`\n");
      if (word_[at_ + 1] != '\n') put(word_.substr(kept ? at_ : at_ + 1, kept ? 2 : 1));
      at_ += 2;
    } else if (c == '$' || c == '`') {
      const size_t end = c == '`' ? std::min(word_.find('`', at_ + 1), word_.size() - 1) + 1
                                  : end_of_variable();
      const std::string_view written = word_.substr(at_, end - at_);
      at_ = end;
      variable(written);
    } else {
      put(word_.substr(at_++, 1));
    }
  }

  void put(std::string_view text) {
    field_ += text;
    begun_ = true;
  }

  // Without quotes, blanks in a value make several fields.
  void put_value(std::string_view value) {
    if (quoted_) return put(value);
    const auto parts = split(value, " \t\n");
    for (size_t i = 0; i < parts.size(); ++i) {
      if (i > 0) {
        fields_.push_back(std::move(field_));
        field_.clear();
      }
      put(parts[i]);
    }
  }

  size_t end_of_variable() const {
    const size_t next = at_ + 1;
    if (next == word_.size()) return next;
    if (word_[next] == '{' || word_[next] == '(') return end_of_group(word_, next);
    if (!is_name(word_[next])) return is_one_of(word_[next], "#@*?$!-") ? next + 1 : next;
    size_t end = next;
    while (end < word_.size() && is_name(word_[end])) ++end;
    return std::isdigit(static_cast<unsigned char>(word_[next])) ? next + 1 : end;
  }

  void variable(std::string_view written) {
    if (written.starts_with("$(seq ") || written.starts_with("`seq ")) return sequence(written);
    if (written == "$(id -u)") return put("0");
    if (written.starts_with("$(mktemp")) return temporary(written);
    if (written.starts_with("$(") || written[0] == '`') return put(written);
    std::string_view name = written.substr(1);
    const bool braces = name.starts_with("{");
    if (braces) name = name.substr(1, name.size() - 2);
    size_t end = 0;
    while (end < name.size() && is_name(name[end])) ++end;
    if (end == 0 && !name.empty()) end = 1;
    const std::string_view rest = name.substr(end);
    name = name.substr(0, end);
    const auto found = variables_.find(name);
    const bool set = found != variables_.end() && !found->second.empty();
    if (rest.empty() || (set && (rest[0] == ':' || rest[0] == '-'))) {
      if (found != variables_.end()) return put_value(found->second);
      return name == "@" || name == "*" ? void() : put("$" + std::string(name));
    }
    const bool by_default = rest.starts_with(":-") || rest.starts_with(":=");
    if (!by_default && rest[0] != '-') return put(written);
    if (depth_ == depth_max) return put(written);
    const std::string value = text_of(rest.substr(by_default ? 2 : 1), variables_, depth_ + 1);
    if (rest.starts_with(":=")) variables_[std::string(name)] = value;
    put_value(value);
  }

  // mktemp(1): a name of the kind that it would make.
  void temporary(std::string_view written) {
    const auto words = split(written, " $()");
    put(words.back().find("XXX") != std::string::npos ? words.back() : "/tmp/tmp.XXXXXXXXXX");
  }

  // $(seq 4), $(seq 2 5)
  void sequence(std::string_view written) {
    const auto words = split(written, " `$()");
    const auto first = number(words.size() > 2 ? words[1] : "1");
    const auto last = number(expand_text(words.back(), variables_));
    if (words.size() > 3 || !first || !last || *first > *last) return put(written);
    std::string values;
    for (const std::string& n : number_range(*first, *last)) values += n + " ";
    put_value(values);
  }

  const std::string_view word_;
  ShellVariables& variables_;
  const int depth_;
  size_t at_ = 0;
  bool quoted_ = false, begun_ = false;
  std::string field_;
  std::vector<std::string> fields_;
};

std::string text_of(std::string_view word, ShellVariables& variables, int depth) {
  std::string text;
  for (const std::string& field : Expansion(word, variables, depth).fields()) {
    text += (text.empty() ? "" : " ") + field;
  }
  return text;
}

}  // namespace

std::vector<std::string> expand_word(std::string_view word, ShellVariables& variables) {
  std::vector<std::string> fields;
  for (const std::string& each : expand_braces(word)) {
    for (std::string& field : Expansion(each, variables, 0).fields()) {
      fields.push_back(std::move(field));
    }
  }
  return fields;
}

std::string expand_text(std::string_view word, ShellVariables& variables) {
  return text_of(word, variables, 0);
}

}  // namespace mountc
