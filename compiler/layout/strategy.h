// compiler/layout/strategy.h - the ways to put a layout in place, and which of them a plan
// holds.
#pragma once

#include <cstdint>

namespace mountc {

enum class Strategy : uint8_t {
  detached,  // Linux 6.15: trees are assembled where nobody is
  staging,   // Linux 5.15: in a private mount namespace, and cloned out of it
};

struct Strategies {
  bool detached = true;
  bool staging = true;
  int release = 0;  // of the kernel, major * 100 + minor; 0: any
};

}  // namespace mountc
