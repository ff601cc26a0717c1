// compiler/tool/json.h - a text as a JSON string.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace mountc::tool {

// Bytes that are no UTF-8 are printed as they are: paths are bytes.
inline std::string json(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out + "\"";
}

}  // namespace mountc::tool
