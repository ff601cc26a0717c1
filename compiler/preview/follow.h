// compiler/preview/follow.h - symbolic links in topmost targets, as a kernel follows them.
#pragma once

#include <string>

#include "compiler/snapshot/snapshot.h"

namespace mountc {

// `path` without the links in it, as they are below the directory `root`; what is missing is
// kept.
std::string follow_links(const std::string& root, const std::string& path);

// Puts the topmost mounts where their targets lead to.
void follow_links(const std::string& root, snapshot::Namespace& ns);

}  // namespace mountc
