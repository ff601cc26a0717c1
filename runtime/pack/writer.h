// runtime/pack/writer.h - the bits and the literals of what is packed (runtime/unpack.h).
#pragma once

#include <bit>
#include <span>

#include "runtime/pack/pack.h"
#include "runtime/unpack.h"

namespace mountc::pack {

class Writer {
 public:
  // The lowest `count` digits of a value.
  void digits(size_t value, int count) {
    while (count-- > 0) {
      if (used_++ % 8 == 0) bits_.push_back(0);
      bits_.back() =
          static_cast<uint8_t>(bits_.back() | (value >> count & 1) << (7 - (used_ - 1) % 8));
    }
  }
  void number(size_t value) { digits(value, 2 * static_cast<int>(std::bit_width(value)) - 1); }
  void literals(std::span<const uint8_t> bytes) {
    literals_.insert(literals_.end(), bytes.begin(), bytes.end());
  }

  Bytes all() const {
    Bytes out;
    for (int i = 0; i < 32; i += 8) out.push_back(static_cast<uint8_t>(bits_.size() >> i));
    out.insert(out.end(), bits_.begin(), bits_.end());
    out.insert(out.end(), literals_.begin(), literals_.end());
    out.resize(out.size() + slack);
    return out;
  }

 private:
  Bytes bits_, literals_;
  size_t used_ = 0;
};

}  // namespace mountc::pack
