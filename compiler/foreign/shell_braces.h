// compiler/foreign/shell_braces.h - what belongs together in a word of a shell, and its braces.
// Internal to foreign/.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mountc {

// The words that `{a,b}`, `{1..4}` and `{a..d}` make of one.
std::vector<std::string> expand_braces(std::string_view word);

// Where the quotes, the braces or the parentheses that begin at `at` end: one past the last.
size_t end_of_group(std::string_view text, size_t at);

// From the first number to the last; not more than anybody needs.
std::vector<std::string> number_range(long first, long last);
std::optional<long> number(std::string_view text);

inline bool is_one_of(char c, std::string_view list) {
  return list.find(c) != std::string_view::npos;
}

}  // namespace mountc
