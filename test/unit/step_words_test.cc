// test/unit/step_words_test.cc - what explain says of an instruction names only its operands.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "runtime/ops.h"

namespace mountc {
namespace {

TEST(StepWords, EveryBraceIsAnOperandOrThePlace) {
  const auto check = [](plan::Op op, const std::string& text) {
    const plan::OpInfo& row = plan::row_of(op);
    std::set<std::string> known = {"place"};
    for (int i = 0; i < row.count; ++i) known.insert(row.operands[i].name);
    for (size_t at = text.find('{'); at != std::string::npos; at = text.find('{', at + 1)) {
      const std::string name = text.substr(at + 1, text.find('}', at) - at - 1);
      EXPECT_TRUE(known.contains(name)) << row.name << ": " << name;
    }
  };
#define SAYS(op, text) check(plan::Op::op, text);
#include "compiler/preview/step_words.def"
}

}  // namespace
}  // namespace mountc
