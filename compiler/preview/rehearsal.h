// compiler/preview/rehearsal.h - runs a layout for real where it cannot be seen, and reads back
// what the kernel made of it.
#pragma once

#include <string>
#include <vector>

#include "compiler/layout/layout.h"
#include "runtime/mountrun.h"

namespace mountc {

struct Rehearsal {
  int status = 0;     // of the run; other than 0: nothing was read back
  std::string error;  // why it could not even begin; `status` is then 4
  struct Reading {
    std::string name;  // of the namespace; empty: the caller's
    std::string mountinfo;
  };
  std::vector<Reading> readings;
};

// A directory of this rehearsal's own, for the pins of the layout's namespaces. `directory`:
// where it was made; empty: nowhere, and errno says why.
struct Stage {
  std::string directory;

  static Stage make();
  void remove() const;
  std::string pin(NamespaceId ns) const { return directory + "/" + std::to_string(ns); }
};

// Runs the plan of `layout`, whose namespaces are pinned in the stage, in a copy of the
// caller's mount namespace that nothing gets out of. What the plan makes on the host is removed
// again.
Rehearsal rehearse(const Layout& layout, const std::string& plan,
                   const mountrun_options& options, const Stage& stage);

}  // namespace mountc
