// compiler/source/utf8.cc - UTF-8 as far as columns and validation need it.
#include "compiler/source/utf8.h"

#include <cstdint>
#include <cstring>

namespace mountc {

namespace {

// The smallest code point of each length: anything below is an overlong spelling.
constexpr uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};

std::size_t length_by_lead(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xc0 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  if (lead >= 0xf0 && lead < 0xf8) return 4;
  return 0;
}

}  // namespace

std::size_t utf8_length(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const std::size_t length = length_by_lead(lead);
  if (length <= 1) return length;
  if (text.size() - at < length) return 0;
  uint32_t code = lead & (0xffU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    const auto byte = static_cast<unsigned char>(text[at + i]);
    if ((byte & 0xc0) != 0x80) return 0;
    code = code << 6 | (byte & 0x3fU);
  }
  const bool surrogate = code >= 0xd800 && code < 0xe000;
  return code < smallest[length] || surrogate || code > 0x10ffff ? 0 : length;
}

std::size_t find_invalid_utf8(std::string_view text, std::size_t from) {
  std::size_t at = from;
  while (at < text.size()) {
    // Layouts are nearly all ASCII: eight bytes at a time.
    uint64_t eight;
    if (text.size() - at >= sizeof eight) {
      std::memcpy(&eight, text.data() + at, sizeof eight);
      if ((eight & 0x8080808080808080U) == 0) {
        at += sizeof eight;
        continue;
      }
    }
    const std::size_t length = utf8_length(text, at);
    if (length == 0) return at;
    at += length;
  }
  return std::string_view::npos;
}

}  // namespace mountc
