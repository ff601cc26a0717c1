// runtime/print.cc - an instruction as text assembly; compiler/plan reads and writes the same.
#include "runtime/output.h"
#include "runtime/verify.h"

namespace mountc::run {
namespace {

using namespace plan;

// A name of several bits (ATIME) stands for the names within it.
bool is_within_another(BitSet set, uint32_t part, uint32_t value) {
  for (int i = 0; i < bits_count; ++i) {
    const uint32_t other = bit_rows.values[i];
    if (bit_rows.sets[i] == set && other != part && !(part & ~other) && !(other & ~value)) {
      return true;
    }
  }
  return false;
}

void print_bits(Output& out, BitSet set, uint32_t value) {
  bool any = false;
  const char* name = bit_rows.names.text;
  for (int i = 0; i < bits_count; ++i, name = after(name)) {
    const uint32_t bit = bit_rows.values[i];
    if (bit_rows.sets[i] != set || (bit & ~value) || is_within_another(set, bit, value))
      continue;
    if (any) out.put('|');
    out.text(name);
    any = true;
  }
  if (!any) out.put('0');
}

void print_attr(Output& out, const Attr& attr) {
  const char* before = "";
  const auto part = [&](const char* name, BitSet set, uint32_t value) {
    if (!value) return;
    out.text(before).text(name);
    print_bits(out, set, value);
    before = " ";
  };
  out.put('{');
  part("set=", BitSet::attr, attr.set);
  part("clear=", BitSet::attr, attr.clear);
  part("propagation=", BitSet::propagation, attr.propagation);
  out.put('}');
}

void print_slot(Output& out, uint32_t half) {
  const uint32_t number = half & slot_mask;
  const char* name = number == slot_host     ? "host"
                     : number == slot_target ? "target"
                     : number == slot_null   ? "null"
                                             : nullptr;
  if (name) {
    out.text(name);
    return;
  }
  out.put('%').decimal(number);
  if (half & slot_last_use) out.put('!');
}

}  // namespace

void print_step(Output& out, const View& view, const Instruction& in) {
  const OpRow& row = row_of(in);
  const Values values(in);
  const char* name = name_of(in);
  out.text(name);
  for (long column = after(name) - name; column < 16; ++column) out.put(' ');
  for (int i = 0; i < row.count; ++i) {
    const Kind kind = row.kinds[i];
    const uint32_t value = values.value[i];
    name = after(name);
    out.put(' ').text(name).put('=');
    if (is_slot(kind)) {
      print_slot(out, value);
    } else if (is_string(kind)) {
      out.quoted(view.text(value));
    } else if (kind == Kind::attr) {
      print_attr(out, view.attrs[value]);
    } else if (kind == Kind::pair) {
      out.decimal(view.pairs[value].first).put(':').decimal(view.pairs[value].second);
    } else if (kind == Kind::mode) {
      out.octal(value);
    } else {
      print_bits(out, row.sets[i], value);
    }
  }
}

}  // namespace mountc::run
