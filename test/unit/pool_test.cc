// test/unit/pool_test.cc - the pools of a program number each value once, in order of first
// use.
#include <gtest/gtest.h>

#include "compiler/lower/program.h"

namespace mountc {
namespace {

TEST(StringPool, IndexZeroIsTheEmptyString) {
  StringPool pool;
  EXPECT_EQ(pool.size(), 1u);
  EXPECT_EQ(pool.add(""), 0u);
  EXPECT_EQ(pool[0], "");
}

TEST(StringPool, EachStringOnceInOrderOfFirstUse) {
  StringPool pool;
  EXPECT_EQ(pool.add("b"), 1u);
  EXPECT_EQ(pool.add("a"), 2u);
  EXPECT_EQ(pool.add("b"), 1u);
  EXPECT_EQ(pool[2], "a");
}

TEST(StringPool, ManyStringsKeepTheirNumbers) {
  StringPool pool;
  for (uint32_t i = 0; i < 100000; ++i) ASSERT_EQ(pool.add(std::to_string(i)), i + 1);
  for (uint32_t i = 0; i < 100000; ++i) {
    ASSERT_EQ(pool.add(std::to_string(i)), i + 1);
    ASSERT_EQ(pool[i + 1], std::to_string(i));
  }
}

TEST(StringPool, AViewOfThePoolItselfCanBeAdded) {
  StringPool pool;
  pool.add("some/longer/path");
  for (int i = 0; i < 20; ++i) {
    const uint32_t next = static_cast<uint32_t>(pool.size());
    const std::string part(pool[1].substr(static_cast<size_t>(i % 15) + 1));
    EXPECT_EQ(pool[pool.add(pool[1].substr(static_cast<size_t>(i % 15) + 1))], part);
    EXPECT_LE(pool.size(), next + 1);
  }
}

TEST(Pool, EqualValuesShareANumber) {
  Pool<plan::Attr> pool;
  EXPECT_EQ(pool.add({1, 2, 3, 0}), 0u);
  EXPECT_EQ(pool.add({1, 2, 4, 0}), 1u);
  EXPECT_EQ(pool.add({1, 2, 3, 0}), 0u);
  EXPECT_EQ(pool.size(), 2u);
}

}  // namespace
}  // namespace mountc
