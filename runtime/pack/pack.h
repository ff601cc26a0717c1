// runtime/pack/pack.h - makes bytes smaller, for runtime/unpack.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mountc::pack {

using Bytes = std::vector<uint8_t>;

Bytes packed(Bytes bytes);
Bytes unpacked(const Bytes& packed, size_t size);  // as mountrun does it

}  // namespace mountc::pack
