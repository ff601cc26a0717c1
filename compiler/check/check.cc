// compiler/check/check.cc - every check, in order.
#include "compiler/check/check.h"

#include "compiler/check/checks.h"

namespace mountc {

void check_all(const Layout& layout, Diagnostics& diagnostics) {
  check_group_cycles(layout, diagnostics);
  check_group_members(layout, diagnostics);
  check_group_superblocks(layout, diagnostics);
  check_group_anchors(layout, diagnostics);
  check_clones(layout, diagnostics);
  check_sources(layout, diagnostics);
  check_below_inherit(layout, diagnostics);
  check_pins(layout, diagnostics);
  check_propagated(layout, diagnostics);
  check_contents(layout, diagnostics);
  check_hidden(layout, diagnostics);
  check_host_writes(layout, diagnostics);
}

}  // namespace mountc
