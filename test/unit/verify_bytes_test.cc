// test/unit/verify_bytes_test.cc - the runtime's verifier on damaged plans: none is read
// beyond.
#include <gtest/gtest.h>

#include <cstring>
#include <functional>

#include "test/unit/judged.h"

namespace mountc::plan {
namespace {

testing::AssertionResult refused_header(const std::function<void(Header&)>& edit) {
  std::vector<uint64_t> plan = good().bytes();
  Header header;
  std::memcpy(&header, plan.data(), sizeof header);
  edit(header);
  std::memcpy(plan.data(), &header, sizeof header);
  return judge(plan).defect != Text::none ? testing::AssertionSuccess()
                                          : testing::AssertionFailure() << "accepted";
}

TEST(VerifyBytes, RefusesBadHeaders) {
  EXPECT_TRUE(refused_header([](Header& h) { h.magic[0] = 'M'; }));
  EXPECT_TRUE(refused_header([](Header& h) { ++h.version; }));
  EXPECT_TRUE(refused_header([](Header& h) { h.total_size += 8; }));
  EXPECT_TRUE(refused_header([](Header& h) { h.slots = slots_max + 1; }));
  EXPECT_TRUE(refused_header([](Header& h) { h.features[0] = 1u << 15; }));
  EXPECT_TRUE(refused_header([](Header& h) { h.features[1] = 1; }));
}

TEST(VerifyBytes, RefusesBadSections) {
  EXPECT_TRUE(refused_header([](Header& h) { h.code.count = 0x10000000; }));
  EXPECT_TRUE(refused_header([](Header& h) { h.attrs.count = 0xffffffff; }));
  EXPECT_TRUE(refused_header([](Header& h) { h.strings.count -= 1; }));
  EXPECT_TRUE(refused_header([](Header& h) { h.strings.count = 0; }));
  EXPECT_TRUE(refused_header([](Header& h) { h.lines.count -= 1; }));
  EXPECT_TRUE(refused_header([](Header& h) { h.places.count = 0; }));
  EXPECT_TRUE(refused_header([](Header& h) { h.names.count += 2; }));
}

// Copies to memory of exactly that size, so that a sanitizer sees every byte read beyond it.
Verdict judge_exactly(const char* bytes, size_t size) {
  std::vector<uint64_t> exact((size + 7) / 8);
  if (size > 0) std::memcpy(exact.data(), bytes, size);
  return judge(exact.data(), size);
}

TEST(VerifyBytes, RefusesEveryTruncation) {
  std::vector<uint64_t> plan = good().bytes();
  seal(plan);
  const char* bytes = reinterpret_cast<const char*>(plan.data());
  ASSERT_EQ(judge_exactly(bytes, plan.size() * 8).defect, Text::none);
  for (size_t size = 0; size < plan.size() * 8; ++size) {
    EXPECT_NE(judge_exactly(bytes, size).defect, Text::none) << size;
  }
}

TEST(VerifyBytes, RefusesEveryChangedByte) {
  std::vector<uint64_t> plan = good().bytes();
  seal(plan);
  char* bytes = reinterpret_cast<char*>(plan.data());
  for (size_t at = 0; at < plan.size() * 8; ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << bit));
      EXPECT_NE(judge(bytes, plan.size() * 8).defect, Text::none) << at;
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << bit));
    }
  }
}

// With a checksum that fits again, a damaged plan may be valid; it must never be read beyond.
TEST(VerifyBytes, SurvivesEveryChangedByteWithAFittingChecksum) {
  std::vector<uint64_t> plan = good().bytes();
  char* bytes = reinterpret_cast<char*>(plan.data());
  for (size_t at = 0; at < plan.size() * 8; ++at) {
    const char before = bytes[at];
    for (int value = 0; value < 256; ++value) {
      bytes[at] = static_cast<char>(value);
      judge(plan);
    }
    bytes[at] = before;
  }
}

}  // namespace
}  // namespace mountc::plan
