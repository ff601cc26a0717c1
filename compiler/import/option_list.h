// compiler/import/option_list.h - the options of a superblock as a layout writes them. Internal
// to import/.
#pragma once

#include <string>

#include "compiler/snapshot/snapshot.h"

namespace mountc {

// `(size=64M, mode=755)`, or nothing.
std::string option_list(const snapshot::Superblock& superblock);

// Is it an overlay that was mounted with paths from some working directory?
bool has_relative_layers(const snapshot::Superblock& superblock);

}  // namespace mountc
