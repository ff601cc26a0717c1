// test/unit/runtime_test.cc - the library's entry points: what they ask of their caller, and
// limits of the process. None of it needs a privilege.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/mountrun.h"
#include "test/unit/hand_made.h"

namespace mountc::plan {
namespace {

constexpr uint16_t last = slot_last_use;

struct Runner {
  mountrun_options options{};
  std::string report;

  Runner() {
    options.context = &report;
    options.write = [](void* context, const char* text, size_t size) {
      static_cast<std::string*>(context)->append(text, size);
    };
  }

  int operator()(const Plan& plan, size_t workspace_size = MOUNTRUN_WORKSPACE_MAX) {
    std::vector<uint64_t> bytes = plan.bytes();
    seal(bytes);
    std::vector<uint64_t> workspace(workspace_size / 8 + 1);
    return mountrun_apply(bytes.data(), bytes.size() * 8, &options, workspace.data(),
                          workspace_size);
  }
};

// Looks `/` up `count` times, each in a slot of its own.
Plan lookups(uint16_t count) {
  Plan plan;
  plan.slots = count;
  const uint32_t path = plan.text("/");
  for (uint16_t i = 0; i < count; ++i) plan.add(Op::openat2, {i, slot_host}, {path, 0});
  return plan;
}

int open_descriptors() {
  int count = 0;
  for (int fd = 0; fd < 256; ++fd) count += fcntl(fd, F_GETFD) >= 0;
  return count;
}

TEST(Runtime, RunsAPlanWithoutInstructions) {
  Runner run;
  EXPECT_EQ(run(Plan{}), 0);
  EXPECT_EQ(run.report, "");
}

TEST(Runtime, TakesAsManySlotsAsThereCanBe) {
  Runner run;
  Plan plan = lookups(3);
  plan.slots = slots_max;
  EXPECT_EQ(run(plan), 0);
  plan.slots = slots_max + 1;
  EXPECT_EQ(run(plan), 1);
  EXPECT_EQ(run.report, "mountrun: error: the plan is refused: bad header\n");
}

TEST(Runtime, SaysHowMuchWorkspaceItNeeds) {
  Runner run;
  Plan plan = lookups(100);
  plan.slots = slots_max;
  std::vector<uint64_t> bytes = plan.bytes();
  seal(bytes);
  const size_t needed = mountrun_workspace(bytes.data(), bytes.size() * 8);
  EXPECT_LE(needed, size_t{MOUNTRUN_WORKSPACE_MAX});
  EXPECT_EQ(run(plan, needed), 0);
  EXPECT_EQ(run(plan, needed - 1), 2);
  bytes[2] ^= 1;  // the checksum
  EXPECT_EQ(mountrun_workspace(bytes.data(), bytes.size() * 8), 0u);
}

TEST(Runtime, ClosesWhatItOpened) {
  Runner run;
  const int before = open_descriptors();
  EXPECT_EQ(run(lookups(20)), 0);
  EXPECT_EQ(open_descriptors(), before);
  Plan failing = lookups(20);
  failing.slots = 21;
  failing.add(Op::openat2, {20, slot_host}, {failing.text("/no/such/place"), 0});
  failing.names = {{name_op, static_cast<uint32_t>(Op::openat2), failing.text("openat2")}};
  EXPECT_EQ(run(failing), 4);
  EXPECT_NE(run.report.find("openat2: ENOENT: no such file or directory"), std::string::npos);
  EXPECT_EQ(open_descriptors(), before);
}

TEST(Runtime, RefusesOptionsThatDoNotGoTogether) {
  Runner run;
  run.options.at = run.options.root = "/";
  EXPECT_EQ(run(Plan{}), 2);
  run.options.at = run.options.root = nullptr;
  run.options.in = "one";
  EXPECT_EQ(run(Plan{}), 2);
  run.options.in = nullptr;
  run.options.at = "/proc/self/status";
  EXPECT_EQ(run(Plan{}), 2);
  EXPECT_NE(run.report.find("ENOTDIR"), std::string::npos);
}

TEST(Runtime, ReportsThatDescriptorsRanOut) {
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const rlimit limit{32, 32};
    setrlimit(RLIMIT_NOFILE, &limit);
    Runner run;
    const int status = run(lookups(64));
    _exit(status == 4 && run.report.find("EMFILE") != std::string::npos ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST(Runtime, ADryRunPrintsTheSteps) {
  Runner run;
  run.options.dry_run = 1;
  Plan plan = lookups(1);
  plan.add(Op::close, {0 | last});
  const auto openat2 = static_cast<uint32_t>(Op::openat2);
  plan.names = {{name_op, openat2, plan.text("openat2")},
                {name_op + 1, openat2, plan.text("fd")},
                {name_op + 4, openat2, plan.text("flags")}};
  EXPECT_EQ(run(plan), 0);
  // What has no name is a number, or has no name in front.
  EXPECT_EQ(run.report,
            "0  openat2         fd=%0 host \"/\" flags=0\n1  #17             %0!\n");
}

TEST(Runtime, AValueWithoutANameIsANumber) {
  Runner run;
  run.options.dry_run = 1;
  Plan plan = lookups(2);
  plan.code[0].word[1] = bit::tree_NO_XDEV | bit::tree_OPTIONAL;
  plan.code[1].word[1] = bit::tree_NO_XDEV;
  plan.names = {{name_of_value(Kind::bits, BitSet::tree), plan.code[0].word[1],
                 plan.text("OPTIONAL|NO_XDEV")}};
  run(plan);
  EXPECT_EQ(run.report,
            "0  #3              %0 host \"/\" OPTIONAL|NO_XDEV\n"
            "1  #3              %1 host \"/\" 0x20000000\n");
}

TEST(Runtime, AStringMayHaveAnotherFormInQuotes) {
  Runner run;
  run.options.dry_run = 1;
  Plan plan = lookups(1);
  plan.code[0].word[0] = plan.text("/a\nb");
  plan.names = {{name_text, plan.code[0].word[0], plan.text("/a\\nb")}};
  run(plan);
  EXPECT_NE(run.report.find("%0 host \"/a\\nb\" 0"), std::string::npos) << run.report;
}

}  // namespace
}  // namespace mountc::plan
