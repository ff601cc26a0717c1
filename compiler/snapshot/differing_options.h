// compiler/snapshot/differing_options.h - in what the options of two superblocks differ.
// Internal to snapshot/.
#pragma once

#include <string>
#include <utility>

#include "compiler/snapshot/snapshot.h"

namespace mountc {

// The options in which two superblocks of one type differ, as each has them; both empty: in
// none. A number is compared by its value: `64M` is `65536k`.
std::pair<std::string, std::string> differing_options(const snapshot::Superblock& first,
                                                      const snapshot::Superblock& second);

}  // namespace mountc
