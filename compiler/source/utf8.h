// compiler/source/utf8.h - UTF-8 as far as columns and validation need it.
#pragma once

#include <cstddef>
#include <string_view>

namespace mountc {

// The length of the character that begins at `at`; 0 when the bytes there are not valid UTF-8.
std::size_t utf8_length(std::string_view text, std::size_t at);

// The same, but an invalid byte counts as one character: for walking over any text.
inline std::size_t utf8_step(std::string_view text, std::size_t at) {
  const std::size_t length = utf8_length(text, at);
  return length == 0 ? 1 : length;
}

// The offset of the first invalid byte at or after `from`, or npos.
std::size_t find_invalid_utf8(std::string_view text, std::size_t from);

}  // namespace mountc
