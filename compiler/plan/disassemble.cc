// compiler/plan/disassemble.cc - a program as text assembly. runtime/print.cc prints the same.
#include "compiler/plan/disassemble.h"

#include <fmt/format.h>

#include <iterator>

namespace mountc {
namespace {

using plan::BitSet;
using plan::Kind;

// A name of several bits (ATIME) stands for the names within it.
bool is_within_another(const plan::BitName& part, uint32_t value) {
  for (const plan::BitName& name : plan::bit_names) {
    if (name.set == part.set && name.value != part.value && (part.value & ~name.value) == 0 &&
        (name.value & ~value) == 0) {
      return true;
    }
  }
  return false;
}

std::string bits_text(BitSet set, uint32_t value) {
  std::string text;
  uint32_t rest = value;
  for (const plan::BitName& name : plan::bit_names) {
    if (name.set != set || (name.value & ~value) || is_within_another(name, value)) continue;
    if (!text.empty()) text += '|';
    text += name.name;
    rest &= ~name.value;
  }
  if (rest) fmt::format_to(std::back_inserter(text), "{}{:#x}", text.empty() ? "" : "|", rest);
  return text.empty() ? "0" : text;
}

std::string features_text(uint32_t features) {
  std::string text;
#define FEATURE(bit, name, since, what) \
  if (features & 1u << (bit)) text += text.empty() ? #name : "|" #name;
#include "runtime/features.def"
  return text.empty() ? "0" : text;
}

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

std::string slot_text(Register value) {
  switch (value) {
    case reg_host: return "host";
    case reg_target: return "target";
    case reg_null: return "null";
    default:
      return fmt::format("%{}{}", value & ~reg_last_use, value & reg_last_use ? "!" : "");
  }
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\\' || c == '"') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (byte < 0x20 || byte == 0x7f) {
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", byte);
    } else {
      out += c;
    }
  }
  out += '"';
}

class Disassembler {
 public:
  explicit Disassembler(const Program& program) : program_(program) {}

  std::string run() {
    fmt::format_to(std::back_inserter(out_), "mountc-plan {}\nfeatures {}\nslots {}\n",
                   plan::format_version, features_text(program_.features[0]),
                   program_.registers);
    const Place* last = nullptr;
    for (const Step& step : program_.steps) {
      if (program_.second && &step == &program_.steps[program_.second]) {
        fmt::format_to(std::back_inserter(out_), "features {}\n",
                       features_text(program_.features[1]));
      }
      if (program_.back && &step == &program_.steps[program_.back]) out_ += "back\n";
      if (!program_.places.empty()) {
        const Place& place = program_.places[step.place];
        if (!last || !(place == *last)) print(place);
        last = &place;
      }
      print(step);
    }
    return std::move(out_);
  }

 private:
  void print(const Place& place) {
    out_ += "@ ";
    append_quoted(out_, program_.strings[place.file]);
    fmt::format_to(std::back_inserter(out_), " {} {} ", place.line, place.column);
    append_quoted(out_, program_.strings[place.statement]);
    out_ += '\n';
  }

  void print(const Step& step) {
    const plan::OpInfo& info = plan::ops[static_cast<uint16_t>(step.op) - 1];
    fmt::format_to(std::back_inserter(out_), "{:<{}}", info.name, mnemonic_columns - 1);
    for (int i = 0; i < info.count; ++i) {
      fmt::format_to(std::back_inserter(out_), " {}=", info.operands[i].name);
      operand(info.operands[i], step.args[i]);
    }
    out_ += '\n';
  }

  void operand(const plan::Operand& operand, uint32_t value) {
    if (plan::is_slot(operand.kind)) {
      out_ += slot_text(value);
    } else if (plan::is_string(operand.kind)) {
      append_quoted(out_, program_.strings[value]);
    } else if (operand.kind == Kind::attr) {
      out_ += attr_text(program_.attrs[value]);
    } else if (operand.kind == Kind::pair) {
      const plan::Pair& pair = program_.pairs[value];
      fmt::format_to(std::back_inserter(out_), "{}:{}", pair.first, pair.second);
    } else if (operand.kind == Kind::mode) {
      fmt::format_to(std::back_inserter(out_), "{:#o}", value);
    } else {
      out_ += bits_text(operand.bits, value);
    }
  }

  const Program& program_;
  std::string out_;
};

}  // namespace

std::string disassemble(const Program& program) { return Disassembler(program).run(); }

}  // namespace mountc
