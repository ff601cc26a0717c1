// test/unit/rules_test.cc - the table of diagnostics: each row has an order and a golden test.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "compiler/diag/diagnostics.h"

namespace mountc {
namespace {

// All golden tests in one text.
std::string goldens() {
  namespace fs = std::filesystem;
  std::ostringstream all;
  for (const char* folder : {"parse", "check", "plan", "tool", "lower", "import"}) {
    const fs::path path = fs::path(MOUNTC_SOURCE_DIR) / "test" / folder;
    for (const auto& entry : fs::directory_iterator(path)) {
      if (entry.is_regular_file()) all << std::ifstream(entry.path()).rdbuf() << '\n';
    }
  }
  return all.str();
}

TEST(Rules, EveryRowIsSeenInAGoldenTest) {
  const std::string all = goldens();
  for (const RuleInfo& rule : rules) {
    EXPECT_NE(all.find("[M" + std::to_string(rule.id) + "]"), std::string::npos) << rule.name;
  }
}

TEST(Rules, NumbersAndNamesAreUniqueAndInOrder) {
  std::set<std::string_view> names;
  int last = 0;
  for (const RuleInfo& rule : rules) {
    EXPECT_LT(last, rule.id) << rule.name;
    EXPECT_TRUE(names.insert(rule.name).second) << rule.name;
    last = rule.id;
  }
}

TEST(Rules, TextsAreLowerCaseWithoutAFullStop) {
  for (const RuleInfo& rule : rules) {
    EXPECT_FALSE(std::isupper(static_cast<unsigned char>(rule.text[0]))) << rule.name;
    EXPECT_FALSE(rule.text.ends_with('.')) << rule.name;
    EXPECT_TRUE(rule.why.ends_with('.')) << rule.name;
  }
}

}  // namespace
}  // namespace mountc
