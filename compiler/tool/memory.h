// compiler/tool/memory.h - where the program's memory comes from.
#pragma once

#include <cstddef>

namespace mountc::tool {

// Before a text of so many bytes is parsed: much memory comes in pages of 2 MiB, if the kernel has
// them, which saves a fifth of the time of a large layout and would double that of a small one.
void expect_text(std::size_t bytes);

}  // namespace mountc::tool
