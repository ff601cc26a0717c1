// compiler/syntax/value.cc - what a word or string of the source means, as bytes.
#include "compiler/syntax/value.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "compiler/source/utf8.h"

namespace mountc {

namespace {

int hex_digit(char byte) {
  if (byte >= '0' && byte <= '9') return byte - '0';
  if (byte >= 'a' && byte <= 'f') return byte - 'a' + 10;
  if (byte >= 'A' && byte <= 'F') return byte - 'A' + 10;
  return -1;
}

// Reads a value's text from left to right. The parser let through only strings that end and
// variables that close.
class Decoder {
 public:
  Decoder(std::string_view text, Span span, const Variables& variables,
          Diagnostics& diagnostics)
      : text_(text), span_(span), variables_(variables), diagnostics_(diagnostics) {}

  std::optional<std::string> decode(bool quoted) {
    if (quoted) text_.remove_suffix(1);
    at_ = quoted ? 1 : 0;
    while (at_ < text_.size()) {
      if (text_.substr(at_, 2) == "${") {
        variable();
      } else if (quoted && text_[at_] == '\\') {
        escape();
      } else {
        out_ += text_[at_++];
      }
    }
    if (failed_) return std::nullopt;
    return std::move(out_);
  }

 private:
  Span place(std::size_t begin, std::size_t end) const {
    return {span_.file, span_.begin + static_cast<uint32_t>(begin),
            span_.begin + static_cast<uint32_t>(end)};
  }

  void variable() {
    const std::size_t close = std::min(text_.find('}', at_), text_.size());
    const std::string_view name = text_.substr(at_ + 2, close - at_ - 2);
    if (const std::string* value = variables_.find(name, span_.file)) {
      out_ += *value;
      if (out_.size() > value_bytes_max) {
        failed_ = true;
        diagnostics_.report<rule::value_too_long>(place(at_, close + 1), value_bytes_max);
        at_ = text_.size();
        return;
      }
    } else {
      failed_ = true;
      Diagnostic& diagnostic =
          diagnostics_.report<rule::undeclared>(place(at_ + 2, close), "variable", name);
      const std::string_view meant = nearest(name, variables_.names(span_.file));
      if (!meant.empty()) {
        diagnostic.suggest({place(at_ + 2, close), std::string(meant)}, "did you mean `{}`?",
                           meant);
      }
    }
    at_ = close + 1;
  }

  void escape() {
    const char kind = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    std::size_t length = 2;
    switch (kind) {
      case '\\':
      case '"':
      case '$': out_ += kind; break;
      case 'n': out_ += '\n'; break;
      case 't': out_ += '\t'; break;
      case 'x': length = hex_escape(); break;
      default:
        if (octal_escape()) break;
        length = std::min(1 + (at_ + 1 < text_.size() ? utf8_step(text_, at_ + 1) : 0),
                          text_.size() - at_);
        bad(length, fmt::format("unknown escape `{}`", text_.substr(at_, length)))
            .suggest({place(at_, at_ + 1), "\\\\"}, "a backslash is written `\\\\`");
    }
    at_ += length;
  }

  // `\040`, as fstab(5) and mountinfo write what would part words.
  bool octal_escape() {
    const std::string_view digits = text_.substr(std::min(at_ + 1, text_.size()), 3);
    if (digits.size() < 3 || digits.find_first_not_of("01234567") != std::string_view::npos ||
        digits[0] > '3' || digits == "000")
      return false;
    const int byte = (digits[0] - '0') * 64 + (digits[1] - '0') * 8 + digits[2] - '0';
    Diagnostic& error = bad(4, fmt::format("unknown escape `\\{}`", digits));
    if (byte == ' ') {
      error.suggest({place(at_, at_ + 4), " "}, "in quotes a blank stands for itself");
    } else {
      const std::string meant = fmt::format("\\x{:02x}", byte);
      error.suggest({place(at_, at_ + 4), meant}, "bytes are hexadecimal here: `{}`", meant);
    }
    at_ += 2;  // with the two that any unknown one takes
    return true;
  }

  // \xHH; the length of what was read.
  std::size_t hex_escape() {
    std::size_t digits = 0;
    int byte = 0;
    while (digits < 2 && at_ + 2 + digits < text_.size()) {
      const int digit = hex_digit(text_[at_ + 2 + digits]);
      if (digit < 0) break;
      byte = byte * 16 + digit;
      ++digits;
    }
    if (digits < 2) {
      bad(2 + digits, "`\\x` without two hexadecimal digits");
    } else if (byte == 0) {
      bad(4, "NUL byte");
    } else {
      out_ += static_cast<char>(byte);
    }
    return 2 + digits;
  }

  Diagnostic& bad(std::size_t length, std::string_view what) {
    failed_ = true;
    return diagnostics_.report<rule::bad_string>(place(at_, at_ + length), what);
  }

  std::string_view text_;
  Span span_;
  const Variables& variables_;
  Diagnostics& diagnostics_;
  std::size_t at_ = 0;
  std::string out_;
  bool failed_ = false;
};

// As grammar::word_byte. A `$` is one too: the brace of a `${` is none.
bool is_word_byte(char byte) {
  const auto code = static_cast<unsigned char>(byte);
  return code > ' ' && code != 0x7f && !is_punctuation(byte);
}

bool can_be_word(std::string_view text) {
  if (text.empty() || text[0] == '#') return false;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_length(text, at);
    if (length == 0) return false;
    if (!is_word_byte(text[at])) return false;
    at += length;
  }
  return true;
}

}  // namespace

std::optional<std::string> decode(const Sources& sources, const ast::Value& value,
                                  const Variables& variables, Diagnostics& diagnostics) {
  return Decoder(sources.text(value.span), value.span, variables, diagnostics)
      .decode(value.quoted);
}

std::vector<std::string_view> names_in(std::string_view text) {
  std::vector<std::string_view> names;
  for (std::size_t at = text.find("${"); at != std::string_view::npos;
       at = text.find("${", at)) {
    const bool escaped = at > 0 && text[at - 1] == '\\';
    at += 2;
    const std::size_t close = text.find('}', at);
    if (!escaped && close != std::string_view::npos)
      names.push_back(text.substr(at, close - at));
  }
  return names;
}

bool is_name(std::string_view text) {
  if (text.empty() || (text[0] >= '0' && text[0] <= '9') || text[0] == '-') return false;
  for (char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!letter && !(c >= '0' && c <= '9') && c != '_' && c != '-') return false;
  }
  return true;
}

std::string quote(std::string_view text) {
  if (can_be_word(text)) return std::string(text);
  std::string out = "\"";
  for (std::size_t at = 0; at < text.size();) {
    const char byte = text[at];
    const auto code = static_cast<unsigned char>(byte);
    const std::size_t length = utf8_length(text, at);
    if (byte == '\n') {
      out += "\\n";
    } else if (byte == '\t') {
      out += "\\t";
    } else if (byte == '\\' || byte == '"' || text.substr(at, 2) == "${") {
      out += '\\';
      out += byte;
    } else if (length == 0 || code < ' ' || code == 0x7f) {
      out += fmt::format("\\x{:02x}", code);
    } else {
      out += text.substr(at, length);
    }
    at += length == 0 ? 1 : length;
  }
  return out + '"';
}

}  // namespace mountc
