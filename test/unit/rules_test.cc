// test/unit/rules_test.cc - every diagnostic has an identifier of its own and a golden test.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "compiler/diag/diagnostics.h"

namespace mountc {
namespace {

// What the compiler cannot be made to say by a text of reasonable size; each with its reason.
const std::set<std::string_view> without_golden = {
    "plan_too_large",  // more slots, attributes or bytes than a plan can number
};

std::string golden_of(const RuleInfo& rule) {
  const std::filesystem::path test = std::filesystem::path(MOUNTC_SOURCE_DIR) / "test";
  const std::string name(rule.name);
  const bool of_plans = rule.id / 100 == 6;
  std::ifstream file(of_plans ? test / "plan" / (name + ".asm") : test / "check" / (name + ".mnt"));
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Rules, IdentifiersAreUniqueAndInOrder) {
  int last = 0;
  for (const RuleInfo& rule : rules) {
    EXPECT_GT(rule.id, last) << rule.name;
    last = rule.id;
  }
}

TEST(Rules, NamesAreUnique) {
  std::set<std::string_view> names;
  for (const RuleInfo& rule : rules) EXPECT_TRUE(names.insert(rule.name).second) << rule.name;
}

TEST(Rules, EachHasAGolden) {
  for (const RuleInfo& rule : rules) {
    if (without_golden.contains(rule.name)) continue;
    const std::string shown = "[M" + std::to_string(rule.id) + "]";
    EXPECT_NE(golden_of(rule).find(shown), std::string::npos) << rule.name;
  }
}

TEST(Rules, TextsBeginLowerCaseAndHaveNoFullStop) {
  for (const RuleInfo& rule : rules) {
    EXPECT_FALSE(rule.text.ends_with('.')) << rule.name;
    EXPECT_FALSE(rule.text[0] >= 'A' && rule.text[0] <= 'Z') << rule.name;
    EXPECT_TRUE(rule.why.ends_with('.') || rule.why.ends_with(").")) << rule.name;
  }
}

}  // namespace
}  // namespace mountc
