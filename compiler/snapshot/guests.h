// compiler/snapshot/guests.h - where the mounts are that a layout attaches below an `rbind`,
// among those that it brings along. Internal to snapshot/.
#pragma once

#include <set>
#include <utility>
#include <vector>

#include "compiler/snapshot/snapshot.h"

namespace mountc {

// Each child that is declared of mount `rbind`, which is mount `there` of `shown`, with its
// mount in `shown`; with none where there is no mount at its place. Mounts of `passed` are not
// looked at.
std::vector<std::pair<uint32_t, uint32_t>> guests(const snapshot::Namespace& declared,
                                                  uint32_t rbind,
                                                  const snapshot::Namespace& shown,
                                                  uint32_t there,
                                                  std::set<const snapshot::Mount*> passed);

}  // namespace mountc
