// compiler/tool/world.h - the machine that a command asks the model about.
#pragma once

#include <optional>
#include <string>

#include "compiler/preview/model.h"
#include "compiler/tool/options.h"

namespace mountc::tool {

// A process's namespace and all others of the machine that can be read, the process's first; or
// a recording of mountinfo. nullopt: `exit` says why, and it was printed.
std::optional<ModelWorld> world_of(const std::string& pid_or_file, Exit& exit);

inline constexpr char callers_namespace[] = "the caller's namespace";  // of a layout's world

// The same, or what a layout makes of a host on which nothing is shared. The first namespace is
// the caller's, unless the layout mounts nothing there.
std::optional<ModelWorld> world_of_any(const std::string& operand, const Arguments& arguments,
                                       Exit& exit);

// fs.mount-max of this machine.
uint32_t mount_max();

}  // namespace mountc::tool
