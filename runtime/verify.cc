// runtime/verify.cc - checks every instruction of untrusted bytes in one pass. The rules follow
// the kinds of operands in ops.def; only three hang on an instruction.
#include "runtime/verify.h"

namespace mountc::plan {
namespace {

// What an instruction of the pass knows of a slot. A slot is kept from the visible instruction
// on whose first operand it is: undoing that step needs the fd, so it stays open to the end.
enum State : uint8_t { free, held, kept };

uint32_t mask_of(BitSet set) {
  uint32_t mask = 0;
  for (const BitName& name : bit_names) {
    if (name.set == set) mask |= name.value;
  }
  return mask;
}

bool is_component(const char* from, size_t length) {
  if (length == 0 || length > 255) return false;
  return !(from[0] == '.' && (length == 1 || (length == 2 && from[1] == '.')));
}

bool is_relative_path(const char* path) {
  for (;;) {
    size_t length = 0;
    while (path[length] && path[length] != '/') ++length;
    if (!is_component(path, length)) return false;
    if (!path[length]) return true;
    path += length + 1;
  }
}

bool is_name(const char* text) {
  for (const char* at = text; *at; ++at) {
    if (*at == '/') return false;
  }
  return is_relative_path(text);
}

bool is_start_of_string(const View& view, uint32_t offset) {
  return offset < view.header->strings.count && (offset == 0 || view.strings[offset - 1] == 0);
}

class Pass {
 public:
  Pass(const View& view, uint8_t* slots) : view_(view), slots_(slots) {}

  const char* instruction(const Instruction& in);

 private:
  const char* shape(const Instruction& in, const OpInfo& info);
  const char* slot(const Operand& operand, uint16_t half, bool kept_here);
  const char* string(const Operand& operand, uint32_t offset);
  const char* number(const Operand& operand, uint32_t value);

  const View& view_;
  uint8_t* slots_;
  bool pseudo_ = false;       // `dir` is host or target
  bool looks_up_ = false;     // the instruction looks a path up, so `dir` may be those
};

const char* Pass::shape(const Instruction& in, const OpInfo& info) {
  int halves = 0, words = 0;
  looks_up_ = false;
  for (int i = 0; i < info.count; ++i) {
    const Kind kind = info.operands[i].kind;
    ++(is_half(kind) ? halves : words);
    // What `mask` attaches could not be taken back from a directory of the host.
    if ((kind == Kind::source || kind == Kind::below) && Op{in.op} != Op::mask) looks_up_ = true;
  }
  for (; halves < 3; ++halves) {
    if (in.half[halves] != 0) return "an unused operand is not zero";
  }
  for (; words < 2; ++words) {
    if (in.word[words] != 0) return "an unused operand is not zero";
  }
  return nullptr;
}

const char* Pass::slot(const Operand& operand, uint16_t half, bool kept_here) {
  const uint16_t number = half & slot_mask;
  const bool last = half & slot_last_use;
  if (operand.kind == Kind::use && is_pseudo(half)) {
    if (last || !looks_up_) return "host or target cannot stand here";
    pseudo_ = true;
    return nullptr;
  }
  if (operand.kind == Kind::maybe && half == slot_null) return nullptr;
  if (number >= view_.header->slots) return "no such slot";
  if (operand.kind == Kind::def) {
    return last ? "a slot is filled and closed at once" : nullptr;  // the rest: define()
  }
  if (slots_[number] == State::free) return "a slot is used that holds nothing";
  if (operand.kind == Kind::drop && !last) return "a closed slot is not marked as such";
  if (kept_here && slots_[number] == State::kept) return "a tree is published twice";
  if ((last || kept_here) && slots_[number] == State::kept) return "an undo needs this slot";
  if (last && kept_here) return "an undo needs this slot";
  return nullptr;
}

const char* Pass::string(const Operand& operand, uint32_t offset) {
  if (!is_start_of_string(view_, offset)) return "an operand is no string";
  const char* text = view_.text(offset);
  switch (operand.kind) {
    case Kind::source:
      return (pseudo_ ? text[0] == '/' : text[0] == 0) ? nullptr : "bad source path";
    case Kind::below:
      return (pseudo_ ? text[0] == '/' : is_relative_path(text)) ? nullptr : "bad path";
    case Kind::spot:
      return text[0] == 0 || is_name(text) ? nullptr : "bad name";
    case Kind::name:
      return is_name(text) ? nullptr : "bad name";
    case Kind::text:
    case Kind::def:
    case Kind::use:
    case Kind::maybe:
    case Kind::drop:
    case Kind::attr:
    case Kind::pair:
    case Kind::bits:
    case Kind::mode:
      break;
  }
  return nullptr;
}

const char* Pass::number(const Operand& operand, uint32_t value) {
  if (operand.kind == Kind::attr && value >= view_.header->attrs.count) return "no such attribute";
  if (operand.kind == Kind::pair && value >= view_.header->pairs.count) return "no such pair";
  if (operand.kind == Kind::mode && value > 0177777) return "bad mode";
  if (operand.kind == Kind::bits && value & ~mask_of(operand.bits)) return "an unknown flag";
  return nullptr;
}

const char* Pass::instruction(const Instruction& in) {
  if (in.op == 0 || in.op > ops_count) return "no such instruction";
  const OpInfo& info = ops[in.op - 1];
  if (const char* defect = shape(in, info)) return defect;

  const bool visible = info.effect == Effect::visible;
  const char* defect = nullptr;
  pseudo_ = false;
  each_operand(in, [&](const Operand& operand, uint32_t value) {
    if (defect) return;
    const bool first = &operand == info.operands;
    if (is_slot(operand.kind)) {
      defect = slot(operand, static_cast<uint16_t>(value), visible && first);
    } else if (is_string(operand.kind)) {
      defect = string(operand, value);
    } else {
      defect = number(operand, value);
    }
  });
  if (defect) return defect;
  // only_if may close its first operand, and only a slot that an undo needs must not be closed.
  if (Op{in.op} == Op::only_if && slots_[in.half[0] & slot_mask] == State::kept) {
    return "an undo needs this slot";
  }

  // The uses come before the filling: an instruction may fill a slot that it closes.
  each_operand(in, [&](const Operand& operand, uint32_t value) {
    if (!is_slot(operand.kind) || operand.kind == Kind::def || !(value & slot_last_use)) return;
    uint8_t& state = slots_[value & slot_mask];
    if (state == State::free) defect = "a slot is closed twice";
    state = State::free;
  });
  each_operand(in, [&](const Operand& operand, uint32_t value) {
    if (!is_slot(operand.kind) || is_pseudo(static_cast<uint16_t>(value))) return;
    const bool keep = visible && &operand == info.operands;
    if (operand.kind != Kind::def && !keep) return;
    uint8_t& state = slots_[value];
    if (operand.kind == Kind::def && state != State::free) defect = "a slot is filled twice";
    state = keep ? State::kept : State::held;
  });
  return defect;
}

const char* attr_defect(const Attr& attr) {
  if ((attr.set | attr.clear) & ~mask_of(BitSet::attr)) return "an unknown attribute";
  if (attr.propagation & ~mask_of(BitSet::propagation)) return "an unknown propagation";
  if (attr.propagation & (attr.propagation - 1)) return "two propagations at once";
  return attr.reserved ? "a reserved field is not zero" : nullptr;
}

const char* debug_defect(const View& view) {
  for (uint32_t i = 0; i < view.header->places.count; ++i) {
    if (!view.places) break;
    if (!is_start_of_string(view, view.places[i].file) ||
        !is_start_of_string(view, view.places[i].statement)) {
      return "a place is no string";
    }
  }
  for (uint32_t i = 0; i < view.header->lines.count; ++i) {
    if (view.lines[i] >= view.header->places.count) return "no such place";
  }
  return nullptr;
}

}  // namespace

Verdict verify(const View& view, uint8_t* slots) {
  for (uint32_t i = 0; i < view.header->attrs.count; ++i) {
    if (const char* defect = attr_defect(view.attrs[i])) return {defect};
  }
  if (const char* defect = debug_defect(view)) return {defect};

  for (uint32_t i = 0; i < view.header->slots; ++i) slots[i] = State::free;
  Pass pass(view, slots);
  for (uint32_t i = 0; i < view.steps(); ++i) {
    if (const char* defect = pass.instruction(view.code[i])) return {defect, i};
  }
  return {};
}

}  // namespace mountc::plan
