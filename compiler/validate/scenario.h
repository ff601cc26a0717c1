// compiler/validate/scenario.h - the machines that a plan is tried on: a host, as the model has
// it.
//
// The real host is not known when a layout is compiled. A scenario is the most permissive host
// there can be - every path exists, and all lie on one superblock - in one of the states that
// make plans act differently.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/kernel/kernel.h"
#include "compiler/layout/layout.h"

namespace mountc {

enum class Scenario : uint8_t {
  all_there,   // nothing is missing; the mounts of the host are private and have no flags
  all_shared,  // nothing is missing; they have all flags, are many, and have peers and slaves
  nothing_there,  // what may be missing is missing
};

struct World {
  Scenario scenario;
  kernel::Kernel kernel;
  kernel::Task task;
  kernel::SuperblockRef host = kernel::nothing;
  kernel::NamespaceRef peers = kernel::nothing, slaves = kernel::nothing;  // where it is shared
  std::map<std::string, kernel::NamespaceRef, std::less<>> others = {};  // by file
  uint32_t host_attributes = 0;  // of the host's mounts: what a layout does not name, it keeps

  bool is_missing(bool optional) const {
    return optional && scenario == Scenario::nothing_there;
  }
  // In the namespace with this file; in the caller's when there is none.
  kernel::Task task_in(std::string_view file) const {
    const auto other = others.find(file);
    return other == others.end() ? task : kernel.enter(other->second);
  }
  bool is_busy() const { return scenario == Scenario::all_shared; }
};

// In each of the first places that a layout binds lies a mount of this name, for a recursive
// bind to bring along and another one to leave behind.
inline constexpr std::string_view submount = ".mounted below";
inline constexpr size_t submounts_max = 64;

World make_world(const Layout& layout, Scenario scenario, kernel::Version version = {});

}  // namespace mountc
