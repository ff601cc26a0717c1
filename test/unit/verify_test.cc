// test/unit/verify_test.cc - the runtime's verifier on plans made by hand: good ones, and one
// defect at a time. What a plan does is test/run's matter.
#include <gtest/gtest.h>

#include <functional>

#include "test/unit/judged.h"

namespace mountc::plan {
namespace {

// The good plan with its nth instruction changed.
testing::AssertionResult refused(size_t step,
                                 const std::function<void(Plan&, Instruction&)>& edit) {
  Plan p = good();
  edit(p, p.code[step]);
  const Verdict verdict = judge(p);
  if (verdict.defect == Text::none) return testing::AssertionFailure() << "accepted";
  if (verdict.step < step) {
    return testing::AssertionFailure()
           << "defect " << static_cast<int>(verdict.defect) << " in step " << verdict.step;
  }
  return testing::AssertionSuccess();
}

TEST(Verify, AcceptsGoodPlans) {
  EXPECT_TRUE(accepted(good()));
  EXPECT_TRUE(accepted(Plan{}));
  Plan stripped = good();
  stripped.places.clear();
  stripped.lines.clear();
  stripped.names.clear();
  EXPECT_TRUE(accepted(stripped));
}

TEST(Verify, AnInstructionMayFillTheSlotItCloses) {
  Plan p;
  p.add(Op::fsopen, {0}, {p.text("tmpfs")});
  p.add(Op::fsmount, {0, 0 | last}, {0});
  EXPECT_TRUE(accepted(p));
}

// Both ways of a plan, the second from the step `second` on.
Verdict judge_ways(const Plan& p, uint32_t second) {
  std::vector<uint64_t> plan = p.bytes();
  Header header;
  std::memcpy(&header, plan.data(), sizeof header);
  header.second = second;
  std::memcpy(plan.data(), &header, sizeof header);
  return judge(plan);
}

TEST(Verify, SlotsBeginAnewWithEachWay) {
  Plan p;
  p.add(Op::fsopen, {0}, {p.text("tmpfs")});
  p.add(Op::fsopen, {0}, {p.text("tmpfs")});
  p.add(Op::close, {0 | last});
  EXPECT_EQ(judge_ways(p, 0).step, 1u);
  EXPECT_EQ(judge_ways(p, 1).defect, Text::none);
  EXPECT_EQ(judge_ways(p, 2).step, 1u);
  EXPECT_EQ(judge_ways(p, 3).defect, Text::bad_header);
}

TEST(Verify, AStageHoldsNoOther) {
  Plan p;
  p.add(Op::stage, {0, slot_null});
  p.add(Op::unstage, {0 | last});
  p.add(Op::stage, {0, slot_null});
  EXPECT_TRUE(accepted(p));
  p.add(Op::stage, {1, slot_null});
  EXPECT_EQ(judge_ways(p, 0).step, 3u);
  EXPECT_EQ(judge_ways(p, 3).defect, Text::none);
  p.code.back() = {static_cast<uint16_t>(Op::namespace_), {1, 0, 0}, {}};
  EXPECT_EQ(judge_ways(p, 0).step, 3u);
}

TEST(Verify, RefusesBadShapes) {
  EXPECT_TRUE(refused(0, [](Plan&, Instruction& in) { in.op = 0; }));
  EXPECT_TRUE(refused(0, [](Plan&, Instruction& in) { in.op = ops_count + 1; }));
  EXPECT_TRUE(refused(0, [](Plan&, Instruction& in) { in.half[1] = 1; }));
  EXPECT_TRUE(refused(0, [](Plan&, Instruction& in) { in.word[1] = 1; }));
}

TEST(Verify, RefusesBadSlots) {
  EXPECT_TRUE(refused(0, [](Plan&, Instruction& in) { in.half[0] = 8; }));  // too large
  EXPECT_TRUE(refused(1, [](Plan&, Instruction& in) { in.half[0] = 3; }));  // never filled
  EXPECT_TRUE(refused(3, [](Plan&, Instruction& in) { in.half[1] = slot_host; }));
  EXPECT_TRUE(refused(3, [](Plan&, Instruction& in) { in.half[0] = 1 | last; }));  // def
  EXPECT_TRUE(refused(4, [](Plan&, Instruction& in) { in.half[0] = 0; }));         // closed
  EXPECT_TRUE(refused(5, [](Plan&, Instruction& in) { in.half[0] = 1; }));         // in use
  EXPECT_TRUE(refused(5, [](Plan&, Instruction& in) { in.half[1] = slot_host | last; }));
  EXPECT_TRUE(refused(6, [](Plan&, Instruction& in) { in.half[1] = 2 | last; }));  // twice
  EXPECT_TRUE(refused(8, [](Plan&, Instruction& in) { in.half[1] = slot_null; }));
}

TEST(Verify, ASlotThatAnUndoNeedsStaysOpen) {
  EXPECT_TRUE(refused(8, [](Plan&, Instruction& in) { in.half[0] = 1 | last; }));
  Plan p = good();
  p.lines.push_back(0);
  p.add(Op::close, {1 | last});
  EXPECT_NE(judge(p).defect, Text::none);
  p.code.back() = {static_cast<uint16_t>(Op::only_if), {1, slot_null, 0}, {}};
  EXPECT_NE(judge(p).defect, Text::none);
  p.code.back() = {static_cast<uint16_t>(Op::publish), {1, 1, slot_null}, {}};
  EXPECT_NE(judge(p).defect, Text::none);
}

TEST(Verify, CloseIsMarkedAsALastUse) {
  Plan p;
  p.add(Op::fsopen, {0}, {p.text("tmpfs")});
  p.add(Op::close, {0});
  EXPECT_NE(judge(p).defect, Text::none);
  p.code.back().half[0] |= last;
  EXPECT_TRUE(accepted(p));
}

TEST(Verify, RefusesBadStrings) {
  EXPECT_TRUE(refused(0, [](Plan& p, Instruction& in) {
    in.word[0] = static_cast<uint32_t>(p.strings.size());
  }));
  EXPECT_TRUE(refused(0, [](Plan&, Instruction& in) { ++in.word[0]; }));  // inside a string
  for (const char* bad : {"", ".", "..", "a/b", "/"}) {
    EXPECT_TRUE(refused(4, [&](Plan& p, Instruction& in) { in.word[0] = p.text(bad); })) << bad;
  }
  EXPECT_TRUE(refused(5, [](Plan& p, Instruction& in) { in.word[0] = p.text("etc"); }));
  EXPECT_TRUE(refused(5, [](Plan&, Instruction& in) { in.half[1] = 1; }));  // path not empty
  for (const char* bad : {".", "..", "a/b"}) {
    EXPECT_TRUE(refused(6, [&](Plan& p, Instruction& in) { in.word[0] = p.text(bad); })) << bad;
  }
}

TEST(Verify, PathsBeneathASlotHavePlainComponents) {
  for (const char* bad : {"", "/a", "a/", "a//b", "./a", "a/.", "a/../b", ".."}) {
    EXPECT_TRUE(refused(7, [&](Plan& p, Instruction& in) {
      in.half[1] = 1;
      in.word[0] = p.text(bad);
    })) << bad;
  }
  Plan p = good();
  p.code[7].half[1] = 1;
  p.code[7].word[0] = p.text("a/..b/...");
  EXPECT_TRUE(accepted(p));
}

TEST(Verify, NothingOfTheHostIsMasked) {
  EXPECT_TRUE(refused(7, [](Plan& p, Instruction& in) {
    in = {static_cast<uint16_t>(Op::mask), {slot_target, 0, 0}, {p.text("/srv"), 0}};
  }));
}

TEST(Verify, RefusesNumbersOutOfRange) {
  EXPECT_TRUE(refused(3, [](Plan&, Instruction& in) { in.word[0] = 0x80000000u; }));
  EXPECT_TRUE(refused(4, [](Plan&, Instruction& in) { in.half[1] = 1; }));
  EXPECT_TRUE(refused(5, [](Plan&, Instruction& in) { in.half[2] = 1; }));
  EXPECT_TRUE(refused(4, [](Plan& p, Instruction& in) {
    in = {static_cast<uint16_t>(Op::mkdirat), {1, 0, 0}, {p.text("d"), 0200000}};
  }));
  for (const Attr bad :
       {Attr{1u << 30, 0, 0, 0}, Attr{0, 1u << 30, 0, 0}, Attr{0, 0, 1, 0},
        Attr{0, 0, bit::propagation_SHARED | bit::propagation_SLAVE, 0}, Attr{0, 0, 0, 1}}) {
    EXPECT_TRUE(refused(0, [&](Plan& p, Instruction&) { p.attrs[0] = bad; }));
  }
}

TEST(Verify, WhatIsOnlySaidMayPointNowhere) {
  Plan p = good();
  p.lines[3] = 1;
  p.places[0].statement = 1u << 20;
  p.names[0].text = 0xffffffffu;
  EXPECT_TRUE(accepted(p));
  const std::vector<uint64_t> bytes = [&] {
    std::vector<uint64_t> made = p.bytes();
    seal(made);
    return made;
  }();
  View view;
  ASSERT_EQ(open(bytes.data(), bytes.size() * 8, view).defect, Text::none);
  EXPECT_EQ(view.place(3), nullptr);
  ASSERT_NE(view.place(2), nullptr);
  EXPECT_STREQ(view.text(view.place(2)->statement), "");
  EXPECT_STREQ(view.name(name_op, static_cast<uint32_t>(Op::publish)), "");
}

}  // namespace
}  // namespace mountc::plan
