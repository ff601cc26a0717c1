// compiler/import/mountinfo_tree.h - the tree that the lines of mountinfo make. Internal to
// import/.
#pragma once

#include <functional>
#include <string>

#include "compiler/snapshot/snapshot.h"
#include "compiler/source/source.h"

namespace mountc {

// Told of what cannot be: the mount's line, and what is wrong.
using ReportTree = std::function<void(Span, const std::string&)>;

// Each mount has its whole target, and its parent where that one is listed: finds the other
// parents, and each mount's place in its parent.
void make_tree(snapshot::Namespace& ns, const ReportTree& report);

}  // namespace mountc
