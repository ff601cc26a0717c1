// compiler/foreign/unset.h - shell variables that a script uses and does not set.
#pragma once

#include <string>
#include <vector>

namespace mountc {

// Each `$NAME` of a layout's text becomes `${NAME}`, and a `param`; their names are added to
// `names`.
std::string with_params(const std::string& layout, std::vector<std::string>& names);

}  // namespace mountc
