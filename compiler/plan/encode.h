// compiler/plan/encode.h - a program over slots to the bytes of a plan.
#pragma once

#include <optional>
#include <string>

#include "compiler/lower/program.h"

namespace mountc {

// The same program gives the same bytes everywhere: pools are written in the order in which the
// instructions use them, and nothing that is not used. `strip` leaves places and names out.
// nullopt: `error` names what there is more of than the format can number.
std::optional<std::string> encode(const Program& program, bool strip, std::string& error);

}  // namespace mountc
