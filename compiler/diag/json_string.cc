// compiler/diag/json_string.cc - see json_string.h.
#include "compiler/diag/json_string.h"

#include <fmt/format.h>

#include "compiler/source/utf8.h"

namespace mountc {

std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (size_t at = 0; at < text.size(); at += utf8_step(text, at)) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const size_t length = utf8_length(text, at);
    if (length == 0) {
      out += "\\ufffd";
    } else if (byte == '"' || byte == '\\') {
      out += '\\';
      out += text[at];
    } else if (byte < 0x20 || byte == 0x7f) {
      out += fmt::format("\\u{:04x}", byte);
    } else {
      out += text.substr(at, length);
    }
  }
  return out + '"';
}

}  // namespace mountc
