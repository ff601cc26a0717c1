// test/kernel/mutants.cc - plans with one step wrong, and whether the validator notices.
//
//   mutants LAYOUT DIRECTORY [NAME=VALUE...]
//
// Each step of the layout's plan is left out, traded with the next one, and altered operand by
// operand. Those that the runtime's verifier would run are written to DIRECTORY/N.plan, and a
// line `N caught|missed WHAT` is printed for each; mutation_check.py runs them.
#include <fmt/format.h>

#include <fstream>
#include <map>

#include "compiler/check/check.h"
#include "compiler/layout/resolve.h"
#include "compiler/lower/lower.h"
#include "compiler/lower/slots.h"
#include "compiler/plan/bytes.h"
#include "compiler/plan/encode.h"
#include "compiler/syntax/parse.h"
#include "compiler/validate/validate.h"

namespace mountc {
namespace {

class Mutator {
 public:
  Mutator(const Program& program, const Layout& layout, std::string directory)
      : original_(program), layout_(layout), directory_(std::move(directory)) {}

  void run() {
    write("original", original_);
    for (size_t i = 0; i < original_.steps.size(); ++i) {
      Program dropped = original_;
      dropped.steps.erase(dropped.steps.begin() + static_cast<ptrdiff_t>(i));
      consider(dropped, fmt::format("step {} left out", i));
      if (i + 1 < original_.steps.size()) {
        Program swapped = original_;
        std::swap(swapped.steps[i], swapped.steps[i + 1]);
        consider(swapped, fmt::format("steps {} and {} traded", i, i + 1));
      }
      const plan::OpInfo& row = original_.steps[i].row();
      for (int k = 0; k < row.count; ++k) alter(i, k, row.operands[k]);
    }
  }

 private:
  void write(const std::string& name, const Program& program) {
    std::string excess;
    const auto bytes = encode(program, false, excess);
    if (bytes) std::ofstream(directory_ + "/" + name + ".plan", std::ios::binary) << *bytes;
  }

  void consider(const Program& mutant, const std::string& what) {
    std::string excess;
    const auto bytes = encode(mutant, false, excess);
    if (!bytes || PlanBytes(*bytes).refusal()) return;  // it would never run
    const bool caught = defect_of(mutant, layout_).has_value();
    write(std::to_string(count_), mutant);
    fmt::print("{} {} {}\n", count_++, caught ? "caught" : "missed", what);
  }

  void with(size_t step, int operand, uint32_t value, const char* how) {
    if (original_.steps[step].args[operand] == value) return;
    Program mutant = original_;
    mutant.steps[step].args[operand] = value;
    consider(mutant, fmt::format("step {}, operand {}: {}", step, operand, how));
  }

  void with_attr(size_t step, int operand, plan::Attr attr, const char* how) {
    Program mutant = original_;
    mutant.steps[step].args[operand] = mutant.attrs.add(attr);
    consider(mutant, fmt::format("step {}, operand {}: {}", step, operand, how));
  }

  void alter(size_t step, int operand, const plan::Operand& kind) {
    const uint32_t value = original_.steps[step].args[operand];
    switch (kind.kind) {
      case plan::Kind::use:
      case plan::Kind::maybe:
      case plan::Kind::drop: return alter_slot(step, operand, value);
      case plan::Kind::attr: return alter_attr(step, operand, original_.attrs[value]);
      case plan::Kind::bits:
        for (const plan::BitName& bit : plan::bit_names) {
          if (bit.set == kind.bits) with(step, operand, value ^ bit.value, bit.name);
        }
        return;
      case plan::Kind::mode: return with(step, operand, value ^ 0022, "another mode");
      case plan::Kind::pair:
        for (uint32_t p = 0; p < original_.pairs.size(); ++p)
          with(step, operand, p, "another pair");
        return;
      case plan::Kind::none:
      case plan::Kind::def: return;
      case plan::Kind::text:
      case plan::Kind::source:
      case plan::Kind::below:
      case plan::Kind::name:
      case plan::Kind::spot:
      case plan::Kind::absolute: return alter_string(step, operand, value);
    }
  }

  void alter_slot(size_t step, int operand, uint32_t value) {
    const uint32_t number = used(value), last = value & reg_last_use;
    if (number >= original_.registers) return;
    with(step, operand, ((number + 1) % original_.registers) | last, "the next slot");
    with(step, operand, ((number + original_.registers - 1) % original_.registers) | last,
         "the slot before");
  }

  void alter_attr(size_t step, int operand, plan::Attr attr) {
    for (const plan::BitName& bit : plan::bit_names) {
      plan::Attr other = attr;
      if (bit.set == plan::BitSet::attr && bit.value < 0x10) {
        other.set ^= bit.value;
        with_attr(step, operand, other, bit.name);
      } else if (bit.set == plan::BitSet::propagation && bit.value != attr.propagation) {
        other.propagation = bit.value;
        with_attr(step, operand, other, bit.name);
      }
    }
    if (attr.propagation)
      with_attr(step, operand, {attr.set, attr.clear, 0, 0}, "no propagation");
  }

  void alter_string(size_t step, int operand, uint32_t value) {
    Program mutant = original_;
    mutant.steps[step].args[operand] =
        mutant.strings.add(std::string(original_.strings[value]) + "x");
    consider(mutant, fmt::format("step {}, operand {}: another text", step, operand));
    // Another string that the plan has in such a place.
    const plan::Op op = original_.steps[step].op;
    for (size_t i = step + 1; i < original_.steps.size(); ++i) {
      if (original_.steps[i].op != op || original_.steps[i].args[operand] == value) continue;
      return with(step, operand, original_.steps[i].args[operand], "a neighbour's text");
    }
  }

  const Program& original_;
  const Layout& layout_;
  std::string directory_;
  int count_ = 0;
};

int run(int argc, char** argv) {
  Sources sources;
  Diagnostics diagnostics;
  std::map<std::string, std::string> definitions;
  for (int i = 3; i < argc; ++i) {
    const std::string word = argv[i];
    definitions[word.substr(0, word.find('='))] = word.substr(word.find('=') + 1);
  }
  const auto file = sources.read(argv[1]);
  if (!file) return 2;
  auto tree = parse(sources, *file, diagnostics);
  if (!tree) return 1;
  const auto layout = resolve(std::move(*tree), sources, definitions, diagnostics);
  if (!layout) return 1;
  check_all(*layout, diagnostics);
  if (diagnostics.has_errors()) return 1;
  Program program = lower(*layout, sources);
  if (!allocate_slots(program) || defect_of(program, *layout)) return 1;
  Mutator(program, *layout, argv[2]).run();
  return 0;
}

}  // namespace
}  // namespace mountc

int main(int argc, char** argv) { return argc < 3 ? 2 : mountc::run(argc, argv); }
