// compiler/plan/value_text.h - operands as they stand in text assembly: all but slots.
#pragma once

#include <string>
#include <string_view>

#include "compiler/lower/program.h"

namespace mountc {

// Of flags, attributes, a pair or a mode.
std::string value_text(const Program& program, const plan::Operand& operand, uint32_t value);

// A string as it stands between quotes, and whether that is as it is.
std::string escaped(std::string_view text);
bool is_plain(std::string_view text);

}  // namespace mountc
