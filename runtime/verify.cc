// runtime/verify.cc - checks every instruction of untrusted bytes in one pass. The rules follow
// the kinds of operands in ops.def; only three hang on an instruction.
#include "runtime/verify.h"

namespace mountc::plan {
namespace {

// What an instruction of the pass knows of a slot. A slot is kept from the visible instruction
// on whose first operand it is: undoing that step needs the fd, so it stays open to the end.
enum State : uint8_t { free, held, kept };

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
  const char* slot(Kind kind, uint32_t half, bool keep);
  const char* string(Kind kind, uint32_t offset) const;
  const char* settle(const OpRow& row, const Values& values);

  const View& view_;
  uint8_t* slots_;
  bool looks_up_ = false;  // the instruction looks a path up, so `dir` may be host or target
  bool pseudo_ = false;    // and it is
};

const char* Pass::slot(Kind kind, uint32_t half, bool keep) {
  const uint32_t number = half & slot_mask;
  const bool last = half & slot_last_use;
  if (kind == Kind::use && is_pseudo(half)) {
    pseudo_ = true;
    return last || !looks_up_ ? "host or target cannot stand here" : nullptr;
  }
  if (kind == Kind::maybe && half == slot_null) return nullptr;
  if (number >= view_.header->slots) return "no such slot";
  if (kind == Kind::def) return last ? "a slot is filled and closed at once" : nullptr;
  if (slots_[number] == State::free) return "a slot is used that holds nothing";
  if (kind == Kind::drop && !last) return "a slot is closed that is not marked so";
  if (keep ? last || slots_[number] == State::kept : last && slots_[number] == State::kept) {
    return "an undo needs this slot";
  }
  return nullptr;
}

const char* Pass::string(Kind kind, uint32_t offset) const {
  if (!is_start_of_string(view_, offset)) return "an operand is no string";
  const char* text = view_.text(offset);
  const bool empty = text[0] == 0;
  bool good = true;
  if (pseudo_ && (kind == Kind::source || kind == Kind::below)) {
    good = text[0] == '/';
  } else if (kind == Kind::source) {
    good = empty;
  } else if (kind == Kind::below) {
    good = is_relative_path(text);
  } else if (kind == Kind::name || kind == Kind::spot) {
    good = is_name(text) || (empty && kind == Kind::spot);
  }
  return good ? nullptr : "bad path or name";
}

// The uses come before the filling: an instruction may fill a slot that it closes.
const char* Pass::settle(const OpRow& row, const Values& values) {
  for (int i = 0; i < row.count; ++i) {
    if (!is_slot(row.kinds[i]) || !(values.value[i] & slot_last_use)) continue;
    uint8_t& state = slots_[values.value[i] & slot_mask];
    if (state == State::free) return "a slot is closed twice";
    state = State::free;
  }
  const bool fills = row.kinds[0] == Kind::def;
  if (!fills && !row.visible) return nullptr;
  uint8_t& state = slots_[values.value[0]];
  if (fills && state != State::free) return "a slot is filled that is in use";
  state = row.visible ? State::kept : State::held;
  return nullptr;
}

const char* Pass::instruction(const Instruction& in) {
  if (in.op == 0 || in.op > ops_count) return "no such instruction";
  const OpRow& row = row_of(in);
  const Values values(in);
  for (int i = values.halves; i < 3; ++i) {
    if (in.half[i] != 0) return "an unused operand is not zero";
  }
  for (int i = values.words; i < 2; ++i) {
    if (in.word[i] != 0) return "an unused operand is not zero";
  }
  pseudo_ = looks_up_ = false;
  for (int i = 0; i < row.count; ++i) {
    if (row.kinds[i] == Kind::source || row.kinds[i] == Kind::below) looks_up_ = true;
  }
  // What `mask` attached to a directory of the host could not be taken back.
  if (Op{in.op} == Op::mask) looks_up_ = false;

  for (int i = 0; i < row.count; ++i) {
    const Kind kind = row.kinds[i];
    const uint32_t value = values.value[i];
    const char* defect = nullptr;
    if (is_slot(kind)) {
      defect = slot(kind, value, row.visible && i == 0);
    } else if (is_string(kind)) {
      defect = string(kind, value);
    } else if (kind == Kind::attr   ? value >= view_.header->attrs.count
               : kind == Kind::pair ? value >= view_.header->pairs.count
               : kind == Kind::mode ? value > 0177777
                                    : value & ~bit_rows.masks[static_cast<int>(row.sets[i])]) {
      defect = "a number is out of range";
    }
    if (defect) return defect;
  }
  // only_if may close its first operand.
  if (Op{in.op} == Op::only_if && slots_[in.half[0] & slot_mask] == State::kept) {
    return "an undo needs this slot";
  }
  return settle(row, values);
}

const char* attr_defect(const Attr& attr) {
  const bool good = !((attr.set | attr.clear) & ~mask_of(BitSet::attr)) &&
                    !(attr.propagation & ~mask_of(BitSet::propagation)) &&
                    !(attr.propagation & (attr.propagation - 1)) && !attr.reserved;
  return good ? nullptr : "bad attributes";
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
