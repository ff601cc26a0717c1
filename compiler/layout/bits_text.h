// compiler/layout/bits_text.h - flag bits by their names.
#pragma once

#include <cstdint>
#include <string>

#include "runtime/ops.h"

namespace mountc {

// "NOSUID|NODEV"; bits without a name are a number, and no bits are "0".
std::string bits_text(plan::BitSet set, uint32_t value);

}  // namespace mountc
