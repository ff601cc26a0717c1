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

// The names of its bits; as a number, what has none.
void print_bits(Output& out, const View& view, uint32_t set, uint32_t value) {
  const uint32_t all = value;
  for (uint32_t i = 0; i < view.header->names.count; ++i) {
    const Name& name = view.names[i];
    if (name.of != name_bits + set || (name.value & ~value)) continue;
    if (value != all) out.put('|');
    value &= ~name.value;
    out.say(Text::string, view.text(name.text));
  }
  if (!value && all) return;
  if (value != all) out.put('|');
  out.say(Text::hexadecimal, value);
}

void print_attr(Output& out, const View& view, const Attr& attr) {
  bool first = true;
  const auto part = [&](Text name, BitSet set, uint32_t value) {
    if (!value) return;
    if (!first) out.put(' ');
    first = false;
    out.say(name);
    print_bits(out, view, static_cast<uint32_t>(set), value);
  };
  out.put('{');
  part(Text::set, BitSet::attr, attr.set);
  part(Text::clear, BitSet::attr, attr.clear);
  part(Text::propagation, BitSet::propagation, attr.propagation);
  out.put('}');
}

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
      out.say(Text::quoted, view.text(value));
    } else if (kind == Kind::attr) {
      print_attr(out, view, view.attrs[value]);
    } else if (kind == Kind::pair) {
      out.say(Text::pair, view.pairs[value].first, view.pairs[value].second);
    } else if (kind == Kind::mode) {
      out.say(Text::mode, value);
    } else {
      print_bits(out, view, row_of(in).set(), value);
    }
  }
}

}  // namespace run
}  // namespace mountc
