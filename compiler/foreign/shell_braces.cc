// compiler/foreign/shell_braces.cc - see shell_braces.h.
#include "compiler/foreign/shell_braces.h"

#include <algorithm>
#include <charconv>

namespace mountc {
namespace {

constexpr long numbers_max = 10'000;  // of {1..N} and seq, and words that one word becomes
constexpr int depth_max = 100;        // of quotes, braces and parentheses in each other

size_t end_of_nested(std::string_view text, size_t at, int depth) {
  const char open = text[at];
  if (open == '\\') return std::min(at + 2, text.size());
  if (open == '\'') return std::min(text.find('\'', at + 1), text.size() - 1) + 1;
  if (open == '$' && at + 1 < text.size() && is_one_of(text[at + 1], "{(")) ++at;
  const char begin = text[at];
  const char close = begin == '"' ? '"' : begin == '{' ? '}' : begin == '(' ? ')' : '\0';
  size_t end = at + 1;
  if (!close || depth == depth_max) return end;
  while (end < text.size() && text[end] != close) {
    const bool plain = begin == '"' && is_one_of(text[end], "'{(");
    end = plain ? end + 1 : end_of_nested(text, end, depth + 1);
  }
  return std::min(end + 1, text.size());
}

// What is between `{` and its `}`: `a,b` at this level, or `1..4`, or `a..d`.
std::vector<std::string> alternatives(std::string_view inner) {
  std::vector<std::string> parts;
  size_t begin = 0;
  for (size_t at = 0; at <= inner.size();) {
    if (at == inner.size() || inner[at] == ',') {
      parts.emplace_back(inner.substr(begin, at - begin));
      begin = ++at;
    } else {
      at = end_of_group(inner, at);
    }
  }
  if (parts.size() > 1) return parts;
  const size_t dots = inner.find("..");
  if (dots == std::string_view::npos) return {};
  const std::string_view from = inner.substr(0, dots), to = inner.substr(dots + 2);
  if (const auto first = number(from), last = number(to); first && last) {
    return number_range(*first, *last);
  }
  parts.clear();
  if (from.size() == 1 && to.size() == 1 && from[0] <= to[0]) {
    for (char c = from[0]; c <= to[0]; ++c) parts.emplace_back(1, c);
  }
  return parts;
}

void expand(std::string_view word, std::vector<std::string>& words) {
  if (static_cast<long>(words.size()) >= numbers_max) return;
  for (size_t at = 0; at < word.size();) {
    const size_t end = end_of_group(word, at);
    if (word[at] == '{' && end > at + 1 && word[end - 1] == '}') {
      const auto parts = alternatives(word.substr(at + 1, end - at - 2));
      for (const std::string& part : parts) {
        std::string made(word.substr(0, at));
        expand(made + part + std::string(word.substr(end)), words);
      }
      if (!parts.empty()) return;
    }
    at = end;
  }
  words.emplace_back(word);
}

}  // namespace

// Brace expansion comes before all others.
std::vector<std::string> expand_braces(std::string_view word) {
  std::vector<std::string> words;
  expand(word, words);
  return words;
}

size_t end_of_group(std::string_view text, size_t at) { return end_of_nested(text, at, 0); }

std::optional<long> number(std::string_view text) {
  long value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || text.empty()) return std::nullopt;
  return value;
}

std::vector<std::string> number_range(long first, long last) {
  std::vector<std::string> values;
  const long step = first <= last ? 1 : -1;
  for (long n = first;; n += step) {
    values.push_back(std::to_string(n));
    if (n == last || static_cast<long>(values.size()) == numbers_max) return values;
  }
}

}  // namespace mountc
