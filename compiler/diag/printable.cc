// compiler/diag/printable.cc - names may hold any byte; messages are text.
#include "compiler/diag/printable.h"

#include <fmt/format.h>

#include "compiler/source/utf8.h"

namespace mountc {

bool is_control(std::string_view character) {
  const auto byte = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return byte < 0x20 || byte >= 0x7f;
  // U+0080 to U+009F steer terminals just like the ASCII ones.
  return byte == 0xc2 && static_cast<unsigned char>(character[1]) < 0xa0;
}

std::string printable(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view character = text.substr(at, utf8_step(text, at));
    if (!is_control(character)) {
      out += character;
    } else {
      for (const char byte : character) {
        out += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
      }
    }
    at += character.size();
  }
  return out;
}

}  // namespace mountc
