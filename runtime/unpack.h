// runtime/unpack.h - the packed form of bytes, and the way back; pack/pack.cc is the way there.
//
// Packed bytes are a series of runs, each of them copied from one of three places:
//
//   1 offset length   what lies `offset` before; the offset is kept
//   0 length          after one of the other two: the next literals
//   0 length          after literals: what lies the kept offset before
//
// A length, less one behind an offset, is an Elias gamma number: zeros, as many as there are
// digits behind its first one, and its digits. So is the upper part of an offset, plus one; its
// lower part has `low_bits` digits. All but the literals lies in one string of bits: a single
// load has a whole run, and what it says is found without a loop, which a processor would have
// to guess the end of.
//
// Before they are packed, the distance in each call and long jump of x86-64 becomes the place
// that it leads to: those of one function are the same bytes then.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace mountc::pack {

inline constexpr int low_bits = 8;

// That many bytes more are read behind what is packed, and written behind what is unpacked.
inline constexpr size_t slack = 8;

struct Packed {
  uint32_t bits_size;  // in bytes
  uint8_t bits[];  // each byte from its highest bit on; behind them the literals, and the slack
};

// The bits of a run: of 64 KiB they are at most 57.
class Window {
 public:
  Window(const uint8_t* bits, size_t at) {
    __builtin_memcpy(&bits_, bits + at / 8, sizeof bits_);
    bits_ = __builtin_bswap64(bits_) << at % 8;
  }

  size_t digits(int count) {
    const size_t value = bits_ >> (64 - count);
    bits_ <<= count;
    taken_ += static_cast<unsigned>(count);
    return value;
  }
  size_t number() { return digits(2 * __builtin_clzll(bits_) + 1); }
  size_t taken() const { return taken_; }

 private:
  uint64_t bits_;
  size_t taken_ = 0;
};

inline void copy(uint8_t* to, const uint8_t* from, size_t size) {
  const uint8_t* const end = to + size;
  if (static_cast<size_t>(to - from) < 8) {  // a pattern that repeats itself
    do *to++ = *from++;
    while (to < end);
    return;
  }
  do {
    __builtin_memcpy(to, from, 8);
    to += 8, from += 8;
  } while (to < end);
}

// Adds where it ends, times `sign`, to the distance in what is, or may as well be, a call or a
// jump.
inline void move_calls(uint8_t* bytes, size_t size, int sign) {
  constexpr unsigned call = 0xe8, but_last = 0xfe;  // a jump is 0xe9
  for (size_t at = 0; at + 5 <= size;) {
    if ((bytes[at++] & but_last) != call) continue;
    uint32_t distance;
    __builtin_memcpy(&distance, bytes + at, 4);
    distance += static_cast<uint32_t>(at + 4) * static_cast<uint32_t>(sign);
    __builtin_memcpy(bytes + at, &distance, 4);
    at += 4;
  }
}

inline void unpack(const Packed& packed, uint8_t* to, size_t size) {
  const uint8_t* next = packed.bits + packed.bits_size;
  const uint8_t* const end = to + size;
  size_t at = 0, offset = 0;
  bool literals = false;  // is what the last run was copied from
  while (to < end) {
    Window window(packed.bits, at);
    const uint8_t* from = next;
    size_t length = 1;
    const bool fresh = window.digits(1);
    if (fresh) {
      offset = (window.number() - 1) << low_bits;
      offset += window.digits(low_bits) + 1;
    }
    length = window.number() + fresh;
    literals = !fresh && !literals;
    if (literals)
      next += length;
    else
      from = to - offset;
    copy(to, from, length);
    to += length;
    at += window.taken();
  }
  move_calls(to - size, size, -1);
}

}  // namespace mountc::pack
