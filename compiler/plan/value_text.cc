// compiler/plan/value_text.cc - operands as they stand in text assembly: all but slots.
#include "compiler/plan/value_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "compiler/layout/bits_text.h"

namespace mountc {
namespace {

using plan::BitSet;
using plan::Kind;

std::string attr_text(const plan::Attr& attr) {
  std::string text = "{";
  const auto part = [&text](const char* name, BitSet set, uint32_t value) {
    if (!value) return;
    if (text.size() > 1) text += ' ';
    text.append(name).append(bits_text(set, value));
  };
  part("set=", BitSet::attr, attr.set);
  part("clear=", BitSet::attr, attr.clear);
  part("propagation=", BitSet::propagation, attr.propagation);
  return text + "}";
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

bool is_marked(char c) { return c == '\\' || c == '"'; }

}  // namespace

std::string value_text(const Program& program, const plan::Operand& operand, uint32_t value) {
  if (operand.kind == Kind::attr) return attr_text(program.attrs[value]);
  if (operand.kind == Kind::mode) return fmt::format("{:#o}", value);
  if (operand.kind != Kind::pair) return bits_text(operand.bits, value);
  const plan::Pair& pair = program.pairs[value];
  return fmt::format("{}:{}", pair.first, pair.second);
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (is_marked(c) || c == '\n' || c == '\t') {
      out += '\\';
      out += c == '\n' ? 'n' : c == '\t' ? 't' : c;
    } else if (is_control(c)) {
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out;
}

bool is_plain(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return is_control(c) || is_marked(c); });
}

}  // namespace mountc
