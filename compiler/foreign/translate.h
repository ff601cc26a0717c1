// compiler/foreign/translate.h - runs mount commands, or traced calls, on the model of the
// kernel.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "compiler/foreign/script.h"
#include "compiler/preview/model.h"

namespace mountc {

struct Translation {
  ModelWorld world;
  kernel::SuperblockRef host = 0;
  std::map<kernel::MountRef, BoundFromHost> bound;
  std::set<kernel::MountRef> supposed;  // mounts that the machine must have had
  uint32_t mounts = 0;                  // that there are at the end, beside the host's own
  uint32_t propagated = 0;              // those of them that only propagation made
  std::vector<std::string>
      remarks;  // "line 3: `mount ...`: EINVAL: why", and what was passed over
};

Translation run_commands(const std::string& script);
Translation run_calls(const std::vector<Command>& calls);

}  // namespace mountc
