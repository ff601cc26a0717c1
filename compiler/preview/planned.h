// compiler/preview/planned.h - the mounts that a plan makes, as a kernel would show them.
#pragma once

#include <optional>
#include <string>

#include "compiler/lower/program.h"
#include "compiler/snapshot/snapshot.h"

namespace mountc {

// Runs the plan's first way on the model of the kernel, on a machine where all that it looks
// for is there. What depends on the machine is marked as not known, as declared() does with a
// layout. nullopt: `error` says why.
std::optional<snapshot::Snapshot> planned(const Program& program, std::string& error);

}  // namespace mountc
