// compiler/plan/c_source.h - a plan as C source, to be linked into a program.
#pragma once

#include <string>
#include <string_view>

namespace mountc {

// `const uint64_t NAME[]`, which has the alignment that a plan needs, and `const size_t
// NAME_size` in bytes. NAME is made of the layout's file name.
std::string c_source(std::string_view plan, std::string_view layout);

}  // namespace mountc
