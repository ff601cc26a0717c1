// test/unit/explain_test.cc - every diagnostic has its example, and every kernel rule its
// evidence.
//
// That the examples are refused and the repairs accepted is held by test/docs/diagnostics.test.
#include "compiler/explain/explain.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "compiler/diag/diagnostics.h"

namespace mountc {
namespace {

using Names = std::vector<std::string_view>;

const Names examples = {
#define EXAMPLE(name, shown, bad, repair) #name,
#include "compiler/explain/examples.def"
};
const Names runs = {
#define RUN(name, shown, before, bad, repair) #name,
#include "compiler/explain/runs.def"
};
const Names reasons = {
#define REASON(id, name, op, errno, text) #name,
#include "runtime/reasons.def"
};

// Their bad examples have thousands of lines, end without a newline, or are live mounts; their
// golden tests make them.
const std::set<std::string_view> too_long = {"include_cycle", "too_deep", "too_many_mounts",
                                             "plan_too_large", "mountinfo_cut",
                                             "reconnect_no_mount_point", "reconnect_no_group",
                                             "reconnect_not_private", "reconnect_unbindable",
                                             "reconnect_superblocks", "reconnect_outside",
                                             "reconnect_out_of_reach"};

// The words after the fence of each block of text assembly in docs/kernel.md.
std::vector<std::set<std::string>> fences() {
  std::ifstream in(std::filesystem::path(MOUNTC_SOURCE_DIR) / "docs/kernel.md");
  std::vector<std::set<std::string>> all;
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with("```asm ")) continue;
    std::istringstream words(line.substr(7));
    auto& fence = all.emplace_back();
    for (std::string word; words >> word;) fence.insert(word);
  }
  return all;
}

bool is_shown(const std::string& number, const std::string& how) {
  for (const auto& fence : fences()) {
    if (fence.contains(number) && fence.contains(how)) return true;
  }
  return false;
}

TEST(Explain, EveryRuleHasAnExampleAndEveryReasonARun) {
  Names names;
  for (const RuleInfo& rule : rules) names.push_back(rule.name);
  EXPECT_EQ(examples, names) << "examples.def has a row for each of rules.def, in its order";
  EXPECT_EQ(runs, reasons) << "runs.def has a row for each of reasons.def, in its order";
}

TEST(Explain, EveryExampleIsWhole) {
  for (const Explanation& one : explanations()) {
    if (too_long.contains(one.name) || one.shown.how == Shown::How::since) continue;
    EXPECT_TRUE(one.bad.ends_with('\n')) << one.name;
    EXPECT_TRUE(one.repair.ends_with('\n')) << one.name;
  }
}

// The kernel's rules are not believed: a plan in docs/kernel.md, which a test runs, does what
// the compiler refuses, and gets the errno or does the harm - or the row says which kernel it
// takes.
TEST(Explain, EveryRuleOfTheKernelIsShown) {
  for (const RuleInfo& rule : rules) {
    const Explanation& one = *find_explanation(rule.name);
    const std::string number = "M" + std::to_string(rule.id);
    switch (one.shown.how) {
      case Shown::How::language: EXPECT_EQ(rule.error_number, 0) << rule.name; break;
      case Shown::How::answer:
        EXPECT_TRUE(is_shown(number, std::string(one.answer))) << rule.name;
        break;
      case Shown::How::harm: EXPECT_TRUE(is_shown(number, "harm")) << rule.name; break;
      case Shown::How::since: EXPECT_FALSE(one.shown.since.empty()) << rule.name; break;
    }
  }
}

// Where the kernel is silent: a slave without a master or of a group that is gone, an
// unbindable mount that joins a group, and one that a recursive clone leaves out.
TEST(Explain, SilentHarmIsShown) {
  EXPECT_TRUE(is_shown("M303", "harm"));
  EXPECT_TRUE(is_shown("M406", "harm"));
  EXPECT_TRUE(is_shown("M410", "harm"));
}

TEST(Explain, FoundByNumberAndByName) {
  for (const char* name : {"M301", "m301", "301", "group_cycle", "group-cycle"}) {
    ASSERT_NE(find_explanation(name), nullptr) << name;
    EXPECT_EQ(find_explanation(name)->id, 301) << name;
  }
  for (const char* name : {"", "M", "M999", "group", "M301x"}) {
    EXPECT_EQ(find_explanation(name), nullptr) << name;
  }
}

}  // namespace
}  // namespace mountc
