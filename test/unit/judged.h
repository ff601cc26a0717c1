// test/unit/judged.h - what the runtime's verifier says of a plan, and a plan that it accepts.
#pragma once

#include <gtest/gtest.h>

#include <vector>

#include "runtime/verify.h"
#include "test/unit/hand_made.h"

namespace mountc::plan {

inline constexpr uint16_t last = slot_last_use;

inline Verdict judge(const void* bytes, size_t size) {
  View view;
  if (const Verdict verdict = open(bytes, size, view); verdict.defect != Text::none)
    return verdict;
  std::vector<uint8_t> slots(view.header->slots);
  return verify(view, slots.data());
}

inline Verdict judge(std::vector<uint64_t> plan) {
  seal(plan);
  return judge(plan.data(), plan.size() * 8);
}

inline Verdict judge(const Plan& plan) { return judge(plan.bytes()); }

inline testing::AssertionResult accepted(const Plan& plan) {
  const Verdict verdict = judge(plan);
  if (verdict.defect == Text::none) return testing::AssertionSuccess();
  return testing::AssertionFailure()
         << "defect " << static_cast<int>(verdict.defect) << " in step " << verdict.step;
}

// A file bound onto a mount of a new tmpfs, which is published on /srv.
inline Plan good() {
  Plan p;
  p.add(Op::fsopen, {0}, {p.text("tmpfs")});
  p.add(Op::fsconfig_string, {0}, {p.text("size"), p.text("1m")});
  p.add(Op::fsconfig_create, {0}, {0});
  p.add(Op::fsmount, {1, 0 | last}, {bit::attr_NODEV});
  p.add(Op::mknodat, {1, 0}, {p.text("name")});
  p.add(Op::open_tree_attr, {2, slot_host, 0}, {p.text("/etc/hostname"), bit::tree_CLONE});
  p.add(Op::move_mount, {2 | last, 1}, {p.text("name"), bit::nest_CHECK_SYMLINK});
  p.add(Op::openat2, {0, slot_target}, {p.text("/srv"), 0});
  p.add(Op::publish, {1, 0 | last, slot_null});
  for (uint32_t i = 0; i < p.code.size(); ++i) p.lines.push_back(0);
  p.places = {{p.text("a.mnt"), 1, 1, p.text("mount /srv")}};
  p.names = {{name_op, static_cast<uint32_t>(Op::publish), p.text("publish")}};
  return p;
}

}  // namespace mountc::plan
