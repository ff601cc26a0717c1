// compiler/plan/disassemble.cc - a program as text assembly. runtime/print.cc prints the same.
#include "compiler/plan/disassemble.h"

#include <fmt/format.h>

#include <iterator>

#include "compiler/plan/value_text.h"

namespace mountc {
namespace {

std::string features_text(uint32_t features) {
  std::string text;
#define FEATURE(bit, name, since, what) \
  if (features & 1u << (bit)) text += text.empty() ? #name : "|" #name;
#include "runtime/features.def"
  return text.empty() ? "0" : text;
}

std::string slot_text(Register value) {
  switch (value) {
    case reg_host: return "host";
    case reg_target: return "target";
    case reg_null: return "null";
    default: return fmt::format("%{}{}", used(value), value & reg_last_use ? "!" : "");
  }
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  out += escaped(text);
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
    const plan::OpInfo& info = step.row();
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
    } else {
      out_ += value_text(program_, operand, value);
    }
  }

  const Program& program_;
  std::string out_;
};

}  // namespace

std::string disassemble(const Program& program) { return Disassembler(program).run(); }

}  // namespace mountc
