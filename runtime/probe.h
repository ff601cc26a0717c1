// runtime/probe.h - which features of features.def this kernel has.
#pragma once

#include "runtime/machine.h"

namespace mountc::run {

// The lowest bit of `wanted` that the kernel lacks, or -1.
int missing_feature(uint32_t wanted);

namespace features {
// Makes and drops two detached mounts, which takes about 100 us: for failures only.
bool nested_detached_by_trying();
}  // namespace features

}  // namespace mountc::run
