// compiler/layout/mountinfo_text.cc - see mountinfo_text.h.
#include "compiler/layout/mountinfo_text.h"

#include <fmt/format.h>

#include <algorithm>

namespace mountc {
namespace {

bool is_octal(char c) { return c >= '0' && c <= '7'; }

}  // namespace

std::string mount_options_text(uint32_t attributes) {
  std::string text;
  for (const MountOption& option : mount_options) {
    if (!option.shows(attributes)) continue;
    if (!text.empty()) text += ',';
    text += option.name;
  }
  return text;
}

uint32_t read_mount_options(std::string_view text) {
  uint32_t attributes = plan::bit::attr_STRICTATIME;
  while (!text.empty()) {
    const size_t comma = std::min(text.find(','), text.size());
    const auto* const option =
        std::ranges::find(mount_options, text.substr(0, comma), &MountOption::name);
    if (option != std::end(mount_options)) {
      attributes = (attributes & ~option->field) | option->value;
    }
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return attributes;
}

void append_escaped(std::string& line, std::string_view text, std::string_view special) {
  for (const char c : text) {
    if (special.find(c) == special.npos) {
      line += c;
    } else {
      line += fmt::format("\\{:03o}", static_cast<unsigned char>(c));
    }
  }
}

std::string unescape(std::string_view field) {
  if (field.find('\\') == std::string_view::npos) return std::string(field);
  std::string text;
  for (size_t at = 0; at < field.size(); ++at) {
    const std::string_view digits = field.substr(std::min(at + 1, field.size()), 3);
    const bool escape = field[at] == '\\' && digits.size() == 3 && digits[0] <= '3' &&
                        is_octal(digits[0]) && is_octal(digits[1]) && is_octal(digits[2]);
    if (!escape) {
      text += field[at];
      continue;
    }
    text += static_cast<char>((digits[0] - '0') * 64 + (digits[1] - '0') * 8 + digits[2] - '0');
    at += 3;
  }
  return text;
}

}  // namespace mountc
