// runtime/verify.cc - checks every instruction of untrusted bytes in one pass. The rules follow
// the kinds of operands in ops.def; only three hang on an instruction.
#include "runtime/verify.h"

namespace mountc::plan {
namespace {

// What an instruction of the pass knows of a slot. A slot is kept from the visible instruction
// on whose first operand it is: undoing that step needs the fd, so it stays open to the end.
enum State : uint8_t { free, held, kept };

// Components without `.` and `..`; `name` is only one.
bool is_relative_path(const char* path, bool name) {
  for (;; ++path) {
    const size_t length = length_until(path, '/');
    const bool dots = path[0] == '.' && (length == 1 || (length == 2 && path[1] == '.'));
    if (length == 0 || length > 255 || dots) return false;
    path += length;
    if (!*path) return true;
    if (name) return false;
  }
}

bool is_start_of_string(const View& view, uint32_t offset) {
  return offset < view.header->strings.count && (offset == 0 || view.strings[offset - 1] == 0);
}

class Pass {
 public:
  Pass(const View& view, uint8_t* slots) : view_(view), slots_(slots) {}

  void begin();
  Text instruction(const Instruction& in);

 private:
  Text slot(Kind kind, uint32_t half, bool keep);
  Text string(Kind kind, uint32_t offset) const;
  bool is_in_range(OpRow row, Kind kind, uint32_t value) const;
  Text settle(OpRow row, const Instruction& in);

  const View& view_;
  uint8_t* slots_;
  bool staged_;    // between `stage` and `unstage`
  bool looks_up_;  // the instruction looks a path up, so `dir` may be host or target
  bool pseudo_;    // and it is
};

// A way begins with nothing.
void Pass::begin() {
  for (uint32_t i = 0; i < view_.header->slots; ++i) slots_[i] = State::free;
  staged_ = false;
}

Text Pass::slot(Kind kind, uint32_t half, bool keep) {
  const uint32_t number = half & slot_mask;
  const bool last = half & slot_last_use;
  if (kind == Kind::use && is_pseudo(half)) {
    pseudo_ = true;
    return last || !looks_up_ ? Text::out_of_range : Text::none;
  }
  if (kind == Kind::maybe && half == slot_null) return Text::none;
  if (number >= view_.header->slots) return Text::no_slot;
  if (kind == Kind::def) return last ? Text::out_of_range : Text::none;
  const uint8_t state = slots_[number];
  if (state == State::free) return Text::slot_is_empty;
  if (kind == Kind::drop && !last) return Text::not_marked;
  const bool closed_later = last && (keep || state == State::kept);
  return closed_later || (keep && state == State::kept) ? Text::slot_is_kept : Text::none;
}

Text Pass::string(Kind kind, uint32_t offset) const {
  if (!is_start_of_string(view_, offset)) return Text::out_of_range;
  const char* text = view_.strings + offset;
  bool good = kind == Kind::text;
  if (kind == Kind::absolute) {
    good = text[0] == '/';
  } else if (kind == Kind::source || kind == Kind::below) {
    good = pseudo_                ? text[0] == '/'
           : kind == Kind::source ? !text[0]
                                  : is_relative_path(text, false);
  } else if (!good) {
    good = is_relative_path(text, true) || (!text[0] && kind == Kind::spot);
  }
  return good ? Text::none : Text::bad_name;
}

// The uses come before the filling: an instruction may fill a slot that it closes.
Text Pass::settle(OpRow row, const Instruction& in) {
  for (int i = 0; i < halves_max; ++i) {
    if (!is_slot(row.kind(i)) || !(in.half[i] & slot_last_use)) continue;
    uint8_t& state = slots_[in.half[i] & slot_mask];
    if (state == State::free) return Text::slot_is_empty;
    state = State::free;
  }
  const bool fills = row.fills();
  if (!fills && !row.is_visible()) return Text::none;
  uint8_t& state = slots_[in.half[0]];
  if (fills && state != State::free) return Text::slot_is_full;
  state = row.is_visible() ? State::kept : State::held;
  return Text::none;
}

// Numbers, and what an instruction has no operand for.
bool Pass::is_in_range(OpRow row, Kind kind, uint32_t value) const {
  if (kind == Kind::attr) return value < view_.header->attrs.count;
  if (kind == Kind::pair) return value < view_.header->pairs.count;
  const uint32_t mask = kind == Kind::bits   ? bit_masks.of[row.set()]
                        : kind == Kind::mode ? 0177777
                                             : 0;
  return !(value & ~mask);
}

Text Pass::instruction(const Instruction& in) {
  if (in.op == 0 || in.op > ops_count) return Text::no_instruction;
  const OpRow row = row_of(in);
  // Of the run's one spare stack there is no more for a second child.
  const Op op{in.op};
  const bool stage = op == Op::stage;
  const bool needs_child = stage || op == Op::namespace_ || op == Op::user_namespace ||
                           op == Op::publish_beneath;  // undoing that one
  if (staged_ ? needs_child : op == Op::unstage) return Text::no_instruction;
  // It would be closed after what follows, which may fill it again.
  if (stage && (in.half[1] & slot_last_use)) return Text::out_of_range;
  if (stage || op == Op::unstage) staged_ = stage;
  looks_up_ = row.looks_up();
  pseudo_ = false;
  for (int place = 0; place < operands_max; ++place) {
    const Kind kind = row.kind(place);
    const uint32_t value = operand(in, place);
    const Text defect = is_slot(kind)     ? slot(kind, value, row.is_visible() && place == 0)
                        : is_string(kind) ? string(kind, value)
                        : is_in_range(row, kind, value) ? Text::none
                                                        : Text::out_of_range;
    if (defect != Text::none) return defect;
  }
  // only_if may close its first operand.
  if (op == Op::only_if && slots_[in.half[0] & slot_mask] == State::kept) {
    return Text::slot_is_kept;
  }
  return settle(row, in);
}

bool is_good(const Attr& attr) {
  constexpr uint32_t attr_mask = mask_of(BitSet::attr);
  constexpr uint32_t propagation_mask = mask_of(BitSet::propagation);
  const uint32_t unknown = ((attr.set | attr.clear) & ~attr_mask) |
                           (attr.propagation & ~propagation_mask) |
                           (attr.propagation & (attr.propagation - 1)) | attr.reserved;
  return unknown == 0;
}

}  // namespace

Verdict verify(const View& view, uint8_t* slots) {
  for (uint32_t i = 0; i < view.header->attrs.count; ++i) {
    if (!is_good(view.attrs[i])) return {Text::bad_attributes};
  }
  Pass pass(view, slots);
  for (uint32_t i = 0; i < view.steps(); ++i) {
    if (i == 0 || i == view.header->second || i == view.header->back) pass.begin();
    const Text wrong = pass.instruction(view.code[i]);
    if (wrong != Text::none) return {wrong, i};
  }
  return {};
}

}  // namespace mountc::plan
