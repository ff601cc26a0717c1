// compiler/tool/foreign_input.h - what `mountc translate` is given that is none of its inputs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "compiler/source/source.h"

namespace mountc::tool {

// What the text looks like, and what reads that; empty: it may be one of them.
std::string looks_otherwise(const Sources& sources, uint32_t file);

// Has it lines, but no word that a script, or a log, mounts something with?
bool says_nothing(std::string_view text);

}  // namespace mountc::tool
