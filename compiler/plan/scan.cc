// compiler/plan/scan.cc - the tokens of one line of text assembly.
#include "compiler/plan/scan.h"

#include <fmt/format.h>

#include <charconv>

namespace mountc {
namespace {

bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         c == '_' || c == '-';
}

}  // namespace

void Scanner::skip_blanks() {
  while (more() && (line_[at_] == ' ' || line_[at_] == '\t' || line_[at_] == '\r')) ++at_;
}

bool Scanner::at_end() {
  skip_blanks();
  return !more() || line_[at_] == '#';
}

bool Scanner::accept(std::string_view token) {
  if (!line_.substr(at_).starts_with(token)) return false;
  at_ += token.size();
  return true;
}

void Scanner::expect(std::string_view token) {
  if (!accept(token)) fail(fmt::format("expected `{}`", token));
}

void Scanner::expect_end() {
  if (!at_end()) fail("expected the end of the line");
}

std::string_view Scanner::word() {
  const size_t begin = at_;
  while (more() && is_word_byte(line_[at_])) ++at_;
  return line_.substr(begin, at_ - begin);
}

uint32_t Scanner::number() {
  const std::string_view rest = line_.substr(at_);
  const int base = rest.starts_with("0x") ? 16 : rest.starts_with("0") ? 8 : 10;
  const size_t prefix = base == 16 ? 2 : 0;
  uint32_t value = 0;
  const auto [end, error] =
      std::from_chars(rest.data() + prefix, rest.data() + rest.size(), value, base);
  if (error == std::errc::invalid_argument) fail("expected a number");
  if (error != std::errc()) fail("expected a number of at most 32 bits");
  at_ += static_cast<size_t>(end - rest.data());
  return value;
}

uint32_t Scanner::decimal() {
  while (line_.substr(at_).size() > 1 && line_[at_] == '0' && line_[at_ + 1] >= '0' &&
         line_[at_ + 1] <= '9') {
    ++at_;
  }
  if (accept("0")) return 0;
  return number();
}

std::string Scanner::string() {
  if (!accept("\"")) fail("expected a string");
  std::string value;
  for (;;) {
    if (!more()) fail("expected `\"` at the end of the string");
    if (accept("\"")) return value;
    value += accept("\\") ? escape() : line_[at_++];
    if (value.back() == '\0') fail("NUL in a string");
  }
}

char Scanner::escape() {
  if (accept("n")) return '\n';
  if (accept("t")) return '\t';
  if (accept("\\")) return '\\';
  if (accept("\"")) return '"';
  unsigned char value = 0;
  if (accept("x") && line_.size() - at_ >= 2) {
    const char* const digits = line_.data() + at_;
    const auto [end, error] = std::from_chars(digits, digits + 2, value, 16);
    if (error == std::errc() && end == digits + 2) {
      at_ += 2;
      return static_cast<char>(value);
    }
  }
  fail("expected one of the escapes \\\\ \\\" \\n \\t \\xHH");
}

}  // namespace mountc
