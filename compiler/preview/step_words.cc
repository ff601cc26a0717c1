// compiler/preview/step_words.cc - a step of a plan in words.
#include "compiler/preview/step_words.h"

#include <fmt/format.h>
#include <sys/stat.h>

namespace mountc {
namespace {

using plan::Kind;
using plan::Op;

struct Row {
  Op op;
  const char* text;
};

constexpr Row rows[] = {
#define SAYS(op, text) {Op::op, text},
#include "compiler/preview/step_words.def"
};

const char* text_of(Op op) {
  for (const Row& row : rows) {
    if (row.op == op) return row.text;
  }
  return nullptr;
}

std::string flags(std::string text, uint32_t set) {
  const std::string begin = text;
  for (const plan::BitName& bit : plan::bit_names) {
    const bool named = bit.set == plan::BitSet::attr && bit.value != plan::bit::attr_ATIME;
    if (named && (set & bit.value)) {
      text += fmt::format("{}{}", text == begin ? "" : " ", bit.name);
    }
  }
  return text == begin ? "" : text;
}

std::string quoted(std::string_view text) { return fmt::format("`{}`", text); }

}  // namespace

std::string StepWords::slot(uint32_t value) const {
  const Register number = used(value);
  return number < names_.size() ? names_[number] : "";
}

std::string StepWords::attributes(uint32_t index) const {
  const plan::Attr attr = program_.attrs[index];
  std::string text = flags(": ", attr.set) + flags(attr.set ? ", not " : ": not ", attr.clear);
  for (const plan::BitName& bit : plan::bit_names) {
    if (bit.set != plan::BitSet::propagation || attr.propagation != bit.value) continue;
    text += (text.empty() ? ": " : ", ") + std::string(bit.name);
  }
  return text;
}

// {mode, device} of an entry, or {uid, gid}.
std::string StepWords::pair(Op op, uint32_t index) const {
  const plan::Pair pair = program_.pairs[index];
  if (op == Op::fchownat) return fmt::format("user {}, group {}", pair.first, pair.second);
  const char* const kind = S_ISCHR(pair.first)    ? "a character device"
                           : S_ISBLK(pair.first)  ? "a block device"
                           : S_ISFIFO(pair.first) ? "a fifo"
                                                  : "a file";
  return fmt::format(", {}, mode {:o}", kind, pair.first & 07777);
}

// The path that a step is about.
std::string StepWords::place(const Step& step) const {
  const plan::OpInfo& row = step.row();
  std::string name, dir;
  for (int i = 0; i < row.count; ++i) {
    const Kind kind = row.operands[i].kind;
    const bool word = kind != Kind::text || dir.empty();
    if (plan::is_string(kind) && word) name = program_.strings[step.args[i]];
    const bool looked_in = row.operands[i].name == std::string_view("dir");
    if (plan::is_slot(kind) && kind != Kind::def && looked_in) dir = slot(step.args[i]);
  }
  if (name.empty()) return dir;
  return name[0] == '/' || dir.empty() ? name : dir + (dir == "/" ? "" : "/") + name;
}

std::string StepWords::operand(const Step& step, size_t index) const {
  const plan::Operand& operand = step.row().operands[index];
  const uint32_t value = step.args[index];
  if (operand.kind == Kind::attr) return attributes(value);
  if (operand.kind == Kind::pair) return pair(step.op, value);
  if (operand.kind == Kind::mode) return fmt::format("{:o}", value & 07777);
  if (plan::is_string(operand.kind)) return quoted(program_.strings[value]);
  if (plan::is_slot(operand.kind)) {
    const std::string name = slot(value);
    return name.empty() ? "it" : quoted(name);
  }
  return flags(", ", value);
}

std::string StepWords::filled(const Step& step, std::string text) const {
  const plan::OpInfo& row = step.row();
  for (size_t i = 0; i < row.count; ++i) {
    const std::string name = fmt::format("{{{}}}", row.operands[i].name);
    const size_t at = text.find(name);
    if (at != std::string::npos) text.replace(at, name.size(), operand(step, i));
  }
  const size_t at = text.find("{place}");
  if (at != std::string::npos) text.replace(at, 7, quoted(place(step)));
  return text;
}

std::string StepWords::say(const Step& step, const StepFacts& facts) const {
  const auto said = [&](std::string_view name) {
    return operand(step, operand_index(step.op, name));
  };
  if (step.op == Op::if_shared) {
    return fmt::format("is the mount that {} lies on shared? {}", said("dir"),
                       facts.missing ? "no: no guard is needed" : "yes");
  }
  if (step.op == Op::publish) {
    return fmt::format("attach the tree {} {} {}", said("fd"),
                       facts.guarded ? "on the guard of" : "on", said("dir"));
  }
  if (step.op == Op::open_tree) {
    const bool clones = step.operand("flags") & plan::bit::tree_CLONE;
    return fmt::format("{} what is at {}", clones ? "clone" : "pick up", quoted(place(step)));
  }
  if (step.op == Op::stage) {
    return slot(step.operand("ns")).empty()
               ? "go to a stage, a mount namespace that nobody else sees"
               : fmt::format("go to the mount namespace {}", said("ns"));
  }
  if (step.op == Op::namespace_ && used(step.operand("root")) == reg_null) {
    return fmt::format("make the mount namespace {}, a copy of the caller's", said("name"));
  }
  const char* const text = text_of(step.op);
  return text ? filled(step, text) : step.row().summary;
}

void StepWords::name_slot(const Step& step) {
  const plan::OpInfo& row = step.row();
  if (row.operands[0].kind != Kind::def) return;
  std::string name = place(step);
  for (int i = 1; i < row.count && name.empty(); ++i) {
    if (plan::is_slot(row.operands[i].kind)) name = slot(step.args[i]);
  }
  names_[used(step.args[0])] = name;
}

}  // namespace mountc
