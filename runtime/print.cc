// runtime/print.cc - an instruction as text assembly; compiler/plan reads and writes the same.
#include "runtime/output.h"
#include "runtime/verify.h"

namespace mountc {

const char* plan::View::name(uint32_t of, uint32_t value) const {
  for (uint32_t i = 0; i < header->names.count; ++i) {
    if (names[i].of == of && names[i].value == value) return text(names[i].text);
  }
  return nullptr;
}

namespace run {
namespace {

using namespace plan;

void print_slot(Output& out, uint32_t half) {
  const uint32_t number = half & slot_mask;
  const Text text = number == slot_host     ? Text::host
                    : number == slot_target ? Text::target
                    : number == slot_null   ? Text::null
                                            : Text::slot;
  out.say(text, number);
  if (half & slot_last_use && text == Text::slot) out.put('!');
}

}  // namespace

void print_name(Output& out, const View& view, uint32_t of, uint32_t value) {
  const char* name = view.name(of, value);
  out.say(name ? Text::string : Text::code, name ? sys::word(name) : value);
}

void print_step(Output& out, const View& view, const Instruction& in) {
  const unsigned before = out.put_so_far();
  print_name(out, view, name_op, in.op);
  while (out.put_so_far() < before + 15) out.put(' ');
  uint32_t number = name_op;
  for (int place = 0; place < operands_max; ++place) {
    const Kind kind = row_of(in).kind(place);
    const uint32_t value = operand(in, place);
    if (kind == Kind::none) continue;
    out.put(' ');
    if (const char* name = view.name(++number, in.op)) out.say(Text::operand, name);
    if (is_slot(kind)) {
      print_slot(out, value);
    } else if (is_string(kind)) {
      const char* escaped = view.name(name_text, value);
      out.say(Text::quoted, escaped ? escaped : view.text(value));
    } else {
      const BitSet set{static_cast<uint8_t>(kind == Kind::bits ? row_of(in).set() : 0)};
      const char* name = view.name(name_of_value(kind, set), value);
      out.say(name ? Text::string : Text::hexadecimal, name ? sys::word(name) : value);
    }
  }
}

}  // namespace run
}  // namespace mountc
