// runtime/verify.h - refuses a bad plan before its first system call.
#pragma once

#include "runtime/texts.h"
#include "runtime/view.h"

namespace mountc::plan {

inline constexpr uint32_t no_step = 0xffffffffu;

struct Verdict {
  Text defect = Text::none;  // none: the plan is good
  uint32_t step = no_step;   // where, when it lies in one instruction
};

// Checks the header and that the sections lie where they may; fills `view` in.
Verdict open(const void* plan, size_t size, View& view);

// Checks all that the sections hold. `slots` has a byte for each slot of the header.
// A plan that passes can fail only by the kernel's answer, and `view` never leads out of it.
Verdict verify(const View& view, uint8_t* slots);

}  // namespace mountc::plan
