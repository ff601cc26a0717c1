// runtime/print.cc - an instruction as text assembly; compiler/plan reads and writes the same.
#include "runtime/output.h"
#include "runtime/verify.h"

namespace mountc::run {
namespace {

using namespace plan;

void print_bits(Output& out, BitSet set, uint32_t value) {
  Text before = Text::none;
  for (int i = 0; i < bits_count; ++i) {
    const uint32_t bit = bit_rows.values[i];
    if (bit_rows.sets[i] != set || (bit & ~value)) continue;
    value &= ~bit;
    out.say(Text::bit, before, Text::first_bit + i);
    before = Text::bar;
  }
  if (before == Text::none) out.put('0');
}

void print_attr(Output& out, const Attr& attr) {
  Text before = Text::none;
  const auto part = [&](Text name, BitSet set, uint32_t value) {
    if (!value) return;
    out.say(Text::bit, before, name);
    print_bits(out, set, value);
    before = Text::blank;
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

void print_step(Output& out, const View& view, const Instruction& in) {
  const OpRow& row = row_of(in);
  const Values values(in);
  Text name = Text::first_instruction + row.name;
  const unsigned before = out.put_so_far();
  out.say(name);
  while (out.put_so_far() < before + 15) out.put(' ');
  for (int i = 0; i < row.count; ++i) {
    const Kind kind = row.kinds[i];
    const uint32_t value = values.value[i];
    out.say(Text::operand, name = name + 1);
    if (is_slot(kind)) {
      print_slot(out, value);
    } else if (is_string(kind)) {
      out.say(Text::quoted, view.text(value));
    } else if (kind == Kind::attr) {
      print_attr(out, view.attrs[value]);
    } else if (kind == Kind::pair) {
      out.say(Text::pair, view.pairs[value].first, view.pairs[value].second);
    } else if (kind == Kind::mode) {
      out.say(Text::mode, value);
    } else {
      print_bits(out, row.set, value);
    }
  }
}

}  // namespace mountc::run
