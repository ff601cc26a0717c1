// compiler/layout/dump.h - the layout as indented text, for --emit=layout and the tests.
#pragma once

#include <string>

#include "compiler/layout/layout.h"

namespace mountc {

std::string dump(const Layout& layout);

}  // namespace mountc
