// test/unit/pack_test.cc - what is packed comes back the same, whatever it is.
#include "runtime/pack/pack.h"

#include <gtest/gtest.h>

#include <random>

#include "runtime/unpack.h"

namespace {

using mountc::pack::Bytes;
using mountc::pack::packed;
using mountc::pack::unpacked;

void expect_the_same(const Bytes& bytes) {
  EXPECT_EQ(unpacked(packed(bytes), bytes.size()), bytes);
}

// Letters of an alphabet, and copies of what has been.
Bytes made(std::mt19937& random, size_t size, unsigned letters, unsigned copies) {
  Bytes bytes;
  while (bytes.size() < size) {
    if (bytes.empty() || random() % 100 >= copies) {
      bytes.push_back(static_cast<uint8_t>(random() % letters));
      continue;
    }
    const size_t offset = 1 + random() % bytes.size();
    for (size_t left = 1 + random() % 40; left > 0; --left) {
      bytes.push_back(bytes[bytes.size() - offset]);
    }
  }
  return bytes;
}

TEST(Pack, OfAnyBytes) {
  std::mt19937 random(1);
  for (const unsigned letters : {1, 2, 3, 16, 256}) {
    for (const unsigned copies : {0, 3, 30, 90}) {
      for (const size_t size : {1, 2, 7, 8, 9, 255, 256, 257, 4000}) {
        expect_the_same(made(random, size, letters, copies));
      }
    }
  }
}

TEST(Pack, OfNoBytes) { expect_the_same({}); }

// What looks like calls, also where they lie in one another or are cut off at the end.
TEST(Pack, OfCalls) {
  std::mt19937 random(3);
  for (size_t size = 1; size < 300; ++size) {
    Bytes bytes = made(random, size, 256, 30);
    for (uint8_t& byte : bytes) {
      if (random() % 3 == 0) byte = 0xe8;
    }
    expect_the_same(bytes);
  }
}

// A run with the largest offset and length that an image of its size can have.
TEST(Pack, OfALargeFile) {
  std::mt19937 random(2);
  Bytes bytes = made(random, 1 << 14, 200, 0);
  const Bytes again = bytes;
  bytes.insert(bytes.end(), again.begin(), again.end());
  const Bytes smaller = packed(bytes);
  EXPECT_EQ(unpacked(smaller, bytes.size()), bytes);
  EXPECT_LT(smaller.size(), again.size() + 200);
}

// A run of each kind, to the bit (runtime/unpack.h).
TEST(Pack, AsIsWritten) {
  const Bytes bytes = {'a', 'b', 'c', 'd', 'a', 'b', 'c', 'd', 'X', 'b', 'c', 'd', 'X'};
  // 0 00100: abcd, 1 1 00000011 011: offset 4 and length 4, 0 1: X, 0 00100: the same offset
  Bytes expected = {4,          0,   0,   0,   0b00010011, 0b00000011, 0b01101000,
                    0b10000000, 'a', 'b', 'c', 'd',        'X'};
  expected.resize(expected.size() + mountc::pack::slack);
  EXPECT_EQ(packed(bytes), expected);
}

}  // namespace
