// compiler/validate/before.h - what the host was before a plan ran.
#pragma once

#include <vector>

#include "compiler/layout/layout.h"
#include "compiler/validate/scenario.h"

namespace mountc {

struct Before {
  std::vector<kernel::Path> targets;     // by mount: where a topmost one goes
  std::vector<kernel::MountRef> covers;  // by mount: what a `beneath` goes under
  std::vector<kernel::Path> sources;     // by mount: what a bind shows
  std::vector<kernel::Path> id_maps;     // by id map: the namespace's file
  std::vector<kernel::MountRef> groups;  // by group: the host's mount that is in it
  std::vector<uint32_t> mounts;          // by namespace: how many
  // By mount, of those that go into a copy of the namespace: the mount points on the way from
  // its root to the mount that the target lies on.
  std::vector<std::vector<kernel::DentryRef>> ways;
};

Before look_before(World& world, const Layout& layout);

}  // namespace mountc
