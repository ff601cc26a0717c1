// runtime/probe.h - which features of features.def this kernel has.
#pragma once

#include "runtime/machine.h"

namespace mountc::run {

enum class Feature : uint8_t {
#define FEATURE(bit, name, since, what) name = bit,
#include "runtime/features.def"
};

inline constexpr int features_count = 0
#define FEATURE(bit, name, since, what) +1
#include "runtime/features.def"
    ;

// The lowest bit of `wanted` that the kernel lacks, or no_feature.
inline constexpr int no_feature = -1;
int missing_feature(uint32_t wanted);

// The capability to clone and to attach mounts.
bool may_mount();

}  // namespace mountc::run
