// compiler/tool/exits.h - the exit statuses as an enumeration.
#pragma once

namespace mountc::tool {

enum class Exit : int {
#define EXIT(status, name, meaning) name = status,
#include "runtime/exits.def"
};

}  // namespace mountc::tool
