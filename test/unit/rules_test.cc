// test/unit/rules_test.cc - the table of diagnostics: each row has an order and a golden test.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <string_view>

#include "compiler/diag/diagnostics.h"

namespace mountc {
namespace {

// All golden tests in one text.
std::string goldens() {
  namespace fs = std::filesystem;
  std::ostringstream all;
  for (const char* folder :
       {"parse", "check", "plan", "tool", "lower", "import", "check/Inputs"}) {
    const fs::path path = fs::path(MOUNTC_SOURCE_DIR) / "test" / folder;
    for (const auto& entry : fs::directory_iterator(path)) {
      if (!entry.is_regular_file() || entry.path().extension() == ".py") continue;
      all << std::ifstream(entry.path()).rdbuf() << '\n';
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

// ` | ^`, and as FileCheck's patterns stand around it: `{{ *[0-9]+ \|}} {{.*}}^`.
bool has_caret_line(std::string_view text) {
  const auto skip = [&text](std::string_view pattern) {
    if (text.starts_with(pattern)) text.remove_prefix(pattern.size());
  };
  for (size_t bar = text.find('|'); bar != text.npos; bar = text.find('|')) {
    text.remove_prefix(bar + 1);
    skip("}}");
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    skip("*}}");
    if (text.starts_with('^')) return true;
  }
  return false;
}

// Does a golden test show the rule's message, and in the lines after it the caret?
bool has_caret(const std::string& goldens, const std::string& id) {
  for (size_t at = goldens.find(id); at != std::string::npos; at = goldens.find(id, at + 1)) {
    size_t end = at;
    for (int line = 0; line < 3 && end != std::string::npos; ++line)
      end = goldens.find('\n', end + 1);
    if (has_caret_line(std::string_view(goldens).substr(at, end - at))) return true;
  }
  return false;
}

// These have no place in a text: a namespace is live, or a name was given on the command line.
const std::set<std::string_view> without_place = {
    "plan_too_large",        "reconnect_no_mount_point", "reconnect_no_group",
    "reconnect_not_private", "reconnect_unbindable",     "reconnect_superblocks",
    "reconnect_outside",     "reconnect_out_of_reach"};

// The page of diagnostics is one more golden test: test/docs holds it to what the compiler
// says.
TEST(Rules, EveryRowIsSeenWithItsCaret) {
  std::ostringstream page;
  page << std::ifstream(std::filesystem::path(MOUNTC_SOURCE_DIR) / "docs/diagnostics.md")
              .rdbuf();
  const std::string all = goldens() + page.str();
  for (const RuleInfo& rule : rules) {
    const bool seen = has_caret(all, "[M" + std::to_string(rule.id) + "]");
    EXPECT_NE(seen, without_place.contains(rule.name)) << rule.name;
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
