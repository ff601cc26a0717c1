// test/unit/validate_test.cc - a plan that makes something else than what is declared is
// noticed.
#include "compiler/validate/validate.h"

#include <gtest/gtest.h>

#include "compiler/check/check.h"
#include "compiler/layout/resolve.h"
#include "compiler/lower/lower.h"
#include "compiler/lower/slots.h"
#include "compiler/syntax/parse.h"

namespace mountc {
namespace {

using plan::Op;

struct Compiled {
  explicit Compiled(const std::string& text) {
    Sources sources;
    Diagnostics diagnostics;
    const uint32_t file = sources.add("layout.mnt", text);
    auto tree = parse(sources, file, diagnostics);
    layout = *resolve(std::move(*tree), sources, {}, diagnostics);
    check_all(layout, diagnostics);
    EXPECT_FALSE(diagnostics.has_errors());
    program = lower(layout, sources);
    EXPECT_TRUE(allocate_slots(program));
  }

  Step* find(Op op) {
    for (Step& step : program.steps) {
      if (step.op == op) return &step;
    }
    return nullptr;
  }
  void drop(Op op) {
    program.steps.erase(program.steps.begin() + (find(op) - program.steps.data()));
  }
  std::string defect() const { return defect_of(program, layout).value_or(""); }

  Layout layout;
  Program program;
};

constexpr const char* groups =
    "group a; group b slave of a; filesystem fs tmpfs; dir fs:/d;"
    "mount /mnt tmpfs;"
    "mount /mnt/x fs at d shared a mkdir;"
    "mount /mnt/y fs shared a mkdir { mount d tmpfs; }"
    "mount /mnt/z fs ro slave b mkdir; mount /mnt/w fs shared b mkdir;";

TEST(Validate, WhatTheCompilerMakesIsRight) { EXPECT_EQ(Compiled(groups).defect(), ""); }

constexpr const char* id_maps =
    "mount /mnt tmpfs; mount /mnt/a rbind /srv idmap(recursive, ns=/run/a) mkdir;"
    "mount /mnt/b bind /srv idmap(uid=0:5:1, gid=0:5:1) mkdir;"
    "mount /mnt/c bind /srv idmap(uid=0:7:1, gid=0:7:1) mkdir;";

TEST(Validate, AMissingIdMap) {
  EXPECT_EQ(Compiled(id_maps).defect(), "");
  Compiled compiled(id_maps);
  compiled.drop(Op::idmap);
  EXPECT_NE(compiled.defect(), "");
}

TEST(Validate, AnotherIdMap) {
  Compiled compiled(id_maps);
  ASSERT_NE(compiled.find(Op::user_namespace), nullptr);
  compiled.find(Op::user_namespace)->operand("uids") = compiled.program.strings.add("0 9 1\n");
  EXPECT_NE(compiled.defect(), "");
}

TEST(Validate, AnIdMapOfTheTopOnly) {
  Compiled compiled(id_maps);
  for (Step& step : compiled.program.steps) {
    if (step.op == Op::idmap) step.operand("flags") = 0;
  }
  EXPECT_NE(compiled.defect(), "");
}

TEST(Validate, AMissingJoin) {
  Compiled compiled(groups);
  ASSERT_NE(compiled.find(Op::set_group), nullptr);
  compiled.drop(Op::set_group);
  EXPECT_NE(compiled.defect(), "");
}

TEST(Validate, AMissingMount) {
  Compiled compiled(groups);
  compiled.drop(Op::move_mount);
  EXPECT_NE(compiled.defect(), "");
}

TEST(Validate, AnotherFlag) {
  Compiled compiled("mount /mnt tmpfs nosuid;");
  compiled.find(Op::fsmount)->operand("attr") ^= plan::bit::attr_NODEV;
  EXPECT_NE(compiled.defect().find("`/mnt` has the flags 0x6, not 0x2"), std::string::npos);
}

TEST(Validate, AnotherSource) {
  Compiled compiled("mount /mnt bind /srv;");
  compiled.find(Op::open_tree_attr)->operand("path") = compiled.program.strings.add("/opt");
  EXPECT_NE(compiled.defect().find("`/mnt` shows /opt"), std::string::npos);
}

TEST(Validate, AnotherOption) {
  Compiled compiled("mount /mnt tmpfs(size=1M);");
  compiled.find(Op::fsconfig_string)->operand("value") = compiled.program.strings.add("2M");
  EXPECT_NE(compiled.defect().find("`tmpfs` is not made as it is declared"), std::string::npos);
}

TEST(Validate, ASharedGuard) {
  Compiled compiled("mount /mnt tmpfs;");
  compiled.drop(Op::mount_setattr);
  EXPECT_NE(compiled.defect().find("has no private guard"), std::string::npos);
}

TEST(Validate, ASharedNamespaceRoot) {
  Compiled compiled("namespace n { pin /run/n; mount / bind /srv; }");
  EXPECT_EQ(compiled.defect(), "");
  compiled.find(Op::namespace_)->operand("flags") |= plan::bit::namespace__SHARED;
  EXPECT_NE(compiled.defect(), "");
}

TEST(Validate, AssemblyAfterPublication) {
  Compiled compiled("mount /mnt tmpfs { mount d tmpfs mkdir; }");
  std::swap(*compiled.find(Op::move_mount), compiled.program.steps.back());
  EXPECT_NE(compiled.defect(), "");
}

}  // namespace
}  // namespace mountc
