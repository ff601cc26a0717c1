// compiler/plan/assemble.cc - text assembly to a program.
#include "compiler/plan/assemble.h"

#include <algorithm>
#include <string_view>

#include "compiler/plan/scan.h"

namespace mountc {
namespace {

using plan::BitSet;
using plan::Kind;

const plan::OpInfo* find_op(std::string_view name) {
  const auto found = std::ranges::find(plan::ops, name, &plan::OpInfo::name);
  return found == std::end(plan::ops) ? nullptr : found;
}

std::string meant(std::string_view word, const std::vector<std::string_view>& candidates) {
  const std::string_view near = nearest(word, candidates);
  return near.empty() ? "" : fmt::format(", did you mean `{}`?", near);
}

// `A|B|0x10`, or `0`. `find(name)` gives the value of a name, or 0.
template <typename Find>
uint32_t read_bits(Scanner& in, Find find) {
  uint32_t value = 0;
  do {
    Scanner ahead = in;
    const std::string_view word = ahead.word();
    if (word.empty()) in.fail("expected the name of a flag, or `0`");
    if (word[0] >= '0' && word[0] <= '9') {
      value |= in.number();
      continue;
    }
    const uint32_t bit = find(word);
    if (bit == 0) in.fail(fmt::format("unknown flag `{}`", word));
    value |= bit;
    in = ahead;
  } while (in.accept("|"));
  return value;
}

uint32_t read_bits(Scanner& in, BitSet set) {
  return read_bits(in, [set](std::string_view word) -> uint32_t {
    for (const plan::BitName& name : plan::bit_names) {
      if (name.set == set && name.name == word) return name.value;
    }
    return 0;
  });
}

uint32_t read_features(Scanner& in) {
  return read_bits(in, [](std::string_view word) -> uint32_t {
#define FEATURE(bit, name, since, what) \
  if (word == #name) return 1u << (bit);
#include "runtime/features.def"
    return 0;
  });
}

plan::Attr read_attr(Scanner& in) {
  plan::Attr attr{};
  in.expect("{");
  in.skip_blanks();
  while (!in.accept("}")) {
    if (in.accept("set=")) {
      attr.set = read_bits(in, BitSet::attr);
    } else if (in.accept("clear=")) {
      attr.clear = read_bits(in, BitSet::attr);
    } else if (in.accept("propagation=")) {
      attr.propagation = read_bits(in, BitSet::propagation);
    } else {
      in.fail("expected `set=`, `clear=`, `propagation=` or `}`");
    }
    in.skip_blanks();
  }
  return attr;
}

Register read_slot(Scanner& in) {
  const Scanner begin = in;
  if (in.accept("host")) return reg_host;
  if (in.accept("target")) return reg_target;
  if (in.accept("null")) return reg_null;
  if (!in.accept("%")) in.fail("expected a slot: `%N`, `host`, `target` or `null`");
  const uint32_t number = in.decimal();
  if (number >= plan::slots_max) {
    begin.fail(fmt::format("slot numbers are below {}", plan::slots_max));
  }
  return number | (in.accept("!") ? reg_last_use : 0);
}

class Assembler {
 public:
  void header(Scanner& in, int line);
  void place(Scanner& in);
  void second_way(Scanner& in);
  void way_back(Scanner& in);
  void step(Scanner& in, Span span);
  Assembly take() { return {std::move(program_), std::move(lines_)}; }

 private:
  uint32_t operand(Scanner& in, const plan::Operand& operand);

  Program program_;
  std::vector<Span> lines_;
};

// The three lines that every plan begins with.
void Assembler::header(Scanner& in, int line) {
  static constexpr std::string_view keywords[] = {"mountc-plan", "features", "slots"};
  in.expect(keywords[line]);
  in.skip_blanks();
  const Scanner begin = in;
  if (line == 0) {
    if (in.decimal() != plan::format_version) {
      begin.fail(fmt::format("expected format version {}", plan::format_version));
    }
  } else if (line == 1) {
    program_.features[0] = read_features(in);
  } else {
    program_.registers = in.decimal();
    if (program_.registers > plan::slots_max) {
      begin.fail(fmt::format("a plan has at most {} slots", plan::slots_max));
    }
  }
}

// @ "FILE" LINE COLUMN "STATEMENT"
void Assembler::place(Scanner& in) {
  if (program_.places.empty() && !program_.steps.empty()) {
    in.fail("no place: the steps before have none");
  }
  Place place;
  in.skip_blanks();
  place.file = program_.strings.add(in.string());
  in.skip_blanks();
  place.line = in.decimal();
  in.skip_blanks();
  place.column = in.decimal();
  in.skip_blanks();
  place.statement = program_.strings.add(in.string());
  program_.places.push_back(place);
}

// A second line `features`: another way to the same end begins.
void Assembler::second_way(Scanner& in) {
  if (program_.second || program_.back || program_.steps.empty()) {
    in.fail("a plan has at most two ways, and steps before the second one");
  }
  in.skip_blanks();
  program_.features[1] = read_features(in);
  program_.second = static_cast<uint32_t>(program_.steps.size());
}

// A line `back`: what follows takes away what an earlier run has made.
void Assembler::way_back(Scanner& in) {
  if (program_.back || program_.steps.empty()) {
    in.fail("a plan has one way back, and steps before it");
  }
  program_.back = static_cast<uint32_t>(program_.steps.size());
}

void Assembler::step(Scanner& in, Span span) {
  const Scanner begin = in;
  const std::string_view name = in.word();
  const plan::OpInfo* info = find_op(name);
  if (!info) {
    std::vector<std::string_view> names;
    for (const plan::OpInfo& op : plan::ops) names.push_back(op.name);
    begin.fail(fmt::format("unknown instruction `{}`{}", name, meant(name, names)));
  }
  Step step{plan::Op{info->code}};
  if (!program_.places.empty()) step.place = static_cast<uint32_t>(program_.places.size() - 1);
  for (int i = 0; i < info->count; ++i) {
    in.skip_blanks();
    in.expect(fmt::format("{}=", info->operands[i].name));
    step.args[i] = operand(in, info->operands[i]);
  }
  program_.steps.push_back(step);
  lines_.push_back(span);
}

uint32_t Assembler::operand(Scanner& in, const plan::Operand& operand) {
  if (plan::is_slot(operand.kind)) return read_slot(in);
  if (plan::is_string(operand.kind)) return program_.strings.add(in.string());
  if (operand.kind == Kind::attr) return program_.attrs.add(read_attr(in));
  if (operand.kind == Kind::mode) return in.number();
  if (operand.kind == Kind::bits) return read_bits(in, operand.bits);
  const uint32_t first = in.decimal();
  in.expect(":");
  return program_.pairs.add({first, in.decimal()});
}

}  // namespace

std::optional<Assembly> assemble(const Sources& sources, uint32_t file,
                                 Diagnostics& diagnostics) {
  const std::string_view text = sources.file(file).text;
  Assembler assembler;
  int headers = 0;
  for (size_t begin = 0, end = 0; begin < text.size(); begin = end + 1) {
    end = std::min(text.find('\n', begin), text.size());
    const auto offset = static_cast<uint32_t>(begin);
    Scanner in(text.substr(begin, end - begin), offset);
    if (in.at_end()) continue;
    const Span span{file, in.offset(), static_cast<uint32_t>(end)};
    try {
      if (headers < 3) {
        assembler.header(in, headers++);
      } else if (in.accept("@")) {
        assembler.place(in);
      } else if (in.accept("features ")) {
        assembler.second_way(in);
      } else if (in.accept("back")) {
        assembler.way_back(in);
      } else {
        assembler.step(in, span);
      }
      in.expect_end();
    } catch (const AssemblyError& error) {
      diagnostics.report<rule::assembly>({file, error.offset, error.offset}, error.message);
    }
  }
  const auto end = static_cast<uint32_t>(text.size());
  if (headers < 3) {
    diagnostics.report<rule::assembly>(
        {file, end, end}, "expected the lines `mountc-plan`, `features` and `slots`");
  }
  if (diagnostics.has_errors()) return std::nullopt;
  return assembler.take();
}

}  // namespace mountc
