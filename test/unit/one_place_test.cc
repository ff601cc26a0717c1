// test/unit/one_place_test.cc - several mounts on one place of one mount, read and on the
// model.
#include "compiler/snapshot/one_place.h"

#include <gtest/gtest.h>

#include "compiler/import/mountinfo.h"
#include "compiler/preview/model.h"

namespace mountc {
namespace {

snapshot::Snapshot read(const std::string& text) {
  Sources sources;
  Diagnostics diagnostics;
  snapshot::Snapshot snapshot;
  EXPECT_TRUE(
      read_mountinfo(sources, sources.add("recorded", text), "ns", snapshot, diagnostics));
  return snapshot;
}

// Indices: 0 the root, 1 what was at /p before 2 came below it, 3 what 2 had on its root, and
// 4 what 3 has there.
const char* const recorded =
    "21 1 0:20 / / rw - tmpfs none rw\n"
    "24 25 0:24 / /p rw - tmpfs was-there rw\n"
    "25 21 0:21 / /p rw - tmpfs none rw\n"
    "26 25 0:22 / /p rw - tmpfs copied rw\n"
    "29 26 0:28 / /p rw - tmpfs copied-over rw\n";

TEST(OnePlace, IsAStackThatRemembersIt) {
  const auto mounts = read(recorded).namespaces[0].mounts;
  EXPECT_EQ(mounts[3].parent, 2u);
  EXPECT_EQ(mounts[4].parent, 3u);
  EXPECT_EQ(mounts[1].parent, 4u);
  EXPECT_EQ(mounts[1].beside, 3u);
  for (const uint32_t other : {0, 2, 3, 4}) EXPECT_EQ(mounts[other].beside, none);
}

TEST(OnePlace, IsOnePlaceOnTheModel) {
  const ModelWorld world = load(read(recorded), 100);
  const kernel::MountTable& mounts = world.kernel.mounts();
  kernel::Path found;
  const kernel::Task& task = world.spaces[0].task;
  auto look = world.kernel;
  ASSERT_FALSE(look.look_up(task, task.cwd, "/p", found).refused());
  const kernel::MountRef seen = found.mount, parent = mounts[seen].parent;
  EXPECT_EQ(mounts.lookup(parent, mounts[parent].root), seen);
  EXPECT_NE(mounts[parent].first_child, seen);
  EXPECT_EQ(mounts[parent].last_child, seen);
  EXPECT_EQ(mounts[mounts[parent].first_child].mountpoint, mounts[seen].mountpoint);
}

TEST(OnePlace, ComesBackFromTheModelAsItWas) {
  const snapshot::Snapshot stored = store(load(read(recorded), 100), {});
  const auto& mounts = stored.namespaces[0].mounts;
  ASSERT_EQ(mounts.size(), 5u);
  EXPECT_EQ(stored.superblocks[mounts[4].superblock].source, "was-there");
  EXPECT_EQ(stored.superblocks[mounts[mounts[4].beside].superblock].source, "copied");
  EXPECT_EQ(stored.superblocks[mounts[mounts[4].parent].superblock].source, "copied-over");
}

TEST(OnePlace, HoldsAsManyAsARecordingSays) {
  std::string text = "1 0 0:1 / / rw - tmpfs none rw\n";
  constexpr int count = 3000;  // each with another one on its root
  for (int i = 1; i <= count; ++i) {
    text += "1" + std::to_string(i) + " 1 0:2 / /p rw - tmpfs none rw\n";
    text +=
        "2" + std::to_string(i) + " 1" + std::to_string(i) + " 0:2 / /p rw - tmpfs none rw\n";
  }
  const auto ns = read(text).namespaces[0];
  EXPECT_EQ(ns.mounts[0].children.size(), 1u);
  EXPECT_EQ(snapshot::parents_first(ns).size(), 1u + 2u * count);
}

}  // namespace
}  // namespace mountc
