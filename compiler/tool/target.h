// compiler/tool/target.h - `--target-kernel`: which ways a plan must have for a kernel.
#pragma once

#include <optional>
#include <string_view>

#include "compiler/layout/strategy.h"

namespace mountc::tool {

// `any`, `running` (which is probed) or a release as `uname -r` prints it. nullopt: it is none,
// or older than what there is a way for.
std::optional<Strategies> strategies_for(std::string_view kernel);

// What is said when it is.
inline constexpr const char* unknown_kernel =
    "`--target-kernel {}`: expected `any`, `running`, or a release from 5.15 on";

}  // namespace mountc::tool
