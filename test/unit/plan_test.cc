// test/unit/plan_test.cc - every form of a plan becomes every other without loss.
#include <gtest/gtest.h>

#include <random>
#include <sstream>

#include "compiler/diag/text.h"
#include "compiler/plan/assemble.h"
#include "compiler/plan/bytes.h"
#include "compiler/plan/decode.h"
#include "compiler/plan/disassemble.h"
#include "compiler/plan/encode.h"
#include "runtime/mountrun.h"

namespace mountc {
namespace {

using plan::BitSet;
using plan::Kind;

std::string encoded(const Program& program, bool strip = false) {
  std::string excess;
  auto bytes = encode(program, strip, excess);
  EXPECT_TRUE(bytes) << excess;
  return bytes.value_or("");
}

std::string assembled(const std::string& text) {
  Sources sources;
  Diagnostics diagnostics;
  const auto assembly = assemble(sources, sources.add("x.asm", text), diagnostics);
  EXPECT_TRUE(assembly) << render_text(diagnostics, sources) << text;
  return assembly ? encoded(assembly->program) : "";
}

// Programs that the verifier accepts: operands of every kind, slots filled before use.
class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  Program run() {
    program_.registers = 64;
    program_.features[0] = below(32);
    const uint32_t places = below(5);
    for (uint32_t i = 0; i < places; ++i) {
      program_.places.push_back({program_.strings.add("a.mnt"), below(9), below(3), text("")});
    }
    for (int i = 0; i < 60; ++i) step();
    return std::move(program_);
  }

 private:
  uint32_t below(size_t limit) { return limit ? uint32_t(random_() % limit) : 0; }

  uint32_t text(std::string prefix) {
    static constexpr std::string_view bytes = "ab\\\"\n\t\x01\x7f\xc3\xa4#% ";
    for (uint32_t i = below(6); i > 0; --i) prefix += bytes[below(bytes.size())];
    return program_.strings.add(prefix);
  }

  uint32_t mask(BitSet set) {
    uint32_t value = 0;
    for (const plan::BitName& name : plan::bit_names) {
      if (name.set == set && below(2)) value |= name.value;
    }
    return value;
  }

  Register held() { return held_[below(held_.size())]; }

  // What would keep a slot to the end, or fill none, needs more than kinds to be well-formed;
  // so does a stage, which holds no other.
  void step() {
    const plan::OpInfo& info = plan::ops[below(plan::ops_count)];
    Step step{plan::Op{info.code}};
    if (info.effect == plan::Effect::visible || step.op == plan::Op::only_if) return;
    if (step.op == plan::Op::stage || step.op == plan::Op::unstage) return;
    if (next_ == 64) return;
    std::vector<Register> filled;
    for (int i = 0; i < info.count; ++i) {
      const Kind kind = info.operands[i].kind;
      if (kind == Kind::def) {
        filled.push_back(next_);
        step.args[i] = next_++;
      } else if (plan::is_slot(kind) && held_.empty()) {
        return;
      } else {
        step.args[i] = value(info.operands[i]);
      }
    }
    if (!program_.places.empty()) step.place = below(program_.places.size());
    held_.insert(held_.end(), filled.begin(), filled.end());
    program_.steps.push_back(step);
  }

  uint32_t value(const plan::Operand& operand) {
    switch (operand.kind) {
      case Kind::def:
      case Kind::use: return held();
      case Kind::maybe: return below(2) ? held() : reg_null;
      case Kind::drop: {
        const Register last = held();
        std::erase(held_, last);
        return last | reg_last_use;
      }
      case Kind::attr:
        return program_.attrs.add({mask(BitSet::attr), mask(BitSet::attr),
                                   below(2) * plan::bit::propagation_SLAVE, 0});
      case Kind::pair: return program_.pairs.add({below(3), uint32_t(random_())});
      case Kind::bits: return mask(operand.bits);
      case Kind::mode: return below(0177777 + 1);
      case Kind::text: return text("");
      case Kind::absolute: return text("/");
      case Kind::source: return program_.strings.add("");
      case Kind::below:
      case Kind::name:
      case Kind::spot: return text("n");
      case Kind::none: break;
    }
    return 0;
  }

  std::mt19937 random_;
  Program program_;
  std::vector<Register> held_;
  Register next_ = 0;
};

TEST(Plan, RandomProgramsSurviveEveryForm) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    const Program program = Generator(seed).run();
    for (const bool strip : {false, true}) {
      const std::string bytes = encoded(program, strip);
      std::string error;
      const auto decoded = decode(bytes, error);
      ASSERT_TRUE(decoded) << seed << ": " << error << '\n' << disassemble(program);
      EXPECT_EQ(encoded(*decoded), bytes) << seed;
      const std::string text = disassemble(*decoded);
      EXPECT_EQ(assembled(text), bytes) << seed << '\n' << text;
    }
  }
}

// The steps as the runtime prints them.
std::string printed(const std::string& bytes) {
  PlanBytes plan(bytes);
  std::string text;
  mountrun_options options{};
  options.context = &text;
  options.write = [](void* context, const char* from, size_t size) {
    static_cast<std::string*>(context)->append(from, size);
  };
  EXPECT_EQ(mountrun_print(plan.data(), plan.size(), &options), 0);
  return text;
}

std::string without_places(const std::string& text) {
  std::istringstream lines(text);
  std::string steps;
  int headers = 3;
  for (std::string line; std::getline(lines, line);) {
    if (headers-- <= 0 && line[0] != '@') steps += line + '\n';
  }
  return steps;
}

// The names that a plan brings along are all that its steps need.
TEST(Plan, TheRuntimePrintsWhatDisassemblyShows) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    const Program program = Generator(seed).run();
    if (program.places.empty()) continue;
    EXPECT_EQ(printed(encoded(program)), without_places(disassemble(program))) << seed;
  }
}

TEST(Plan, OnlyNamesThatAreNeededAreWrittenEachOnce) {
  Program program;
  program.registers = 1;
  program.places.push_back({program.strings.add("ENOENT"), 1, 1, 0});
  program.steps.push_back({plan::Op::fsopen, {0, program.strings.add("type")}});
  program.steps.push_back({plan::Op::fsconfig_create, {0, 0}});
  const std::string bytes = encoded(program);
  const auto count = [&bytes](std::string text) {
    text = '\0' + text + '\0';
    int times = 0;
    for (size_t at = 0; (at = bytes.find(text, at)) != std::string::npos; ++at) ++times;
    return times;
  };
  EXPECT_EQ(count("fsopen"), 1);
  EXPECT_EQ(count("type"), 1);
  EXPECT_EQ(count("ctx"), 1);
  EXPECT_EQ(count("the kernel does not know this filesystem type"), 1);
  EXPECT_EQ(count("OPTIONAL"), 0);
  EXPECT_EQ(count("publish"), 0);
  EXPECT_EQ(bytes.find("sharing group"), std::string::npos);
}

TEST(Plan, SameProgramSameBytes) {
  EXPECT_EQ(encoded(Generator(1).run()), encoded(Generator(1).run()));
}

TEST(Plan, UnusedStringsAndPlacesAreNotWritten) {
  Program program;
  program.strings.add("nobody asks for it");
  program.attrs.add({1, 0, 0, 0});
  EXPECT_EQ(encoded(program), encoded(Program()));
}

TEST(Plan, EveryChangedByteIsNoticed) {
  const std::string bytes = encoded(Generator(2).run());
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 0x10);
    std::string error;
    EXPECT_FALSE(decode(changed, error)) << "byte " << i;
  }
}

TEST(Plan, NoPrefixIsAPlan) {
  const std::string bytes = encoded(Generator(3).run());
  for (size_t length = 0; length < bytes.size(); ++length) {
    std::string error;
    EXPECT_FALSE(decode(std::string_view(bytes).substr(0, length), error)) << length;
  }
}

TEST(Plan, MorePairsThanTheFormatNumbers) {
  Program program;
  program.registers = 1;
  program.steps.push_back({plan::Op::fsopen, {0}});
  for (uint32_t i = 0; i <= 1u << 16; ++i) {
    program.steps.push_back({plan::Op::fchownat, {0, program.pairs.add({i, i}), 0}});
  }
  std::string excess;
  EXPECT_FALSE(encode(program, false, excess));
  EXPECT_EQ(excess, "nodes and owners");
}

}  // namespace
}  // namespace mountc
