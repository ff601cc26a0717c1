// compiler/plan/decode.h - the bytes of a plan to a program.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "compiler/lower/program.h"

namespace mountc {

// Any bytes may be given: the runtime's verifier looks at them first. nullopt: see `error`.
std::optional<Program> decode(std::string_view bytes, std::string& error);

}  // namespace mountc
