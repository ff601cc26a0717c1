// test/unit/slots_test.cc - registers get few slots, and each slot is closed where it should
// be.
#include "compiler/lower/slots.h"

#include <gtest/gtest.h>

#include "compiler/plan/disassemble.h"

namespace mountc {
namespace {

using plan::Op;

// The steps as text, without the header.
std::string allocated(Program program) {
  EXPECT_TRUE(allocate_slots(program));
  const std::string text = disassemble(program);
  return text.substr(text.find('\n', text.find("slots ")) + 1);
}

TEST(Slots, TheLastUseClosesAndTheSlotIsUsedAgain) {
  Program program;
  program.registers = 2;
  for (Register r : {0u, 1u}) {
    program.steps.push_back({Op::fsopen, {r, program.strings.add("proc")}});
    program.steps.push_back({Op::fsconfig_create, {r, 0}});
  }
  EXPECT_EQ(allocated(std::move(program)),
            "fsopen          ctx=%0 type=\"proc\"\n"
            "fsconfig_create ctx=%0! flags=0\n"
            "fsopen          ctx=%0 type=\"proc\"\n"
            "fsconfig_create ctx=%0! flags=0\n");
}

TEST(Slots, WhatIsNeverUsedIsClosedAtOnce) {
  Program program;
  program.registers = 1;
  program.steps.push_back({Op::fsopen, {0, program.strings.add("proc")}});
  EXPECT_EQ(allocated(std::move(program)),
            "fsopen          ctx=%0 type=\"proc\"\n"
            "close           fd=%0!\n");
}

TEST(Slots, WhatIsPublishedStaysOpen) {
  Program program;
  program.registers = 3;
  program.steps.push_back({Op::fsopen, {0, program.strings.add("proc")}});
  program.steps.push_back({Op::fsmount, {1, 0, 0}});
  program.steps.push_back({Op::openat2, {2, reg_target, program.strings.add("/p"), 0}});
  program.steps.push_back({Op::publish, {1, 2, reg_null}});
  EXPECT_EQ(allocated(std::move(program)).find("fd=%1!"), std::string::npos);
}

TEST(Slots, MoreThanAPlanCanNumber) {
  Program program;
  program.registers = plan::slots_max + 1;
  for (Register r = 0; r < program.registers; ++r) {
    program.steps.push_back({Op::fsopen, {r, 0}});
  }
  for (Register r = 0; r < program.registers; ++r) {
    program.steps.push_back({Op::fsconfig_create, {r, 0}});
  }
  EXPECT_FALSE(allocate_slots(program));
}

}  // namespace
}  // namespace mountc
