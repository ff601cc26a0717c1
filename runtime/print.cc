// runtime/print.cc - an instruction as text assembly; compiler/plan reads and writes the same.
#include "runtime/output.h"
#include "runtime/verify.h"

namespace mountc::run {
namespace {

using namespace plan;

// A name of several bits (ATIME) stands for the names within it.
bool is_within_another(BitSet set, uint32_t part, uint32_t value) {
  for (const BitName& name : bit_names) {
    if (name.set == set && name.value != part && (part & ~name.value) == 0 &&
        (name.value & ~value) == 0) {
      return true;
    }
  }
  return false;
}

void print_bits(Output& out, BitSet set, uint32_t value) {
  bool any = false;
  for (const BitName& name : bit_names) {
    if (name.set != set || (name.value & ~value) || is_within_another(set, name.value, value)) {
      continue;
    }
    if (any) out.put('|');
    out.text(name.name);
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

void print_slot(Output& out, uint16_t half) {
  switch (half & slot_mask) {
    case slot_host: out.text("host"); return;
    case slot_target: out.text("target"); return;
    case slot_null: out.text("null"); return;
    default: break;
  }
  out.put('%').decimal(half & slot_mask);
  if (half & slot_last_use) out.put('!');
}

void print_operand(Output& out, const View& view, const Operand& operand, uint32_t value) {
  switch (operand.kind) {
    case Kind::def:
    case Kind::use:
    case Kind::maybe:
    case Kind::drop:
      print_slot(out, static_cast<uint16_t>(value));
      break;
    case Kind::attr:
      print_attr(out, view.attrs[value]);
      break;
    case Kind::pair:
      out.decimal(view.pairs[value].first).put(':').decimal(view.pairs[value].second);
      break;
    case Kind::bits:
      print_bits(out, operand.bits, value);
      break;
    case Kind::mode:
      out.octal(value);
      break;
    case Kind::text:
    case Kind::source:
    case Kind::below:
    case Kind::name:
    case Kind::spot:
      out.quoted(view.text(value));
      break;
  }
}

}  // namespace

void print_step(Output& out, const View& view, const Instruction& in) {
  size_t length = 0;
  for (const char* name = ops[in.op - 1].name; *name; ++name, ++length) out.put(*name);
  while (length < 15) out.put(' '), ++length;
  each_operand(in, [&](const Operand& operand, uint32_t value) {
    out.put(' ').text(operand.name).put('=');
    print_operand(out, view, operand, value);
  });
}

}  // namespace mountc::run
