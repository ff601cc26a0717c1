// compiler/snapshot/unpaired.h - mounts of one side that the other side has not. Internal to
// snapshot/.
#pragma once

#include <string>
#include <vector>

#include "compiler/snapshot/properties.h"

namespace mountc {

struct Unpaired {  // with all below it
  const snapshot::Namespace* tree;
  uint32_t mount;
  std::string ns;
  const snapshot::Namespace* other;
  bool moved = false;  // the other side has it elsewhere
};

// Appends each of them, and all that lies in it.
void tell_unpaired(const std::vector<Unpaired>& list, Difference::Kind kind,
                   const Properties& properties, std::vector<Difference>& found);

}  // namespace mountc
